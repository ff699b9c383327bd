//! The signature methods (RFC 5849 section 3.4).

use aws_lc_rs::hmac::{self, HMAC_SHA1_FOR_LEGACY_USE_ONLY, HMAC_SHA256};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{Client, KeyError, Method, Token, encode::percent, rsa_key::RsaKey};
use crate::vault::Secret;

/// The value of `oauth_signature`.
pub(super) fn signature(
    method: Method,
    base: &str,
    client: &Client<'_>,
    token: Option<Token<'_>>,
) -> Result<String, KeyError> {
    let mac = |algorithm| {
        let key = hmac::Key::new(algorithm, shared(client, token).bytes());
        STANDARD.encode(hmac::sign(&key, base.as_bytes()))
    };
    Ok(match method {
        Method::HmacSha1 => mac(HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        Method::HmacSha256 => mac(HMAC_SHA256),
        Method::RsaSha1 => STANDARD.encode(RsaKey::read(client.secret)?.sign(base.as_bytes())?),
        Method::Plaintext => shared(client, token).as_text().unwrap_or_default().to_owned(),
    })
}

/// Both secrets, encoded, around an `&` that stands there also where one is missing (RFC 5849 sections 3.4.2 and
/// 3.4.4).
fn shared(client: &Client<'_>, token: Option<Token<'_>>) -> Secret {
    let token = token.map(|token| percent(token.secret.bytes()));
    let mut key = percent(client.secret.bytes());
    key.push('&');
    key.push_str(&token.unwrap_or_default());
    Secret::text(key)
}
