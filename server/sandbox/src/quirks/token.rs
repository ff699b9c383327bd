//! Demands on the requests to the token endpoint.

use serde::Deserialize;

use super::Wanted;
use crate::jwt::PublicKey;

/// RFC 6749, 4.1.3 and 6, as this client's provider has them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenQuirks {
    pub auth: TokenAuth,
    /// At a refresh, where it differs.
    pub refresh_auth: Option<TokenAuth>,
    /// For `private_key_jwt`.
    pub key: Option<Key>,
    /// How the parameters travel: by default in a form, with GET in the query.
    pub body: Option<Carrier>,
    pub method: TokenMethod,
    /// At a refresh, where it differs.
    pub refresh_method: Option<TokenMethod>,
    /// The redirect URI stands in the query of the request, not among the other parameters.
    pub redirect_uri_in_query: bool,
    /// Wanted with every grant but a refresh.
    pub parameters: Wanted,
    pub refresh_parameters: Wanted,
    /// Only `/tenants/{tenant}/token` is good, and `/tenants/{tenant}/refresh` where refreshes are separate.
    pub tenant: Option<String>,
    /// Refreshes go to `/refresh`, and nothing else does.
    pub separate_refresh: bool,
    /// The client may ask for tokens of its own (RFC 6749, 4.4), under this grant type.
    pub client_credentials: Option<String>,
    /// The client may present an assertion (RFC 7523, 2.1).
    pub jwt_bearer: Option<JwtBearer>,
    /// There is no refresh token: a refresh presents a living access token as `access_token`, under this
    /// grant type.
    pub refresh_by_access_token: Option<String>,
    /// A refresh brings no new refresh token: the one there is goes on.
    pub keeps_refresh_token: bool,
    /// A refresh token that was used may be used again for so long; then its use ends the grant.
    pub reuse_seconds: u64,
}

/// How the client proves to be the one it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenAuth {
    /// Secret in the header or among the parameters, as the client likes.
    #[default]
    Any,
    Post,
    Basic,
    /// Header and parameters, both complete.
    Both,
    /// A public client: an id and no secret.
    None,
    /// Basic with the secret as the user name and an empty password. The client is found by it, so it must be
    /// no other client's.
    BasicSecret,
    /// Basic with an empty user name and the secret as the password.
    BasicPassword,
    /// RFC 7523, 2.2, with the key in `token.key`.
    PrivateKeyJwt,
}

/// Where parameters stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carrier {
    Form,
    Json,
    Query,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum TokenMethod {
    #[default]
    Post,
    Get,
    Put,
}

/// The key that a client signs with, and what its header must say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// PEM, "PUBLIC KEY".
    pub public_key: PublicKey,
    /// RS256, PS256 or ES256; without it whichever fits the key.
    #[serde(default)]
    pub algorithm: Option<String>,
    #[serde(default)]
    pub kid: Option<String>,
    #[serde(default)]
    pub x5t: Option<String>,
}

/// An assertion as an authorization grant.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JwtBearer {
    pub key: Key,
    /// `iss`. The client is found by it, so it must be no other client's.
    pub issuer: String,
    /// `sub` must be this text; without it any or none will do.
    #[serde(default)]
    pub subject: Option<String>,
    /// The client authenticates as well, as `token.auth` says.
    #[serde(default)]
    pub client_auth: bool,
}

/// `GET /exchange`: from the first access token to one that is good for calls.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongLived {
    pub grant_type: String,
    /// The name under which the first token is presented.
    #[serde(default = "access_token")]
    pub parameter: String,
}

fn access_token() -> String {
    "access_token".into()
}

impl TokenMethod {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
            Self::Put => "PUT",
        }
    }
}

impl TokenQuirks {
    pub(crate) fn method(&self, refresh: bool) -> TokenMethod {
        self.refresh_method.filter(|_| refresh).unwrap_or(self.method)
    }

    pub(crate) fn auth(&self, refresh: bool) -> TokenAuth {
        self.refresh_auth.filter(|_| refresh).unwrap_or(self.auth)
    }

    pub(crate) fn carrier(&self, refresh: bool) -> Carrier {
        let usual = match self.method(refresh) {
            TokenMethod::Get => Carrier::Query,
            TokenMethod::Post | TokenMethod::Put => Carrier::Form,
        };
        match self.body {
            // There is no body to put them in.
            Some(_) if self.method(refresh) == TokenMethod::Get => Carrier::Query,
            body => body.unwrap_or(usual),
        }
    }
}
