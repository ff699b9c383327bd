//! The definition of a third party: one validated, versioned document without any secret in it.
//!
//! # Layout
//! - [`oauth2`]: the OAuth 2.0 part, its endpoints and its options
//! - [`sample`]: the request that a snippet makes

use serde::{Deserialize, Serialize};

use crate::{allowed_host::AllowedHost, link_name::LinkName, name::Name, scope::Scope, url::ProviderUrl};

pub mod oauth2;
pub mod sample;

pub use oauth2::OAuth2;
pub use sample::SampleRequest;

/// How a service lets programs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Authentication {
    /// OAuth 2.0, authorization code (RFC 6749 section 4.1).
    #[serde(rename = "oauth2")]
    OAuth2(OAuth2),
}

/// The document's format; a later one comes with a conversion from this one.
const CURRENT: u32 = 1;

/// Everything about a service that is not a secret and not its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Format of this document.
    #[serde(default = "current")]
    pub version: u32,
    /// How it authenticates.
    pub authentication: Authentication,
    /// What a connection may ask for.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// What paths of calls are appended to.
    #[serde(default)]
    pub api_base_url: Option<ProviderUrl>,
    /// The only hosts that a credential travels to. Empty: none.
    #[serde(default)]
    pub allowed_hosts: Vec<AllowedHost>,
    /// What the snippet calls.
    #[serde(default)]
    pub sample_request: Option<SampleRequest>,
}

const fn current() -> u32 {
    CURRENT
}

impl Definition {
    /// A definition in the current format.
    #[must_use]
    pub fn new(authentication: Authentication, scopes: Vec<Scope>) -> Self {
        Self {
            version: CURRENT,
            authentication,
            scopes,
            api_base_url: None,
            allowed_hosts: Vec::new(),
            sample_request: None,
        }
    }

    /// The OAuth 2.0 part.
    #[must_use]
    pub const fn oauth2(&self) -> &OAuth2 {
        let Authentication::OAuth2(oauth2) = &self.authentication;
        oauth2
    }

    /// Whether the access token may travel to this identity URL: an allowed host, or where the token comes from.
    #[must_use]
    pub fn may_tell_identity(&self, url: &ProviderUrl) -> bool {
        let home = self.oauth2().access_token_url.as_url().origin();
        url.as_url().origin() == home || self.allowed_hosts.iter().any(|host| host.covers(url.as_url()))
    }

    /// Where client secret, codes and refresh tokens are sent: the origins of the token endpoints.
    #[must_use]
    pub fn secret_origins(&self) -> Vec<String> {
        let oauth2 = self.oauth2();
        let urls = [
            Some(&oauth2.access_token_url),
            oauth2.refresh_token_url.as_ref(),
            oauth2.revoke_token_url.as_ref(),
        ];
        let origin = |url: &ProviderUrl| url.as_url().origin().ascii_serialization();
        urls.into_iter().flatten().map(origin).collect()
    }

    /// Every URL that the server itself will send a secret to, with the name of its form field.
    #[must_use]
    pub fn endpoints(&self) -> Vec<(&'static str, &ProviderUrl)> {
        let oauth2 = self.oauth2();
        let optional = [
            ("refresh_token_url", oauth2.refresh_token_url.as_ref()),
            ("revoke_token_url", oauth2.revoke_token_url.as_ref()),
            ("identity_url", oauth2.options.identity_url.as_ref()),
            ("api_base_url", self.api_base_url.as_ref()),
        ];
        let mut all = vec![
            ("authorize_url", &oauth2.authorize_url),
            ("access_token_url", &oauth2.access_token_url),
        ];
        all.extend(
            optional
                .into_iter()
                .filter_map(|(name, url)| url.map(|url| (name, url))),
        );
        all
    }
}

/// A service as it is created or replaced, client secret apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceInput {
    /// What people read.
    pub name: Name,
    /// What programs write.
    pub link_name: LinkName,
    /// The rest.
    pub definition: Definition,
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: &str = r#"{"authentication": {"type": "oauth2", "client_id": "id",
        "authorize_url": "https://a.example/auth", "access_token_url": "https://a.example/token"}}"#;

    #[test]
    fn a_plain_service_is_short_and_the_rest_has_defaults() {
        let plain: Definition = serde_json::from_str(PLAIN).unwrap();
        assert_eq!(plain.version, 1);
        assert!(plain.allowed_hosts.is_empty(), "nothing is allowed silently");
        assert!(plain.oauth2().options.pkce);
        assert_eq!(plain.oauth2().refresh_url(), &plain.oauth2().access_token_url);
        let written = serde_json::to_string(&plain).unwrap();
        assert_eq!(serde_json::from_str::<Definition>(&written).unwrap(), plain);
    }

    #[test]
    fn unknown_fields_are_refused() {
        let odd = PLAIN.replace("\"client_id\"", "\"client_secret\": \"x\", \"client_id\"");
        assert!(
            serde_json::from_str::<Definition>(&odd).is_err(),
            "a secret has no place in the document"
        );
    }
}
