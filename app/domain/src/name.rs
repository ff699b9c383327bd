//! Names that people give to things: shown, never looked up by.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::{TextError, single_line};

/// Why a name was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This {0}.")]
pub struct NameError(#[from] TextError);

/// The name of an organization, a person, a service, a connection or a key: 1 to 100 visible characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

impl Name {
    /// Most characters in a name.
    pub const MAX: usize = 100;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        Ok(Self(single_line(text, Self::MAX)?.to_owned()))
    }
}
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Name {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        text.parse()
    }
}
impl From<Name> for String {
    fn from(name: Name) -> String {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong() {
        assert_eq!(
            "Acme <Ltd>".parse::<Name>().map(String::from),
            Ok("Acme <Ltd>".into())
        );
        assert_eq!(
            "".parse::<Name>().map_err(|e| e.to_string()),
            Err("This is missing.".into())
        );
        let long = "x".repeat(101).parse::<Name>().map_err(|e| e.to_string());
        assert_eq!(long, Err("This is too long: at most 100 characters.".into()));
    }
}
