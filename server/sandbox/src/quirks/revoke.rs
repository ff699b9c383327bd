//! Demands on the revocation of a token.

use serde::Deserialize;

/// RFC 7009, 2.1, as this client's provider has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RevokeQuirks {
    /// POST, DELETE or GET.
    pub method: Option<String>,
    pub auth: RevokeAuth,
    pub body: RevokeBody,
    /// The name under which the token stands. With `auth` bearer and no name, it is the bearer's token.
    pub parameter: Option<String>,
    /// A request that has `token_type_hint` is refused.
    pub no_hint: bool,
}

/// Who may revoke.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeAuth {
    /// The client, as it authenticates at the token endpoint.
    #[default]
    Client,
    /// The holder of a living access token.
    Bearer,
    /// The client with its id and secret in the header.
    Basic,
    /// Anybody; a secret is refused.
    None,
    /// `Authorization` is this text, `{secret}` and `{client_id}` replaced.
    Header(String),
}

/// Where the token stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeBody {
    #[default]
    Form,
    Json,
    Query,
    /// `/revoke/{token}`.
    Path,
}
