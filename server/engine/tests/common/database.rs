//! One database a test. `TEST_DATABASE_ADMIN_URL` is a superuser's URL of a cluster that may be thrown away.
//!
//! The roles are made by `migrations/setup/roles.sql`. A template is migrated once, by the owner's role; its name
//! holds a digest of the migrations, so a changed migration gets a template of its own. Every test copies it.

use std::sync::atomic::{AtomicU32, Ordering};

use engine::random::sha256;
use sqlx::{
    AssertSqlSafe, Connection as _, Executor as _, PgConnection, PgPool,
    migrate::Migrator,
    postgres::{PgPoolOptions, PgRow},
};
use tokio::sync::OnceCell;
use url::Url;

static MIGRATOR: Migrator = sqlx::migrate!("../../migrations");
static TEMPLATE: OnceCell<String> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);

const OWNER: &str = "connections_owner";
const SERVER: &str = "connections_server";
/// Processes that test on the same cluster make roles and databases one after the other.
const LOCK: &str = "select pg_advisory_lock(0x636e78)";

/// A database of its own, with tables and without rows.
pub(crate) struct Database {
    name: String,
    admin: Url,
    /// Logged in as the superuser: sees and changes everything.
    pub(crate) superuser: PgPool,
}

fn admin() -> Url {
    let given = std::env::var("TEST_DATABASE_ADMIN_URL").unwrap_or_else(|_| {
        panic!(
            "These tests need a PostgreSQL that may be thrown away: set TEST_DATABASE_ADMIN_URL to a superuser's URL, \
             such as postgres://postgres@127.0.0.1:5432/postgres, or run them by `.ci/postgres with test cargo test -p engine`."
        )
    });
    given.parse().expect("TEST_DATABASE_ADMIN_URL is a URL")
}

/// The admin's URL for another role and database. Where the admin has a password, the role has one made from it.
fn url_for(admin: &Url, role: &str, database: &str) -> String {
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

async fn locked(admin: &Url) -> PgConnection {
    let mut connection = PgConnection::connect(admin.as_str()).await.unwrap_or_else(|error| {
        panic!("TEST_DATABASE_ADMIN_URL does not lead to a running PostgreSQL: {error}")
    });
    connection.execute("set client_min_messages = warning").await.unwrap();
    connection.execute(LOCK.replace("0x636e78", "6516344").as_str().to_owned().leak() as &'static str).await.unwrap();
    connection
}
