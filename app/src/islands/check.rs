//! What is wrong with a value, by the parser that the server will use.

use std::{fmt::Display, str::FromStr};

use domain::{
    email::Email,
    form::account::check_new_password,
    host_template::HostTemplate,
    link_name::LinkName,
    member::{MemberPath, Predicate},
    name::Name,
    pairs::{OtherName, PairName, Pairs},
    scope::ScopeName,
    service::{field::FieldName, sample::SamplePath},
    template::Template,
    url::ProviderUrl,
    url_template::UrlTemplate,
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
    /// A URL with places for a connection's values; the server knows more about one without.
    UrlTemplate,
    /// The same, perhaps with the route of an application in the browser behind `#`.
    AuthorizeUrl,
    /// Hosts between commas or spaces.
    Hosts,
    /// A path below a base URL.
    Path,
    /// One scope.
    Scope,
    /// A text with places for values.
    Template,
    /// The name of a parameter or header.
    PairName,
    /// Names with templates, one pair a line.
    Pairs,
    /// Names with names of the callback's parameters.
    PairNames,
    /// Names with other names, which may be empty.
    OtherNames,
    /// Names with places in an answer.
    Members,
    /// A place in an answer.
    Member,
    /// A place in an answer and what stands there.
    Predicate,
    /// How templates call a connection field.
    FieldName,
}

/// Every kind with its word.
const WORDS: [(Kind, &str); 19] = [
    (Kind::Name, "name"),
    (Kind::LinkName, "link_name"),
    (Kind::Email, "email"),
    (Kind::Password, "password"),
    (Kind::Url, "url"),
    (Kind::UrlTemplate, "url_template"),
    (Kind::AuthorizeUrl, "authorize_url"),
    (Kind::Hosts, "hosts"),
    (Kind::Path, "path"),
    (Kind::Scope, "scope"),
    (Kind::Template, "template"),
    (Kind::PairName, "pair_name"),
    (Kind::Pairs, "pairs"),
    (Kind::PairNames, "pair_names"),
    (Kind::OtherNames, "other_names"),
    (Kind::Members, "members"),
    (Kind::Member, "member"),
    (Kind::Predicate, "predicate"),
    (Kind::FieldName, "field_name"),
];

impl Kind {
    /// The word in `data-check`.
    #[must_use]
    pub fn word(self) -> &'static str {
        WORDS
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, word)| word)
    }

    /// The kind of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        WORDS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(kind, _)| *kind)
    }

    /// Whether machines read it, not people.
    #[must_use]
    pub const fn is_for_machines(self) -> bool {
        !matches!(self, Self::Name | Self::Email | Self::Password)
    }

    /// Whether it is a URL, which is judged as soon as the typing pauses, and by the server as well.
    #[must_use]
    pub const fn is_url(self) -> bool {
        matches!(self, Self::Url | Self::UrlTemplate | Self::AuthorizeUrl)
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
            Self::UrlTemplate => parse::<UrlTemplate>(value),
            Self::AuthorizeUrl => parse::<UrlTemplate>(value.split("#/").next().unwrap_or_default()),
            Self::Hosts => value
                .split([',', ' ', '\n', '\r', '\t'])
                .filter(|host| !host.is_empty())
                .find_map(|host| parse::<HostTemplate>(host).map(|error| format!("{host}: {error}"))),
            Self::Path => parse::<SamplePath>(value),
            Self::Scope => parse::<ScopeName>(value),
            Self::Template => parse::<Template>(value),
            Self::PairName => parse::<PairName>(value),
            Self::Pairs => parse::<Pairs<Template>>(value),
            Self::PairNames => parse::<Pairs<PairName>>(value),
            Self::OtherNames => parse::<Pairs<OtherName>>(value),
            Self::Members => parse::<Pairs<MemberPath>>(value),
            Self::Member => parse::<MemberPath>(value),
            Self::Predicate => parse::<Predicate>(value),
            Self::FieldName => parse::<FieldName>(value),
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
            (
                Kind::UrlTemplate,
                "https://{shop.myshopify.com/admin",
                "https://{shop}.myshopify.com/admin",
            ),
            (
                Kind::AuthorizeUrl,
                "app.apollo.io/#/oauth",
                "https://app.apollo.io/#/oauth/authorize",
            ),
            (
                Kind::Hosts,
                "api.zoom.us *.com",
                "api.zoom.us, {shop}.myshopify.com",
            ),
            (Kind::Template, "Bearer {value", "Bearer {value}"),
            (Kind::PairName, "X Api", "X-Api-Key"),
            (Kind::Pairs, "prompt", "prompt=consent\naccess_type=offline"),
            (Kind::PairNames, "realm_id=a b", "realm_id=realmId"),
            (
                Kind::OtherNames,
                "client_id",
                "client_id=client_key\nresponse_type=",
            ),
            (Kind::Members, "dc=", "dc=dc\nbase=accounts.0.base_uri"),
            (Kind::Member, "data..token", "data.access_token"),
            (Kind::Predicate, "ok", "ok=true"),
            (Kind::FieldName, "Shop", "shop"),
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
