//! Putting a caller's path behind a service's base address.

use url::Url;

use super::origin::Origin;
use super::refusal::Refusal;

/// Appends `path`, which may bring a query, to the path of `base`: `https://api.example.com/v2` and `/users/me`
/// give `https://api.example.com/v2/users/me`. A query of the base gives way, a fragment is dropped.
///
/// The path is appended as text and never resolved like a link, so `//evil.example` and `https://evil.example`
/// are only odd paths; scheme, host and port are not even parsed again. What the parser would silently change
/// (backslashes, tabs, line ends) is refused, and so is every result outside the base path.
pub fn join(base: &Url, path: &str) -> Result<Url, Refusal> {
    let scheme = || Refusal::Scheme(base.scheme().to_owned());
    if !matches!(base.scheme(), "http" | "https") {
        return Err(scheme());
    }
    let path = path.split('#').next().unwrap_or_default();
    let (before_query, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    if path.chars().any(char::is_control) || before_query.contains('\\') {
        return Err(Refusal::PathCharacter);
    }
    let mut trunk = base.path().to_owned();
    if !trunk.ends_with('/') {
        trunk.push('/');
    }
    let joined = trunk.clone() + before_query.strip_prefix('/').unwrap_or(before_query);
    let mut url = base.clone();
    url.set_fragment(None);
    url.set_path(&joined);
    url.set_query(query);
    if url.path().starts_with(&trunk) {
        Ok(url)
    } else {
        Err(Refusal::LeavesBase(Origin::of(base).ok_or_else(scheme)?))
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
