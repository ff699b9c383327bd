//! A request that is sent twice is done once: whoever does not know whether a request arrived sends it again under the
//! same `Idempotency-Key` and gets the answer of the first one.

use domain::{
    id::{FunctionKeyId, OrganizationId},
    problem::Problem,
};
use uuid::Uuid;

use crate::{
    Engine,
    error::EngineError,
    random,
    vault::{Place, Secret},
};

/// What a request is to be told apart by.
#[derive(Debug, Clone)]
pub struct Repeatable {
    /// Its organization.
    pub organization: OrganizationId,
    /// The key that sent it.
    pub key: FunctionKeyId,
    /// The text of `Idempotency-Key`.
    pub name: String,
    /// Of method, path and body: the same name with another request is a mistake.
    pub request: [u8; 32],
}

/// What to do with a request.
#[derive(Debug)]
pub enum Begun {
    /// Nobody sent it before: do it, then [`Engine::end_once`].
    First(Ticket),
    /// It was done: status and answer of the first one.
    Again(u16, Secret),
}

/// A request under way.
#[derive(Debug)]
pub struct Ticket {
    request: Repeatable,
    id: Uuid,
}

fn place(id: Uuid) -> Place {
    Place::new("idempotent_request", id, "", "answer", 1)
}

impl Engine {
    /// Whether a request is the first of its name.
    ///
    /// # Errors
    /// [`Problem::UsedForAnother`], [`Problem::Underway`].
    pub async fn begin_once(&self, request: Repeatable) -> Result<Begun, EngineError> {
        let id = random::uuid();
        let mut tx = self.store.begin(request.organization).await?;
        tx.concerns_no_call();
        tx.repeats_forget().await?;
        if tx.repeat_insert(id, &request).await? {
            tx.commit().await?;
            return Ok(Begun::First(Ticket { request, id }));
        }
        let first = tx.repeat(&request).await?;
        let key = self.data_key(&mut tx).await?;
        if first.request != request.request {
            return Err(Problem::UsedForAnother.into());
        }
        let (Some(status), Some(answer)) = (first.status, first.answer) else {
            return Err(Problem::Underway.into());
        };
        Ok(Begun::Again(status, key.open(&place(first.id), &answer)?))
    }

    /// Keeps the answer for those who ask again.
    ///
    /// # Errors
    /// [`EngineError::Store`], [`EngineError::Vault`].
    pub async fn end_once(&self, ticket: Ticket, status: u16, answer: &Secret) -> Result<(), EngineError> {
        let mut tx = self.store.begin(ticket.request.organization).await?;
        tx.concerns_no_call();
        let sealed = self.data_key(&mut tx).await?.seal(&place(ticket.id), answer)?;
        tx.repeat_answer(ticket.id, &ticket.request, status, &sealed)
            .await?;
        Ok(tx.commit().await?)
    }

    /// Forgets a request that was refused: nothing was done, so it may come again, corrected or not.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn forget_once(&self, ticket: Ticket) -> Result<(), EngineError> {
        let mut tx = self.store.begin(ticket.request.organization).await?;
        tx.concerns_no_call();
        tx.repeat_delete(ticket.id, &ticket.request).await?;
        Ok(tx.commit().await?)
    }
}
