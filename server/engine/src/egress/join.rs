//! Putting a caller's path behind a service's base address.

use url::{Position, Url};

use super::origin::Origin;
use super::refusal::Refusal;

/// Appends `path`, which may bring a query, to the path of `base`: `https://api.example.com/v2` and `/users/me`
/// give `https://api.example.com/v2/users/me`. A query of the base gives way.
///
/// The path is appended as text and never resolved like a link, so `//evil.example` and `https://evil.example`
/// are only odd paths. What the parser would silently change (backslashes, tabs, line ends) is refused, and so
/// is every result with another origin or outside the base path.
pub fn join(base: &Url, path: &str) -> Result<Url, Refusal> {
    let origin = Origin::of(base).ok_or_else(|| Refusal::Scheme(base.scheme().to_owned()))?;
    let before_query = path.split(['?', '#']).next().unwrap_or_default();
    if path.chars().any(char::is_control) || before_query.contains('\\') {
        return Err(Refusal::PathCharacter);
    }
    let mut trunk = base[..Position::AfterPath].to_owned();
    if !trunk.ends_with('/') {
        trunk.push('/');
    }
    let joined = trunk.clone() + path.strip_prefix('/').unwrap_or(path);
    match Url::parse(&joined) {
        Ok(url) if Origin::of(&url).as_ref() == Some(&origin) && url.as_str().starts_with(&trunk) => Ok(url),
        _ => Err(Refusal::LeavesBase(origin)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(base: &str, path: &str) -> Result<String, Refusal> {
        join(&Url::parse(base).unwrap(), path).map(String::from)
    }

    #[test]
    fn appends() {
        for (base, path, whole) in [
            (
                "https://api.example.com/v2",
                "/users/me",
                "https://api.example.com/v2/users/me",
            ),
            (
                "https://api.example.com/v2/",
                "users/me?x=1&y",
                "https://api.example.com/v2/users/me?x=1&y",
            ),
            ("https://api.example.com", "", "https://api.example.com/"),
            (
                "https://api.example.com/v2?old=1#f",
                "a",
                "https://api.example.com/v2/a",
            ),
            (
                "https://api.example.com/v2",
                "//evil.example/x",
                "https://api.example.com/v2//evil.example/x",
            ),
            (
                "https://api.example.com/v2",
                "https://evil.example",
                "https://api.example.com/v2/https://evil.example",
            ),
            (
                "https://api.example.com",
                "@evil.example",
                "https://api.example.com/@evil.example",
            ),
            (
                "https://api.example.com:8443",
                ":80/x",
                "https://api.example.com:8443/:80/x",
            ),
            (
                "https://api.example.com/v2",
                "a/../b",
                "https://api.example.com/v2/b",
            ),
            (
                "https://api.example.com",
                "%2f%2fevil.example",
                "https://api.example.com/%2f%2fevil.example",
            ),
            (
                "https://api.example.com",
                "a?q=\\",
                "https://api.example.com/a?q=\\",
            ),
        ] {
            assert_eq!(joined(base, path).as_deref(), Ok(whole), "{base} {path}");
        }
    }

    #[test]
    fn refuses_what_leaves_the_base_or_is_not_what_it_seems() {
        for path in ["../admin", "/..", "a/../../b", "%2e%2e/b", ".%2E/b", "/./../b"] {
            assert!(
                matches!(
                    joined("https://api.example.com/v2", path),
                    Err(Refusal::LeavesBase(_))
                ),
                "{path}"
            );
        }
        for path in [
            "\\evil.example",
            "a\\..\\b",
            "a\tb",
            "a\nb",
            "a\r\nHost: evil",
            "a\0",
            "?q=\u{7f}",
            "?a\nb",
        ] {
            assert_eq!(
                joined("https://api.example.com/v2", path),
                Err(Refusal::PathCharacter),
                "{path:?}"
            );
        }
        assert!(matches!(
            joined("mailto:a@example.com", "x"),
            Err(Refusal::Scheme(_))
        ));
    }
}
