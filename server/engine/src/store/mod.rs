//! PostgreSQL. Whatever belongs to an organization is reached through a [`Tx`], which cannot be had without
//! naming the organization; row-level security says the same once more below.
//!
//! # Layout
//! - [`Store`], [`Tx`], [`StoreError`]: the handle, the transaction of one organization, what can go wrong
//! - [`doors`]: what is looked up before an organization is known
//! - [`members`], [`services`], [`connections`], [`credentials`], [`attempts`], [`consents`], [`keys`],
//!   `connectors`, `repeats`, [`revocations`], [`audit`]: one table (or two that belong together) a file
//! - [`look`]: all that a call looks at

use std::sync::Arc;

use domain::id::{ConnectionId, OrganizationId};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction, postgres::PgPoolOptions};

use crate::ready::cache::{Cache, Change};

pub mod attempts;
pub mod audit;
pub mod connections;
mod connectors;
pub mod consents;
pub mod credentials;
pub mod doors;
pub mod keys;
pub mod look;
pub mod members;
mod repeats;
pub mod revocations;
pub mod services;

/// What went wrong with the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Not reachable, restarting, out of connections.
    #[error("the database is not available: {0}")]
    Unavailable(sqlx::Error),
    /// A unique value is taken or a reference still exists; holds the constraint's name.
    #[error("the constraint {0} refuses this")]
    Constraint(String),
    /// No such row, or one of another organization.
    #[error("not found")]
    NotFound,
    /// A row that this version cannot read.
    #[error("a row of {table} cannot be read: {why}")]
    Inconsistent {
        /// Its table.
        table: &'static str,
        /// What about it.
        why: String,
    },
}

impl StoreError {
    /// Whether this is the named constraint.
    #[must_use]
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Constraint(other) if other == name)
    }

    pub(crate) fn inconsistent(table: &'static str, why: impl std::fmt::Display) -> Self {
        Self::Inconsistent {
            table,
            why: why.to_string(),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(database) => match database.constraint() {
                Some(name) => Self::Constraint(name.to_owned()),
                None => Self::Unavailable(error),
            },
            _ => Self::Unavailable(error),
        }
    }
}

/// The pool, logged in as the server role.
#[derive(Clone)]
pub struct Store {
    pool: PgPool,
    /// What this process has read; a commit of its own empties it at once.
    cache: Arc<Cache>,
}

/// Why the server does not start on this database.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Not reachable.
    #[error("the database at DATABASE_URL does not answer: {0}. Start PostgreSQL, or correct DATABASE_URL")]
    Unreachable(sqlx::Error),
    /// A login that could step over row-level security.
    #[error(
        "DATABASE_URL logs in as `{0}`, which is a superuser, bypasses row-level security or owns the tables. Use the role connections_server"
    )]
    TooMighty(String),
    /// The migrations have not run.
    #[error("the database has no tables yet, or older ones. Run: connections migrate")]
    NotMigrated,
}

impl Store {
    /// Wraps a pool.
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self {
            pool,
            cache: Arc::default(),
        }
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.cache
    }

    /// Connects and makes sure that this login is bound by row-level security.
    ///
    /// # Errors
    /// [`StartError`] with the remedy.
    pub async fn connect(url: &str, size: u32) -> Result<Self, StartError> {
        let options = PgPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(std::time::Duration::from_secs(5));
        let pool = options.connect(url).await.map_err(StartError::Unreachable)?;
        let store = Self::new(pool);
        store.check_login().await?;
        Ok(store)
    }

    async fn check_login(&self) -> Result<(), StartError> {
        let login = sqlx::query!(
            r#"select current_user::text as "name!", r.rolsuper or r.rolbypassrls or exists (
                 select from pg_class c where c.relowner = r.oid and c.relname = 'credential') as "mighty!",
               to_regclass('public.revocation_outbox') is not null as "migrated!"
               from pg_roles r where r.rolname = current_user"#
        );
        let login = login
            .fetch_one(&self.pool)
            .await
            .map_err(StartError::Unreachable)?;
        if login.mighty {
            return Err(StartError::TooMighty(login.name));
        }
        if login.migrated {
            Ok(())
        } else {
            Err(StartError::NotMigrated)
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn ping(&self) -> Result<(), StoreError> {
        sqlx::query_scalar!(r#"select 1 as "one!""#)
            .fetch_one(&self.pool)
            .await?;
        Ok(())
    }

    /// A transaction that sees one organization and nothing else. Dropping it undoes it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn begin(&self, organization: OrganizationId) -> Result<Tx, StoreError> {
        // One round trip: the setting lives and ends with the transaction. A UUID prints as hexadecimal digits
        // and hyphens, so nothing can be injected.
        let begin = format!(
            "begin; set local connections.organization = '{}'",
            organization.uuid()
        );
        let inner = self.pool.begin_with(AssertSqlSafe(begin)).await?;
        Ok(Tx {
            inner,
            organization,
            cache: Arc::clone(&self.cache),
            change: Some(Change::Organization(organization)),
        })
    }

    /// The sealed text that tells whether the root keys are right; stores `fresh` where there is none yet.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn vault_check(&self, fresh: &[u8]) -> Result<Vec<u8>, StoreError> {
        sqlx::query!(
            "insert into vault_check (sealed) values ($1) on conflict do nothing",
            fresh
        )
        .execute(&self.pool)
        .await?;
        Ok(sqlx::query_scalar!("select sealed from vault_check")
            .fetch_one(&self.pool)
            .await?)
    }
}

/// A transaction of one organization.
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    organization: OrganizationId,
    cache: Arc<Cache>,
    /// What a commit makes old.
    change: Option<Change>,
}

impl Tx {
    /// The organization that it sees.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Makes it last.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`]: then it is not known whether it lasted.
    pub async fn commit(self) -> Result<(), StoreError> {
        let committed = self.inner.commit().await;
        if let Some(change) = self.change {
            self.cache.heard(change);
        }
        Ok(committed?)
    }

    /// Says that this transaction changes nothing but the credential of one connection.
    pub(crate) const fn concerns(&mut self, connection: ConnectionId) {
        self.change = Some(Change::Connection(self.organization, connection));
    }

    /// Says that this transaction changes nothing that a call looks at.
    pub(crate) const fn concerns_no_call(&mut self) {
        self.change = None;
    }

    /// The database's time, the same for the whole transaction.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn now(&mut self) -> Result<time::OffsetDateTime, StoreError> {
        Ok(sqlx::query_scalar!(r#"select now() as "now!""#)
            .fetch_one(&mut *self.inner)
            .await?)
    }
}

/// An update or delete of one row that must exist.
pub(crate) fn exactly_one(result: &sqlx::postgres::PgQueryResult) -> Result<(), StoreError> {
    if result.rows_affected() == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound)
    }
}
