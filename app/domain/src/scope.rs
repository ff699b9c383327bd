//! OAuth scopes (RFC 6749 section 3.3) and how a provider wants them joined.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One scope token: visible ASCII without space, `"` and `\` (RFC 6749 appendix A.4), at most 300 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ScopeName(String);

/// The text cannot be a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeNameError {
    /// Nothing was typed.
    #[error("Type the scope as the provider writes it, or leave the row empty.")]
    Empty,
    /// More than 300 characters.
    #[error("A scope has at most 300 characters.")]
    TooLong,
    /// A space, a comma that is the delimiter, a quote or a character outside ASCII.
    #[error("A scope has no spaces, quotes or special characters: one scope a row.")]
    Character,
}

impl ScopeName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ScopeName {
    type Err = ScopeNameError;
    fn from_str(text: &str) -> Result<Self, ScopeNameError> {
        let text = text.trim_matches(' ');
        if text.is_empty() {
            return Err(ScopeNameError::Empty);
        }
        if text.len() > 300 {
            return Err(ScopeNameError::TooLong);
        }
        if text
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
        {
            Ok(Self(text.to_owned()))
        } else {
            Err(ScopeNameError::Character)
        }
    }
}
impl fmt::Display for ScopeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for ScopeName {
    type Error = ScopeNameError;
    fn try_from(text: String) -> Result<Self, ScopeNameError> {
        text.parse()
    }
}
impl From<ScopeName> for String {
    fn from(name: ScopeName) -> String {
        name.0
    }
}

/// A scope of a service, with the words that people read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// As it is sent.
    pub name: ScopeName,
    /// As it is shown; the name itself where nobody wrote one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display_name: String,
}

impl Scope {
    /// The words to show.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.display_name.is_empty() {
            self.name.as_str()
        } else {
            &self.display_name
        }
    }
}

/// What stands between two scopes in a request and in an answer. RFC 6749 says a space; providers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScopeDelimiter {
    /// `a b`, the standard.
    #[default]
    Space,
    /// `a,b`
    Comma,
    /// `a+b`
    Plus,
}

/// Not one of the three delimiters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Choose space, comma or plus.")]
pub struct ScopeDelimiterError;

impl ScopeDelimiter {
    /// The character itself.
    #[must_use]
    pub const fn character(self) -> char {
        match self {
            Self::Space => ' ',
            Self::Comma => ',',
            Self::Plus => '+',
        }
    }

    /// The value of the request's `scope` parameter, before URL encoding.
    #[must_use]
    pub fn join(self, scopes: &[ScopeName]) -> String {
        let names: Vec<&str> = scopes.iter().map(ScopeName::as_str).collect();
        names.join(&self.character().to_string())
    }

    /// The scopes in an answer: split at this delimiter and at spaces (some providers ask for commas and
    /// answer with spaces). Pieces that are no scope are left out.
    #[must_use]
    pub fn split(self, text: &str) -> Vec<ScopeName> {
        text.split([' ', self.character()])
            .filter_map(|piece| piece.parse().ok())
            .collect()
    }

    /// The word used in forms and in JSON.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Space => "space",
            Self::Comma => "comma",
            Self::Plus => "plus",
        }
    }
}
impl FromStr for ScopeDelimiter {
    type Err = ScopeDelimiterError;
    fn from_str(text: &str) -> Result<Self, ScopeDelimiterError> {
        [Self::Space, Self::Comma, Self::Plus]
            .into_iter()
            .find(|d| d.word() == text)
            .ok_or(ScopeDelimiterError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joins_and_splits_by_the_service_delimiter() {
        let scopes: Vec<ScopeName> = ["ZohoCRM.modules.ALL", "user:read"]
            .iter()
            .map(|s| s.parse().unwrap())
            .collect();
        assert_eq!(
            ScopeDelimiter::Comma.join(&scopes),
            "ZohoCRM.modules.ALL,user:read"
        );
        assert_eq!(
            ScopeDelimiter::Comma.split("ZohoCRM.modules.ALL,user:read"),
            scopes
        );
        assert_eq!(
            ScopeDelimiter::Comma.split("ZohoCRM.modules.ALL user:read "),
            scopes
        );
        assert_eq!(ScopeDelimiter::Space.split("a,b"), vec!["a,b".parse().unwrap()]);
    }

    #[test]
    fn a_scope_is_one_token() {
        assert_eq!("a b".parse::<ScopeName>(), Err(ScopeNameError::Character));
        assert_eq!("a\"".parse::<ScopeName>(), Err(ScopeNameError::Character));
        assert_eq!("a\r\n".parse::<ScopeName>(), Err(ScopeNameError::Character));
        assert_eq!("".parse::<ScopeName>(), Err(ScopeNameError::Empty));
        assert!(
            "https://www.googleapis.com/auth/drive.readonly"
                .parse::<ScopeName>()
                .is_ok()
        );
    }
}
