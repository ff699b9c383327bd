//! `connections migrate`

use sqlx::{Connection, PgConnection};

use super::Failure;
use crate::cli::Migrate;

/// The migrations, in the binary.
static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

pub(super) async fn run(options: &Migrate) -> Result<(), Failure> {
    let mut owner = PgConnection::connect(&options.owner_database_url)
        .await
        .map_err(|error| {
            format!("the database at CONNECTIONS_OWNER_DATABASE_URL does not answer: {error}")
        })?;
    let roles: i64 = sqlx::query_scalar(
        "select count(*) from pg_roles where rolname in ('connections_server', 'connections_doors')",
    )
    .fetch_one(&mut owner)
    .await?;
    if roles < 2 {
        return Err("the roles connections_server and connections_doors do not exist yet. Run migrations/setup/roles.sql once, as the cluster's administrator".into());
    }
    MIGRATIONS.run(&mut owner).await?;
    tracing::info!("the database is up to date");
    Ok(())
}
