//! Forms: what was typed, what is wrong with it, and the parser of each form.
//!
//! A form is a list of name-value pairs, as the browser posts them, with or without WASM. A parser turns them
//! into a typed value or into every field error at once; what was typed stays as it was, so that a page can
//! show it again. Secrets are never part of a typed value: the server takes them out of the fields itself.
//!
//! # Layout
//! - [`Fields`], [`FieldErrors`], [`Check`]: the mechanism
//! - [`account`], [`service`], [`connection`], [`key`], [`try_it`]: one file a form

use std::{fmt::Display, str::FromStr};

use serde::{Deserialize, Serialize};

pub mod account;
pub mod connection;
pub mod key;
pub mod service;
pub mod try_it;

/// Name-value pairs in the order of the form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads an `application/x-www-form-urlencoded` body.
    #[must_use]
    pub fn read(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a field, empty where it is absent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }

    /// Every value of a repeated field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// Whether the form was posted with this field at all (an unticked box is not).
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// The first field that is none of these.
    #[must_use]
    pub fn stranger(&self, known: &[&str]) -> Option<&str> {
        let mut names = self.0.iter().map(|(name, _)| name.as_str());
        names.find(|name| !known.contains(name))
    }

    /// Adds a value, keeping earlier ones of that name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// Removes a field and returns its first value: for secrets, so that no page shows them again.
    pub fn take(&mut self, name: &str) -> String {
        let value = self.get(name).to_owned();
        self.0.retain(|(n, _)| n != name);
        value
    }
}

/// Prints names only: a value may be a secret that was typed into the wrong field.
impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

/// What is wrong with one field, in a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form and in JSON; empty for the form as a whole.
    pub field: String,
    /// The sentence.
    pub message: String,
}

/// Everything that is wrong with a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FieldErrors {
    /// One error of one field.
    #[must_use]
    pub fn one(field: &str, message: impl Display) -> Self {
        let mut errors = Self::default();
        errors.add(field, message);
        errors
    }

    /// Adds an error.
    pub fn add(&mut self, field: &str, message: impl Display) {
        self.0.push(FieldError {
            field: field.to_owned(),
            message: message.to_string(),
        });
    }

    /// The sentence for a field, where there is one.
    #[must_use]
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|e| e.field == field)
            .map(|e| e.message.as_str())
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads typed values out of fields and collects what is wrong on the way.
pub struct Check<'a> {
    fields: &'a Fields,
    errors: FieldErrors,
}

impl<'a> Check<'a> {
    /// Starts on the fields of a form.
    #[must_use]
    pub fn new(fields: &'a Fields) -> Self {
        Self {
            fields,
            errors: FieldErrors::default(),
        }
    }

    /// A value that must be there; its parser words the error, absence included.
    pub fn required<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        match self.fields.get(name).parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.add(name, error);
                None
            }
        }
    }

    /// A value that may be left empty.
    pub fn optional<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        if self.fields.get(name).trim().is_empty() {
            None
        } else {
            self.required(name)
        }
    }

    /// A choice that falls back to its default where the form does not ask for it.
    pub fn choice<T: FromStr<Err: Display> + Default>(&mut self, name: &str) -> T {
        self.optional(name).unwrap_or_default()
    }

    /// The fields themselves.
    #[must_use]
    pub const fn fields(&self) -> &'a Fields {
        self.fields
    }

    /// Adds an error of its own.
    pub fn error(&mut self, field: &str, message: impl Display) {
        self.errors.add(field, message);
    }

    /// The value where everything was right.
    ///
    /// # Errors
    /// All that was wrong. A value that is None without an error is a mistake of the parser's author and is
    /// reported on the form as a whole.
    pub fn finish<T>(mut self, value: Option<T>) -> Result<T, FieldErrors> {
        match value {
            Some(value) if self.errors.is_empty() => Ok(value),
            _ => {
                if self.errors.is_empty() {
                    self.errors
                        .add("", "The form could not be read. Reload the page and try again.");
                }
                Err(self.errors)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_repeated_fields_and_takes_secrets_out() {
        let mut fields = Fields::read(b"scope=a&scope=b+c&password=hunter2&name=%3Cscript%3E");
        assert_eq!(fields.all("scope").collect::<Vec<_>>(), ["a", "b c"]);
        assert_eq!(fields.get("name"), "<script>");
        assert_eq!(fields.take("password"), "hunter2");
        assert!(!fields.has("password"));
        assert!(
            !format!("{fields:?}").contains("script"),
            "values are not printed"
        );
    }
}
