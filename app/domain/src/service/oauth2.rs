//! OAuth 2.0: endpoints, and the options for providers that differ from the standard.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{scope::ScopeDelimiter, url::ProviderUrl};

/// How a token is obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A person consents in the browser (RFC 6749 section 4.1).
    #[default]
    AuthorizationCode,
}

/// Where an access token travels on calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParamType {
    /// `Authorization: Bearer …` (RFC 6750 section 2.1).
    #[default]
    Header,
    /// `?access_token=…`: only where a provider insists, since URLs end up in logs (RFC 6750 section 2.3).
    Query,
}

/// How the client proves itself at the token endpoint (RFC 6749 section 2.3.1). One way a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// `client_id` and `client_secret` in the body: what most providers document.
    #[default]
    Post,
    /// HTTP Basic with form-encoded id and secret.
    Basic,
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

/// A choice in a form that is none of the offered ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Choose one of the offered values.")]
pub struct ChoiceError;

macro_rules! choices {
    ($($name:ident { $($variant:ident = $word:literal $label:literal),+ $(,)? })+) => {$(
        impl $name {
            /// Every value, in the order that forms show.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// The word used in forms and in JSON.
            #[must_use]
            pub const fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// The words that people read.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label),+ } }
        }
        impl FromStr for $name {
            type Err = ChoiceError;
            fn from_str(text: &str) -> Result<Self, ChoiceError> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err(ChoiceError) }
            }
        }
    )+};
}

choices! {
    GrantType { AuthorizationCode = "authorization_code" "Authorization code" }
    ParamType { Header = "header" "Header", Query = "query" "Query" }
    ClientAuthentication { Post = "post" "In the request body", Basic = "basic" "HTTP Basic header" }
    Rotation {
        Unknown = "unknown" "Not known",
        Never = "never" "Stays the same",
        Grace = "grace" "Changes, the old one works for a while",
        Strict = "strict" "Changes, the old one must never be used again",
    }
}

/// What a provider needs beyond the seven plain fields. Every field has a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// Client authentication at the token endpoint.
    pub client_authentication: ClientAuthentication,
    /// Proof key for code exchange, S256 (RFC 7636). Off only for providers that refuse unknown parameters.
    pub pkce: bool,
    /// The issuer that `iss` in the callback must equal (RFC 9207). Where set, an answer without it is refused.
    pub issuer: Option<String>,
    /// What using a refresh token does to it.
    pub rotation: Rotation,
    /// Whether a refresh ends the access token before (GitHub): callers then wait for the new one.
    pub refresh_kills_old_access: bool,
    /// A GET that tells whose account this is.
    pub identity_url: Option<ProviderUrl>,
    /// The member of its JSON answer that names the account, such as `email` or `user.name`.
    pub identity_field: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            client_authentication: ClientAuthentication::default(),
            pkce: true,
            issuer: None,
            rotation: Rotation::default(),
            refresh_kills_old_access: false,
            identity_url: None,
            identity_field: "email".into(),
        }
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
    /// Where the person consents. May carry a query of its own.
    pub authorize_url: ProviderUrl,
    /// Where a code becomes a token.
    pub access_token_url: ProviderUrl,
    /// Where a refresh token becomes an access token; the access token URL where absent.
    #[serde(default)]
    pub refresh_token_url: Option<ProviderUrl>,
    /// Where a token is revoked (RFC 7009).
    #[serde(default)]
    pub revoke_token_url: Option<ProviderUrl>,
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
    pub fn refresh_url(&self) -> &ProviderUrl {
        self.refresh_token_url.as_ref().unwrap_or(&self.access_token_url)
    }
}
