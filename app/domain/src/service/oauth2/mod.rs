//! OAuth 2.0: endpoints, and the options for providers that differ from the standard.
//!
//! # Layout
//! - [`OAuth2`]: the plain fields
//! - [`options`]: everything beyond them, one struct for each request or answer that it changes

use serde::{Deserialize, Serialize};

use super::choice::choices;
use crate::{pairs::OtherName, scope::ScopeDelimiter, url_template::UrlTemplate};

pub mod options;

pub use options::Options;

/// How a token is obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A person consents in the browser (RFC 6749 section 4.1).
    #[default]
    AuthorizationCode,
    /// The client itself, without a person (RFC 6749 section 4.4).
    ClientCredentials,
    /// A signed assertion, without a person (RFC 7523 section 2.1).
    JwtBearer,
}

impl GrantType {
    /// Whether a person consents in the browser.
    #[must_use]
    pub const fn has_consent(self) -> bool {
        matches!(self, Self::AuthorizationCode)
    }
}

/// Where an access token travels on calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParamType {
    /// `Authorization: Bearer …` (RFC 6750 section 2.1), or another header.
    #[default]
    Header,
    /// `?access_token=…`: only where a provider insists, since URLs end up in logs (RFC 6750 section 2.3).
    Query,
}

/// How the client proves itself at the token endpoint (RFC 6749 section 2.3.1, RFC 7523 section 2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// `client_id` and `client_secret` in the body: what most providers document.
    #[default]
    Post,
    /// HTTP Basic with form-encoded id and secret.
    Basic,
    /// Both at once, which the standard forbids and some providers want.
    Both,
    /// HTTP Basic with the secret as the user and no password.
    BasicSecret,
    /// A JWT that is signed with a private key.
    PrivateKeyJwt,
    /// Nothing but the client id: a public client.
    None,
}

/// What a provider does with the refresh token when it is used. Decides what is safe after a crash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// Not known: a lost answer is retried once.
    #[default]
    Unknown,
    /// The same token stays good.
    Never,
    /// A new one each time; the old one stays good for a while.
    Grace,
    /// A new one each time; using the old one again ends the whole grant.
    Strict,
}

choices! {
    GrantType {
        AuthorizationCode = "authorization_code" "Authorization code",
        ClientCredentials = "client_credentials" "Client credentials",
        JwtBearer = "jwt_bearer" "Signed assertion (JWT bearer)",
    }
    ParamType { Header = "header" "Header", Query = "query" "Query" }
    ClientAuthentication {
        Post = "post" "In the request body",
        Basic = "basic" "HTTP Basic header",
        Both = "both" "In body and header",
        BasicSecret = "basic_secret" "HTTP Basic, the secret as the user",
        PrivateKeyJwt = "private_key_jwt" "Signed with a private key",
        None = "none" "None (public client)",
    }
    Rotation {
        Unknown = "unknown" "Not known",
        Never = "never" "Stays the same",
        Grace = "grace" "Changes, the old one works for a while",
        Strict = "strict" "Changes, the old one must never be used again",
    }
}

/// An OAuth 2.0 service, its client secret apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// How tokens are obtained.
    #[serde(default)]
    pub grant_type: GrantType,
    /// Where they travel on calls.
    #[serde(default)]
    pub param_type: ParamType,
    /// The client's public name at the provider.
    pub client_id: String,
    /// Where the person consents. May carry a query of its own. Kept, and not used, where nobody consents.
    #[serde(default)]
    pub authorize_url: Option<UrlTemplate>,
    /// Where a code becomes a token.
    pub access_token_url: UrlTemplate,
    /// Where a refresh token becomes an access token; the access token URL where absent.
    #[serde(default)]
    pub refresh_token_url: Option<UrlTemplate>,
    /// Where a token is revoked (RFC 7009).
    #[serde(default)]
    pub revoke_token_url: Option<UrlTemplate>,
    /// What joins scopes.
    #[serde(default)]
    pub scope_delimiter: ScopeDelimiter,
    /// The rest.
    #[serde(default)]
    pub options: Options,
}

impl OAuth2 {
    /// Where refresh requests go.
    #[must_use]
    pub fn refresh_url(&self) -> &UrlTemplate {
        self.refresh_token_url.as_ref().unwrap_or(&self.access_token_url)
    }

    /// What the provider calls a parameter of the standard; None where it is left out.
    #[must_use]
    pub fn name_of<'a>(&'a self, standard: &'a str) -> Option<&'a str> {
        match self.options.parameter_names.get(standard) {
            Some(other) => OtherName::name(other),
            None => Some(standard),
        }
    }

    /// Whether a stored credential can renew itself without a refresh token: by asking again, or with itself.
    #[must_use]
    pub const fn renews_alone(&self) -> bool {
        !self.grant_type.has_consent() || matches!(self.options.refresh.by, options::RefreshBy::AccessToken)
    }
}
