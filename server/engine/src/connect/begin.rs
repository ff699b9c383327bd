//! Step 1: an administrator wants a connection.

use domain::{id::ConsentId, link_name::LinkName, scope::ScopeName};

use crate::{
    Engine,
    actor::Admin,
    error::EngineError,
    random,
    store::{connections::ConnectionRow, services::ServiceRow},
};

/// What the page *Continue to …* shows.
#[derive(Debug, Clone)]
pub struct ConsentPreview {
    /// The connection.
    pub connection: ConnectionRow,
    /// Its service.
    pub service: ServiceRow,
    /// What will be asked.
    pub scopes: Vec<ScopeName>,
}

impl Engine {
    /// Records the intent to ask for consent to a connection's scopes. An existing credential keeps serving.
    ///
    /// # Errors
    /// Not found.
    pub async fn begin_consent(&self, admin: &Admin, link_name: &LinkName) -> Result<ConsentId, EngineError> {
        let id = ConsentId::from_uuid(random::uuid());
        let mut tx = self.store.begin(admin.organization()).await?;
        let connection = tx.connection_by_link_name(link_name).await?;
        tx.consent_insert(
            id,
            admin.member().user,
            connection.service,
            connection.id,
            &connection.scopes,
        )
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What a consent will ask; only for the person who began it.
    ///
    /// # Errors
    /// Not found for others, and for one that is over.
    pub async fn consent_preview(&self, admin: &Admin, id: ConsentId) -> Result<ConsentPreview, EngineError> {
        let mut tx = self.store.begin(admin.organization()).await?;
        let consent = tx.consent(id).await?;
        if consent.user != admin.member().user || consent.consumed || consent.expired {
            return Err(crate::store::StoreError::NotFound.into());
        }
        Ok(ConsentPreview {
            connection: tx.connection(consent.connection).await?,
            service: tx.service(consent.service).await?,
            scopes: consent.scopes,
        })
    }
}
