//! The query of a list: how much, from where, which.

use std::{fmt::Display, str::FromStr};

use axum::{
    extract::{FromRequestParts, RawQuery},
    http::request::Parts,
};
use domain::{
    form::{FieldErrors, Fields},
    text::quoted,
};
use url::form_urlencoded;

use crate::{error::ApiError, state::AppState};

const USUAL: usize = 50;
const MOST: usize = 200;

/// The parameters of a list.
pub(crate) struct Query {
    fields: Fields,
    names: Vec<String>,
    errors: FieldErrors,
}

impl FromRequestParts<AppState> for Query {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let query = match RawQuery::from_request_parts(parts, app).await {
            Ok(RawQuery(query)) => query.unwrap_or_default(),
            Err(never) => match never {},
        };
        let names = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name.into_owned());
        Ok(Self {
            names: names.collect(),
            fields: Fields::read(query.as_bytes()),
            errors: FieldErrors::default(),
        })
    }
}

impl Query {
    /// A parameter that may be left out.
    pub(crate) fn optional<T: FromStr<Err: Display>>(&mut self, name: &str) -> Option<T> {
        self.read(name, |text| {
            text.parse().map_err(|error: T::Err| error.to_string())
        })
    }

    /// The same with a parser of its own.
    pub(crate) fn read<T>(&mut self, name: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        self.names.retain(|other| other != name);
        let text = self.fields.get(name);
        if text.is_empty() {
            return None;
        }
        parse(text).map_err(|error| self.errors.add(name, error)).ok()
    }

    /// The last thing of the page before.
    pub(crate) fn cursor<T: FromStr>(&mut self) -> Option<T> {
        let sentence = "This is no cursor of this list. Use the next_cursor of the page before.";
        self.read("cursor", |text| text.parse().map_err(|_| sentence.to_owned()))
    }

    /// How many things a page has.
    pub(crate) fn limit(&mut self) -> usize {
        let limit = self.read("limit", |text| {
            let number = text.parse().ok().filter(|number| (1..=MOST).contains(number));
            number.ok_or_else(|| format!("Use a whole number from 1 to {MOST}."))
        });
        limit.unwrap_or(USUAL)
    }

    /// Refuses what was wrong, and every parameter that nobody asked for.
    pub(crate) fn finish(mut self) -> Result<(), FieldErrors> {
        for name in &self.names {
            let name = quoted(name, 60);
            self.errors.add(
                &name,
                "This parameter is not known. Compare its name with /api/docs.",
            );
        }
        if self.errors.is_empty() {
            Ok(())
        } else {
            Err(self.errors)
        }
    }
}
