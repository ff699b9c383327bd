//! The definition of a third party: one validated, versioned document without any secret in it.
//!
//! # Layout
//! - [`Definition`], [`Authentication`]: the document, and what it says about secrets; [`mod@urls`]: about addresses and hosts
//! - [`oauth2`], [`oauth1`], [`values`]: how it authenticates: tokens, signatures, API keys and passwords
//! - [`field`]: what each connection is asked for
//! - [`calls`], [`sample`]: what calls carry, and the request that a snippet makes
//! - [`mod@check`]: what contradicts itself, and what is unused

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    host_template::HostTemplate, link_name::LinkName, name::Name, scope::Scope, url_template::UrlTemplate,
};

pub mod calls;
pub mod check;
pub mod choice;
pub mod field;
pub mod oauth1;
pub mod oauth2;
pub mod sample;
mod urls;
pub mod values;

pub use calls::CallOptions;
pub use field::ConnectionField;
pub use oauth1::OAuth1;
pub use oauth2::OAuth2;
pub use sample::SampleRequest;
pub use urls::Question;
pub use values::{ApiKey, Asked, Basic};

/// How a service lets programs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Authentication {
    /// OAuth 2.0 (RFC 6749).
    #[serde(rename = "oauth2")]
    OAuth2(Box<OAuth2>),
    /// OAuth 1.0a (RFC 5849).
    #[serde(rename = "oauth1")]
    OAuth1(Box<OAuth1>),
    /// API keys.
    ApiKey(ApiKey),
    /// User name and password.
    Basic(Basic),
}

/// The kind of an authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuthenticationType {
    /// OAuth 2.0.
    #[default]
    OAuth2,
    /// OAuth 1.0a.
    OAuth1,
    /// API key.
    ApiKey,
    /// Basic.
    Basic,
}

choice::choices! {
    AuthenticationType {
        OAuth2 = "oauth2" "OAuth 2.0",
        OAuth1 = "oauth1" "OAuth 1.0a",
        ApiKey = "api_key" "API key",
        Basic = "basic" "Basic",
    }
}

/// What secret a service itself has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceSecret {
    /// A client secret or consumer secret: one line.
    Text,
    /// A private key in PEM.
    PrivateKey,
    /// None: a public client, or a credential that is typed in for each connection.
    None,
}

/// How a connection comes by its credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obtained {
    /// A person consents in the browser.
    Consent,
    /// The server asks for a token at once.
    Request,
    /// A person types values in.
    Typed,
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
    /// What each connection is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ConnectionField>,
    /// What paths of calls are appended to.
    #[serde(default)]
    pub api_base_url: Option<UrlTemplate>,
    /// The only hosts that a credential travels to. Empty: none.
    #[serde(default)]
    pub allowed_hosts: Vec<HostTemplate>,
    /// What the snippet calls.
    #[serde(default)]
    pub sample_request: Option<SampleRequest>,
    /// What *Test connection* asks; where absent, see [`Definition::question`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test_request: Option<SampleRequest>,
    /// What calls carry.
    #[serde(default)]
    pub calls: CallOptions,
}

const fn current() -> u32 {
    CURRENT
}

/// Values of a connection that stand in templates: its fields, and what was kept from answers of the provider.
pub type Values = BTreeMap<String, String>;

impl Authentication {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> AuthenticationType {
        match self {
            Self::OAuth2(_) => AuthenticationType::OAuth2,
            Self::OAuth1(_) => AuthenticationType::OAuth1,
            Self::ApiKey(_) => AuthenticationType::ApiKey,
            Self::Basic(_) => AuthenticationType::Basic,
        }
    }
}

impl Definition {
    /// A definition in the current format.
    #[must_use]
    pub fn new(authentication: Authentication, scopes: Vec<Scope>) -> Self {
        Self {
            version: CURRENT,
            authentication,
            scopes,
            fields: Vec::new(),
            api_base_url: None,
            allowed_hosts: Vec::new(),
            sample_request: None,
            test_request: None,
            calls: CallOptions::default(),
        }
    }

    /// The OAuth 2.0 part.
    #[must_use]
    pub fn oauth2(&self) -> Option<&OAuth2> {
        match &self.authentication {
            Authentication::OAuth2(oauth2) => Some(oauth2),
            _ => None,
        }
    }

    /// The OAuth 1.0a part.
    #[must_use]
    pub fn oauth1(&self) -> Option<&OAuth1> {
        match &self.authentication {
            Authentication::OAuth1(oauth1) => Some(oauth1),
            _ => None,
        }
    }

    /// What secret the service itself has.
    #[must_use]
    pub fn secret(&self) -> ServiceSecret {
        use oauth2::{ClientAuthentication, GrantType};
        match &self.authentication {
            Authentication::OAuth2(oauth2) => match oauth2.options.client_authentication {
                ClientAuthentication::PrivateKeyJwt => ServiceSecret::PrivateKey,
                _ if oauth2.grant_type == GrantType::JwtBearer => ServiceSecret::PrivateKey,
                ClientAuthentication::None => ServiceSecret::None,
                _ => ServiceSecret::Text,
            },
            Authentication::OAuth1(oauth1) if oauth1.signature_method.needs_private_key() => {
                ServiceSecret::PrivateKey
            }
            Authentication::OAuth1(_) => ServiceSecret::Text,
            Authentication::ApiKey(_) | Authentication::Basic(_) => ServiceSecret::None,
        }
    }

    /// How a connection comes by its credential.
    #[must_use]
    pub fn obtained(&self) -> Obtained {
        match &self.authentication {
            Authentication::OAuth2(oauth2) if oauth2.grant_type.has_consent() => Obtained::Consent,
            Authentication::OAuth2(_) => Obtained::Request,
            Authentication::OAuth1(oauth1) if oauth1.legs().is_some() => Obtained::Consent,
            Authentication::OAuth1(_) | Authentication::ApiKey(_) | Authentication::Basic(_) => {
                Obtained::Typed
            }
        }
    }

    /// What is typed in when somebody connects; empty where nothing is.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        match &self.authentication {
            Authentication::ApiKey(keys) => keys.asked(),
            Authentication::Basic(basic) => basic.asked(),
            Authentication::OAuth1(oauth1) if oauth1.legs().is_none() => {
                [("token", "Access token"), ("token_secret", "Token secret")]
                    .into_iter()
                    .map(|(name, label)| Asked {
                        name: name.into(),
                        label: label.into(),
                    })
                    .collect()
            }
            Authentication::OAuth1(_) | Authentication::OAuth2(_) => Vec::new(),
        }
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
        let oauth2 = plain.oauth2().unwrap();
        assert!(oauth2.options.pkce);
        assert_eq!(oauth2.refresh_url(), &oauth2.access_token_url);
        assert_eq!(
            (plain.secret(), plain.obtained()),
            (ServiceSecret::Text, Obtained::Consent)
        );
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

    #[test]
    fn every_kind_says_how_its_credential_comes() {
        for (json, secret, obtained, asked) in [
            (
                r#"{"type": "oauth2", "grant_type": "client_credentials", "client_id": "id", "access_token_url": "https://a.example/t"}"#,
                ServiceSecret::Text,
                Obtained::Request,
                0,
            ),
            (
                r#"{"type": "oauth1", "consumer_key": "k", "signature_method": "rsa_sha1"}"#,
                ServiceSecret::PrivateKey,
                Obtained::Typed,
                2,
            ),
            (
                r#"{"type": "api_key", "parameters": [{"key": "X-Api-Key"}]}"#,
                ServiceSecret::None,
                Obtained::Typed,
                1,
            ),
            (r#"{"type": "basic"}"#, ServiceSecret::None, Obtained::Typed, 2),
        ] {
            let definition: Definition =
                serde_json::from_str(&format!(r#"{{"authentication": {json}}}"#)).unwrap();
            assert_eq!(
                (definition.secret(), definition.obtained()),
                (secret, obtained),
                "{json}"
            );
            assert_eq!(definition.asked().len(), asked, "{json}");
        }
    }
}
