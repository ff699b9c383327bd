//! Email addresses as account names.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::single_line;

/// An address, lower-cased: one account an address, however it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// The text cannot be an email address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Type an email address such as ada@example.com.")]
pub struct EmailError;

impl Email {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = EmailError;
    /// Checks the shape only (one `@`, something on both sides, 254 characters): only a message that arrives
    /// proves an address.
    fn from_str(text: &str) -> Result<Self, EmailError> {
        let text = single_line(text, 254).map_err(|_| EmailError)?;
        let (local, host) = text.split_once('@').ok_or(EmailError)?;
        let odd = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | ',' | ';' | '@');
        if [local, host]
            .iter()
            .any(|part| part.is_empty() || part.contains(odd))
            || local.len() > 64
        {
            return Err(EmailError);
        }
        Ok(Self(text.to_lowercase()))
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Email {
    type Error = EmailError;
    fn try_from(text: String) -> Result<Self, EmailError> {
        text.parse()
    }
}
impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_one_form_an_address() {
        assert_eq!(
            " Ada@Example.com ".parse::<Email>().map(String::from),
            Ok("ada@example.com".into())
        );
        for wrong in [
            "",
            "ada",
            "@example.com",
            "ada@",
            "a@b@c",
            "a b@c",
            "a@b\r\nBcc: x@y",
            "<a@b>",
        ] {
            assert_eq!(wrong.parse::<Email>(), Err(EmailError), "{wrong:?}");
        }
    }
}
