//! Vend: a function names a link name and gets a credential that is ready to use.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    connection::{Status, cause, status},
    function_key::KeyScope,
    id::ConnectionId,
    link_name::LinkName,
    problem::Problem,
    scope::ScopeName,
    service::oauth2::ParamType,
};
use time::OffsetDateTime;

use crate::{
    Engine,
    error::EngineError,
    keys::FunctionKey,
    refresh,
    store::{credentials::CredentialRow, vend::LookedAt},
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

/// What a key may read.
struct Permitted {
    connection: LookedAt,
    /// Its credential at the first look.
    first: CredentialRow,
    /// The organization's sealed data key.
    data_key: Vec<u8>,
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
        let Permitted {
            connection,
            first,
            data_key,
        } = self.permitted(key, link_name).await?;
        if self.uses.is_news(key.id, connection.id) {
            let mut tx = self.store.begin(key.organization).await?;
            tx.use_note(key.id, connection.id).await?;
            tx.commit().await?;
        }
        let data_key = match self.vault.opened(key.organization) {
            Some(opened) => opened,
            None => self.vault.data_key(key.organization, &data_key)?,
        };
        let (id, oauth2, seen_at) = (connection.id, connection.definition.oauth2(), first.now);
        let row = self
            .fresh_credential(key.organization, id, first, oauth2, min_ttl)
            .await?;
        if row.now != seen_at {
            // The caller had to wait. What was disabled or revoked meanwhile is not served any more.
            self.permitted(key, link_name).await?;
        }
        let opened = refresh::open(
            &data_key,
            id,
            "access_token",
            row.generation,
            row.access_token.as_deref(),
        );
        let token = match opened {
            Ok(token) => token,
            Err(error) => {
                let generation = row.generation;
                return Err(self.report_unreadable(key, id, generation, error).await);
            }
        };
        Ok(vended(
            link_name,
            connection.service_link_name,
            row,
            token,
            oauth2.param_type,
        ))
    }

    /// The connection, where this key may read its credential and the credential serves.
    async fn permitted(&self, key: FunctionKey, link_name: &LinkName) -> Result<Permitted, EngineError> {
        let look = self.store.vend_look(key.organization, key.id, link_name).await?;
        let look = look.ok_or(Problem::InvalidKey)?;
        let scope = KeyScope::CredentialsRead;
        if !look.scopes.contains(&scope) {
            return Err(Problem::ForbiddenForKey(scope.word()).into());
        }
        let unknown = || Problem::UnknownConnection(link_name.to_string());
        let mut connection = look.connection.ok_or_else(unknown)?;
        let first = serving(connection.disabled, connection.credential.take())?;
        Ok(Permitted {
            connection,
            first,
            data_key: look.data_key,
        })
    }

    /// A stored token that does not open: said on the page, and never served in part.
    async fn report_unreadable(
        &self,
        key: FunctionKey,
        connection: ConnectionId,
        generation: i64,
        error: crate::vault::VaultError,
    ) -> EngineError {
        use domain::connection::{Cause, CredentialState};
        tracing::error!(%connection, %error, "a stored secret cannot be opened");
        let noted = async {
            let mut tx = self.store.begin(key.organization).await?;
            let (state, cause) = (CredentialState::VaultError, Cause::VaultUnreadable);
            tx.credential_state_set(connection, generation, state, cause)
                .await?;
            tx.commit().await
        };
        match noted.await {
            Ok(()) => Problem::NotServing(Status::Error, Some(Cause::VaultUnreadable)).into(),
            Err(error) => error.into(),
        }
    }
}

/// The stored credential, where its status serves; what no refresh would mend is refused at once.
fn serving(disabled: bool, credential: Option<CredentialRow>) -> Result<CredentialRow, Problem> {
    let Some(credential) = credential else {
        let status = if disabled {
            Status::Disabled
        } else {
            Status::NotConnected
        };
        return Err(Problem::NotServing(status, None));
    };
    let facts = credential.facts();
    match status(disabled, Some(&facts), credential.now) {
        Status::Connected | Status::Expiring => Ok(credential),
        status => Err(Problem::NotServing(status, cause(status, Some(&facts)))),
    }
}

fn vended(
    link_name: &LinkName,
    service: String,
    row: CredentialRow,
    token: Secret,
    placement: ParamType,
) -> Vended {
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
        status: status(false, Some(&row.facts()), row.now),
        link_name: link_name.clone(),
        service,
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
