//! One database a test. `TEST_DATABASE_ADMIN_URL` is a superuser's URL of a cluster that may be thrown away.

use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{
    AssertSqlSafe, Connection as _, PgPool,
    postgres::{PgPoolOptions, PgRow},
};
use url::Url;

use super::template::{OWNER, SERVER, admin, connect, locked, run, template, url_for};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A database of its own, with tables and without rows.
pub(crate) struct Database {
    name: String,
    admin: Url,
    /// Logged in as the superuser: sees and changes everything.
    pub(crate) superuser: PgPool,
}

impl Database {
    /// With tables.
    pub(crate) async fn new() -> Self {
        let admin = admin();
        let template = template(&admin).await;
        Self::create(admin, &format!("template {template}")).await
    }

    /// Without.
    pub(crate) async fn empty() -> Self {
        let admin = admin();
        template(&admin).await;
        Self::create(admin, "").await
    }

    async fn create(admin: Url, from: &str) -> Self {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("engine_test_{}_{number}", std::process::id());
        let mut connection = locked(&admin).await;
        run(
            &mut connection,
            format!("drop database if exists {name} with (force)"),
        )
        .await;
        run(
            &mut connection,
            format!("create database {name} owner {OWNER} {from}"),
        )
        .await;
        connection.close().await.unwrap();
        let url = url_for(&admin, admin.username(), &name);
        let superuser = PgPoolOptions::new()
            .max_connections(2)
            .connect(&url)
            .await
            .unwrap();
        Self {
            name,
            admin,
            superuser,
        }
    }

    /// For the server's role.
    pub(crate) fn server_url(&self) -> String {
        url_for(&self.admin, SERVER, &self.name)
    }

    /// For the role that owns the tables.
    pub(crate) fn owner_url(&self) -> String {
        url_for(&self.admin, OWNER, &self.name)
    }

    /// For the superuser.
    pub(crate) fn superuser_url(&self) -> String {
        url_for(&self.admin, self.admin.username(), &self.name)
    }

    /// As the superuser; how many rows were touched.
    pub(crate) async fn sql(&self, statement: impl Into<String>) -> u64 {
        let statement = statement.into();
        let done = sqlx::raw_sql(AssertSqlSafe(statement.clone()))
            .execute(&self.superuser)
            .await;
        done.unwrap_or_else(|error| panic!("{statement}: {error}"))
            .rows_affected()
    }

    /// One row, as the superuser.
    pub(crate) async fn row(&self, query: impl Into<String>) -> PgRow {
        let query = query.into();
        let row = sqlx::query(AssertSqlSafe(query.clone()))
            .fetch_one(&self.superuser)
            .await;
        row.unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    /// One value, as the superuser.
    pub(crate) async fn value<T>(&self, query: impl Into<String>) -> T
    where
        T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        sqlx::Row::get(&self.row(query).await, 0)
    }

    /// The tables of the product that have this column.
    pub(crate) async fn tables_with(&self, column: &str) -> Vec<String> {
        let query = "select c.relname::text from pg_class c join pg_attribute a on a.attrelid = c.oid
             where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = $1 and not a.attisdropped
             order by 1";
        let found = sqlx::query_scalar(query)
            .bind(column)
            .fetch_all(&self.superuser)
            .await;
        found.unwrap()
    }

    /// A digest of every row of every table but those of sessions and attempts: equal where nothing has changed.
    pub(crate) async fn digest(&self) -> String {
        let tables: Vec<String> = sqlx::query_scalar(
            "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
               and relname not in ('session', 'attempt_window') order by 1",
        )
        .fetch_all(&self.superuser)
        .await
        .unwrap();
        let each = |t: &String| {
            format!("(select coalesce(string_agg(t::text, '|' order by t::text), '') from {t} t)")
        };
        let all: Vec<String> = tables.iter().map(each).collect();
        self.value(format!("select md5({})", all.join(" || "))).await
    }

    /// Whether new connections are let in; those that exist are cut off.
    pub(crate) async fn reachable(&self, open: bool) {
        let mut admin = connect(self.admin.as_str()).await;
        run(
            &mut admin,
            format!("alter database {} allow_connections {open}", self.name),
        )
        .await;
        if !open {
            self.cut_server_off().await;
        }
        admin.close().await.unwrap();
    }

    /// Ends every connection of the server's role, as a restart does; how many there were.
    pub(crate) async fn cut_server_off(&self) -> i64 {
        let mut admin = connect(self.admin.as_str()).await;
        let cut = sqlx::query_scalar(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1 and usename = $2",
        );
        let cut = cut
            .bind(&self.name)
            .bind(SERVER)
            .fetch_one(&mut admin)
            .await
            .unwrap();
        admin.close().await.unwrap();
        cut
    }
}

impl Drop for Database {
    /// Also after a failed test: on a thread of its own, since dropping cannot wait.
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut connection = connect(admin.as_str()).await;
                run(
                    &mut connection,
                    format!("drop database if exists {name} with (force)"),
                )
                .await;
            });
        };
        if std::thread::spawn(work).join().is_err() {
            eprintln!("the database {} stays behind", self.name);
        }
    }
}
