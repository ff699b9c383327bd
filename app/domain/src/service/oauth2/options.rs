//! What a provider needs beyond the plain fields. Every option has a default, so that a plain service stays short.
//!
//! # Layout
//! - [`Options`]: what concerns several requests, and one struct for each of the others
//! - [`Authorize`], [`Token`], [`Refresh`], [`Revoke`]: requests
//! - [`Answer`], [`Identity`]: answers
//! - [`Assertion`]: signed JWTs, as client authentication and as a grant

use serde::{Deserialize, Serialize};

use super::{ClientAuthentication, Rotation};
use crate::{
    member::{MemberPath, Predicate},
    pairs::{Line, OtherName, PairName, Pairs},
    service::choice::choices,
    template::Template,
    url_template::UrlTemplate,
};

/// What a provider needs beyond the plain fields.
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
    pub identity_url: Option<UrlTemplate>,
    /// The member of its JSON answer that names the account, such as `email` or `user.name`.
    pub identity_field: String,
    /// The name of the header that carries the token on calls, `Authorization` where absent.
    pub header_name: Option<PairName>,
    /// What stands before the token in that header, `Bearer` where absent (`Zoho-oauthtoken`); `none` for nothing.
    pub header_prefix: Option<Line>,
    /// The name of the query parameter that carries it, `access_token` where absent.
    pub query_name: Option<PairName>,
    /// What the provider calls parameters of the standard; an empty name leaves one out.
    pub parameter_names: Pairs<OtherName>,
    /// For whom tokens are meant (Auth0, Atlassian): sent with each request.
    pub audience: Option<Template>,
    /// What tokens are good for (RFC 8707): sent with each request.
    pub resource: Option<Template>,
    /// The authorize request and its answer.
    pub authorize: Authorize,
    /// Requests for tokens.
    pub token: Token,
    /// Requests for another token in place of an old one.
    pub refresh: Refresh,
    /// Answers to both.
    pub answer: Answer,
    /// Requests that end a token.
    pub revoke: Revoke,
    /// The answer to the identity request.
    pub identity: Identity,
    /// Signed JWTs.
    pub assertion: Assertion,
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
            header_name: None,
            header_prefix: None,
            query_name: None,
            parameter_names: Pairs::default(),
            audience: None,
            resource: None,
            authorize: Authorize::default(),
            token: Token::default(),
            refresh: Refresh::default(),
            answer: Answer::default(),
            revoke: Revoke::default(),
            identity: Identity::default(),
            assertion: Assertion::default(),
        }
    }
}

/// The authorize request and the callback.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Authorize {
    /// Further parameters, such as `access_type=offline`. `{nonce}` is a new random text each time.
    pub parameters: Pairs<Template>,
    /// `response_type`, `code` where absent.
    pub response_type: Option<Line>,
    /// Scopes as they are typed, without percent-encoding of `:`, `/`, `,` and `+`.
    pub raw_scope: bool,
    /// A second list of scopes and its parameter (Slack `user_scope`): scopes that are written `user_scope=search:read`
    /// are sent in it.
    pub second_scope_parameter: Option<PairName>,
    /// Sent as `redirect_uri` in place of the redirect URL (eBay's RuName).
    pub redirect_value: Option<Template>,
    /// What stands behind `#` in the authorize URL; the query follows it (Apollo, Shopline).
    pub fragment: Option<Line>,
    /// The parameter of the callback that holds the code, `code` where absent.
    pub code_parameter: Option<PairName>,
    /// Values that are kept from the callback: our name, and the parameter (`realm_id=realmId`).
    pub keep: Pairs<PairName>,
    /// Whether the callback carries an `hmac` of its parameters (Shopify) that must be right.
    pub callback_hmac: bool,
}

/// Requests to the token endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Token {
    /// The method.
    pub method: Verb,
    /// How parameters are sent.
    pub body: Encoding,
    /// Further parameters.
    pub parameters: Pairs<Template>,
    /// Further headers.
    pub headers: Pairs<Template>,
    /// `grant_type` where the provider has a name of its own (Zoom `account_credentials`).
    pub grant_name: Option<Line>,
    /// A second request, in which the token becomes one that lives long (Facebook, Instagram, Threads).
    pub exchange_url: Option<UrlTemplate>,
    /// Its parameters; `{access_token}` is the first token.
    pub exchange_parameters: Pairs<Template>,
    /// Where an access token's end can be asked (RFC 7662), for providers whose answers do not tell.
    pub introspection_url: Option<UrlTemplate>,
}

/// Requests for another access token.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Refresh {
    /// With what.
    pub by: RefreshBy,
    /// The method, as for tokens where absent.
    pub method: Option<Verb>,
    /// Further parameters; one of the standard's names replaces that.
    pub parameters: Pairs<Template>,
}

/// Answers of the token endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answer {
    /// Where the access token stands, `access_token` where absent.
    pub access_token: Option<MemberPath>,
    /// Where the refresh token stands.
    pub refresh_token: Option<MemberPath>,
    /// Where the time to its end stands.
    pub expires_in: Option<MemberPath>,
    /// The unit of that time.
    pub expires_unit: Unit,
    /// Where the end itself stands: RFC 3339, or seconds or milliseconds since 1970.
    pub expires_at: Option<MemberPath>,
    /// Seconds of life where the answer does not tell.
    pub lifetime: Option<u32>,
    /// Where scopes stand.
    pub scope: Option<MemberPath>,
    /// What an answer says that means success, whatever its status (`ok=true`).
    pub success: Option<Predicate>,
    /// Where the code of an error stands, `error` where absent.
    pub error: Option<MemberPath>,
    /// Where the words of an error stand, `error_description` where absent.
    pub error_description: Option<MemberPath>,
    /// Values that are kept: our name, and where it stands (`instance_url=instance_url`).
    pub keep: Pairs<MemberPath>,
}

/// The answer to the identity request.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Identity {
    /// Values that are kept (`dc=dc`); without them there is no connection.
    pub keep: Pairs<MemberPath>,
}

/// Requests to the revoke URL.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Revoke {
    /// The method.
    pub method: RevokeVerb,
    /// How parameters are sent.
    pub body: Encoding,
    /// Who asks.
    pub authorization: RevokeAuthorization,
    /// The `Authorization` header where it is none of these, such as `Client {client_secret}`.
    pub header: Option<Template>,
    /// The parameter that holds the token, `token` where absent. A URL with `{token}` in it needs none.
    pub token_parameter: Option<PairName>,
    /// Whether `token_type_hint` is left out.
    pub no_hint: bool,
}

/// A signed JWT (RFC 7523).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Assertion {
    /// How it is signed.
    pub algorithm: Algorithm,
    /// `kid` in its header.
    pub key_id: Option<Line>,
    /// `x5t` in its header: the base64url SHA-1 thumbprint of the certificate (Microsoft).
    pub thumbprint: Option<Line>,
    /// `aud`: the issuer where the service names one, else the token URL.
    pub audience: Option<Template>,
    /// `iss` of a grant, the client id where absent.
    pub issuer: Option<Template>,
    /// `sub` of a grant, as its `iss` where absent.
    pub subject: Option<Template>,
}

/// A method of token requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Verb {
    /// `POST`, the standard.
    #[default]
    #[serde(rename = "POST")]
    Post,
    /// `GET`: parameters go into the query.
    #[serde(rename = "GET")]
    Get,
    /// `PUT`
    #[serde(rename = "PUT")]
    Put,
}

/// A method of revoke requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RevokeVerb {
    /// `POST`, the standard.
    #[default]
    #[serde(rename = "POST")]
    Post,
    /// `DELETE`
    #[serde(rename = "DELETE")]
    Delete,
    /// `GET`
    #[serde(rename = "GET")]
    Get,
}

/// How parameters are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// `application/x-www-form-urlencoded`, the standard.
    #[default]
    Form,
    /// A JSON object.
    Json,
    /// In the query.
    Query,
}

/// With what another access token is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefreshBy {
    /// The refresh token.
    #[default]
    RefreshToken,
    /// The access token itself (Facebook, Instagram, Threads).
    AccessToken,
    /// Never: tokens of this provider do not end, or a person consents again.
    Never,
}

/// The unit of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Seconds, the standard.
    #[default]
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Minutes.
    Minutes,
}

impl Unit {
    /// Seconds in one.
    #[must_use]
    pub const fn seconds(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Milliseconds => 0.001,
            Self::Minutes => 60.0,
        }
    }
}

/// Who asks to end a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokeAuthorization {
    /// The client, as at the token endpoint.
    #[default]
    Client,
    /// The client with HTTP Basic.
    Basic,
    /// Whoever holds the token: `Authorization: Bearer …`.
    Bearer,
    /// Nobody says so.
    None,
}

/// How a JWT is signed (RFC 7518 section 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// ECDSA with P-256 and SHA-256.
    #[serde(rename = "ES256")]
    Es256,
}

choices! {
    Verb { Post = "POST" "POST", Get = "GET" "GET", Put = "PUT" "PUT" }
    RevokeVerb { Post = "POST" "POST", Delete = "DELETE" "DELETE", Get = "GET" "GET" }
    Encoding { Form = "form" "Form", Json = "json" "JSON", Query = "query" "Query" }
    RefreshBy {
        RefreshToken = "refresh_token" "The refresh token",
        AccessToken = "access_token" "The access token itself",
        Never = "never" "Nothing: tokens are never renewed",
    }
    Unit { Seconds = "seconds" "Seconds", Milliseconds = "milliseconds" "Milliseconds", Minutes = "minutes" "Minutes" }
    RevokeAuthorization {
        Client = "client" "The client, as for tokens",
        Basic = "basic" "The client, HTTP Basic header",
        Bearer = "bearer" "The token itself, Bearer header",
        None = "none" "Nobody",
    }
    Algorithm { Rs256 = "RS256" "RS256", Ps256 = "PS256" "PS256", Es256 = "ES256" "ES256" }
}
