//! Text with places for values: `Bearer {value}`, `{shop}.myshopify.com`, `{api_domain|https://www.zohoapis.com}`.
//!
//! A place is a name in braces; what stands behind a bar is used where the value is missing. Which names exist is a
//! matter of where a template stands, and is checked there.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::{TextError, single_line};

/// Most characters of a template.
const MOST: usize = 2000;
/// Most characters of a name.
const LONGEST_NAME: usize = 50;

/// A text with places. Its own text parses to the same template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// As it is.
    Text(String),
    /// A place for a value.
    Value {
        /// Which value.
        name: String,
        /// What stands there without one.
        fallback: Option<String>,
    },
}

/// Why a text is no template; each message says what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// Empty, too long, or with characters that nobody sees.
    #[error("This {0}.")]
    Text(#[from] TextError),
    /// A brace without its other half.
    #[error("A brace is open. Write a value as {{name}}, or leave the brace out.")]
    Open,
    /// Something in braces that is no name.
    #[error("`{{{0}}}` is no value. Write a name of letters a to z, digits and _, such as {{shop}}.")]
    Name(String),
}

/// The longest text that comes out of a template, in bytes: a token of the longest kind, and something around it. A
/// value that stands in a template a hundred times must not become megabytes on each call.
const LONGEST_FILLED: usize = 72 * 1024;

/// No text comes out of a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfilled {
    /// A value that it needs is not there.
    #[error("the value {{{0}}} is missing")]
    Missing(String),
    /// Its values make it too long.
    #[error("with its values it is longer than 72 KiB")]
    TooLong,
}

impl Template {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// `{value}`: a value as it is.
    #[must_use]
    pub fn bare_value() -> Self {
        Self::of("{value}", vec![Piece::value("value")])
    }

    /// `{username}:{password}`: what HTTP Basic encodes.
    #[must_use]
    pub fn both_halves() -> Self {
        let colon = Piece::Text(":".into());
        let pieces = vec![Piece::value("username"), colon, Piece::value("password")];
        Self::of("{username}:{password}", pieces)
    }

    fn of(text: &str, pieces: Vec<Piece>) -> Self {
        let text = text.to_owned();
        Self { text, pieces }
    }

    /// The names of its values, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        names(&self.pieces)
    }

    /// The text with its values.
    ///
    /// # Errors
    /// [`Unfilled`]: a value that is missing and has no fallback, or a text that is too long.
    pub fn fill<'v>(&self, value_of: impl Fn(&str) -> Option<&'v str>) -> Result<String, Unfilled> {
        let mut filled = String::with_capacity(self.text.len());
        for piece in &self.pieces {
            filled.push_str(piece.filled(&value_of)?);
            if filled.len() > LONGEST_FILLED {
                return Err(Unfilled::TooLong);
            }
        }
        Ok(filled)
    }
}

impl Piece {
    fn value(name: &str) -> Self {
        Self::Value {
            name: name.to_owned(),
            fallback: None,
        }
    }

    /// What stands at this piece.
    pub(crate) fn filled<'p, 'v: 'p>(
        &'p self,
        value_of: &impl Fn(&str) -> Option<&'v str>,
    ) -> Result<&'p str, Unfilled> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Value { name, fallback } => value_of(name)
                .filter(|value| !value.is_empty())
                .or(fallback.as_deref())
                .ok_or_else(|| Unfilled::Missing(name.clone())),
        }
    }
}

pub(crate) fn names(pieces: &[Piece]) -> impl Iterator<Item = &str> {
    pieces.iter().filter_map(|piece| match piece {
        Piece::Value { name, .. } => Some(name.as_str()),
        Piece::Text(_) => None,
    })
}

/// Whether a text is the name of a value.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_lowercase())
        && text.len() <= LONGEST_NAME
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Takes a text apart.
pub(crate) fn pieces(text: &str) -> Result<Vec<Piece>, TemplateError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        let inside = from.strip_prefix('{').and_then(|after| after.split_once('}'));
        let (inside, after) = inside.ok_or(TemplateError::Open)?;
        if !before.is_empty() {
            pieces.push(Piece::Text(before.to_owned()));
        }
        let (name, fallback) = match inside.split_once('|') {
            Some((name, fallback)) => (name, Some(fallback.to_owned())),
            None => (inside, None),
        };
        if !is_name(name) || inside.contains('{') {
            return Err(TemplateError::Name(crate::text::quoted(inside, 40)));
        }
        let name = name.to_owned();
        pieces.push(Piece::Value { name, fallback });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    Ok(pieces)
}

impl FromStr for Template {
    type Err = TemplateError;
    fn from_str(text: &str) -> Result<Self, TemplateError> {
        let text = single_line(text, MOST)?;
        Ok(Self {
            text: text.to_owned(),
            pieces: pieces(text)?,
        })
    }
}
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
impl TryFrom<String> for Template {
    type Error = TemplateError;
    fn try_from(text: String) -> Result<Self, TemplateError> {
        text.parse()
    }
}
impl From<Template> for String {
    fn from(template: Template) -> String {
        template.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filled(text: &str) -> Result<String, Unfilled> {
        let template: Template = text.parse().unwrap();
        template.fill(|name| match name {
            "value" => Some("v"),
            "empty" => Some(""),
            _ => None,
        })
    }

    #[test]
    fn values_and_fallbacks() {
        assert_eq!(filled("Bearer {value}").unwrap(), "Bearer v");
        assert_eq!(filled("{value}{value}").unwrap(), "vv");
        assert_eq!(
            filled("{gone|https://a.example}/x").unwrap(),
            "https://a.example/x"
        );
        assert_eq!(filled("{empty|y}").unwrap(), "y", "an empty value is none");
        assert_eq!(filled("{gone|}").unwrap(), "", "a fallback may be nothing");
        assert_eq!(filled("{gone}"), Err(Unfilled::Missing("gone".into())));
    }

    #[test]
    fn ready_made_ones_are_what_they_say() {
        for ready in [Template::bare_value(), Template::both_halves()] {
            assert_eq!(ready.as_str().parse(), Ok(ready.clone()));
        }
    }

    #[test]
    fn what_is_no_template_says_why() {
        use TemplateError as E;
        for (text, error) in [
            ("a{", E::Open),
            ("a}", E::Open),
            ("}{", E::Open),
            ("{}", E::Name(String::new())),
            ("{Shop}", E::Name("Shop".into())),
            ("{a b}", E::Name("a b".into())),
            ("{a{b}}", E::Name("a{b".into())),
            ("", E::Text(TextError::Empty)),
            ("a\r\nb", E::Text(TextError::Invisible)),
        ] {
            assert_eq!(text.parse::<Template>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_template_is_its_own_text(text in "[ -~]{1,60}") {
            if let Ok(template) = text.parse::<Template>() {
                prop_assert_eq!(template.as_str().parse::<Template>(), Ok(template.clone()));
                prop_assert!(template.fill(|_| Some("x")).is_ok());
            }
        }
    }
}
