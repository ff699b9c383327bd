//! Connectors: what a program configures by name, as the Catalyst SDKs do. Service, connection and credential come into
//! being together; the same configuration again finds the same connection. Another configuration under the same name is
//! another connection, so that nobody gets somebody else's token.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    allowed_host::AllowedHost,
    form::{FieldErrors, connection::ConnectionInput},
    id::{ConnectionId, ServiceId},
    link_name::LinkName,
    name::Name,
    principal::Principal,
    service::{Authentication, Definition, OAuth2, ServiceInput, oauth2::Options},
    url::ProviderUrl,
};

use crate::{
    Engine,
    actor::Registrar,
    error::EngineError,
    import::{Import, Token, Tokens},
    random,
    services::{first_free, free_service_link_name},
    store::{StoreError, Tx, connections::ConnectionRow},
    vault::Secret,
};

/// Tries to find names that nobody takes at the same moment.
const TRIES: u32 = 5;

/// A connector as it is configured.
#[derive(Debug, Clone)]
pub struct ConnectorInput {
    /// The client's public name at the provider.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Secret,
    /// Where a person would consent.
    pub authorize_url: ProviderUrl,
    /// Where tokens come from.
    pub refresh_url: ProviderUrl,
    /// What access tokens are fetched with.
    pub refresh_token: Token,
}

/// A connector that is there now.
#[derive(Debug)]
pub struct Registered {
    /// Its connection.
    pub connection: ConnectionRow,
    /// Whether it was made just now.
    pub created: bool,
}

impl ConnectorInput {
    /// What tells two configurations apart: client, token endpoint and refresh token.
    fn fingerprint(&self) -> [u8; 32] {
        let mut bytes = Vec::new();
        for part in [
            self.client_id.as_bytes(),
            self.refresh_url.as_str().as_bytes(),
            self.refresh_token.secret().bytes(),
        ] {
            bytes.extend_from_slice(&part.len().to_be_bytes());
            bytes.extend_from_slice(part);
        }
        random::sha256(&bytes)
    }

    fn definition(&self) -> Definition {
        let oauth2 = Box::new(OAuth2 {
            grant_type: domain::service::oauth2::GrantType::default(),
            param_type: domain::service::oauth2::ParamType::default(),
            client_id: self.client_id.clone(),
            authorize_url: Some(self.authorize_url.clone().into()),
            access_token_url: self.refresh_url.clone().into(),
            refresh_token_url: Some(self.refresh_url.clone().into()),
            revoke_token_url: None,
            scope_delimiter: domain::scope::ScopeDelimiter::default(),
            options: Options::default(),
        });
        Definition {
            allowed_hosts: AllowedHost::of(self.refresh_url.as_url())
                .map(Into::into)
                .into_iter()
                .collect(),
            ..Definition::new(Authentication::OAuth2(oauth2), Vec::new())
        }
    }
}

impl Engine {
    /// Finds the connector of this name and configuration, or makes it.
    ///
    /// # Errors
    /// Field errors for URLs that the operator's rules refuse.
    pub async fn register_connector(
        self: &Arc<Self>,
        registrar: &Registrar,
        name: &Name,
        input: &ConnectorInput,
    ) -> Result<Registered, EngineError> {
        self.check_policy(&input.definition()).map_err(in_its_words)?;
        let mut tries = 0;
        loop {
            tries += 1;
            match self.try_register(registrar, name, input).await {
                // Somebody took the name, or registered the same, between the look and the insertion.
                Err(error) if tries < TRIES && is_taken(&error) => {}
                other => return other,
            }
        }
    }

    async fn try_register(
        &self,
        registrar: &Registrar,
        name: &Name,
        input: &ConnectorInput,
    ) -> Result<Registered, EngineError> {
        let fingerprint = input.fingerprint();
        let mut tx = self.store.begin(registrar.manager.organization()).await?;
        let found = tx.connector(name, &fingerprint).await?;
        let created = found.is_none();
        let id = match found {
            Some(id) => {
                self.renew_secret(&mut tx, registrar, id, &input.client_secret)
                    .await?;
                id
            }
            None => {
                let id = self.make_connector(&mut tx, registrar, name, input).await?;
                tx.connector_insert(name, &fingerprint, id).await?;
                id
            }
        };
        if registrar.limited {
            tx.key_limit(registrar.key, id).await?;
        }
        let connection = tx.connection(id).await?;
        tx.commit().await?;
        Ok(Registered { connection, created })
    }

    async fn make_connector(
        &self,
        tx: &mut Tx,
        registrar: &Registrar,
        name: &Name,
        input: &ConnectorInput,
    ) -> Result<ConnectionId, EngineError> {
        let manager = &registrar.manager;
        let wanted = LinkName::propose(name.as_str()).map_or_else(|| "connector".parse(), Ok);
        let wanted = wanted.map_err(|error| EngineError::field("name", error))?;
        let service = ServiceId::from_uuid(random::uuid());
        let definition = ServiceInput {
            name: name.clone(),
            link_name: free_service_link_name(tx, &wanted).await?,
            definition: input.definition(),
        };
        self.insert_service(
            tx,
            manager,
            service,
            &definition,
            Some(&input.client_secret),
            None,
        )
        .await?;
        let taken: Vec<LinkName> = tx.connections().await?.into_iter().map(|c| c.link_name).collect();
        let connection = ConnectionInput::new(name.clone(), first_free(&wanted, &taken));
        let id = self
            .insert_connection(tx, manager, service, &connection, &BTreeMap::new())
            .await?;
        let row = tx.connection(id).await?;
        let import = Import {
            tokens: Tokens::Refresh(input.refresh_token.clone()),
            expires_in: None,
            scopes: None,
            account: None,
        };
        self.store_import(tx, manager, &row, &Principal::Organization, &import)
            .await?;
        Ok(id)
    }

    /// A client secret that was changed at the provider and in the configuration is changed here, too.
    async fn renew_secret(
        &self,
        tx: &mut Tx,
        registrar: &Registrar,
        id: ConnectionId,
        secret: &Secret,
    ) -> Result<(), EngineError> {
        let service = tx.connection(id).await?.service;
        let service = tx.service(service).await?;
        let key = self.data_key(tx).await?;
        let stored = self.client_secret(&key, &service)?;
        if stored.is_some_and(|stored| stored.bytes() == secret.bytes()) {
            return Ok(());
        }
        self.replace_secret(tx, &registrar.manager, &service, Some(secret))
            .await?;
        tx.credentials_unblock(service.id).await?;
        let deed = crate::store::audit::Deed {
            action: "service.changed",
            service: Some(service.id),
            subject: service.input.name.as_str(),
            detail: "client secret replaced",
            ..crate::store::audit::Deed::default()
        };
        Ok(tx.audit(&registrar.manager.actor(), deed).await?)
    }
}

/// Whether another transaction came first.
fn is_taken(error: &EngineError) -> bool {
    match error {
        EngineError::Store(StoreError::Constraint(name)) => name == "connector_pkey",
        EngineError::Fields(errors) => errors.of("link_name").is_some(),
        _ => false,
    }
}

/// The names of a connector's own fields for those of a service.
fn in_its_words(error: EngineError) -> EngineError {
    let EngineError::Fields(errors) = error else {
        return error;
    };
    let mut renamed = FieldErrors::default();
    for error in errors.0 {
        let field = match error.field.as_str() {
            "authorize_url" => "auth_url",
            _ => "refresh_url",
        };
        if renamed.of(field).is_none() {
            renamed.add(field, error.message);
        }
    }
    renamed.into()
}
