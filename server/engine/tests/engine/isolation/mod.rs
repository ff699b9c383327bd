//! What holds below the application: as the server's role, with the application's own checks out of the way, no
//! table shows or takes a row of another organization. Tables are found in the catalogue, so a new one is covered.
//!
//! - [`schema`]: what every table and key must look like
//! - [`rows`]: what the server's role can do to rows of another organization
//! - [`role`]: what the server's role may do at all

mod role;
mod rows;
mod schema;

use domain::principal::Principal;
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
    world
        .engine
        .vend(key, &world::link("link"), &Principal::Organization, 60.0)
        .await
        .unwrap();
    let organization = admin.organization().uuid();
    world
        .database
        .sql(format!(
            "insert into revocation_outbox (organization_id, id, service_id, connection_id, token, token_type_hint)
               values ('{organization}', gen_random_uuid(), '{}', gen_random_uuid(), '', 'refresh_token');
             insert into refresh_attempt (organization_id, id, connection_id, principal, generation, owner)
               select organization_id, gen_random_uuid(), id, '', 1, gen_random_uuid() from connection
               where organization_id = '{organization}';
             insert into connector (organization_id, name, fingerprint, connection_id)
               select organization_id, 'crm', '', id from connection where organization_id = '{organization}';
             insert into idempotent_request (organization_id, function_key_id, name, id, request_hash)
               values ('{organization}', '{}', 'once', gen_random_uuid(), '');",
            service.uuid(),
            key.id.uuid()
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
