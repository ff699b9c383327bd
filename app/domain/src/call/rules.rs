//! What the calls of a connection or of a key may do: methods and paths. Empty lists permit everything.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::Method;

/// Most patterns in one list.
pub const MOST_PATHS: usize = 50;
const LONGEST: usize = 500;

/// Methods and paths that calls may use. The host is decided by the service's allowed hosts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallRules {
    /// The methods; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Method>,
    /// Patterns of the path; empty for all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<PathPattern>,
}

/// A path of the provider, where `*` stands for one segment and `**` at the end for any number of them:
/// `/v2/users/*` and `/v2/reports/**`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathPattern(String);

/// Why a text is not a pattern; the text names the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathPatternError {
    /// It does not begin like a path.
    #[error("Start the path with a single /, such as /v2/users/*.")]
    Start,
    /// A star inside a segment, or `**` before the end.
    #[error("A * stands for a whole segment, and ** only at the end: /v2/users/* or /v2/reports/**.")]
    Star,
    /// A character that no path has in its normal form.
    #[error("Write the path in its plain form: no spaces, no ?, no #, no \\, no . or .. segments.")]
    Character,
    /// More than 500 characters.
    #[error("The path is too long: at most 500 characters.")]
    TooLong,
}

impl CallRules {
    /// Whether everything is permitted.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.methods.is_empty() && self.paths.is_empty()
    }

    /// Whether a call of this method and path is permitted. `path` is the path as it is sent, in the normal form of
    /// the WHATWG parser.
    #[must_use]
    pub fn permit(&self, method: Method, path: &str) -> bool {
        let method = self.methods.is_empty() || self.methods.contains(&method);
        method && (self.paths.is_empty() || self.permit_path(path))
    }

    /// An encoded slash or backslash is one segment here and may be two at the provider: no pattern covers it.
    fn permit_path(&self, path: &str) -> bool {
        let lower = path.to_ascii_lowercase();
        !lower.contains("%2f")
            && !lower.contains("%5c")
            && self.paths.iter().any(|pattern| pattern.covers(path))
    }
}

impl PathPattern {
    /// The pattern as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the pattern covers this path.
    #[must_use]
    pub fn covers(&self, path: &str) -> bool {
        let mut segments = path.split('/');
        for part in self.0.split('/') {
            if part == "**" {
                return segments.next().is_some();
            }
            match segments.next() {
                Some(segment) if part == segment || (part == "*" && !segment.is_empty()) => {}
                _ => return false,
            }
        }
        segments.next().is_none()
    }
}

impl FromStr for PathPattern {
    type Err = PathPatternError;
    fn from_str(text: &str) -> Result<Self, PathPatternError> {
        let text = text.trim_matches(' ');
        if !text.starts_with('/') || text.starts_with("//") {
            return Err(PathPatternError::Start);
        }
        if text.len() > LONGEST {
            return Err(PathPatternError::TooLong);
        }
        let plain =
            |b: u8| b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'\\' | b'"' | b'<' | b'>' | b'`');
        if !text.bytes().all(plain) || text.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(PathPatternError::Character);
        }
        let last = text.split('/').count() - 1;
        let good = |(at, part): (usize, &str)| match part {
            "*" => true,
            "**" => at == last,
            other => !other.contains('*'),
        };
        if text.split('/').enumerate().all(good) {
            Ok(Self(text.to_owned()))
        } else {
            Err(PathPatternError::Star)
        }
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for PathPattern {
    type Error = PathPatternError;
    fn try_from(text: String) -> Result<Self, PathPatternError> {
        text.parse()
    }
}
impl From<PathPattern> for String {
    fn from(pattern: PathPattern) -> Self {
        pattern.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(methods: &[Method], paths: &[&str]) -> CallRules {
        CallRules {
            methods: methods.to_vec(),
            paths: paths.iter().map(|path| path.parse().unwrap()).collect(),
        }
    }

    #[test]
    fn stars_stand_for_segments() {
        for (pattern, path, covered) in [
            ("/v2/users/*", "/v2/users/me", true),
            ("/v2/users/*", "/v2/users/", false),
            ("/v2/users/*", "/v2/users/me/keys", false),
            ("/v2/users/*/keys", "/v2/users/me/keys", true),
            ("/v2/reports/**", "/v2/reports/2026/11", true),
            ("/v2/reports/**", "/v2/reports/", true),
            ("/v2/reports/**", "/v2/reports", false),
            ("/v2/reports/**", "/v2/reportsx", false),
            ("/**", "/", true),
            ("/", "/", true),
            ("/", "/x", false),
        ] {
            assert_eq!(
                pattern.parse::<PathPattern>().unwrap().covers(path),
                covered,
                "{pattern} {path}"
            );
        }
    }

    #[test]
    fn what_is_not_a_pattern() {
        for (text, error) in [
            ("", PathPatternError::Start),
            ("users", PathPatternError::Start),
            ("//evil.example", PathPatternError::Start),
            ("/a*", PathPatternError::Star),
            ("/**/a", PathPatternError::Star),
            ("/a/../b", PathPatternError::Character),
            ("/a b", PathPatternError::Character),
            ("/a?b", PathPatternError::Character),
            ("/ä", PathPatternError::Character),
        ] {
            assert_eq!(text.parse::<PathPattern>(), Err(error), "{text}");
        }
    }

    #[test]
    fn both_lists_must_permit() {
        let reads = rules(&[Method::Get], &["/v2/users/*"]);
        assert!(reads.permit(Method::Get, "/v2/users/me"));
        assert!(!reads.permit(Method::Post, "/v2/users/me"));
        assert!(!reads.permit(Method::Get, "/v2/groups"));
        assert!(
            !reads.permit(Method::Get, "/v2/users/a%2Fb"),
            "two segments at the provider"
        );
        assert!(
            rules(&[], &[]).permit(Method::Delete, "/a%2Fb"),
            "open rules look at nothing"
        );
    }

    #[test]
    fn stored_and_read_back() {
        let given = rules(&[Method::Get, Method::Head], &["/a/**"]);
        let text = serde_json::to_string(&given).unwrap();
        assert_eq!(text, r#"{"methods":["GET","HEAD"],"paths":["/a/**"]}"#);
        assert_eq!(serde_json::from_str::<CallRules>(&text).unwrap(), given);
        assert!(serde_json::from_str::<CallRules>("{}").unwrap().is_open());
        assert!(serde_json::from_str::<CallRules>(r#"{"path": []}"#).is_err());
    }
}
