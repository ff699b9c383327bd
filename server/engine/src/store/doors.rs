//! The doors: what is looked up before an organization is known. Each is a SECURITY DEFINER function of the
//! database that answers with ids and times only; `tests/engine/doors.rs` lists them all.

use domain::{
    email::Email,
    id::{FunctionKeyId, OrganizationId, UserId},
};
use sqlx::postgres::types::PgInterval;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Store, StoreError};

/// A session as stored: who, and until when.
#[derive(Debug, Clone)]
pub struct StoredSession {
    /// The signed-in person; None before signing in.
    pub user: Option<UserId>,
    /// The organization that the person works in.
    pub organization: Option<OrganizationId>,
    /// The absolute end.
    pub expires_at: OffsetDateTime,
    /// Whether it was last touched more than a minute ago.
    pub stale: bool,
}

fn interval(duration: Duration) -> PgInterval {
    PgInterval {
        months: 0,
        days: 0,
        microseconds: i64::try_from(duration.whole_microseconds()).unwrap_or(i64::MAX),
    }
}

impl Store {
    /// Stores a new session; false where the id exists.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session_create(
        &self,
        hash: &[u8],
        session: &StoredSession,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        let (user, organization) = ids(session);
        let made = sqlx::query_scalar!(
            "select door_session_create($1, $2, $3, $4)",
            hash,
            user,
            organization,
            interval(lifetime)
        );
        Ok(made.fetch_one(&self.pool).await?.unwrap_or(false))
    }

    /// Stores a session's content. One that was ended meanwhile stays ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session_save(&self, hash: &[u8], session: &StoredSession) -> Result<(), StoreError> {
        let (user, organization) = ids(session);
        let saved = sqlx::query!("select door_session_save($1, $2, $3)", hash, user, organization);
        saved.execute(&self.pool).await?;
        Ok(())
    }

    /// A session that has neither ended nor been idle for too long.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session_load(
        &self,
        hash: &[u8],
        idle: Duration,
    ) -> Result<Option<StoredSession>, StoreError> {
        let row = sqlx::query!(
            r#"select user_id, organization_id, expires_at as "expires_at!", stale as "stale!" from door_session_load($1, $2)"#,
            hash,
            interval(idle)
        );
        Ok(row.fetch_optional(&self.pool).await?.map(|row| StoredSession {
            user: row.user_id.map(UserId::from_uuid),
            organization: row.organization_id.map(OrganizationId::from_uuid),
            expires_at: row.expires_at,
            stale: row.stale,
        }))
    }

    /// Puts the idle end off; writes at most once a minute.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session_touch(&self, hash: &[u8]) -> Result<(), StoreError> {
        sqlx::query!("select door_session_touch($1)", hash)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session_delete(&self, hash: &[u8]) -> Result<(), StoreError> {
        sqlx::query!("select door_session_delete($1)", hash)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends every session of a person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sessions_of_user_delete(&self, user: UserId) -> Result<(), StoreError> {
        sqlx::query!("select door_sessions_of_user_delete($1)", user.uuid())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Removes what has ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sessions_expired_delete(&self, idle: Duration) -> Result<(), StoreError> {
        sqlx::query!("select door_sessions_expired_delete($1)", interval(idle))
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The organization of a function key that is not revoked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn function_key(
        &self,
        hash: &[u8],
    ) -> Result<Option<(OrganizationId, FunctionKeyId)>, StoreError> {
        let row = sqlx::query!(
            r#"select organization_id as "organization_id!", function_key_id as "function_key_id!" from door_function_key($1)"#,
            hash
        );
        let row = row.fetch_optional(&self.pool).await?;
        Ok(row.map(|r| {
            (
                OrganizationId::from_uuid(r.organization_id),
                FunctionKeyId::from_uuid(r.function_key_id),
            )
        }))
    }

    /// The person behind an address, and the organization that a sign-in opens.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn user(&self, email: &Email) -> Result<Option<(UserId, OrganizationId)>, StoreError> {
        let row = sqlx::query!(
            r#"select user_id as "user_id!", organization_id as "organization_id!" from door_user($1)"#,
            email.as_str()
        );
        let row = row.fetch_optional(&self.pool).await?;
        Ok(row.map(|r| {
            (
                UserId::from_uuid(r.user_id),
                OrganizationId::from_uuid(r.organization_id),
            )
        }))
    }

    /// Whether any organization exists.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn any_organization(&self) -> Result<bool, StoreError> {
        Ok(sqlx::query_scalar!(r#"select door_any_organization() as "any!""#)
            .fetch_one(&self.pool)
            .await?)
    }

    /// Counts an attempt; whether it is within `limit` attempts a `window`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn attempt(&self, subject: &[u8], limit: i32, window: Duration) -> Result<bool, StoreError> {
        let row = sqlx::query_scalar!(
            r#"select door_attempt($1, $2, $3) as "allowed!""#,
            subject,
            limit,
            interval(window)
        );
        Ok(row.fetch_one(&self.pool).await?)
    }

    /// Forgets the attempts of a subject.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn attempts_forget(&self, subject: &[u8]) -> Result<(), StoreError> {
        sqlx::query!("select door_attempt_forget($1)", subject)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Revocations whose time has come.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revocations_due(&self, most: i32) -> Result<Vec<(OrganizationId, Uuid)>, StoreError> {
        let rows = sqlx::query!(
            r#"select organization_id as "organization_id!", id as "id!" from door_revocations_due($1)"#,
            most
        );
        let rows = rows.fetch_all(&self.pool).await?;
        Ok(rows
            .into_iter()
            .map(|r| (OrganizationId::from_uuid(r.organization_id), r.id))
            .collect())
    }
}

fn ids(session: &StoredSession) -> (Option<Uuid>, Option<Uuid>) {
    (
        session.user.map(UserId::uuid),
        session.organization.map(OrganizationId::uuid),
    )
}
