//! URLs of a provider: shape only. Which hosts, ports and private addresses are allowed is the operator's
//! policy, which the server knows (`engine::egress`).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use url::Url;

/// An absolute http(s) URL with a host and without user name, password or fragment. Its query is kept
/// (`?access_type=offline`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderUrl(Url);

/// Why a URL was refused; each message says what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProviderUrlError {
    /// Nothing was typed.
    #[error("Type the full URL, starting with https://.")]
    Empty,
    /// More than 2048 characters.
    #[error("A URL has at most 2048 characters.")]
    TooLong,
    /// A line break, a space or another character that browsers silently drop.
    #[error("A URL has no spaces or line breaks.")]
    Space,
    /// A backslash is read as a slash by browsers, and as something else by others.
    #[error("A URL has no backslash. Use /.")]
    Backslash,
    /// The parser cannot read it, or it has no host.
    #[error("This is not a full URL. It looks like https://provider.example/path.")]
    Unreadable,
    /// Any scheme other than http and https.
    #[error("`{0}:` is not supported. Begin with https://, such as https://provider.example/path.")]
    Scheme(String),
    /// A user name or password before the host.
    #[error("Leave the user name and password out of the URL.")]
    UserInfo,
    /// A `#fragment`, which is never sent to a server.
    #[error("Leave out the part from # on: it is never sent.")]
    Fragment,
}

impl ProviderUrl {
    /// The parsed URL.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.0
    }
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
    /// The host as text, brackets included for IPv6.
    #[must_use]
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl FromStr for ProviderUrl {
    type Err = ProviderUrlError;
    fn from_str(raw: &str) -> Result<Self, ProviderUrlError> {
        let text = raw.trim_matches(' ');
        if text.is_empty() {
            return Err(ProviderUrlError::Empty);
        }
        if text.len() > 2048 {
            return Err(ProviderUrlError::TooLong);
        }
        if text
            .chars()
            .any(|c| c.is_whitespace() || crate::text::is_invisible(c))
        {
            return Err(ProviderUrlError::Space);
        }
        if text.contains('\\') {
            return Err(ProviderUrlError::Backslash);
        }
        let url = Url::parse(text).map_err(|_| ProviderUrlError::Unreadable)?;
        match url.scheme() {
            "https" | "http" => {}
            other => return Err(ProviderUrlError::Scheme(crate::text::quoted(other, 20))),
        }
        if !url.has_host() || !text.contains("//") {
            return Err(ProviderUrlError::Unreadable);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ProviderUrlError::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(ProviderUrlError::Fragment);
        }
        Ok(Self(url))
    }
}
impl fmt::Display for ProviderUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str())
    }
}
impl TryFrom<String> for ProviderUrl {
    type Error = ProviderUrlError;
    fn try_from(text: String) -> Result<Self, ProviderUrlError> {
        text.parse()
    }
}
impl From<ProviderUrl> for String {
    fn from(url: ProviderUrl) -> String {
        url.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_query_and_normalizes_the_host() {
        let url: ProviderUrl = "https://Accounts.Zoho.com/oauth/v2/auth?access_type=offline"
            .parse()
            .unwrap();
        assert_eq!(
            url.as_str(),
            "https://accounts.zoho.com/oauth/v2/auth?access_type=offline"
        );
        assert_eq!(url.host(), "accounts.zoho.com");
    }

    #[test]
    fn refuses_each_hostile_shape_by_name() {
        use ProviderUrlError as E;
        for (text, error) in [
            ("", E::Empty),
            ("zoom.us/oauth", E::Unreadable),
            ("https:zoom.us", E::Unreadable),
            ("https://", E::Unreadable),
            ("javascript:alert(1)", E::Scheme("javascript".into())),
            ("file:///etc/passwd", E::Scheme("file".into())),
            ("https://user:pw@zoom.us/", E::UserInfo),
            ("https://zoom.us@evil.example/", E::UserInfo),
            ("https://zoom.us/#x", E::Fragment),
            ("https://zoom.us/\r\nHost: evil", E::Space),
            ("https:\\\\zoom.us/", E::Backslash),
        ] {
            assert_eq!(text.parse::<ProviderUrl>(), Err(error), "{text}");
        }
        assert_eq!(
            format!("https://a.example/{}", "x".repeat(2048)).parse::<ProviderUrl>(),
            Err(E::TooLong)
        );
    }
}
