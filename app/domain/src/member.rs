//! Where something stands in a provider's answer: `data.access_token`, `accounts.0.base_uri`, `header:X-Token`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::single_line;

/// A path of members, or the name of a header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MemberPath(String);

/// The text cannot be such a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "Write the names from the outside in, with dots, such as data.access_token. Another text has no place here."
)]
pub struct MemberPathError;

/// What a header's name begins with.
const HEADER: &str = "header:";

impl MemberPath {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The header's name, where the value stands in one.
    #[must_use]
    pub fn header(&self) -> Option<&str> {
        self.0.strip_prefix(HEADER)
    }

    /// What stands at this path of an answer's body.
    #[must_use]
    pub fn find<'v>(&self, body: &'v Value) -> Option<&'v Value> {
        self.0
            .split('.')
            .try_fold(body, |value, name| match name.parse::<usize>() {
                Ok(index) if value.is_array() => value.get(index),
                _ => value.get(name),
            })
    }

    /// The same as text: numbers and booleans as JSON writes them.
    #[must_use]
    pub fn text(&self, body: &Value) -> Option<String> {
        match self.find(body)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(yes) => Some(yes.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

impl FromStr for MemberPath {
    type Err = MemberPathError;
    fn from_str(text: &str) -> Result<Self, MemberPathError> {
        let text = single_line(text, 200).map_err(|_| MemberPathError)?;
        let path = text.strip_prefix(HEADER).unwrap_or(text);
        let good = |c: char| !c.is_whitespace() && !matches!(c, '"' | '\\' | '{' | '}');
        if path.is_empty() || !path.chars().all(good) || path.split('.').any(str::is_empty) {
            return Err(MemberPathError);
        }
        Ok(Self(text.to_owned()))
    }
}
impl fmt::Display for MemberPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for MemberPath {
    type Error = MemberPathError;
    fn try_from(text: String) -> Result<Self, MemberPathError> {
        text.parse()
    }
}
impl From<MemberPath> for String {
    fn from(path: MemberPath) -> String {
        path.0
    }
}

/// What an answer says where it means success: `ok=true`, `code=0`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Predicate {
    path: MemberPath,
    wanted: String,
}

/// The text is no such condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Write a member and its value, such as ok=true.")]
pub struct PredicateError;

impl Predicate {
    /// Whether an answer says so; one that does not have the member does not deny it.
    #[must_use]
    pub fn holds(&self, body: &Value) -> bool {
        self.path.text(body).is_none_or(|text| text == self.wanted)
    }
}

impl FromStr for Predicate {
    type Err = PredicateError;
    fn from_str(text: &str) -> Result<Self, PredicateError> {
        let (path, wanted) = text.trim_matches(' ').split_once('=').ok_or(PredicateError)?;
        let wanted = single_line(wanted, 100).map_err(|_| PredicateError)?.to_owned();
        let path = path.trim_matches(' ').parse().map_err(|_| PredicateError)?;
        Ok(Self { path, wanted })
    }
}
impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.path, self.wanted)
    }
}
impl TryFrom<String> for Predicate {
    type Error = PredicateError;
    fn try_from(text: String) -> Result<Self, PredicateError> {
        text.parse()
    }
}
impl From<Predicate> for String {
    fn from(predicate: Predicate) -> String {
        predicate.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_by_names_and_positions() {
        let body = json!({"data": {"token": "t", "n": 7}, "list": [{"x": true}], "none": null});
        for (path, expected) in [
            ("data.token", Some("t")),
            ("data.n", Some("7")),
            ("list.0.x", Some("true")),
            ("list.1.x", None),
            ("none", None),
            ("data", None),
        ] {
            let path: MemberPath = path.parse().unwrap();
            assert_eq!(path.text(&body).as_deref(), expected, "{path}");
        }
        let header: MemberPath = "header:B1SESSION".parse().unwrap();
        assert_eq!(header.header(), Some("B1SESSION"));
        for wrong in ["", "a..b", ".a", "a b", "{a}", "header:"] {
            assert!(wrong.parse::<MemberPath>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn success_as_the_provider_says_it() {
        let ok: Predicate = "ok=true".parse().unwrap();
        assert!(ok.holds(&json!({"ok": true})) && ok.holds(&json!({})));
        assert!(!ok.holds(&json!({"ok": false})));
        let code: Predicate = "code = 0".parse().unwrap();
        assert!(code.holds(&json!({"code": 0})) && !code.holds(&json!({"code": 40001})));
        assert!("ok".parse::<Predicate>().is_err());
    }
}
