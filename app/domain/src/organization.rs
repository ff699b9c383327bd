//! Organizations, the people in them, and what each role may do.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A member's role in an organization, from most to least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything an administrator may, and the organization itself.
    Owner,
    /// All of Setup: services, connections, keys.
    Admin,
    /// Sees connections, their status and snippets; changes nothing and sees no secret.
    Developer,
}

/// A role in the database that this version does not know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a role")]
pub struct RoleError(String);

impl Role {
    /// Whether this role may define services, connect, disconnect and make keys.
    #[must_use]
    pub const fn administers(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }

    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Developer => "developer",
        }
    }
}
impl FromStr for Role {
    type Err = RoleError;
    fn from_str(text: &str) -> Result<Self, RoleError> {
        let all = [Self::Owner, Self::Admin, Self::Developer];
        all.into_iter()
            .find(|role| role.word() == text)
            .ok_or_else(|| RoleError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_owners_and_admins_administer() {
        assert_eq!("owner".parse::<Role>().map(Role::administers), Ok(true));
        assert_eq!("admin".parse::<Role>().map(Role::administers), Ok(true));
        assert_eq!("developer".parse::<Role>().map(Role::administers), Ok(false));
        assert!("root".parse::<Role>().is_err());
    }
}
