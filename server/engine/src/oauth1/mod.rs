//! OAuth 1.0a (RFC 5849): signing requests, and reading what a provider answers. Pure: time and nonces are passed in,
//! and nothing is sent.
//!
//! Every request is signed for itself, with the client's secret and, once there is one, the token's. Three requests
//! make a connection (section 2): temporary credentials, the person's consent in the browser, token credentials.
//! Revision A is what the callback's verifier and `oauth_callback_confirmed` came with; without both, an attacker could
//! have somebody else's consent finished, so nothing here works with less.
//!
//! # Layout
//! - this file: what a signature is made from, and [`sign`]
//! - [`encode`]: percent-encoding (section 3.6), and reading what is form-encoded
//! - `base_string`: what is signed (section 3.4.1)
//! - `signature`: the four methods (section 3.4); [`rsa_key`]: the private key of one of them
//! - [`header`]: the signed parameters as a header or in a query (section 3.5)
//! - [`answer`]: temporary and token credentials, or why there are none (sections 2.1 and 2.3)
//! - [`problem`]: what a provider names as the problem, in several dialects
//! - [`callback`]: the browser comes back (section 2.2)
//! - [`skew`]: how far a provider's clock is from ours

mod base_string;
mod signature;

pub mod answer;
pub mod callback;
pub mod encode;
pub mod header;
pub mod problem;
pub mod rsa_key;
pub mod skew;

#[cfg(test)]
mod tests;

pub use header::Signed;
pub use rsa_key::{KeyError, RsaKey};

use url::Url;

use crate::vault::Secret;

/// The client's credentials (RFC 5849 section 1.1; *consumer* before).
#[derive(Debug, Clone, Copy)]
pub struct Client<'a> {
    /// `oauth_consumer_key`.
    pub key: &'a str,
    /// The shared secret; for [`Method::RsaSha1`] a private key in PEM.
    pub secret: &'a Secret,
}

/// Temporary or token credentials (RFC 5849 section 1.1; *request token* and *access token* before).
#[derive(Debug, Clone, Copy)]
pub struct Token<'a> {
    /// `oauth_token`.
    pub token: &'a str,
    /// The shared secret. RSA-SHA1 does not use it.
    pub secret: &'a Secret,
}

/// A signature method (RFC 5849 section 3.4). HMAC-SHA256 is no part of the RFC; providers define it as HMAC-SHA1 with
/// another hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Section 3.4.2: what most providers ask for.
    #[default]
    HmacSha1,
    /// The same with SHA-256.
    HmacSha256,
    /// Section 3.4.3: with a private key whose public half the provider has.
    RsaSha1,
    /// Section 3.4.4: the secrets themselves, which only TLS protects.
    Plaintext,
}

impl Method {
    /// Every value.
    pub const ALL: &[Self] = &[Self::HmacSha1, Self::HmacSha256, Self::RsaSha1, Self::Plaintext];

    /// The value of `oauth_signature_method`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::RsaSha1 => "RSA-SHA1",
            Self::Plaintext => "PLAINTEXT",
        }
    }

    /// The word for forms and JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::HmacSha1 => "hmac_sha1",
            Self::HmacSha256 => "hmac_sha256",
            Self::RsaSha1 => "rsa_sha1",
            Self::Plaintext => "plaintext",
        }
    }

    /// The method of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|method| method.word() == word)
    }
}

/// The request to sign.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The HTTP method, in any case.
    pub method: &'a str,
    /// Where it goes. Its query is part of what is signed.
    pub url: &'a Url,
    /// The pairs of a body that is sent as `application/x-www-form-urlencoded`; of another body, none.
    pub form: &'a [(String, String)],
}

/// What makes a request the only one of its kind (RFC 5849 section 3.3).
#[derive(Debug, Clone, Copy)]
pub struct Stamp<'a> {
    /// Random, and used once.
    pub nonce: &'a str,
    /// Seconds since 1970, by the provider's clock (see [`skew`]).
    pub timestamp: i64,
}

/// Why a request cannot be signed. Every sentence says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// Not an address that a signature can cover (RFC 5849 section 3.4.1.2).
    #[error(
        "Only requests to http and https can be signed. Write a URL such as https://api.example.com/users/me."
    )]
    Url,
    /// A parameter of the signature stands in the query or the form already (RFC 5849 section 3.1).
    #[error("The parameter {0} belongs to the signature and is set by the server. Leave it out.")]
    Taken(&'static str),
    /// The private key of RSA-SHA1.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Parameters that mean something to OAuth (RFC 5849 section 3.1). None may stand in a request twice.
const PROTOCOL: [&str; 9] = [
    "oauth_consumer_key",
    "oauth_token",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_nonce",
    "oauth_version",
    "oauth_signature",
    "oauth_callback",
    "oauth_verifier",
];

/// Signs a request (RFC 5849 section 3). `extra` are further protocol parameters: `oauth_callback` with the request for
/// temporary credentials, `oauth_verifier` with the one for token credentials. `oauth_version` is always sent, since
/// some providers ask for it.
///
/// # Errors
/// [`SignError`], in a sentence.
pub fn sign(
    request: &Request<'_>,
    client: &Client<'_>,
    token: Option<Token<'_>>,
    method: Method,
    stamp: &Stamp<'_>,
    extra: &[(&str, &str)],
) -> Result<Signed, SignError> {
    let mut parameters = vec![("oauth_consumer_key", client.key)];
    parameters.extend(token.map(|token| ("oauth_token", token.token)));
    let timestamp = stamp.timestamp.to_string();
    parameters.extend([
        ("oauth_signature_method", method.name()),
        ("oauth_timestamp", &timestamp),
        ("oauth_nonce", stamp.nonce),
        ("oauth_version", "1.0"),
    ]);
    parameters.extend(extra);
    finish(request, client, token, method, &parameters)
}

/// Adds the signature to the other protocol parameters.
fn finish(
    request: &Request<'_>,
    client: &Client<'_>,
    token: Option<Token<'_>>,
    method: Method,
    parameters: &[(&str, &str)],
) -> Result<Signed, SignError> {
    not_taken(request)?;
    let owned = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let mut parameters: Vec<(String, String)> = owned.collect();
    let base = base_string::base_string(request, &parameters)?;
    let signature = signature::signature(method, &base, client, token)?;
    parameters.push(("oauth_signature".to_owned(), signature));
    Ok(Signed::new(parameters))
}

/// Two values of one protocol parameter would compete for which is read.
fn not_taken(request: &Request<'_>) -> Result<(), SignError> {
    let query = encode::read_form(request.url.query().unwrap_or_default());
    let taken = |protocol: &&str| {
        query.iter().any(|(name, _)| name == protocol.as_bytes())
            || request.form.iter().any(|(name, _)| name == protocol)
    };
    match PROTOCOL.into_iter().find(taken) {
        Some(name) => Err(SignError::Taken(name)),
        None => Ok(()),
    }
}
