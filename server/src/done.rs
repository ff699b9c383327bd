//! What was just done, said once above the page that follows. It travels in the address as one known word, so it works
//! without scripts, and nobody can make a page say anything else.

use app::{Notice, NoticeKind};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Done {
    Saved,
    Enabled,
    Disabled,
    Deleted,
    Allowed,
    Connected,
    Disconnected,
    KeyRevoked,
}

impl Done {
    const ALL: [Self; 8] = [
        Self::Saved,
        Self::Enabled,
        Self::Disabled,
        Self::Deleted,
        Self::Allowed,
        Self::Connected,
        Self::Disconnected,
        Self::KeyRevoked,
    ];

    /// The word in the address.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Deleted => "deleted",
            Self::Allowed => "allowed",
            Self::Connected => "connected",
            Self::Disconnected => "disconnected",
            Self::KeyRevoked => "key-revoked",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.word() == word)
    }

    pub(crate) fn notice(self) -> Notice {
        let text = match self {
            Self::Saved => "Saved.",
            Self::Enabled => "Enabled. Functions get the credential again.",
            Self::Disabled => "Disabled. Functions get nothing until it is enabled again.",
            Self::Deleted => "Deleted.",
            Self::Allowed => "Allowed. Every connection of the service may call there.",
            Self::Connected => "Connected. Functions can use it now.",
            Self::Disconnected => "Disconnected. Calls for this person are refused from now on.",
            Self::KeyRevoked => "The key is revoked.",
        };
        Notice {
            kind: NoticeKind::Good,
            text: text.into(),
        }
    }
}
