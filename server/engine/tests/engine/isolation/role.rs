//! What the server's role may do at all.

use super::{INSUFFICIENT_PRIVILEGE, code, server, two_organizations, within};
use crate::common::Database;

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
