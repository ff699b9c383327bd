//! Identifiers: UUIDv7 inside, a prefix and 32 hexadecimal digits outside (`svc_0190…`).
//!
//! Ids are names, not secrets: nothing is granted to whoever knows one.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The text is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not an id that starts with `{0}_`")]
pub struct IdError(&'static str);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// What the text form starts with, before the underscore.
            pub const PREFIX: &'static str = $prefix;
            /// Wraps a UUID that was made or read for this kind of thing.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            /// The value as the database holds it.
            #[must_use]
            pub const fn uuid(self) -> Uuid { self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.0.simple())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|digits| digits.len() == 32 && !digits.contains(char::is_uppercase))
                    .and_then(|digits| Uuid::try_parse(digits).ok())
                    .map(Self)
                    .ok_or(IdError($prefix))
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> { text.parse() }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String { id.to_string() }
        }
    )*};
}

ids! {
    /// A tenant.
    OrganizationId = "org";
    /// A person with an account.
    UserId = "usr";
    /// A service definition; part of its redirect URL.
    ServiceId = "svc";
    /// A connection.
    ConnectionId = "con";
    /// One pass through a provider's consent screen.
    ConsentId = "cns";
    /// A function key (not its secret text).
    FunctionKeyId = "fky";
    /// One try at refreshing a credential.
    AttemptId = "att";
    /// One line of the audit record.
    AuditId = "aud";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_prints_and_nothing_else() {
        let id = ServiceId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00ab));
        let text = id.to_string();
        assert_eq!(text, "svc_019000000000700080000000000000ab");
        assert_eq!(text.parse(), Ok(id));
        for wrong in [
            "",
            "svc_",
            "con_019000000000700080000000000000ab",
            "svc_019000000000700080000000000000AB",
            "svc_01900000-0000-7000-8000-0000000000ab",
            "svc_019000000000700080000000000000ab0",
        ] {
            assert_eq!(wrong.parse::<ServiceId>(), Err(IdError("svc")), "{wrong}");
        }
    }
}
