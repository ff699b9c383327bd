//! The doors: all functions that run with more rights than their caller, and what they may answer.

use sqlx::Row as _;

use crate::common::Database;

/// Every SECURITY DEFINER function. A new one is added here after somebody has thought about it.
const DOORS: [&str; 13] = [
    "door_any_organization()",
    "door_attempt(bytea,integer,interval)",
    "door_attempt_forget(bytea)",
    "door_function_key(bytea)",
    "door_revocations_due(integer)",
    "door_session_create(bytea,uuid,uuid,interval)",
    "door_session_delete(bytea)",
    "door_session_load(bytea,interval)",
    "door_session_save(bytea,uuid,uuid)",
    "door_session_touch(bytea)",
    "door_sessions_expired_delete(interval)",
    "door_sessions_of_user_delete(uuid)",
    "door_user(text)",
];

#[tokio::test]
async fn the_doors_are_these() {
    let database = Database::new().await;
    let query = "select oid::regprocedure::text from pg_proc
                 where prosecdef and pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                 order by 1";
    let found: Vec<String> = sqlx::query_scalar(query)
        .fetch_all(&database.superuser)
        .await
        .unwrap();
    assert_eq!(found, DOORS);
}

#[tokio::test]
async fn a_door_looks_in_one_place_and_opens_for_the_server_alone() {
    let database = Database::new().await;
    for door in DOORS {
        let row = database
            .row(format!(
                "select proconfig, proowner::regrole::text as owner,
                   (select array_agg(distinct coalesce(nullif(grantee, 0)::regrole::text, 'public'))
                      from aclexplode(coalesce(proacl, acldefault('f', proowner)))) as callers
                 from pg_proc where oid = '{door}'::regprocedure"
            ))
            .await;
        let settings: Option<Vec<String>> = row.get("proconfig");
        assert_eq!(
            settings,
            Some(vec!["search_path=pg_catalog, public".to_owned()]),
            "{door}"
        );
        assert_eq!(row.get::<String, _>("owner"), "connections_doors", "{door}");
        let mut callers: Vec<String> = row.get("callers");
        callers.retain(|role| role != "connections_doors");
        assert_eq!(callers, ["connections_server"], "{door}");
    }
}

#[tokio::test]
async fn a_door_answers_with_ids_times_and_yes_or_no() {
    let database = Database::new().await;
    for door in DOORS {
        let query = format!(
            "select coalesce(
               (select array_agg(format_type(t, null)) from pg_proc p, unnest(p.proallargtypes, p.proargmodes) as a(t, m)
                where p.oid = '{door}'::regprocedure and m in ('o', 'b', 't')),
               (select array[format_type(prorettype, null)] from pg_proc where oid = '{door}'::regprocedure))"
        );
        let types: Vec<String> = database.value(query).await;
        let harmless = ["uuid", "timestamp with time zone", "boolean", "void"];
        assert!(
            types.iter().all(|kind| harmless.contains(&kind.as_str())),
            "{door} answers with {types:?}"
        );
    }
}

#[tokio::test]
async fn the_doors_role_sees_the_columns_that_it_needs_and_no_other() {
    let database = Database::new().await;
    let query = "select c.relname || '.' || a.attname from pg_class c
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not in ('session', 'attempt_window')
           and has_column_privilege('connections_doors', c.oid, a.attnum, 'select, insert, update') order by 1";
    let seen: Vec<String> = sqlx::query_scalar(query)
        .fetch_all(&database.superuser)
        .await
        .unwrap();
    assert_eq!(
        seen,
        [
            "function_key.id",
            "function_key.key_hash",
            "function_key.organization_id",
            "function_key.revoked_at",
            "membership.created_at",
            "membership.organization_id",
            "membership.user_id",
            "organization.id",
            "revocation_outbox.id",
            "revocation_outbox.next_try_at",
            "revocation_outbox.organization_id",
            "user_account.email",
            "user_account.id",
        ]
    );
    let logs_in: bool =
        database.value("select rolcanlogin or rolsuper or rolbypassrls from pg_roles where rolname = 'connections_doors'").await;
    assert!(!logs_in);
}
