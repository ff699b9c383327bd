//! What every table and key must look like.

use sqlx::AssertSqlSafe;

use super::organization_tables;
use crate::common::Database;

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
