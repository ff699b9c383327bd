//! URLs of a provider with places for values: `https://{shop}.myshopify.com/admin`, `{instance_url}/services/data`.
//!
//! A value can never be more than the part it stands in. In the host it is letters, digits, dots and hyphens; in a path
//! it is one segment or a part of one; in a query it is a part of a value. Only where a template begins with it is a
//! value a whole address, and that must be `https` (or what the operator allows) with nothing but a path behind it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    call::fill::encode,
    template::{self, Piece, TemplateError, Unfilled},
    url::{ProviderUrl, ProviderUrlError},
};

/// A URL, with or without places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct UrlTemplate {
    text: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Plain(ProviderUrl),
    Places(Vec<Piece>),
}

/// Why a text is no URL of a provider.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlTemplateError {
    /// Its shape, with something in every place.
    #[error(transparent)]
    Url(#[from] ProviderUrlError),
    /// Its places.
    #[error(transparent)]
    Template(#[from] TemplateError),
}

/// Why a template did not become a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UrlFillError {
    /// A value is missing.
    #[error(transparent)]
    Unfilled(#[from] Unfilled),
    /// A value cannot stand where it would.
    #[error("the value {{{0}}} cannot stand in this URL")]
    Value(String),
    /// The whole is no URL.
    #[error("with its values it is no URL: {0}")]
    Url(#[from] ProviderUrlError),
}

/// Where in a URL the next piece stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Start,
    Host,
    Rest,
}

impl Part {
    /// The part at the end of a text that begins a URL.
    fn after(text: &str) -> Self {
        match text.split_once("//") {
            None if text.is_empty() => Self::Start,
            Some((_, host)) if !host.contains(['/', '?', '#']) => Self::Host,
            _ => Self::Rest,
        }
    }
}

impl UrlTemplate {
    /// The URL, where it has no places.
    #[must_use]
    pub const fn plain(&self) -> Option<&ProviderUrl> {
        match &self.kind {
            Kind::Plain(url) => Some(url),
            Kind::Places(_) => None,
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The names of its values.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        template::names(self.pieces())
    }

    /// The names of the values that decide which host it leads to.
    #[must_use]
    pub fn host_names(&self) -> Vec<&str> {
        let mut before = String::new();
        let mut names = Vec::new();
        for piece in self.pieces() {
            match piece {
                Piece::Text(text) => before.push_str(text),
                Piece::Value { name, .. } => {
                    match Part::after(&before) {
                        Part::Start => {
                            names.push(name.as_str());
                            before.push_str("https://x");
                        }
                        Part::Host => {
                            names.push(name.as_str());
                            before.push('x');
                        }
                        Part::Rest => return names,
                    };
                }
            }
        }
        names
    }

    /// Scheme and host as they are written, places included: what decides where a secret goes.
    #[must_use]
    pub fn origin(&self) -> String {
        if let Kind::Plain(url) = &self.kind {
            return url.as_url().origin().ascii_serialization();
        }
        let from = if self.text.starts_with('{') {
            self.text.find('}').unwrap_or(0)
        } else {
            self.text.find("//").map_or(0, |at| at + 2)
        };
        let end = self.text[from..].find(['/', '?', '#']);
        self.text[..end.map_or(self.text.len(), |at| from + at)].to_ascii_lowercase()
    }

    /// What people read as its provider: the host as it is written.
    #[must_use]
    pub fn host(&self) -> String {
        match &self.kind {
            Kind::Plain(url) => url.host().to_owned(),
            Kind::Places(_) => self.origin().trim_start_matches("https://").to_owned(),
        }
    }

    /// The fixed domain behind a place in the host, such as `myshopify.com`; None where a value is the whole host, or
    /// the whole beginning of the address: that one may bring a path of its own, and what stands behind is no host.
    #[must_use]
    pub fn fixed_domain(&self) -> Option<String> {
        let origin = self.origin();
        if origin.starts_with('{') {
            return None;
        }
        let behind = origin.rsplit_once('}')?.1.split(':').next()?;
        let domain = behind.strip_prefix('.')?;
        domain.contains('.').then(|| domain.to_owned())
    }

    /// The URL with its values.
    ///
    /// # Errors
    /// [`UrlFillError`] names the value that is missing or cannot stand there.
    pub fn fill<'v>(&self, value_of: impl Fn(&str) -> Option<&'v str>) -> Result<ProviderUrl, UrlFillError> {
        let pieces = match &self.kind {
            Kind::Plain(url) => return Ok(url.clone()),
            Kind::Places(pieces) => pieces,
        };
        let mut text = String::new();
        for piece in pieces {
            let filled = piece.filled(&value_of)?;
            match piece {
                Piece::Text(_) => text.push_str(filled),
                Piece::Value { name, .. } => push(&mut text, name, filled)?,
            }
        }
        Ok(text.parse()?)
    }

    fn pieces(&self) -> &[Piece] {
        match &self.kind {
            Kind::Plain(_) => &[],
            Kind::Places(pieces) => pieces,
        }
    }
}

/// Puts a value where the text ends.
fn push(text: &mut String, name: &str, value: &str) -> Result<(), UrlFillError> {
    let wrong = || UrlFillError::Value(name.to_owned());
    match Part::after(text) {
        Part::Start => {
            let address: ProviderUrl = value.parse().map_err(|_| wrong())?;
            if address.as_url().query().is_some() {
                return Err(wrong());
            }
            text.push_str(address.as_str().trim_end_matches('/'));
        }
        Part::Host => {
            let good = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'.';
            if !value.bytes().all(good) || value.starts_with(['.', '-']) || value.ends_with(['.', '-']) {
                return Err(wrong());
            }
            text.push_str(value);
        }
        Part::Rest if matches!(value, "." | "..") => return Err(wrong()),
        Part::Rest => encode(text, value),
    }
    Ok(())
}

impl FromStr for UrlTemplate {
    type Err = UrlTemplateError;
    fn from_str(raw: &str) -> Result<Self, UrlTemplateError> {
        let text = raw.trim_matches(' ');
        if !text.contains(['{', '}']) {
            let url: ProviderUrl = text.parse()?;
            return Ok(Self {
                text: url.as_str().to_owned(),
                kind: Kind::Plain(url),
            });
        }
        // Length and characters that nobody sees are judged before anything is taken apart.
        let _: template::Template = text.parse()?;
        let template = Self {
            text: text.to_owned(),
            kind: Kind::Places(template::pieces(text)?),
        };
        let whole = template
            .text
            .starts_with('{')
            .then(|| template.names().next())
            .flatten();
        let example = |name: &str| {
            Some(if Some(name) == whole {
                "https://x.example"
            } else {
                "x"
            })
        };
        match template.fill(example) {
            Ok(_) => Ok(template),
            Err(UrlFillError::Url(error)) => Err(error.into()),
            // A fallback that could not stand in its place.
            Err(_) => Err(ProviderUrlError::Unreadable.into()),
        }
    }
}
impl fmt::Display for UrlTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl TryFrom<String> for UrlTemplate {
    type Error = UrlTemplateError;
    fn try_from(text: String) -> Result<Self, UrlTemplateError> {
        text.parse()
    }
}
impl From<UrlTemplate> for String {
    fn from(template: UrlTemplate) -> String {
        template.text
    }
}
impl From<ProviderUrl> for UrlTemplate {
    fn from(url: ProviderUrl) -> Self {
        Self {
            text: url.as_str().to_owned(),
            kind: Kind::Plain(url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn template(text: &str) -> UrlTemplate {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }
    fn filled(text: &str, value: &str) -> Result<String, UrlFillError> {
        let url = template(text).fill(|_| Some(value))?;
        Ok(url.as_str().to_owned())
    }

    #[test]
    fn a_value_is_never_more_than_its_part() {
        assert_eq!(
            filled("https://{shop}.myshopify.com/admin", "ada-shop").unwrap(),
            "https://ada-shop.myshopify.com/admin"
        );
        for hostile in [
            "evil.example/",
            "evil.example#",
            "a@b",
            "a:443",
            "",
            "a b",
            "a\\",
            ".a",
            "a?",
        ] {
            assert!(
                filled("https://{shop}.myshopify.com/admin", hostile).is_err(),
                "{hostile}"
            );
        }
        assert_eq!(
            filled("https://a.example/{x}/y?z={x}", "a/b&c").unwrap(),
            "https://a.example/a%2Fb%26c/y?z=a%2Fb%26c"
        );
        assert!(filled("https://a.example/{x}/y", "..").is_err());
    }

    #[test]
    fn a_whole_address_stands_at_the_beginning_only() {
        assert_eq!(
            filled("{instance_url}/services", "https://na1.salesforce.com/").unwrap(),
            "https://na1.salesforce.com/services"
        );
        for hostile in [
            "javascript:alert(1)",
            "https://a@b",
            "https://a.example/?x=1",
            "x",
        ] {
            assert!(filled("{instance_url}/services", hostile).is_err(), "{hostile}");
        }
        let fallback = template("{api_domain|https://www.zohoapis.com}/crm");
        assert_eq!(
            fallback.fill(|_| None).unwrap().as_str(),
            "https://www.zohoapis.com/crm"
        );
    }

    #[test]
    fn what_decides_the_host() {
        for (text, origin, names, fixed) in [
            ("https://a.example/x?y={z}", "https://a.example", vec![], None),
            (
                "https://{shop}.myshopify.com/{x}",
                "https://{shop}.myshopify.com",
                vec!["shop"],
                Some("myshopify.com"),
            ),
            (
                "https://accounts.{dc}/o",
                "https://accounts.{dc}",
                vec!["dc"],
                None,
            ),
            ("{base}/x", "{base}", vec!["base"], None),
            (
                "{base|https://a.example/y}/x",
                "{base|https://a.example/y}",
                vec!["base"],
                None,
            ),
        ] {
            let template = template(text);
            assert_eq!(template.origin(), origin);
            assert_eq!(template.host_names(), names);
            assert_eq!(template.fixed_domain().as_deref(), fixed);
        }
    }

    #[test]
    fn shapes_are_refused_as_before() {
        for text in [
            "",
            "zoom.us",
            "javascript:{x}",
            "https://{x",
            "https://u@{x}.a.example/",
            "http{x}://a",
        ] {
            assert!(text.parse::<UrlTemplate>().is_err(), "{text}");
        }
        assert_eq!(template("https://Zoom.us/a").plain().unwrap().host(), "zoom.us");
    }

    proptest! {
        #[test]
        fn no_value_changes_a_fixed_host(value in "\\PC{0,30}") {
            for text in ["https://a.example/{x}", "https://a.example/?q={x}&r=1", "https://a.example/b{x}c/d"] {
                if let Ok(url) = template(text).fill(|_| Some(&value)) {
                    prop_assert_eq!(url.host(), "a.example");
                }
            }
            if let Ok(url) = template("https://{x}.b.example/").fill(|_| Some(&value)) {
                prop_assert!(url.host().ends_with(".b.example"));
            }
        }
    }
}
