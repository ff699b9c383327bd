//! OAuth 1.0a (RFC 5849): consumer, endpoints, and how requests are signed.

use serde::{Deserialize, Serialize};

use super::{choice::choices, oauth2::ParamType};
use crate::{
    pairs::{Line, Pairs},
    template::Template,
    url_template::UrlTemplate,
};

/// How requests are signed (RFC 5849 section 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureMethod {
    /// `HMAC-SHA1`, what nearly every provider takes.
    #[default]
    HmacSha1,
    /// `HMAC-SHA256` (NetSuite).
    HmacSha256,
    /// `RSA-SHA1`: the consumer secret is a private key.
    RsaSha1,
    /// `PLAINTEXT`: the secrets themselves, over TLS only.
    Plaintext,
}

impl SignatureMethod {
    /// Whether the consumer secret is a private key.
    #[must_use]
    pub const fn needs_private_key(self) -> bool {
        matches!(self, Self::RsaSha1)
    }
}

/// The method of the two requests for tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum LegVerb {
    /// `POST`, the standard.
    #[default]
    #[serde(rename = "POST")]
    Post,
    /// `GET`
    #[serde(rename = "GET")]
    Get,
}

choices! {
    SignatureMethod {
        HmacSha1 = "hmac_sha1" "HMAC-SHA1",
        HmacSha256 = "hmac_sha256" "HMAC-SHA256",
        RsaSha1 = "rsa_sha1" "RSA-SHA1",
        Plaintext = "plaintext" "PLAINTEXT",
    }
    LegVerb { Post = "POST" "POST", Get = "GET" "GET" }
}

/// An OAuth 1.0a service, its consumer secret apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth1 {
    /// The consumer's public name at the provider.
    pub consumer_key: String,
    /// Where a request token comes from. Absent, with the other two: tokens are typed in, nobody consents (NetSuite).
    #[serde(default)]
    pub request_token_url: Option<UrlTemplate>,
    /// Where the person consents.
    #[serde(default)]
    pub authorize_url: Option<UrlTemplate>,
    /// Where a verifier becomes an access token.
    #[serde(default)]
    pub access_token_url: Option<UrlTemplate>,
    /// How requests are signed.
    #[serde(default)]
    pub signature_method: SignatureMethod,
    /// Where the signature travels: in the `Authorization` header, or in the query (RFC 5849 section 3.5).
    #[serde(default)]
    pub param_type: ParamType,
    /// The rest.
    #[serde(default)]
    pub options: OAuth1Options,
}

/// What a provider needs beyond that.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OAuth1Options {
    /// `realm` in the header.
    pub realm: Option<Template>,
    /// The method of the request for a request token.
    pub request_method: LegVerb,
    /// The method of the request for an access token.
    pub access_method: LegVerb,
    /// Further parameters of the authorize URL (Trello `expiration=never`).
    pub authorize_parameters: Pairs<Template>,
    /// The parameter of the authorize URL that holds scopes (Trello `scope`, Flickr `perms`).
    pub scope_parameter: Option<Line>,
    /// What joins scopes in it.
    pub scope_delimiter: crate::scope::ScopeDelimiter,
    /// A GET that tells whose account this is.
    pub identity_url: Option<UrlTemplate>,
    /// The member of its answer that names the account; one of the access token's answer where there is no such URL.
    pub identity_field: Option<Line>,
}

impl OAuth1 {
    /// The three endpoints, where a person consents.
    #[must_use]
    pub fn legs(&self) -> Option<(&UrlTemplate, &UrlTemplate, &UrlTemplate)> {
        Some((
            self.request_token_url.as_ref()?,
            self.authorize_url.as_ref()?,
            self.access_token_url.as_ref()?,
        ))
    }
}
