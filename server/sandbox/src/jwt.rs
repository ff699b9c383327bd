//! Signed assertions (RFC 7515, 7519, 7523): read, and verified with a key that was registered.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::quirks::Key;

/// No assertion may be good for longer.
const LONGEST_S: u64 = 3_600;

/// A public key, as PEM in JSON.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicKey(Vec<u8>);

/// A text that is no public key.
#[derive(Debug, thiserror::Error)]
#[error("a public key is PEM and starts with -----BEGIN PUBLIC KEY-----")]
pub struct NoPublicKey;

impl TryFrom<String> for PublicKey {
    type Error = NoPublicKey;

    fn try_from(pem: String) -> Result<Self, Self::Error> {
        let inner = pem
            .trim()
            .strip_prefix("-----BEGIN PUBLIC KEY-----")
            .and_then(|rest| rest.strip_suffix("-----END PUBLIC KEY-----"))
            .ok_or(NoPublicKey)?;
        let text: String = inner.split_whitespace().collect();
        STANDARD.decode(text).map(Self).map_err(|_| NoPublicKey)
    }
}

impl PublicKey {
    fn verifies(
        &self,
        algorithm: &'static dyn VerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> bool {
        UnparsedPublicKey::new(algorithm, &self.0)
            .verify(message, signature)
            .is_ok()
    }

    /// RSA-SHA1, as RFC 5849, 3.4.3 has it.
    pub(crate) fn verifies_rsa_sha1(&self, message: &[u8], signature: &[u8]) -> bool {
        self.verifies(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, message, signature)
    }
}

/// An assertion as it came: nothing is proved by reading it.
pub(crate) struct Jwt {
    header: Map<String, Value>,
    claims: Map<String, Value>,
    message: String,
    signature: Vec<u8>,
}

impl Jwt {
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (message, signature) = text.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        let object = |part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok();
        Some(Self {
            header: object(header)?,
            claims: object(claims)?,
            message: message.to_owned(),
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }

    /// A claim that is a text.
    pub(crate) fn claim(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// RFC 7523, 3: signed by the key, for us, and not over.
    pub(crate) fn check(&self, key: &Key, audiences: &[String], now_s: u64) -> Result<(), &'static str> {
        self.check_header(key)?;
        self.check_signature(key)?;
        let audience = self.claim("aud").unwrap_or_default();
        if !audiences.iter().any(|known| known == audience) {
            return Err("aud must be one text: the issuer or the address of this endpoint");
        }
        self.check_time(now_s)
    }

    fn check_header(&self, key: &Key) -> Result<(), &'static str> {
        let says = |name: &str, wanted: &Option<String>| {
            wanted.is_none() || self.header.get(name).and_then(Value::as_str) == wanted.as_deref()
        };
        if !says("alg", &key.algorithm) {
            return Err("alg is not the one agreed on");
        }
        if !says("kid", &key.kid) {
            return Err("kid is not that of the key");
        }
        if !says("x5t", &key.x5t) {
            return Err("x5t is not that of the certificate");
        }
        Ok(())
    }

    fn check_signature(&self, key: &Key) -> Result<(), &'static str> {
        let algorithm: &'static dyn VerificationAlgorithm =
            match self.header.get("alg").and_then(Value::as_str) {
                Some("RS256") => &RSA_PKCS1_2048_8192_SHA256,
                Some("PS256") => &RSA_PSS_2048_8192_SHA256,
                Some("ES256") => &ECDSA_P256_SHA256_FIXED,
                _ => return Err("alg must be RS256, PS256 or ES256"),
            };
        let right = key
            .public_key
            .verifies(algorithm, self.message.as_bytes(), &self.signature);
        right.then_some(()).ok_or("the signature is wrong")
    }

    fn check_time(&self, now_s: u64) -> Result<(), &'static str> {
        let time = |name: &str| self.claims.get(name).and_then(Value::as_u64);
        let exp = time("exp").ok_or("exp is missing")?;
        if exp <= now_s {
            return Err("exp is over");
        }
        if exp > now_s.saturating_add(LONGEST_S) {
            return Err("exp is more than an hour away");
        }
        if time("nbf").is_some_and(|from| from > now_s.saturating_add(60)) {
            return Err("nbf is still to come");
        }
        Ok(())
    }
}
