//! Refresh attempts: written before anything is sent, closed with what came of it.

use domain::id::AttemptId;
use uuid::Uuid;

use super::{
    StoreError, Tx,
    credentials::{Ending, Whose},
    exactly_one,
};

impl Tx {
    /// Writes the intent. `recovers` marks the one retry after an answer that was lost.
    pub(crate) async fn attempt_insert(
        &mut self,
        id: AttemptId,
        whose: &Whose,
        generation: i64,
        owner: Uuid,
        recovers: bool,
    ) -> Result<(), StoreError> {
        let outcome = if recovers { "recovery" } else { "intent" };
        sqlx::query!(
            "insert into refresh_attempt (organization_id, id, connection_id, principal, generation, owner, outcome)
             values ($1, $2, $3, $7, $4, $5, $6)",
            self.organization.uuid(), id.uuid(), whose.connection.uuid(), generation, owner, outcome, whose.principal.stored()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Closes an attempt.
    pub(crate) async fn attempt_finish(
        &mut self,
        id: AttemptId,
        ending: &Ending<'_>,
    ) -> Result<(), StoreError> {
        let finished = sqlx::query!(
            "update refresh_attempt set finished_at = clock_timestamp(), outcome = $3, http_status = $4, provider_error = $5, latency_ms = $6
             where organization_id = $1 and id = $2",
            self.organization.uuid(), id.uuid(), ending.outcome, ending.http_status, ending.error, ending.latency_ms
        );
        exactly_one(&finished.execute(&mut *self.inner).await?)
    }
}
