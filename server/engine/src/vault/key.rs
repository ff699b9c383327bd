//! Root keys: given by the operator as `id:base64`, the first one seals, all open.

use std::{fmt, str::FromStr};

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::sealed::{Key, Place, Secret, VaultError, key_id};

/// Why the setting was refused. None of the messages repeats any key material.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RootKeyError {
    /// No key at all: there is no default and no way to run without one.
    #[error("no root key is given; make one with: echo \"k1:$(openssl rand -base64 32)\"")]
    Missing,
    /// An entry is not `id:base64`.
    #[error("entry {0} is not of the form id:base64")]
    Form(usize),
    /// An id has other characters, or more than 16.
    #[error("the id of entry {0} has other characters than a to z, 0 to 9 and -, or more than 16")]
    Id(usize),
    /// Two entries have the same id.
    #[error("the id `{0}` stands there twice")]
    Twice(String),
    /// The key is not 32 bytes of base64.
    #[error("the key `{0}` is not 32 bytes in base64; make one with: openssl rand -base64 32")]
    Length(String),
}

/// The ring. Neither prints nor serializes.
pub struct RootKeys {
    keys: Vec<(String, Key)>,
    signing: hmac::Key,
}

impl RootKeys {
    pub(super) fn signing(&self) -> &hmac::Key {
        &self.signing
    }

    pub(super) fn seal(&self, place: &Place, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (id, key) = self.keys.first().ok_or(VaultError::Failed)?;
        key.seal(id, place, plain)
    }

    pub(super) fn open(&self, place: &Place, blob: &[u8]) -> Result<Secret, VaultError> {
        let id = key_id(blob)?;
        let key = self
            .keys
            .iter()
            .find(|(other, _)| other == id)
            .map(|(_, key)| key);
        key.ok_or_else(|| VaultError::UnknownKey(id.to_owned()))?
            .open(place, blob)
    }
}

impl FromStr for RootKeys {
    type Err = RootKeyError;
    /// Entries between commas, spaces or line breaks; a line that starts with `#` is a comment.
    fn from_str(text: &str) -> Result<Self, RootKeyError> {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        let entries = lines
            .flat_map(|l| l.split([',', ' ', '\t']))
            .filter(|e| !e.is_empty());
        let mut keys: Vec<(String, Key)> = Vec::new();
        let mut signing = None;
        for (number, entry) in entries.enumerate() {
            let (id, material) = read(number + 1, entry)?;
            if keys.iter().any(|(other, _)| *other == id) {
                return Err(RootKeyError::Twice(id));
            }
            signing.get_or_insert_with(|| signing_key(&material));
            let key = Key::new(&material).map_err(|_| RootKeyError::Length(id.clone()))?;
            keys.push((id, key));
        }
        Ok(Self {
            keys,
            signing: signing.ok_or(RootKeyError::Missing)?,
        })
    }
}

fn read(number: usize, entry: &str) -> Result<(String, Vec<u8>), RootKeyError> {
    let (id, encoded) = entry.split_once(':').ok_or(RootKeyError::Form(number))?;
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if id.is_empty() || id.len() > 16 || !id.bytes().all(good) {
        return Err(RootKeyError::Id(number));
    }
    match STANDARD.decode(encoded) {
        Ok(material) if material.len() == 32 => Ok((id.to_owned(), material)),
        _ => Err(RootKeyError::Length(id.to_owned())),
    }
}

/// A key of its own for signatures: the root key itself only ever seals.
fn signing_key(material: &[u8]) -> hmac::Key {
    let parent = hmac::Key::new(hmac::HMAC_SHA256, material);
    hmac::Key::new(
        hmac::HMAC_SHA256,
        hmac::sign(&parent, b"connections/signing/v1").as_ref(),
    )
}

impl fmt::Debug for RootKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.keys.iter().map(|(id, _)| id))
            .finish()
    }
}
