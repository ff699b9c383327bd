//! Function keys: made, listed, revoked, recognized.

use domain::{
    form::key::KeyInput,
    function_key::with_checksum,
    id::{FunctionKeyId, OrganizationId},
    problem::Problem,
};

use crate::{
    Engine,
    actor::{Insider, Manager},
    error::EngineError,
    page::{self, Paged},
    random,
    ready::KeyHash,
    store::{
        StoreError,
        audit::{Actor, Deed},
        keys::KeyRow,
    },
    vault::Secret,
};

/// A key that was presented and exists.
#[derive(Debug, Clone, Copy)]
pub struct FunctionKey {
    /// Its organization.
    pub organization: OrganizationId,
    /// Its id.
    pub id: FunctionKeyId,
}

impl Engine {
    /// Makes a key; its text is in the answer and nowhere else.
    ///
    /// # Errors
    /// A field error for a connection that does not exist.
    pub async fn create_key(
        &self,
        manager: &Manager,
        input: &KeyInput,
    ) -> Result<(FunctionKeyId, Secret), EngineError> {
        self.create_key_for(manager.organization(), &manager.actor(), input)
            .await
    }

    /// The same for the command line, where the operator acts.
    ///
    /// # Errors
    /// As [`Self::create_key`].
    pub async fn create_key_for(
        &self,
        organization: OrganizationId,
        actor: &Actor,
        input: &KeyInput,
    ) -> Result<(FunctionKeyId, Secret), EngineError> {
        let text = with_checksum(&random::token());
        let id = FunctionKeyId::from_uuid(random::uuid());
        let mut tx = self.store.begin(organization).await?;
        tx.key_insert(id, input, &random::sha256(text.as_bytes()), actor.user)
            .await?;
        for link_name in &input.connections {
            let connection = tx
                .connection_by_link_name(link_name)
                .await
                .map_err(|error| match error {
                    StoreError::NotFound => EngineError::field(
                        "connection",
                        format!("There is no connection {link_name} any more."),
                    ),
                    other => other.into(),
                })?;
            tx.key_limit(id, connection.id).await?;
        }
        let deed = Deed {
            action: "function_key.created",
            subject: input.name.as_str(),
            ..Deed::default()
        };
        tx.audit(actor, deed).await?;
        tx.commit().await?;
        Ok((id, Secret::text(text)))
    }

    /// Every key of the organization.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn keys(&self, insider: &impl Insider) -> Result<Vec<KeyRow>, EngineError> {
        Ok(self.store.begin(insider.organization()).await?.keys().await?)
    }

    /// A page of keys, the newest first: those older than `before`, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn keys_page(
        &self,
        insider: &impl Insider,
        before: Option<FunctionKeyId>,
        most: usize,
    ) -> Result<Paged<KeyRow>, EngineError> {
        let mut tx = self.store.begin(insider.organization()).await?;
        let rows = tx.keys_before(before, page::wanted(most)).await?;
        Ok(Paged::cut(rows, most))
    }

    /// One key.
    ///
    /// # Errors
    /// Not found.
    pub async fn key(&self, insider: &impl Insider, id: FunctionKeyId) -> Result<KeyRow, EngineError> {
        Ok(self.store.begin(insider.organization()).await?.key(id).await?)
    }

    /// Revokes a key; it is refused from the next call on.
    ///
    /// # Errors
    /// [`EngineError::Store`] with not found for a key that is unknown or revoked.
    pub async fn revoke_key(&self, manager: &Manager, id: FunctionKeyId) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let name = tx.key_revoke(id, manager.user()).await?;
        let deed = Deed {
            action: "function_key.revoked",
            subject: &name,
            ..Deed::default()
        };
        tx.audit(&manager.actor(), deed).await?;
        Ok(tx.commit().await?)
    }

    /// Recognizes a key by the hash of its text.
    ///
    /// # Errors
    /// [`Problem::InvalidKey`].
    pub async fn recognize(&self, hash: KeyHash) -> Result<FunctionKey, EngineError> {
        let (organization, id) = self
            .store
            .function_key(hash.bytes())
            .await?
            .ok_or(Problem::InvalidKey)?;
        Ok(FunctionKey { organization, id })
    }
}
