//! Where the cluster is, how its roles log in, and the migrated template that every test copies.
//!
//! The roles are made by `migrations/setup/roles.sql`. The template is migrated once, by the owner's role; its name
//! holds a digest of the migrations, so a changed migration gets a template of its own.

use engine::random::sha256;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, migrate::Migrator};
use tokio::sync::OnceCell;
use url::Url;

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");
static TEMPLATE: OnceCell<String> = OnceCell::const_new();

pub(super) const OWNER: &str = "connections_owner";
pub(super) const SERVER: &str = "connections_server";
/// Processes that test on the same cluster make roles and databases one after the other.
const LOCK: &str = "select pg_advisory_lock(6516344)";

/// The template's name; made by the first test that asks.
pub(super) async fn template(admin: &Url) -> &'static str {
    TEMPLATE.get_or_init(|| make(admin)).await
}

pub(super) fn admin() -> Url {
    let given = std::env::var("TEST_DATABASE_ADMIN_URL").unwrap_or_else(|_| {
        panic!(
            "These tests need a PostgreSQL that may be thrown away: set TEST_DATABASE_ADMIN_URL to a superuser's URL, \
             such as postgres://postgres@127.0.0.1:5432/postgres, or run them by `.ci/postgres with test cargo test -p engine`."
        )
    });
    given.parse().expect("TEST_DATABASE_ADMIN_URL is a URL")
}

/// The admin's URL for another role and database. Where the admin has a password, the role has one made from it.
pub(super) fn url_for(admin: &Url, role: &str, database: &str) -> String {
    let mut url = admin.clone();
    url.set_username(role).unwrap();
    url.set_password(password_for(admin, role).as_deref()).unwrap();
    url.set_path(&format!("/{database}"));
    url.into()
}

fn password_for(admin: &Url, role: &str) -> Option<String> {
    let own = admin.password()?;
    Some(hex(&sha256(format!("{role} {own}").as_bytes())))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Runs statements that hold no values of anybody's.
pub(super) async fn run(connection: &mut PgConnection, statements: String) {
    let what = statements.clone();
    let done = sqlx::raw_sql(AssertSqlSafe(statements)).execute(connection).await;
    done.unwrap_or_else(|error| panic!("{what}: {error}"));
}

pub(super) async fn connect(url: &str) -> PgConnection {
    let connection = PgConnection::connect(url).await;
    connection.unwrap_or_else(|error| panic!("no database where TEST_DATABASE_ADMIN_URL leads: {error}"))
}

/// An admin's connection that has the lock until it is closed.
pub(super) async fn locked(admin: &Url) -> PgConnection {
    let mut connection = connect(admin.as_str()).await;
    run(&mut connection, LOCK.to_owned()).await;
    connection
}

async fn make(admin: &Url) -> String {
    let digests: Vec<u8> = MIGRATOR.iter().flat_map(|m| m.checksum.to_vec()).collect();
    let name = format!("engine_template_{}", &hex(&sha256(&digests))[..12]);
    let mut connection = locked(admin).await;
    run(
        &mut connection,
        include_str!("../../../../migrations/setup/roles.sql").to_owned(),
    )
    .await;
    for role in [OWNER, SERVER] {
        if let Some(password) = password_for(admin, role) {
            run(
                &mut connection,
                format!("alter role {role} password '{password}'"),
            )
            .await;
        }
    }
    let known: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
        .bind(&name)
        .fetch_one(&mut connection)
        .await
        .unwrap();
    if !known {
        migrate(admin, &mut connection, &name).await;
    }
    connection.close().await.unwrap();
    name
}

/// Made under another name first: what has the template's name is complete.
async fn migrate(admin: &Url, connection: &mut PgConnection, name: &str) {
    let unfinished = format!("{name}_unfinished");
    run(
        connection,
        format!("drop database if exists {unfinished} with (force)"),
    )
    .await;
    run(connection, format!("create database {unfinished} owner {OWNER}")).await;
    let mut inside = connect(&url_for(admin, admin.username(), &unfinished)).await;
    let public = format!("alter schema public owner to {OWNER}; revoke all on schema public from public");
    run(&mut inside, public).await;
    inside.close().await.unwrap();
    let mut owner = connect(&url_for(admin, OWNER, &unfinished)).await;
    MIGRATOR.run(&mut owner).await.unwrap();
    owner.close().await.unwrap();
    run(
        connection,
        format!("alter database {unfinished} rename to {name}"),
    )
    .await;
}
