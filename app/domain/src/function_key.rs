//! Function keys: the text form, and what a key may do.
//!
//! `cnx_` + 43 base64url characters (256 random bits) + 6 hexadecimal digits, a CRC-32 cut to 24 bits, so that
//! a secret scanner can tell a real key from a look-alike and a typing mistake is noticed before any look-up.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What every key starts with.
pub const PREFIX: &str = "cnx_";
const RANDOM: usize = 43;
const CHECK: usize = 6;

/// Appends the checksum to prefix and random part.
#[must_use]
pub fn with_checksum(random: &str) -> String {
    format!("{PREFIX}{random}{}", checksum(random))
}

/// Whether a text has the form of a key and its checksum is right. Says nothing about whether the key exists.
#[must_use]
pub fn is_well_formed(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(PREFIX) else {
        return false;
    };
    let alphabet = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    rest.len() == RANDOM + CHECK && rest.bytes().all(alphabet) && checksum(&rest[..RANDOM]) == rest[RANDOM..]
}

fn checksum(random: &str) -> String {
    format!("{:06x}", crc32fast::hash(random.as_bytes()) & 0x00ff_ffff)
}

/// One thing that a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyScope {
    /// Make calls through a connection without seeing the credential.
    #[serde(rename = "invoke")]
    Invoke,
    /// Read credentials.
    #[serde(rename = "credentials:read")]
    CredentialsRead,
    /// Register connectors as the SDKs do.
    #[serde(rename = "connectors")]
    Connectors,
    /// Everything an administrator may do in the console.
    #[serde(rename = "manage")]
    Manage,
}

/// Not a scope of keys.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a key scope. Use invoke, credentials:read, connectors or manage.")]
pub struct KeyScopeError(String);

impl KeyScope {
    /// Every scope.
    pub const ALL: [Self; 4] = [
        Self::Invoke,
        Self::CredentialsRead,
        Self::Connectors,
        Self::Manage,
    ];

    /// The word in the database, in forms and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invoke => "invoke",
            Self::CredentialsRead => "credentials:read",
            Self::Connectors => "connectors",
            Self::Manage => "manage",
        }
    }

    /// The words that people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Invoke => "Make calls",
            Self::CredentialsRead => "Read credentials",
            Self::Connectors => "Register connectors",
            Self::Manage => "Manage services and connections",
        }
    }
}
impl FromStr for KeyScope {
    type Err = KeyScopeError;
    fn from_str(text: &str) -> Result<Self, KeyScopeError> {
        Self::ALL
            .into_iter()
            .find(|s| s.word() == text)
            .ok_or_else(|| KeyScopeError(crate::text::quoted(text, 40)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_character_is_noticed() {
        let key = with_checksum(&"aB3-_".repeat(9)[..43]);
        assert!(is_well_formed(&key), "{key}");
        assert_eq!(key.len(), 53);
        for at in 4..key.len() {
            let mut other = key.clone().into_bytes();
            other[at] = if other[at] == b'z' { b'y' } else { b'z' };
            assert!(
                !is_well_formed(&String::from_utf8(other).unwrap()),
                "position {at}"
            );
        }
        for wrong in ["", "cnx_", "Bearer x", &key[1..], &format!("{key}0"), "cnx_é"] {
            assert!(!is_well_formed(wrong), "{wrong}");
        }
    }
}
