//! Seal and open.
//!
//! A blob is `version(1) ‖ length of key id(1) ‖ key id ‖ nonce(12) ‖ ciphertext ‖ tag(16)`. The nonce is random:
//! 96 bits, safe for 2³² seals under one key (NIST SP 800-38D section 8.3), which no organization's data key
//! comes near.

use std::{fmt, sync::Arc};

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use domain::id::OrganizationId;
use secrecy::{ExposeSecret, SecretSlice};
use uuid::Uuid;

const VERSION: u8 = 1;
const NONCE: usize = 12;
const TAG: usize = 16;

/// Why a seal could not be made or opened. Says nothing about the content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// Too short, of another version, changed, moved, or sealed by another key of the same id.
    #[error("a stored secret does not open with this key in this place")]
    Unreadable,
    /// Sealed by a key that the ring does not hold.
    #[error("a stored secret was sealed by the root key `{0}`, which is not in the ring")]
    UnknownKey(String),
    /// The cryptographic library refused.
    #[error("sealing failed")]
    Failed,
}

/// Bytes that neither print nor serialize, and are wiped when dropped.
///
/// ```compile_fail
/// fn wants_serialize<T: serde::Serialize>(_: T) {}
/// wants_serialize(engine::vault::Secret::text("s3cret".into()));
/// ```
/// ```compile_fail
/// println!("{}", engine::vault::Secret::text("s3cret".into()));
/// ```
#[derive(Clone)]
pub struct Secret(SecretSlice<u8>);

impl Secret {
    /// Takes over secret bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
    /// Takes over secret text.
    #[must_use]
    pub fn text(text: String) -> Self {
        Self::new(text.into_bytes())
    }
    /// The bytes, for the one call that needs them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }
    /// The text; None where the bytes are not UTF-8.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes()).ok()
    }
}
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// Where a sealed value stands. Every part is length-prefixed, so no two places read the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(Vec<u8>);

impl Place {
    /// A column of a row, in the generation of its content.
    #[must_use]
    pub fn new(table: &str, row: Uuid, principal: &str, column: &str, generation: i64) -> Self {
        let mut place = Self(Vec::new());
        for part in [
            table.as_bytes(),
            row.as_bytes(),
            principal.as_bytes(),
            column.as_bytes(),
            &generation.to_be_bytes(),
        ] {
            place.push(part);
        }
        place
    }

    pub(super) fn of_server(name: &str) -> Self {
        let mut place = Self(Vec::new());
        place.push(b"server");
        place.push(name.as_bytes());
        place
    }

    pub(super) fn of_data_key(organization: OrganizationId) -> Self {
        let mut place = Self(Vec::new());
        place.push(b"data_key");
        place.push(organization.uuid().as_bytes());
        place
    }

    pub(super) fn within(&self, organization: OrganizationId) -> Self {
        let mut place = Self(Vec::with_capacity(self.0.len() + 24));
        place.push(organization.uuid().as_bytes());
        place.0.extend_from_slice(&self.0);
        place
    }

    fn push(&mut self, part: &[u8]) {
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(part);
    }
}

/// An AES-256-GCM key, shared without copying its bytes.
#[derive(Clone)]
pub(super) struct Key(Arc<RandomizedNonceKey>);

impl Key {
    pub(super) fn new(material: &[u8]) -> Result<Self, VaultError> {
        RandomizedNonceKey::new(&AES_256_GCM, material)
            .map(|key| Self(Arc::new(key)))
            .map_err(|_| VaultError::Failed)
    }

    pub(super) fn seal(&self, id: &str, place: &Place, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let header = header(id)?;
        let mut body = plain.to_vec();
        let aad = Aad::from([header.as_slice(), &place.0].concat());
        let nonce = self
            .0
            .seal_in_place_append_tag(aad, &mut body)
            .map_err(|_| VaultError::Failed)?;
        Ok([header.as_slice(), nonce.as_ref(), &body].concat())
    }

    pub(super) fn open(&self, place: &Place, blob: &[u8]) -> Result<Secret, VaultError> {
        let header = header(key_id(blob)?)?;
        let rest = &blob[header.len()..];
        if rest.len() < NONCE + TAG {
            return Err(VaultError::Unreadable);
        }
        let (nonce, body) = rest.split_at(NONCE);
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| VaultError::Unreadable)?;
        let aad = Aad::from([header.as_slice(), &place.0].concat());
        let mut body = body.to_vec();
        let length = self
            .0
            .open_in_place(nonce, aad, &mut body)
            .map_err(|_| VaultError::Unreadable)?
            .len();
        body.truncate(length);
        Ok(Secret::new(body))
    }
}

fn header(id: &str) -> Result<Vec<u8>, VaultError> {
    let length = u8::try_from(id.len()).map_err(|_| VaultError::Failed)?;
    Ok([&[VERSION, length], id.as_bytes()].concat())
}

/// The id of the key that sealed a blob.
pub(super) fn key_id(blob: &[u8]) -> Result<&str, VaultError> {
    match blob {
        [VERSION, length, rest @ ..] => {
            let id = rest.get(..usize::from(*length)).ok_or(VaultError::Unreadable)?;
            std::str::from_utf8(id).map_err(|_| VaultError::Unreadable)
        }
        _ => Err(VaultError::Unreadable),
    }
}
