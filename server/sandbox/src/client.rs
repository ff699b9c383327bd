//! The applications that may ask for access, and where they may be answered.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::parameters::Parameters;
use crate::quirks::Quirks;
use crate::seal;

/// Client id of the client that is always there.
pub const BUILT_IN_CLIENT_ID: &str = "sandbox";
/// Its secret. It protects nothing: everybody may know it.
pub const BUILT_IN_CLIENT_SECRET: &str = "sandbox-secret";

const MAX_CLIENTS: usize = 1_000;

/// Something an application may ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    pub name: String,
    pub display_name: String,
}

/// What a client says about itself when it is registered. It holds the secret, so it has no `Debug`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// The name shown on the consent page.
    pub application: String,
    pub secret: String,
    /// Compared as exact strings.
    pub redirect_uris: Vec<String>,
    pub scopes: Vec<Scope>,
    /// What its provider insists on; none by default.
    #[serde(default)]
    pub quirks: Quirks,
}

/// Why a client was not registered.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    #[error("the built-in client cannot be changed")]
    BuiltIn,
    #[error("a client needs an id, a secret, and absolute http(s) redirect URIs without fragment")]
    Invalid,
    #[error("there are too many clients")]
    Full,
}

/// A known application.
pub(crate) struct Client {
    pub(crate) id: String,
    pub(crate) application: String,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) quirks: Quirks,
    /// How many calls still are too many.
    limited: AtomicU64,
    secret: String,
    redirects: Redirects,
}

enum Redirects {
    Exact(Vec<String>),
    Below(Vec<Url>),
}

impl Client {
    pub(crate) fn has_secret(&self, presented: &str) -> bool {
        seal::equal(self.secret.as_bytes(), presented.as_bytes())
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    pub(crate) fn scope_names(&self) -> Vec<String> {
        self.scopes.iter().map(|scope| scope.name.clone()).collect()
    }

    /// Counts a call while calls are too many.
    pub(crate) fn takes_limit(&self) -> bool {
        let one_less = |left: u64| left.checked_sub(1);
        self.limited
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
            .is_ok()
    }

    /// The address registered first.
    pub(crate) fn first_redirect(&self) -> Option<Url> {
        match &self.redirects {
            Redirects::Exact(uris) => uris.first().and_then(|uri| usable_redirect(uri)),
            Redirects::Below(_) => None,
        }
    }

    /// The redirect URI, if this client may be answered there.
    pub(crate) fn redirect_uri(&self, text: &str) -> Option<Url> {
        let uri = usable_redirect(text)?;
        let known = match &self.redirects {
            Redirects::Exact(uris) => uris.iter().any(|known| known == text),
            Redirects::Below(prefixes) => prefixes.iter().any(|prefix| is_below(prefix, &uri)),
        };
        known.then_some(uri)
    }

    fn built_in(redirect_prefixes: &[String]) -> Self {
        let scope = |name: &str, display_name: &str| Scope {
            name: name.into(),
            display_name: display_name.into(),
        };
        Self {
            id: BUILT_IN_CLIENT_ID.into(),
            application: "Connections".into(),
            scopes: vec![
                scope("profile", "Read your profile"),
                scope("reports.read", "Read reports"),
                scope("reports.write", "Write reports"),
            ],
            quirks: Quirks::default(),
            limited: AtomicU64::new(0),
            secret: BUILT_IN_CLIENT_SECRET.into(),
            redirects: Redirects::Below(
                redirect_prefixes
                    .iter()
                    .filter_map(|text| usable_redirect(text))
                    .collect(),
            ),
        }
    }
}

/// All clients by id.
pub(crate) struct Clients(BTreeMap<String, Arc<Client>>);

impl Clients {
    pub(crate) fn new(redirect_prefixes: &[String]) -> Self {
        Self(BTreeMap::from([(
            BUILT_IN_CLIENT_ID.to_owned(),
            Arc::new(Client::built_in(redirect_prefixes)),
        )]))
    }

    pub(crate) fn get(&self, client_id: &str) -> Option<&Arc<Client>> {
        self.0.get(client_id)
    }

    /// The client that is like this.
    pub(crate) fn find(&self, is_like: impl Fn(&Client) -> bool) -> Option<&Arc<Client>> {
        self.0.values().find(|client| is_like(client))
    }

    /// The client that a request names, under the name that the client wants, or else under the usual one.
    pub(crate) fn named(&self, given: &Parameters) -> Option<&Arc<Client>> {
        let own_name = |(name, value): &(String, String)| {
            self.get(value)
                .filter(|client| client.quirks.client_id_parameter() == name)
        };
        let usual = || self.get(given.one("client_id").unwrap_or(None)?);
        given.pairs().iter().find_map(own_name).or_else(usual)
    }

    pub(crate) fn register(&mut self, client_id: &str, told: Registration) -> Result<(), RegisterError> {
        if client_id == BUILT_IN_CLIENT_ID {
            return Err(RegisterError::BuiltIn);
        }
        let redirects_usable = told
            .redirect_uris
            .iter()
            .all(|uri| usable_redirect(uri).is_some());
        if client_id.is_empty() || told.secret.is_empty() || !redirects_usable {
            return Err(RegisterError::Invalid);
        }
        if self.0.len() >= MAX_CLIENTS && !self.0.contains_key(client_id) {
            return Err(RegisterError::Full);
        }
        let client = Client {
            id: client_id.to_owned(),
            application: told.application,
            scopes: told.scopes,
            limited: AtomicU64::new(
                told.quirks
                    .call
                    .rate_limit
                    .as_ref()
                    .map_or(0, |limit| limit.times),
            ),
            quirks: told.quirks,
            secret: told.secret,
            redirects: Redirects::Exact(told.redirect_uris),
        };
        self.0.insert(client.id.clone(), Arc::new(client));
        Ok(())
    }
}

/// RFC 6749, 3.1.2: absolute and without fragment. Only the web is served, and nobody's name in the host.
fn usable_redirect(text: &str) -> Option<Url> {
    let uri = Url::parse(text).ok()?;
    let web = matches!(uri.scheme(), "http" | "https");
    let plain = uri.fragment().is_none() && uri.username().is_empty() && uri.password().is_none();
    (web && plain).then_some(uri)
}

/// Compares origin and path segments: text alone would let `http://localhost:3000` match
/// `http://localhost:3000.example.net`.
fn is_below(prefix: &Url, uri: &Url) -> bool {
    let rest = uri.path().strip_prefix(prefix.path());
    let at_segment = |rest: &str| rest.is_empty() || prefix.path().ends_with('/') || rest.starts_with('/');
    prefix.origin() == uri.origin() && rest.is_some_and(at_segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(prefix: &str, uri: &str) -> bool {
        Client::built_in(&[prefix.to_owned()]).redirect_uri(uri).is_some()
    }

    #[test]
    fn the_built_in_client_returns_below_its_prefixes_only() {
        assert!(accepts(
            "http://localhost:3000",
            "http://localhost:3000/oauth/callback/svc_1"
        ));
        assert!(accepts(
            "http://localhost:3000/oauth/callback/",
            "http://localhost:3000/oauth/callback/x"
        ));
        assert!(accepts(
            "http://localhost:3000/oauth",
            "http://localhost:3000/oauth"
        ));
        for foreign in [
            "http://localhost:3000.example.net/oauth/x",
            "http://localhost:3000@example.net/oauth/x",
            "http://someone@localhost:3000/oauth/x",
            "https://localhost:3000/oauth/x",
            "http://localhost:3000/oauth-other/x",
            "http://localhost:3000/oauth/../admin",
            "http://localhost:3000/oauth/x#fragment",
            "javascript:alert(1)",
            "/oauth/x",
        ] {
            assert!(!accepts("http://localhost:3000/oauth", foreign), "{foreign}");
        }
    }

    #[test]
    fn a_prefix_that_is_no_url_matches_nothing() {
        assert!(!accepts("", "http://localhost:3000/"));
        assert!(!accepts("http", "http://localhost:3000/"));
    }
}
