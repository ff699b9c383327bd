//! Who wants a connection: a function by its key, or a member.

use domain::{
    function_key::{KeyScope, is_well_formed},
    id::{FunctionKeyId, OrganizationId},
};

use crate::{keys::FunctionKey, random};

/// The SHA-256 of a function key that could exist: how keys are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The hash of a key's text; None for what cannot be a key.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        is_well_formed(text).then(|| Self(random::sha256(text.as_bytes())))
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Who wants a connection.
#[derive(Debug, Clone, Copy)]
pub enum Caller {
    /// A function, with a key that was recognized, and what the key must be good for.
    Key(FunctionKey, KeyScope),
    /// A member of the organization.
    Person(OrganizationId),
}

impl Caller {
    pub(super) const fn organization(self) -> OrganizationId {
        match self {
            Self::Key(key, _) => key.organization,
            Self::Person(organization) => organization,
        }
    }
    pub(super) const fn key(self) -> Option<FunctionKeyId> {
        match self {
            Self::Key(key, _) => Some(key.id),
            Self::Person(_) => None,
        }
    }
}
