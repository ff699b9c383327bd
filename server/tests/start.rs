//! What the server says when it cannot start: the setting's name, the reason, the remedy; and it ends.
#![cfg(test)]

use std::process::{Command, Output};

use sqlx::{Connection, Executor, PgConnection};
use url::Url;

const KEY: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER: &str = "k1:IAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn admin() -> Url {
    let url = std::env::var("TEST_DATABASE_ADMIN_URL")
        .expect("TEST_DATABASE_ADMIN_URL names no cluster; `make integration` starts one and sets it");
    Url::parse(&url).unwrap()
}

/// Runs the binary with these settings and nothing else of the environment.
fn connections(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_connections"));
    command.env_clear().args(arguments).envs(settings.iter().copied());
    command.stdin(std::process::Stdio::null()).output().unwrap()
}

/// The one line that `serve` ends with under these settings.
fn refusal(settings: &[(&str, &str)]) -> String {
    let output = connections(&["serve"], settings);
    assert!(!output.status.success(), "it started");
    String::from_utf8_lossy(&output.stderr)
        .lines()
        .last()
        .unwrap_or_default()
        .to_owned()
}

/// A database of its own, owned by the owner role, dropped at the end.
struct Database {
    name: String,
}

impl Database {
    async fn create(name: &str) -> Self {
        let name = format!("start_{name}_{}", std::process::id());
        let mut admin = PgConnection::connect(admin().as_str()).await.unwrap();
        // Roles belong to the cluster; other tests make them at the same time.
        admin.execute("select pg_advisory_lock(7021996)").await.unwrap();
        admin
            .execute(sqlx::AssertSqlSafe(include_str!(
                "../../migrations/setup/roles.sql"
            )))
            .await
            .unwrap();
        admin
            .execute(sqlx::AssertSqlSafe(format!(
                "create database {name} owner connections_owner"
            )))
            .await
            .unwrap();
        Self { name }
    }

    fn url(&self, role: &str) -> String {
        let mut url = admin();
        url.set_username(role).unwrap();
        url.set_path(&self.name);
        url.into()
    }

    fn migrate(&self) {
        let output = connections(
            &["migrate"],
            &[("CONNECTIONS_OWNER_DATABASE_URL", &self.url("connections_owner"))],
        );
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    async fn drop(self) {
        let mut admin = PgConnection::connect(admin().as_str()).await.unwrap();
        admin
            .execute(sqlx::AssertSqlSafe(format!(
                "drop database {} with (force)",
                self.name
            )))
            .await
            .unwrap();
    }
}

#[test]
fn settings_are_refused_by_name() {
    let nowhere = ("DATABASE_URL", "postgres://connections_server@127.0.0.1:1/none");
    let key = ("CONNECTIONS_ROOT_KEYS", KEY);
    for (settings, words) in [
        (vec![nowhere], "CONNECTIONS_ROOT_KEYS: no root key is given"),
        (
            vec![nowhere, ("CONNECTIONS_ROOT_KEYS", "k1:c2hvcnQ=")],
            "CONNECTIONS_ROOT_KEYS: the key `k1` is not 32 bytes",
        ),
        (
            vec![nowhere, ("CONNECTIONS_ROOT_KEYS_FILE", "/nonexistent")],
            "CONNECTIONS_ROOT_KEYS_FILE: /nonexistent",
        ),
        (
            vec![nowhere, key, ("CONNECTIONS_PUBLIC_URL", "http://connect.example")],
            "CONNECTIONS_PUBLIC_URL: http is only for localhost",
        ),
        (
            vec![nowhere, key, ("CONNECTIONS_ALLOW_HOSTS", "ftp://x")],
            "CONNECTIONS_ALLOW_HOSTS: ",
        ),
        (
            vec![nowhere, key, ("CONNECTIONS_TRUSTED_PROXIES", "proxy")],
            "CONNECTIONS_TRUSTED_PROXIES: \"proxy\" is not an IP address",
        ),
        (vec![nowhere, key], "the database at DATABASE_URL does not answer"),
    ] {
        let said = refusal(&settings);
        assert!(said.contains(words), "{settings:?} says: {said}");
        assert!(
            !said.contains("AAECAwQF") && !said.contains("c2hvcnQ="),
            "a key is repeated: {said}"
        );
    }
}

#[tokio::test]
async fn a_database_without_tables_and_a_login_that_is_too_mighty_are_refused() {
    let database = Database::create("mighty").await;
    let key = ("CONNECTIONS_ROOT_KEYS", KEY);
    let server = database.url("connections_server");
    assert!(refusal(&[key, ("DATABASE_URL", &server)]).contains("Run: connections migrate"));
    database.migrate();
    for role in ["connections_owner", admin().username()] {
        let said = refusal(&[key, ("DATABASE_URL", &database.url(role))]);
        assert!(
            said.contains(&format!("logs in as `{role}`")) && said.contains("connections_server"),
            "{said}"
        );
    }
    database.drop().await;
}

#[tokio::test]
async fn another_root_key_is_noticed_at_start() {
    let database = Database::create("key").await;
    database.migrate();
    let server = database.url("connections_server");
    let bootstrap = |key: &str| {
        let arguments = ["user", "reset-password", "--email", "nobody@example.com"];
        connections(
            &arguments,
            &[("DATABASE_URL", &server), ("CONNECTIONS_ROOT_KEYS", key)],
        )
    };
    // The first start seals a known text with the first key.
    let first = String::from_utf8_lossy(&bootstrap(KEY).stderr).into_owned();
    assert!(
        first.contains("email: No account has this address.") || first.contains("password:"),
        "{first}"
    );
    let said = refusal(&[("DATABASE_URL", &server), ("CONNECTIONS_ROOT_KEYS", OTHER)]);
    assert!(
        said.contains("the root keys are not those that sealed this database"),
        "{said}"
    );
    let renamed = OTHER.replace("k1", "k2");
    let said = refusal(&[("DATABASE_URL", &server), ("CONNECTIONS_ROOT_KEYS", &renamed)]);
    assert!(
        said.contains("sealed by the root key `k1`, which is not in the ring"),
        "{said}"
    );
    database.drop().await;
}
