//! What a connection is asked for beside consent: a Slack workspace, a Zoho data centre, a Shopify shop. Its value can
//! stand in every URL and parameter of the service, as `{name}`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::choice::choices;
use crate::{
    pattern::Pattern,
    template::is_name,
    text::{TextError, single_line},
};

/// Most characters of a value.
const LONGEST: usize = 500;

/// What a value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Any one line.
    #[default]
    Text,
    /// One part of a host name: letters, digits and hyphens.
    Subdomain,
    /// A host name.
    Host,
    /// Digits.
    Number,
}

choices! {
    FieldKind {
        Text = "text" "Text",
        Subdomain = "subdomain" "Part of a host name",
        Host = "host" "Host name",
        Number = "number" "Number",
    }
}

/// A field of connections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionField {
    /// How templates call it.
    pub name: FieldName,
    /// What people read beside it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// A sentence below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// What a value looks like.
    #[serde(default)]
    pub kind: FieldKind,
    /// What a value looks like beyond that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    /// The only values there are, each with words for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<FieldChoice>,
    /// The value where nobody types one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub default: String,
    /// What is shown before the field (`https://`); taken off a value that somebody pasted with it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    /// What is shown behind it (`.slack.com`); taken off likewise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// Whether it is stored sealed and never shown again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
    /// Whether it may be left empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// One of several values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChoice {
    /// What stands in templates.
    pub value: String,
    /// What people read; the value where nobody wrote anything.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// The name of a field: a to z, digits and _.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldName(String);

/// The text is no such name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no name. A name has only the letters a to z, digits and _, and starts with a letter, such as shop."
)]
pub struct FieldNameError(String);

/// Why a value was refused. Each is a sentence for the person who types it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldValueError {
    /// Nothing was typed.
    #[error("Fill this in.")]
    Missing,
    /// Too long, or with characters that nobody sees.
    #[error("This {0}.")]
    Text(#[from] TextError),
    /// None of the choices.
    #[error("Choose one of the offered values.")]
    Choice,
    /// Not of its kind.
    #[error("Type letters, digits and hyphens only, such as my-company.")]
    Subdomain,
    /// Not of its kind.
    #[error("Type a host name alone, such as my-company.example.com, without https:// and without a path.")]
    Host,
    /// Not of its kind.
    #[error("Type digits only.")]
    Number,
    /// Not as the service wants it.
    #[error("This is not how the service writes it{0}.")]
    Pattern(String),
}

impl FieldName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FromStr for FieldName {
    type Err = FieldNameError;
    fn from_str(text: &str) -> Result<Self, FieldNameError> {
        let text = text.trim_matches(' ');
        if is_name(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(FieldNameError(crate::text::quoted(text, 40)))
        }
    }
}
impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for FieldName {
    type Error = FieldNameError;
    fn try_from(text: String) -> Result<Self, FieldNameError> {
        text.parse()
    }
}
impl From<FieldName> for String {
    fn from(name: FieldName) -> String {
        name.0
    }
}

impl FieldChoice {
    /// What people read.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.label.is_empty() {
            &self.value
        } else {
            &self.label
        }
    }
}

impl ConnectionField {
    /// What people read beside it.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.label.is_empty() {
            self.name.as_str()
        } else {
            &self.label
        }
    }

    /// Reads a value as it was typed; None where the field may be empty and is.
    ///
    /// # Errors
    /// [`FieldValueError`].
    pub fn read(&self, typed: &str) -> Result<Option<String>, FieldValueError> {
        let typed = typed.trim_matches([' ', '\t']);
        let typed = typed.strip_prefix(self.prefix.as_str()).unwrap_or(typed);
        let typed = typed.strip_suffix(self.suffix.as_str()).unwrap_or(typed);
        let typed = if typed.is_empty() {
            self.default.as_str()
        } else {
            typed
        };
        if typed.is_empty() {
            return if self.optional {
                Ok(None)
            } else {
                Err(FieldValueError::Missing)
            };
        }
        let value = single_line(typed, LONGEST)?;
        self.check(value)?;
        Ok(Some(value.to_owned()))
    }

    fn check(&self, value: &str) -> Result<(), FieldValueError> {
        if !self.choices.is_empty() {
            let offered = self.choices.iter().any(|choice| choice.value == value);
            return if offered {
                Ok(())
            } else {
                Err(FieldValueError::Choice)
            };
        }
        let label = |text: &str| {
            (1..=63).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !text.starts_with('-')
                && !text.ends_with('-')
        };
        match self.kind {
            FieldKind::Subdomain if !label(value) => return Err(FieldValueError::Subdomain),
            FieldKind::Host if !(value.contains('.') && value.split('.').all(label)) => {
                return Err(FieldValueError::Host);
            }
            FieldKind::Number if !value.bytes().all(|b| b.is_ascii_digit()) => {
                return Err(FieldValueError::Number);
            }
            _ => {}
        }
        match &self.pattern {
            Some(pattern) if !pattern.matches(value) => {
                let help = if self.help.is_empty() {
                    String::new()
                } else {
                    format!(": {}", self.help.trim_end_matches('.'))
                };
                Err(FieldValueError::Pattern(help))
            }
            _ => Ok(()),
        }
    }

    /// Whether its values cannot be chosen freely: good for a whole host.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        !self.choices.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(json: &str) -> ConnectionField {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_is_pasted_whole_is_taken_apart() {
        let workspace = field(
            r#"{"name": "workspace", "kind": "subdomain", "prefix": "https://", "suffix": ".slack.com"}"#,
        );
        for typed in ["acme", "https://acme.slack.com", " acme.slack.com "] {
            assert_eq!(workspace.read(typed), Ok(Some("acme".into())), "{typed}");
        }
        assert_eq!(workspace.read(""), Err(FieldValueError::Missing));
        for wrong in ["a.b", "a/b", "-a", "evil.example#"] {
            assert_eq!(workspace.read(wrong), Err(FieldValueError::Subdomain), "{wrong}");
        }
        assert!(workspace.read("a\r\nb").is_err());
    }

    #[test]
    fn choices_kinds_and_patterns() {
        let centre = field(
            r#"{"name": "dc", "choices": [{"value": "com", "label": "United States"}, {"value": "eu"}], "default": "com"}"#,
        );
        assert_eq!(centre.read(""), Ok(Some("com".into())));
        assert_eq!(centre.read("evil"), Err(FieldValueError::Choice));
        let account =
            field(r#"{"name": "account", "pattern": "AC[0-9a-f]{4}", "help": "It begins with AC."}"#);
        assert_eq!(account.read("AC12ef"), Ok(Some("AC12ef".into())));
        let error = account.read("xAC12efx").unwrap_err().to_string();
        assert_eq!(error, "This is not how the service writes it: It begins with AC.");
        let number = field(r#"{"name": "n", "kind": "number", "optional": true}"#);
        assert_eq!(number.read(" "), Ok(None));
        assert_eq!(number.read("7a"), Err(FieldValueError::Number));
        let host = field(r#"{"name": "h", "kind": "host"}"#);
        assert!(host.read("a.example.com").is_ok() && host.read("localhost").is_err());
    }
}
