//! Chance, digests, and tokens that carry their own proof.
//!
//! A token is its claims and a MAC under a key made at start. So an old refresh token is recognized as
//! what it is however many came after it, and the provider remembers grants only, not tokens.

use aws_lc_rs::{constant_time, digest, hmac, rand};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const ACCESS: &str = "sbx_access_";
const REFRESH: &str = "sbx_refresh_";

/// What an access token says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct AccessClaims {
    pub(crate) grant: u64,
    pub(crate) serial: u64,
    pub(crate) generation: u64,
    pub(crate) expires_ms: u64,
    pub(crate) scopes: Vec<String>,
}

/// What a refresh token says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RefreshClaims {
    pub(crate) grant: u64,
    pub(crate) generation: u64,
}

pub(crate) struct Sealer {
    key: hmac::Key,
}

impl Sealer {
    pub(crate) fn new() -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, &random::<32>()),
        }
    }

    pub(crate) fn access(&self, claims: &AccessClaims) -> String {
        let AccessClaims {
            grant,
            serial,
            generation,
            expires_ms,
            scopes,
        } = claims;
        self.seal(
            ACCESS,
            &format!("{grant} {serial} {generation} {expires_ms} {}", scopes.join(" ")),
        )
    }

    pub(crate) fn refresh(&self, claims: &RefreshClaims) -> String {
        self.seal(REFRESH, &format!("{} {}", claims.grant, claims.generation))
    }

    pub(crate) fn open_access(&self, token: &str) -> Option<AccessClaims> {
        let claims = self.open(ACCESS, token)?;
        let mut words = claims.split_whitespace();
        let mut number = || words.next()?.parse().ok();
        let (grant, serial, generation, expires_ms) = (number()?, number()?, number()?, number()?);
        Some(AccessClaims {
            grant,
            serial,
            generation,
            expires_ms,
            scopes: words.map(str::to_owned).collect(),
        })
    }

    pub(crate) fn open_refresh(&self, token: &str) -> Option<RefreshClaims> {
        let claims = self.open(REFRESH, token)?;
        let (grant, generation) = claims.split_once(' ')?;
        Some(RefreshClaims {
            grant: grant.parse().ok()?,
            generation: generation.parse().ok()?,
        })
    }

    fn seal(&self, kind: &str, claims: &str) -> String {
        let body = format!("{kind}{}", URL_SAFE_NO_PAD.encode(claims));
        let tag = hmac::sign(&self.key, body.as_bytes());
        format!("{body}.{}", URL_SAFE_NO_PAD.encode(tag))
    }

    fn open(&self, kind: &str, token: &str) -> Option<String> {
        let (body, tag) = token.split_once('.')?;
        hmac::verify(&self.key, body.as_bytes(), &URL_SAFE_NO_PAD.decode(tag).ok()?).ok()?;
        let claims = URL_SAFE_NO_PAD.decode(body.strip_prefix(kind)?).ok()?;
        String::from_utf8(claims).ok()
    }
}

/// A value nobody can guess, safe in a URL.
pub(crate) fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(random::<24>())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the sandbox stands apart; this is its one source of chance"
)]
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    assert!(
        rand::fill(&mut bytes).is_ok(),
        "the operating system gives no random bytes"
    );
    bytes
}

/// RFC 7636, 4.6: the challenge that belongs to a verifier.
pub(crate) fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

/// Whether this looks like an access token; nothing is proved by it.
pub(crate) fn is_access(text: &str) -> bool {
    text.starts_with(ACCESS)
}

/// What looks like an access token at the end of a text.
pub(crate) fn access_within(text: &str) -> Option<&str> {
    text.find(ACCESS).and_then(|start| text.get(start..))
}

/// HMAC-SHA256 in hexadecimal digits.
pub(crate) fn hmac_sha256_hex(secret: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, text.as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of a style or script in the form a Content-Security-Policy names it.
pub(crate) fn csp_hash(text: &str) -> String {
    format!(
        "'sha256-{}'",
        STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes()))
    )
}

/// Twelve hexadecimal digits: enough to tell tokens apart, useless as a token.
pub(crate) fn fingerprint(token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    hash.as_ref()
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Compares without telling by its time where the two differ.
pub(crate) fn equal(left: &[u8], right: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(left, right).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_open_to_what_was_sealed() {
        let sealer = Sealer::new();
        let scopes = vec!["profile".to_owned(), "reports.read".to_owned()];
        let access = AccessClaims {
            grant: 7,
            serial: 3,
            generation: 2,
            expires_ms: 9,
            scopes,
        };
        assert_eq!(sealer.open_access(&sealer.access(&access)), Some(access));
        let refresh = RefreshClaims {
            grant: 7,
            generation: 2,
        };
        assert_eq!(sealer.open_refresh(&sealer.refresh(&refresh)), Some(refresh));
    }

    #[test]
    fn a_changed_foreign_or_other_kind_of_token_does_not_open() {
        let sealer = Sealer::new();
        let token = sealer.refresh(&RefreshClaims {
            grant: 1,
            generation: 1,
        });
        let other = sealer.refresh(&RefreshClaims {
            grant: 2,
            generation: 1,
        });
        let (body, _) = other.split_once('.').unwrap();
        let (_, tag) = token.split_once('.').unwrap();
        assert_eq!(sealer.open_refresh(&format!("{body}.{tag}")), None);
        assert_eq!(sealer.open_access(&token), None);
        assert_eq!(Sealer::new().open_refresh(&token), None);
        assert_eq!(sealer.open_refresh(""), None);
    }

    #[test]
    fn s256_is_that_of_rfc_7636_appendix_b() {
        let challenge = s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_fingerprint_is_the_start_of_the_sha_256() {
        assert_eq!(fingerprint("abc"), "ba7816bf8f01");
    }
}
