//! The states of a credential inside, and the status with its reason that people and programs see.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// What the engine knows about a stored credential. A connection without one has never been connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialState {
    /// Usable; renews itself where a refresh token came along.
    Active,
    /// The last refresh failed in a way that passes; another try is due.
    Backoff,
    /// A refresh was sent and its answer never came.
    Uncertain,
    /// Only a person's consent helps.
    NeedsReauth,
    /// The service's own settings are refused by the provider.
    Blocked,
    /// Erased here on a person's wish, and at the provider where it has a revoke URL.
    Revoked,
    /// The vault cannot open it.
    VaultError,
}

/// Why a credential is in its state. Stable words: they are stored, and programs may read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The refresh answer of a strictly rotating provider was lost.
    LostRotation,
    /// The provider no longer accepts the grant.
    RevokedOrExpired,
    /// The access token ended and no refresh token exists.
    NoRefreshToken,
    /// The provider refuses the client id or secret.
    ClientRefused,
    /// The provider asked to slow down.
    Throttled,
    /// The provider did not answer, or answered that it is out of order.
    ProviderUnavailable,
    /// The provider's answer could not be read.
    AnswerUnreadable,
    /// The operator's rules do not let requests go to the token URL.
    AddressRefused,
    /// The service's token endpoints moved to another origin.
    ServiceMoved,
    /// The stored secret cannot be opened.
    VaultUnreadable,
}

/// A word in the database that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not known to this version")]
pub struct UnknownWord(String);

macro_rules! words {
    ($($name:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        impl $name {
            /// Every value.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// The word in the database and in JSON.
            #[must_use]
            pub const fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
        }
        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err(UnknownWord(text.to_owned())) }
            }
        }
    )+};
}

words! {
    CredentialState {
        Active = "active", Backoff = "backoff", Uncertain = "uncertain", NeedsReauth = "needs_reauth",
        Blocked = "blocked", Revoked = "revoked", VaultError = "vault_error",
    }
    Cause {
        LostRotation = "lost_rotation", RevokedOrExpired = "revoked_or_expired", NoRefreshToken = "no_refresh_token",
        ClientRefused = "client_refused", Throttled = "throttled", ProviderUnavailable = "provider_unavailable",
        AnswerUnreadable = "answer_unreadable", AddressRefused = "address_refused", ServiceMoved = "service_moved", VaultUnreadable = "vault_unreadable",
    }
    Status {
        NotConnected = "not_connected", Connected = "connected", Expiring = "expiring",
        NeedsReauthorization = "needs_reauthorization", Disabled = "disabled", Revoked = "revoked", Error = "error",
    }
}

/// What people and programs see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has consented yet.
    NotConnected,
    /// Works.
    Connected,
    /// Works until a known time, and cannot renew itself.
    Expiring,
    /// Does not work until a person consents again.
    NeedsReauthorization,
    /// Switched off by an administrator.
    Disabled,
    /// Withdrawn by an administrator.
    Revoked,
    /// Does not work, and consenting again would not help.
    Error,
}

impl Status {
    /// The word on the page.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotConnected => "Not connected",
            Self::Connected => "Connected",
            Self::Expiring => "Expiring",
            Self::NeedsReauthorization => "Reconnect",
            Self::Disabled => "Disabled",
            Self::Revoked => "Revoked",
            Self::Error => "Error",
        }
    }

    /// Order in lists: what needs attention first.
    #[must_use]
    pub const fn urgency(self) -> u8 {
        match self {
            Self::Error => 0,
            Self::NeedsReauthorization => 1,
            Self::Expiring => 2,
            Self::NotConnected => 3,
            Self::Connected => 4,
            Self::Disabled => 5,
            Self::Revoked => 6,
        }
    }
}

/// What is known of a stored credential without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialFacts {
    /// Its state.
    pub state: CredentialState,
    /// Why, where the state has a why.
    pub cause: Option<Cause>,
    /// The provider's own words, cut and cleaned.
    pub provider_words: Option<String>,
    /// Number of this version of the credential; every successful refresh adds one.
    pub generation: i64,
    /// End of the access token's life; None where the provider names none.
    pub expires_at: Option<OffsetDateTime>,
    /// Whether it can renew itself.
    pub renews: bool,
    /// When the next try at renewing is due.
    pub refresh_after: Option<OffsetDateTime>,
    /// Whether a refresh is under way now.
    pub refreshing: bool,
}

/// The status of a connection at `now`.
#[must_use]
pub fn status(disabled: bool, credential: Option<&CredentialFacts>, now: OffsetDateTime) -> Status {
    use CredentialState as S;
    let Some(credential) = credential else {
        return if disabled {
            Status::Disabled
        } else {
            Status::NotConnected
        };
    };
    match credential.state {
        S::Revoked => Status::Revoked,
        _ if disabled => Status::Disabled,
        S::NeedsReauth => Status::NeedsReauthorization,
        S::Blocked | S::VaultError => Status::Error,
        S::Active | S::Backoff | S::Uncertain => match credential.expires_at {
            Some(end) if !credential.renews && end <= now => Status::NeedsReauthorization,
            Some(_) if !credential.renews => Status::Expiring,
            Some(end)
                if credential.state == S::Uncertain && credential.cause == Some(Cause::LostRotation) =>
            {
                if end <= now {
                    Status::NeedsReauthorization
                } else {
                    Status::Expiring
                }
            }
            _ => Status::Connected,
        },
    }
}

/// The cause behind the status: the stored one, or the one that time alone brought.
#[must_use]
pub fn cause(status: Status, credential: Option<&CredentialFacts>) -> Option<Cause> {
    let credential = credential?;
    credential.cause.or(match status {
        Status::Expiring | Status::NeedsReauthorization if !credential.renews => Some(Cause::NoRefreshToken),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::{Duration, macros::datetime};

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    fn facts(state: CredentialState, renews: bool, left: i64) -> CredentialFacts {
        CredentialFacts {
            state,
            cause: None,
            provider_words: None,
            generation: 1,
            renews,
            refresh_after: None,
            refreshing: false,
            expires_at: Some(NOW + Duration::seconds(left)),
        }
    }

    #[test]
    fn status_of_every_state() {
        use {CredentialState as C, Status as S};
        for (state, renews, left, expected) in [
            (C::Active, true, 60, S::Connected),
            (C::Active, true, -60, S::Connected),
            (C::Active, false, 60, S::Expiring),
            (C::Active, false, -60, S::NeedsReauthorization),
            (C::Backoff, true, -60, S::Connected),
            (C::Uncertain, true, 60, S::Connected),
            (C::NeedsReauth, true, 60, S::NeedsReauthorization),
            (C::Blocked, true, 60, S::Error),
            (C::VaultError, true, 60, S::Error),
            (C::Revoked, true, 60, S::Revoked),
        ] {
            assert_eq!(
                status(false, Some(&facts(state, renews, left)), NOW),
                expected,
                "{state:?} {renews} {left}"
            );
        }
        assert_eq!(status(false, None, NOW), S::NotConnected);
        assert_eq!(status(true, None, NOW), S::Disabled);
        assert_eq!(status(true, Some(&facts(C::Active, true, 60)), NOW), S::Disabled);
    }

    #[test]
    fn a_lost_rotation_lives_as_long_as_its_access_token() {
        let mut lost = facts(CredentialState::Uncertain, true, 60);
        lost.cause = Some(Cause::LostRotation);
        assert_eq!(status(false, Some(&lost), NOW), Status::Expiring);
        lost.expires_at = Some(NOW);
        assert_eq!(status(false, Some(&lost), NOW), Status::NeedsReauthorization);
    }

    #[test]
    fn words_are_read_back() {
        for state in CredentialState::ALL {
            assert_eq!(state.word().parse(), Ok(*state));
        }
        for cause in Cause::ALL {
            assert_eq!(cause.word().parse(), Ok(*cause));
        }
        for status in Status::ALL {
            assert_eq!(status.word().parse(), Ok(*status));
        }
        assert!("nonsense".parse::<Cause>().is_err());
    }

    #[test]
    fn time_alone_explains_an_end_without_refresh_token() {
        let ended = facts(CredentialState::Active, false, -1);
        let status = status(false, Some(&ended), NOW);
        assert_eq!(cause(status, Some(&ended)), Some(Cause::NoRefreshToken));
    }
}
