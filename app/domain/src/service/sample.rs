//! The request that shows a connection at work.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::call::Method;

/// A path below the API base URL: starts with one `/`, no fragment, no step upwards, visible ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SamplePath(String);

/// The text cannot be such a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Type a path that starts with a single /, such as /users/me.")]
pub struct SamplePathError;

impl FromStr for SamplePath {
    type Err = SamplePathError;
    fn from_str(text: &str) -> Result<Self, SamplePathError> {
        let text = text.trim_matches(' ');
        let path = text.split('?').next().unwrap_or_default();
        let climbs = path.split('/').any(|part| {
            let part = part.to_ascii_lowercase().replace("%2e", ".");
            part == "." || part == ".."
        });
        let good = text.starts_with('/')
            && !text.starts_with("//")
            && text.len() <= 1000
            && text
                .bytes()
                .all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#')
            && !climbs;
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(SamplePathError)
        }
    }
}
impl fmt::Display for SamplePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for SamplePath {
    type Error = SamplePathError;
    fn try_from(text: String) -> Result<Self, SamplePathError> {
        text.parse()
    }
}
impl From<SamplePath> for String {
    fn from(path: SamplePath) -> String {
        path.0
    }
}

/// What a snippet calls below the API base URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SampleRequest {
    /// The method.
    #[serde(rename = "type", default)]
    pub method: Method,
    /// The path.
    pub path: SamplePath,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_below_the_base() {
        for good in ["/users/me", "/v2/items?limit=1&q=a%20b", "/"] {
            assert!(good.parse::<SamplePath>().is_ok(), "{good}");
        }
        for wrong in [
            "",
            "users",
            "//evil.example",
            "/a/../b",
            "/%2e%2E/b",
            "/a\\b",
            "/a b",
            "/a\r\nX: y",
            "/#x",
            "@evil",
        ] {
            assert_eq!(wrong.parse::<SamplePath>(), Err(SamplePathError), "{wrong:?}");
        }
    }
}
