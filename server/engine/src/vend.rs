//! Vend: a function names a link name and gets a credential that is ready to use.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    connection::Status, function_key::KeyScope, link_name::LinkName, problem::Problem, scope::ScopeName,
    service::oauth2::ParamType,
};
use time::OffsetDateTime;

use crate::{
    Engine,
    error::EngineError,
    keys::FunctionKey,
    refresh,
    store::{StoreError, connections::ConnectionRow, credentials::CredentialRow},
    vault::Secret,
};

/// A credential, ready to use. The secret parts do not print.
#[derive(Debug)]
pub struct Vended {
    /// The connection.
    pub link_name: LinkName,
    /// Link name of its service.
    pub service: String,
    /// Its status.
    pub status: Status,
    /// Headers to send.
    pub headers: BTreeMap<String, Secret>,
    /// Query parameters to send.
    pub parameters: BTreeMap<String, Secret>,
    /// The access token itself.
    pub access_token: Secret,
    /// `Bearer` mostly.
    pub token_type: String,
    /// When it ends.
    pub expires_at: Option<OffsetDateTime>,
    /// Seconds until then.
    pub expires_in: Option<i64>,
    /// What the provider granted.
    pub scopes: Vec<ScopeName>,
    /// Whose account it is.
    pub account: Option<String>,
    /// Generation of the credential.
    pub version: i64,
}

impl Engine {
    /// The current credential of a connection with at least `min_ttl` seconds left.
    ///
    /// # Errors
    /// The codes of the HTTP contract, as [`Problem`].
    pub async fn vend(
        self: &Arc<Self>,
        key: FunctionKey,
        link_name: &LinkName,
        min_ttl: f64,
    ) -> Result<Vended, EngineError> {
        let mut tx = self.store.begin(key.organization).await?;
        self.authorize_key(&mut tx, key, KeyScope::CredentialsRead, link_name)
            .await?;
        let connection = tx
            .connection_by_link_name(link_name)
            .await
            .map_err(|error| match error {
                StoreError::NotFound => {
                    EngineError::Problem(Problem::UnknownConnection(link_name.to_string()))
                }
                other => other.into(),
            })?;
        let service = tx.service(connection.service).await?;
        if self.uses.is_news(key.id, connection.id) {
            tx.use_note(key.id, connection.id).await?;
        }
        let data_key = self.data_key(&mut tx).await?;
        tx.commit().await?;
        let oauth2 = service.input.definition.oauth2();
        let row = self
            .fresh_credential(key.organization, connection.clone(), oauth2, min_ttl)
            .await?;
        let opened = refresh::open(
            &data_key,
            connection.id,
            "access_token",
            row.generation,
            row.access_token.as_deref(),
        );
        let token = match opened {
            Ok(token) => token,
            Err(error) => {
                let generation = row.generation;
                return Err(self.report_unreadable(key, &connection, generation, error).await);
            }
        };
        Ok(vended(connection, row, token, oauth2.param_type))
    }

    /// A stored token that does not open: said on the page, and never served in part.
    async fn report_unreadable(
        &self,
        key: FunctionKey,
        connection: &ConnectionRow,
        generation: i64,
        error: crate::vault::VaultError,
    ) -> EngineError {
        use domain::connection::{Cause, CredentialState};
        tracing::error!(connection = %connection.id, %error, "a stored secret cannot be opened");
        let noted = async {
            let mut tx = self.store.begin(key.organization).await?;
            let (state, cause) = (CredentialState::VaultError, Cause::VaultUnreadable);
            tx.credential_state_set(connection.id, generation, state, cause)
                .await?;
            tx.commit().await
        };
        match noted.await {
            Ok(()) => Problem::NotServing(Status::Error, Some(Cause::VaultUnreadable)).into(),
            Err(error) => error.into(),
        }
    }
}

fn vended(connection: ConnectionRow, row: CredentialRow, token: Secret, placement: ParamType) -> Vended {
    let (mut headers, mut parameters) = (BTreeMap::new(), BTreeMap::new());
    match placement {
        ParamType::Header => {
            // Providers answer `bearer` and expect `Bearer` (RFC 6750 section 2.1).
            let bearer = format!("Bearer {}", token.as_text().unwrap_or_default());
            headers.insert("Authorization".to_owned(), Secret::text(bearer));
        }
        ParamType::Query => {
            parameters.insert("access_token".to_owned(), token.clone());
        }
    }
    Vended {
        status: connection.status(),
        link_name: connection.link_name,
        service: connection.service_link_name,
        headers,
        parameters,
        access_token: token,
        token_type: row.token_type,
        expires_in: row.expires_at.map(|end| (end - row.now).whole_seconds().max(0)),
        expires_at: row.expires_at,
        scopes: row.granted,
        account: row.account,
        version: row.generation,
    }
}
