//! Vend: a function names a link name and gets a credential that is ready to use.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    connection::{Status, status},
    function_key::KeyScope,
    link_name::LinkName,
    principal::Principal,
    scope::ScopeName,
};
use time::OffsetDateTime;

use crate::{
    Engine,
    error::EngineError,
    keys::FunctionKey,
    ready::{Caller, Ready},
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
    /// Members of the body to send.
    pub form: BTreeMap<String, Secret>,
    /// The access token itself, where there is one.
    pub access_token: Option<Secret>,
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
    /// The current credential of a connection with at least `min_ttl` seconds left, for a key that was recognized.
    ///
    /// # Errors
    /// The codes of the HTTP contract, as [`domain::problem::Problem`].
    pub async fn vend(
        self: &Arc<Self>,
        key: FunctionKey,
        link_name: &LinkName,
        user: &Principal,
        min_ttl: f64,
    ) -> Result<Vended, EngineError> {
        let caller = Caller::Key(key, KeyScope::CredentialsRead);
        Ok(self.ready_for(caller, link_name, user, min_ttl).await?.vended())
    }
}

impl Ready {
    /// The credential as a function gets it.
    #[must_use]
    pub fn vended(&self) -> Vended {
        let (row, now) = (&self.row, self.now());
        let header = |header: &crate::placement::PlacedHeader| {
            (
                header.label.clone(),
                Secret::new(header.value.as_bytes().to_vec()),
            )
        };
        Vended {
            status: status(false, Some(&row.facts()), now),
            link_name: self.link_name.clone(),
            service: self.service_link_name.clone(),
            headers: self.placed.headers.iter().map(header).collect(),
            parameters: self.placed.parameters.iter().cloned().collect(),
            form: self.placed.form.iter().cloned().collect(),
            access_token: self.material.token().cloned(),
            token_type: row.token_type.clone(),
            expires_in: row.expires_at.map(|end| (end - now).whole_seconds().max(0)),
            expires_at: row.expires_at,
            scopes: row.granted.clone(),
            account: row.account.clone(),
            version: row.generation,
        }
    }
}
