//! Whose credential it is: the organization's own, or one person's ("use credentials of login user").

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{id::UserId, service::choice::choices, text::single_line};

/// The owner of a credential. Members and users of the caller's own program are different people, whatever they are
/// called: each kind has a prefix of its own in storage.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Principal {
    /// The organization itself.
    #[default]
    Organization,
    /// A member of it.
    Member(UserId),
    /// A user of the caller's own program, under the id that it has there.
    External(String),
}

/// The text names nobody.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("A user is named by an id of 1 to 200 visible characters on one line, without spaces around it.")]
pub struct PrincipalError;

impl Principal {
    /// Reads how a caller names a user: the id of a member (`usr_…`), or any other id. Empty names nobody.
    ///
    /// # Errors
    /// [`PrincipalError`].
    pub fn named(text: &str) -> Result<Self, PrincipalError> {
        if text.is_empty() {
            return Ok(Self::Organization);
        }
        let id = single_line(text, 200).map_err(|_| PrincipalError)?;
        // Another id than the one that was given may be another user's.
        if id != text {
            return Err(PrincipalError);
        }
        Ok(id
            .parse()
            .map_or_else(|_| Self::External(id.to_owned()), Self::Member))
    }

    /// How it is stored, and what its seals are bound to.
    #[must_use]
    pub fn stored(&self) -> String {
        match self {
            Self::Organization => String::new(),
            Self::Member(user) => format!("m:{user}"),
            Self::External(id) => format!("x:{id}"),
        }
    }

    /// How a caller names it; empty for the organization.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Organization => String::new(),
            Self::Member(user) => user.to_string(),
            Self::External(id) => id.clone(),
        }
    }
}

impl FromStr for Principal {
    type Err = PrincipalError;
    /// Reads what [`Self::stored`] gives.
    fn from_str(text: &str) -> Result<Self, PrincipalError> {
        match text.split_once(':') {
            None if text.is_empty() => Ok(Self::Organization),
            Some(("m", id)) => id.parse().map(Self::Member).map_err(|_| PrincipalError),
            Some(("x", id)) => Ok(Self::External(id.to_owned())),
            _ => Err(PrincipalError),
        }
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}

/// Whose credential serves a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialMode {
    /// The organization's, whoever calls.
    #[default]
    Organization,
    /// That of the person whom the call names.
    LoginUser,
    /// That of the person whom the call names, and the organization's where that person has none.
    LoginUserOrOrganization,
}

choices! {
    CredentialMode {
        Organization = "organization" "One account for everybody",
        LoginUser = "login_user" "Each person's own account",
        LoginUserOrOrganization = "login_user_or_organization" "Each person's own, this organization's where somebody has none",
    }
}

impl CredentialMode {
    /// Whether people connect accounts of their own.
    #[must_use]
    pub const fn has_people(self) -> bool {
        !matches!(self, Self::Organization)
    }

    /// Whether the organization has one.
    #[must_use]
    pub const fn has_organization(self) -> bool {
        !matches!(self, Self::LoginUser)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_others_never_meet() {
        let member = UserId::from_uuid(uuid::Uuid::from_u128(7));
        let named = Principal::named(&member.to_string()).unwrap();
        assert_eq!(named, Principal::Member(member));
        let sly = Principal::named(&format!("m:{member}")).unwrap();
        assert_eq!(sly, Principal::External(format!("m:{member}")));
        for principal in [
            Principal::Organization,
            named,
            sly,
            Principal::External("a b:c".into()),
        ] {
            assert_eq!(principal.stored().parse(), Ok(principal.clone()));
        }
        assert_eq!(Principal::named(""), Ok(Principal::Organization));
        for wrong in ["  ", " ada", "ada ", "a\nb", "a\0"] {
            assert!(Principal::named(wrong).is_err(), "{wrong:?}");
        }
    }
}
