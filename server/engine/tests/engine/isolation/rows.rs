//! Rows of another organization: not seen, not changed, not made.

use sqlx::{AssertSqlSafe, PgConnection};

use super::{INSUFFICIENT_PRIVILEGE, code, count, organization_tables, server, two_organizations, within};

/// Not allowed at all, or for no row.
async fn changes_nothing(tx: &mut PgConnection, statement: &str) {
    match sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(tx)
        .await
    {
        Ok(done) => assert_eq!(done.rows_affected(), 0, "{statement}"),
        Err(error) => assert_eq!(code(error), INSUFFICIENT_PRIVILEGE, "{statement}"),
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
            changes_nothing(&mut tx, &statement).await;
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
    tx.rollback().await.unwrap();
    let foreign = (other.organization().uuid(), other.member().user.uuid());
    for statement in [
        format!("update organization set name = '' where id = '{}'", foreign.0),
        format!(
            "update user_account set password_hash = '' where id = '{}'",
            foreign.1
        ),
        format!("update user_account set email = '' where id = '{}'", foreign.1),
        format!(
            "update user_account set email = '' where id = '{}'",
            world.admin.member().user.uuid()
        ),
    ] {
        let mut tx = within(&mut connection, &world.admin).await;
        changes_nothing(&mut tx, &statement).await;
        tx.rollback().await.unwrap();
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
