//! The vault: every stored secret is sealed with AES-256-GCM and bound to its place.
//!
//! A root key (given by the operator, several during a rotation) seals one data key an organization; the data
//! key seals that organization's secrets. The additional data of every seal names organization, table, row,
//! column and generation, so that a ciphertext that was copied to another place, or an old one put under a newer
//! generation, does not open. A whole row that is put back from a backup, generation included, does open: see
//! docs/ARCHITECTURE.md, *What the vault does not see*.
//!
//! # Layout
//! - [`key`]: the ring of root keys
//! - [`sealed`]: seal and open, and the place that a seal is bound to

use std::{collections::HashMap, sync::RwLock};

use aws_lc_rs::{constant_time, hmac};
use domain::id::OrganizationId;

pub mod key;
pub mod sealed;

pub use key::{RootKeyError, RootKeys};
pub use sealed::{Place, Secret, VaultError};

use sealed::Key;

/// Root keys, and the data keys that were unsealed so far.
pub struct Vault {
    roots: RootKeys,
    opened: RwLock<HashMap<OrganizationId, Key>>,
}

/// An organization's opened data key.
pub struct DataKey<'a> {
    organization: OrganizationId,
    vault: &'a Vault,
    key: Key,
}

const CHECK: &str = "the root keys are the right ones";

impl Vault {
    /// A vault under these root keys.
    #[must_use]
    pub fn new(roots: RootKeys) -> Self {
        Self {
            roots,
            opened: RwLock::default(),
        }
    }

    /// A known text under the active root key, stored once so that a wrong ring is noticed at start.
    ///
    /// # Errors
    /// [`VaultError`] where sealing fails.
    pub fn seal_check(&self) -> Result<Vec<u8>, VaultError> {
        self.roots
            .seal(&Place::of_server("vault_check"), CHECK.as_bytes())
    }

    /// Whether this ring opens what [`Self::seal_check`] made.
    ///
    /// # Errors
    /// [`VaultError::UnknownKey`] names the key that is missing from the ring; [`VaultError::Unreadable`] means
    /// another key under the same name.
    pub fn open_check(&self, blob: &[u8]) -> Result<(), VaultError> {
        self.roots
            .open(&Place::of_server("vault_check"), blob)
            .map(|_| ())
    }

    /// A fresh data key for a new organization, sealed for storage.
    ///
    /// # Errors
    /// [`VaultError`] where sealing fails.
    pub fn new_data_key(&self, organization: OrganizationId) -> Result<Vec<u8>, VaultError> {
        self.roots
            .seal(&Place::of_data_key(organization), &crate::random::bytes::<32>())
    }

    /// The opened data key; `sealed` is what the organization's row holds.
    ///
    /// # Errors
    /// [`VaultError`] where no root key of the ring opens it.
    pub fn data_key(&self, organization: OrganizationId, sealed: &[u8]) -> Result<DataKey<'_>, VaultError> {
        if let Some(key) = self.cached(organization) {
            return Ok(DataKey {
                organization,
                vault: self,
                key,
            });
        }
        let opened = self.roots.open(&Place::of_data_key(organization), sealed)?;
        let key = Key::new(opened.bytes())?;
        if let Ok(mut cache) = self.opened.write() {
            cache.insert(organization, key.clone());
        }
        Ok(DataKey {
            organization,
            vault: self,
            key,
        })
    }

    /// A data key that was opened before in this process: spares reading the organization's row.
    pub fn opened(&self, organization: OrganizationId) -> Option<DataKey<'_>> {
        self.cached(organization).map(|key| DataKey {
            organization,
            vault: self,
            key,
        })
    }

    fn cached(&self, organization: OrganizationId) -> Option<Key> {
        self.opened
            .read()
            .ok()
            .and_then(|cache| cache.get(&organization).cloned())
    }

    /// Signs with a key that only this server has: for what is handed to a browser and must come back unchanged.
    #[must_use]
    pub fn sign(&self, purpose: &str, data: &str) -> String {
        use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
        let tag = hmac::sign(self.roots.signing(), format!("{purpose}\0{data}").as_bytes());
        URL_SAFE_NO_PAD.encode(&tag.as_ref()[..24])
    }

    /// Whether a signature is ours, compared in constant time.
    #[must_use]
    pub fn verify(&self, purpose: &str, data: &str, signature: &str) -> bool {
        let right = self.sign(purpose, data);
        constant_time::verify_slices_are_equal(right.as_bytes(), signature.as_bytes()).is_ok()
    }
}

impl DataKey<'_> {
    /// Seals a secret for one place of this organization.
    ///
    /// # Errors
    /// [`VaultError`] where sealing fails.
    pub fn seal(&self, place: &Place, secret: &Secret) -> Result<Vec<u8>, VaultError> {
        self.key
            .seal("org", &place.within(self.organization), secret.bytes())
    }

    /// Opens what stands in that place.
    ///
    /// # Errors
    /// [`VaultError::Unreadable`] where anything about blob or place differs.
    pub fn open(&self, place: &Place, blob: &[u8]) -> Result<Secret, VaultError> {
        self.key
            .open(&place.within(self.organization), blob)
            .inspect_err(|_| {
                // A key that was replaced by another process must not stay in use here.
                if let Ok(mut cache) = self.vault.opened.write() {
                    cache.remove(&self.organization);
                }
            })
    }
}

#[cfg(test)]
mod tests;
