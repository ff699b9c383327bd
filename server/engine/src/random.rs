//! The one place that asks the machine for randomness.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;

/// `N` random bytes. The process ends where the system has no randomness: nothing here could go on safely.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "everything else asks here")]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if aws_lc_rs::rand::fill(&mut bytes).is_err() {
        tracing::error!("the system gives no randomness");
        std::process::abort();
    }
    bytes
}

/// 256 random bits as 43 base64url characters: state, PKCE verifier, the random part of a function key.
#[must_use]
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>())
}

/// A UUIDv7 (RFC 9562 section 5.7): sorts by time of creation. A name, never a secret.
#[must_use]
pub fn uuid() -> Uuid {
    let millis = crate::clock::now().unix_timestamp_nanos() / 1_000_000;
    let millis = u64::try_from(millis).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &bytes::<10>()).into_uuid()
}

/// SHA-256, for what is looked up by a secret and must not be stored as it is.
#[must_use]
pub fn sha256(data: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, data);
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest.as_ref());
    bytes
}
