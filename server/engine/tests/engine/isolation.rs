//! What holds below the application: as the server's role, with the application's own checks out of the way, no
//! table shows or takes a row of another organization. Tables are found in the catalogue, so a new one is covered.

use engine::actor::Admin;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Postgres, Transaction};

use crate::common::{Database, World, world};

/// Leads with its hash instead: it is looked up before an organization is known, and only by doors.
const SESSION_TABLE: &str = "session";
/// Row-level security refuses, or the role has no such right.
const INSUFFICIENT_PRIVILEGE: &str = "42501";

async fn organization_tables(database: &Database) -> Vec<String> {
    let mut tables = database.tables_with("organization_id").await;
    assert!(
        tables.len() > 10 && tables.contains(&"credential".to_owned()),
        "{tables:?}"
    );
    tables.retain(|table| table != SESSION_TABLE);
    tables
}

async fn server(database: &Database) -> PgConnection {
    PgConnection::connect(&database.server_url()).await.unwrap()
}

/// A transaction of the server's role in which one organization is set.
async fn within<'c>(connection: &'c mut PgConnection, admin: &Admin) -> Transaction<'c, Postgres> {
    let mut tx = connection.begin().await.unwrap();
    let set = format!(
        "set local connections.organization = '{}'",
        admin.organization().uuid()
    );
    sqlx::raw_sql(AssertSqlSafe(set)).execute(&mut *tx).await.unwrap();
    tx
}

fn code(error: sqlx::Error) -> String {
    let database = error.into_database_error().expect("the database refuses");
    database.code().expect("with a code").into_owned()
}

/// One row at least in every table of the organization.
async fn furnish(world: &World, admin: &Admin) {
    let key = world::key(&world.engine, admin, &[]).await;
    let service = world
        .service_of(admin, &world.input("sandbox", serde_json::json!({})))
        .await;
    world.connect_of(admin, "sandbox", "link").await;
    world::key(&world.engine, admin, &["link"]).await;
    world.engine.vend(key, &world::link("link"), 60.0).await.unwrap();
    let organization = admin.organization().uuid();
    world
        .database
        .sql(format!(
            "insert into revocation_outbox (organization_id, id, service_id, connection_id, token, token_type_hint)
               values ('{organization}', gen_random_uuid(), '{}', gen_random_uuid(), '', 'refresh_token');
             insert into refresh_attempt (organization_id, id, connection_id, principal, generation, owner)
               select organization_id, gen_random_uuid(), id, '', 1, gen_random_uuid() from connection
               where organization_id = '{organization}';",
            service.uuid()
        ))
        .await;
}

async fn two_organizations() -> (World, Admin) {
    let world = World::new().await;
    let other = world::organization(&world.engine, &world.database, "grace@example.com").await;
    furnish(&world, &world.admin).await;
    furnish(&world, &other).await;
    (world, other)
}

async fn count(database: &Database, table: &str, admin: &Admin) -> i64 {
    let organization = admin.organization().uuid();
    database
        .value(format!(
            "select count(*) from {table} where organization_id = '{organization}'"
        ))
        .await
}

#[tokio::test]
async fn every_table_has_forced_row_level_security_and_a_policy_for_the_server() {
    let database = Database::new().await;
    let mut tables = organization_tables(&database).await;
    tables.extend(["organization".to_owned(), "user_account".to_owned()]);
    for table in tables {
        let forced: bool = database
            .value(format!(
                "select relrowsecurity and relforcerowsecurity from pg_class where oid = '{table}'::regclass"
            ))
            .await;
        assert!(forced, "{table}");
        let policies: i64 = database
            .value(format!(
                "select count(*) from pg_policy where polrelid = '{table}'::regclass
                 and polroles = array['connections_server'::regrole::oid]"
            ))
            .await;
        assert!(
            policies > 0,
            "{table} has a policy for connections_server and for nobody else at once"
        );
    }
    let to_all: i64 = database
        .value("select count(*) from pg_policy where 0 = any(polroles)")
        .await;
    assert_eq!(to_all, 0, "no policy is for everybody");
}

#[tokio::test]
async fn every_key_leads_with_the_organization() {
    let database = Database::new().await;
    for table in organization_tables(&database).await {
        let unique: Vec<(String, bool)> = sqlx::query_as(AssertSqlSafe(format!(
            "select i.indexrelid::regclass::text, a.attname = 'organization_id' from pg_index i
             join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
             where i.indrelid = '{table}'::regclass and i.indisunique"
        )))
        .fetch_all(&database.superuser)
        .await
        .unwrap();
        assert!(!unique.is_empty(), "{table} has a primary key");
        assert!(unique.iter().all(|(_, leads)| *leads), "{unique:?}");
        let foreign: i64 = database
            .value(format!(
                "select count(*) from pg_constraint k where k.conrelid = '{table}'::regclass and k.contype = 'f'
                 and exists (select from pg_attribute a where a.attrelid = k.confrelid and a.attname = 'organization_id')
                 and k.conkey[1] <> (select attnum from pg_attribute where attrelid = k.conrelid and attname = 'organization_id')"
            ))
            .await;
        assert_eq!(foreign, 0, "{table}: references within an organization name it");
    }
}

#[tokio::test]
async fn another_organization_can_neither_be_seen_nor_changed() {
    let (world, other) = two_organizations().await;
    let mut connection = server(&world.database).await;
    for table in organization_tables(&world.database).await {
        let (own, foreign) = (
            count(&world.database, &table, &world.admin).await,
            count(&world.database, &table, &other).await,
        );
        assert!(own > 0 && foreign > 0, "give {table} a row in `furnish`");
        let mut tx = within(&mut connection, &world.admin).await;
        let seen: i64 = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {table}")))
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert_eq!(seen, own, "{table} shows the own rows and no other");
        tx.rollback().await.unwrap();
        let foreign_rows = format!("where organization_id = '{}'", other.organization().uuid());
        for statement in [
            format!("update {table} set organization_id = organization_id {foreign_rows}"),
            format!("delete from {table} {foreign_rows}"),
        ] {
            let mut tx = within(&mut connection, &world.admin).await;
            match sqlx::raw_sql(AssertSqlSafe(statement.clone()))
                .execute(&mut *tx)
                .await
            {
                Ok(done) => assert_eq!(done.rows_affected(), 0, "{statement}"),
                Err(error) => assert_eq!(code(error), INSUFFICIENT_PRIVILEGE, "{statement}"),
            }
            tx.rollback().await.unwrap();
        }
        assert_eq!(count(&world.database, &table, &other).await, foreign);
    }
}

#[tokio::test]
async fn nothing_can_be_put_into_another_organization() {
    let (world, other) = two_organizations().await;
    let mut connection = server(&world.database).await;
    let foreign = other.organization().uuid();
    for table in organization_tables(&world.database).await {
        let row: serde_json::Value = world
            .database
            .value(format!(
                "select to_jsonb(t) from {table} t where organization_id = '{foreign}' limit 1"
            ))
            .await;
        let mut tx = within(&mut connection, &world.admin).await;
        let insert = format!("insert into {table} select * from jsonb_populate_record(null::{table}, $1)");
        let refused = sqlx::query(AssertSqlSafe(insert))
            .bind(row)
            .execute(&mut *tx)
            .await;
        assert_eq!(
            code(refused.unwrap_err()),
            INSUFFICIENT_PRIVILEGE,
            "a row of the other's into {table}"
        );
        tx.rollback().await.unwrap();
        let mut tx = within(&mut connection, &world.admin).await;
        let give = format!("update {table} set organization_id = '{foreign}'");
        let refused = sqlx::raw_sql(AssertSqlSafe(give)).execute(&mut *tx).await;
        assert_eq!(
            code(refused.unwrap_err()),
            INSUFFICIENT_PRIVILEGE,
            "an own row of {table} to the other"
        );
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn organizations_and_people_of_others_are_hidden() {
    let (world, other) = two_organizations().await;
    let mut connection = server(&world.database).await;
    let mut tx = within(&mut connection, &world.admin).await;
    let names: Vec<String> = sqlx::query_scalar("select name from organization")
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    assert_eq!(names, ["ada@example.com"]);
    let people: Vec<String> = sqlx::query_scalar("select email from user_account")
        .fetch_all(&mut *tx)
        .await
        .unwrap();
    assert_eq!(people, ["ada@example.com"]);
    for statement in [
        format!(
            "update organization set name = '' where id = '{}'",
            other.organization().uuid()
        ),
        format!(
            "update user_account set password_hash = '' where id = '{}'",
            other.member().user.uuid()
        ),
    ] {
        let done = sqlx::raw_sql(AssertSqlSafe(statement.clone()))
            .execute(&mut *tx)
            .await
            .unwrap();
        assert_eq!(done.rows_affected(), 0, "{statement}");
    }
}

#[tokio::test]
async fn without_an_organization_every_table_is_an_error() {
    let (world, _) = two_organizations().await;
    let mut tables = organization_tables(&world.database).await;
    tables.extend(["organization".to_owned(), "user_account".to_owned()]);
    for table in tables {
        let mut connection = server(&world.database).await;
        let look = format!("select count(*) from {table}");
        let fresh = sqlx::raw_sql(AssertSqlSafe(look.clone()))
            .execute(&mut connection)
            .await;
        assert_eq!(
            code(fresh.unwrap_err()),
            "42704",
            "{table}: the setting does not exist"
        );
        within(&mut connection, &world.admin)
            .await
            .commit()
            .await
            .unwrap();
        let after = sqlx::raw_sql(AssertSqlSafe(look)).execute(&mut connection).await;
        assert_eq!(
            code(after.unwrap_err()),
            "22P02",
            "{table}: the setting ended with its transaction"
        );
    }
}

#[tokio::test]
async fn the_servers_role_has_no_might_of_its_own() {
    let database = Database::new().await;
    let mighty: bool = database
        .value(
            "select rolsuper or rolbypassrls or rolcreatedb or rolcreaterole or rolreplication from pg_roles
             where rolname = 'connections_server'",
        )
        .await;
    assert!(!mighty);
    let owned: i64 = database
        .value(
            "select (select count(*) from pg_class where relowner = 'connections_server'::regrole)
                  + (select count(*) from pg_proc where proowner = 'connections_server'::regrole)
                  + (select count(*) from pg_auth_members where member = 'connections_server'::regrole)",
        )
        .await;
    assert_eq!(owned, 0, "it owns nothing and is a member of nothing");
    let mut connection = server(&database).await;
    for statement in [
        "create table public.t (a int)",
        "set role connections_owner",
        "set role connections_doors",
        "alter table credential disable row level security",
        "truncate audit_event",
    ] {
        let refused = sqlx::raw_sql(statement).execute(&mut connection).await;
        assert_eq!(code(refused.unwrap_err()), INSUFFICIENT_PRIVILEGE, "{statement}");
    }
}

#[tokio::test]
async fn what_happened_stays_written_and_sessions_are_behind_doors() {
    let (world, _) = two_organizations().await;
    let mut connection = server(&world.database).await;
    for statement in [
        "update audit_event set action = ''",
        "delete from audit_event",
        "update redirect_used set service_id = gen_random_uuid()",
        "delete from redirect_used",
        "delete from organization",
        "delete from user_account",
        "select * from session",
        "insert into session (id_hash, expires_at) values ('', now())",
        "select * from attempt_window",
        "delete from attempt_window",
        "update vault_check set sealed = ''",
        "delete from vault_check",
    ] {
        let mut tx = within(&mut connection, &world.admin).await;
        let refused = sqlx::raw_sql(statement).execute(&mut *tx).await;
        assert_eq!(code(refused.unwrap_err()), INSUFFICIENT_PRIVILEGE, "{statement}");
        tx.rollback().await.unwrap();
    }
}
