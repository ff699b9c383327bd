//! Requests with an Idempotency-Key, and their answers.

use uuid::Uuid;

use super::{StoreError, Tx, exactly_one};
use crate::repeat::Repeatable;

/// The first request of a name.
pub(crate) struct RepeatRow {
    pub(crate) id: Uuid,
    pub(crate) request: Vec<u8>,
    /// None while it is under way.
    pub(crate) status: Option<u16>,
    pub(crate) answer: Option<Vec<u8>>,
}

impl Tx {
    /// Forgets answers that are older than a day, and requests whose server stopped before it could answer: none takes
    /// longer than a minute.
    pub(crate) async fn repeats_forget(&mut self) -> Result<(), StoreError> {
        sqlx::query!(
            "delete from idempotent_request where organization_id = $1 and (created_at < now() - interval '1 day'
               or (status is null and created_at < now() - interval '2 minutes'))",
            self.organization.uuid()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Notes a request that is under way; false where its name is in use.
    pub(crate) async fn repeat_insert(&mut self, id: Uuid, request: &Repeatable) -> Result<bool, StoreError> {
        let inserted = sqlx::query!(
            "insert into idempotent_request (organization_id, function_key_id, name, id, request_hash) values ($1, $2, $3, $4, $5)
             on conflict (organization_id, function_key_id, name) do nothing",
            self.organization.uuid(), request.key.uuid(), request.name, id, &request.request
        );
        Ok(inserted.execute(&mut *self.inner).await?.rows_affected() == 1)
    }

    /// The first request of a name.
    pub(crate) async fn repeat(&mut self, request: &Repeatable) -> Result<RepeatRow, StoreError> {
        let row = sqlx::query!(
            "select id, request_hash, status, answer from idempotent_request
             where organization_id = $1 and function_key_id = $2 and name = $3",
            self.organization.uuid(),
            request.key.uuid(),
            request.name
        );
        let row = row.fetch_one(&mut *self.inner).await?;
        Ok(RepeatRow {
            id: row.id,
            request: row.request_hash,
            status: row.status.and_then(|status| u16::try_from(status).ok()),
            answer: row.answer,
        })
    }

    /// Keeps the sealed answer.
    pub(crate) async fn repeat_answer(
        &mut self,
        id: Uuid,
        request: &Repeatable,
        status: u16,
        answer: &[u8],
    ) -> Result<(), StoreError> {
        let updated = sqlx::query!(
            "update idempotent_request set status = $5, answer = $6
             where organization_id = $1 and function_key_id = $2 and name = $3 and id = $4",
            self.organization.uuid(),
            request.key.uuid(),
            request.name,
            id,
            i32::from(status),
            answer
        );
        exactly_one(&updated.execute(&mut *self.inner).await?)
    }

    /// Forgets it.
    pub(crate) async fn repeat_delete(&mut self, id: Uuid, request: &Repeatable) -> Result<(), StoreError> {
        sqlx::query!(
            "delete from idempotent_request where organization_id = $1 and function_key_id = $2 and name = $3 and id = $4",
            self.organization.uuid(), request.key.uuid(), request.name, id
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
