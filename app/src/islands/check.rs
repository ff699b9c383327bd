//! What is wrong with a value, by the parser that the server will use.

use std::{fmt::Display, str::FromStr};

use domain::{
    allowed_host::AllowedHost, email::Email, form::account::check_new_password, link_name::LinkName,
    name::Name, scope::ScopeName, service::sample::SamplePath, url::ProviderUrl,
};

/// The kinds of values that forms have, as their fields name them in `data-check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A display name.
    Name,
    /// A link name.
    LinkName,
    /// An email address.
    Email,
    /// A new password.
    Password,
    /// A URL of a provider; the server knows more about it.
    Url,
    /// Hosts between commas or spaces.
    Hosts,
    /// A path below a base URL.
    Path,
    /// One scope.
    Scope,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::LinkName,
        Self::Email,
        Self::Password,
        Self::Url,
        Self::Hosts,
        Self::Path,
        Self::Scope,
    ];

    /// The word in `data-check`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::LinkName => "link_name",
            Self::Email => "email",
            Self::Password => "password",
            Self::Url => "url",
            Self::Hosts => "hosts",
            Self::Path => "path",
            Self::Scope => "scope",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What is wrong with a value. An empty one is for the whole form to judge.
    #[must_use]
    pub fn complaint(self, value: &str) -> Option<String> {
        if value.trim().is_empty() {
            return None;
        }
        match self {
            Self::Name => parse::<Name>(value),
            Self::LinkName => parse::<LinkName>(value),
            Self::Email => parse::<Email>(value),
            Self::Password => check_new_password(value).err().map(|error| error.to_string()),
            Self::Url => parse::<ProviderUrl>(value),
            Self::Hosts => value
                .split([',', ' ', '\n', '\r', '\t'])
                .filter(|host| !host.is_empty())
                .find_map(|host| parse::<AllowedHost>(host).map(|error| format!("{host}: {error}"))),
            Self::Path => parse::<SamplePath>(value),
            Self::Scope => parse::<ScopeName>(value),
        }
    }
}

fn parse<T: FromStr<Err: Display>>(value: &str) -> Option<String> {
    value.parse::<T>().err().map(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_complains_and_is_content() {
        for (kind, wrong, right) in [
            (Kind::Name, "a\u{200b}b", "Zoom Meeting"),
            (Kind::LinkName, "Zoom", "zoom"),
            (Kind::Email, "ada", "ada@example.com"),
            (Kind::Password, "short", "correct horse battery"),
            (
                Kind::Url,
                "zoom.us/oauth",
                "https://zoom.us/oauth?access_type=offline",
            ),
            (Kind::Hosts, "api.zoom.us *.com", "api.zoom.us, *.zoom.us"),
            (Kind::Path, "users", "/users/me"),
            (Kind::Scope, "a b", "meeting:read"),
        ] {
            assert!(kind.complaint(wrong).is_some(), "{kind:?} {wrong}");
            assert_eq!(kind.complaint(right), None, "{kind:?} {right}");
            assert_eq!(kind.complaint(" "), None, "{kind:?}: empty is not judged here");
            assert_eq!(Kind::of(kind.word()), Some(kind));
        }
        assert_eq!(Kind::of("nonsense"), None);
    }
}
