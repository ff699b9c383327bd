//! The revocation outbox: tokens that must still be withdrawn at their provider.

use domain::id::{ConnectionId, ServiceId};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{StoreError, Tx, exactly_one};

/// A token to withdraw.
#[derive(Debug, Clone)]
pub struct RevocationRow {
    /// Its id.
    pub id: Uuid,
    /// Whose revoke URL to use.
    pub service: ServiceId,
    /// The connection it belonged to; may be deleted by now.
    pub connection: ConnectionId,
    /// The sealed token.
    pub token: Vec<u8>,
    /// `refresh_token` or `access_token` (RFC 7009 section 2.1).
    pub hint: String,
    /// Failures so far.
    pub attempts: i32,
    /// Whether 24 hours of tries have passed.
    pub exhausted: bool,
}

/// A revocation that the provider has not confirmed.
#[derive(Debug, Clone)]
pub struct PendingRevocation {
    /// When the next try comes.
    pub next_try_at: OffsetDateTime,
    /// Why the last one failed.
    pub last_error: Option<String>,
}

impl Tx {
    /// Puts a token into the outbox.
    pub(crate) async fn revocation_insert(
        &mut self,
        id: Uuid,
        service: ServiceId,
        connection: ConnectionId,
        token: &[u8],
        hint: &str,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into revocation_outbox (organization_id, id, service_id, connection_id, token, token_type_hint) values ($1, $2, $3, $4, $5, $6)",
            self.organization.uuid(), id, service.uuid(), connection.uuid(), token, hint
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Takes a due revocation for one minute; None where another replica has it.
    pub(crate) async fn revocation_take(&mut self, id: Uuid) -> Result<Option<RevocationRow>, StoreError> {
        let row = sqlx::query!(
            r#"update revocation_outbox set next_try_at = now() + interval '1 minute', attempts = attempts + 1
               where organization_id = $1 and id = $2 and next_try_at <= now()
               returning id, service_id, connection_id, token, token_type_hint, attempts,
                 created_at < now() - interval '24 hours' as "exhausted!""#,
            self.organization.uuid(),
            id
        );
        Ok(row
            .fetch_optional(&mut *self.inner)
            .await?
            .map(|row| RevocationRow {
                id: row.id,
                service: ServiceId::from_uuid(row.service_id),
                connection: ConnectionId::from_uuid(row.connection_id),
                token: row.token,
                hint: row.token_type_hint,
                attempts: row.attempts,
                exhausted: row.exhausted,
            }))
    }

    /// Says why a try failed and when the next one comes.
    pub(crate) async fn revocation_postpone(
        &mut self,
        id: Uuid,
        seconds: f64,
        error: &str,
    ) -> Result<(), StoreError> {
        let updated =
            sqlx::query!(
            "update revocation_outbox set next_try_at = now() + make_interval(secs => $3), last_error = $4
             where organization_id = $1 and id = $2",
            self.organization.uuid(), id, seconds, error
        );
        exactly_one(&updated.execute(&mut *self.inner).await?)
    }

    /// Removes a revocation that is settled.
    pub(crate) async fn revocation_delete(&mut self, id: Uuid) -> Result<(), StoreError> {
        let deleted = sqlx::query!(
            "delete from revocation_outbox where organization_id = $1 and id = $2",
            self.organization.uuid(),
            id
        );
        exactly_one(&deleted.execute(&mut *self.inner).await?)
    }

    /// Gives up what waits at a service; how many there were.
    pub(crate) async fn revocations_of_service_end(&mut self, service: ServiceId) -> Result<u64, StoreError> {
        let deleted = sqlx::query!(
            "delete from revocation_outbox where organization_id = $1 and service_id = $2",
            self.organization.uuid(),
            service.uuid()
        );
        Ok(deleted.execute(&mut *self.inner).await?.rows_affected())
    }

    /// What the provider of a connection has not confirmed yet.
    pub(crate) async fn revocation_pending(
        &mut self,
        connection: ConnectionId,
    ) -> Result<Option<PendingRevocation>, StoreError> {
        let row = sqlx::query!(
            "select next_try_at, last_error from revocation_outbox where organization_id = $1 and connection_id = $2
             order by next_try_at limit 1",
            self.organization.uuid(), connection.uuid()
        );
        let row = row.fetch_optional(&mut *self.inner).await?;
        Ok(row.map(|row| PendingRevocation {
            next_try_at: row.next_try_at,
            last_error: row.last_error,
        }))
    }
}
