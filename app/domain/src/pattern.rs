//! A regular expression that a value must match as a whole. Browsers judge it by themselves (the `pattern` attribute of
//! a field), so that the bundle carries no engine for it; everywhere else it is judged here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::single_line;

/// Most characters.
const MOST: usize = 200;

/// An expression in the syntax that JavaScript and `regex` share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Pattern(String);

/// The text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This is no regular expression. Write one such as [a-z0-9-]+, or leave it empty.")]
pub struct PatternError;

impl Pattern {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the whole value matches. In the browser, which judges by itself, everything does.
    #[must_use]
    pub fn matches(&self, value: &str) -> bool {
        matches(&self.0, value).unwrap_or(false)
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn matches(pattern: &str, value: &str) -> Option<bool> {
    // Alone first: brackets that only balance inside ours would change what "the whole" means.
    built(pattern)?;
    built(&format!("^(?:{pattern})$")).map(|regex| regex.is_match(value))
}

#[cfg(not(target_arch = "wasm32"))]
fn built(pattern: &str) -> Option<regex_lite::Regex> {
    regex_lite::RegexBuilder::new(pattern)
        .size_limit(1 << 18)
        .build()
        .ok()
}

#[cfg(target_arch = "wasm32")]
const fn matches(_: &str, _: &str) -> Option<bool> {
    Some(true)
}

impl FromStr for Pattern {
    type Err = PatternError;
    fn from_str(text: &str) -> Result<Self, PatternError> {
        let text = single_line(text, MOST).map_err(|_| PatternError)?;
        matches(text, "").ok_or(PatternError)?;
        Ok(Self(text.to_owned()))
    }
}
impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Pattern {
    type Error = PatternError;
    fn try_from(text: String) -> Result<Self, PatternError> {
        text.parse()
    }
}
impl From<Pattern> for String {
    fn from(pattern: Pattern) -> String {
        pattern.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_value_matches() {
        let pattern: Pattern = "a|b+".parse().unwrap();
        assert!(pattern.matches("a") && pattern.matches("bb"));
        assert!(!pattern.matches("ac") && !pattern.matches("xa") && !pattern.matches("a\nx"));
        for wrong in ["(", "[a", "", "a)|(b"] {
            assert!(wrong.parse::<Pattern>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_pattern_cannot_run_away() {
        assert!("(a{1,900}){1,900}".parse::<Pattern>().is_err());
        let slow: Pattern = "(a+)+b".parse().unwrap();
        assert!(!slow.matches(&"a".repeat(400)));
    }
}
