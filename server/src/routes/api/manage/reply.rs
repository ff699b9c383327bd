//! Answers: one thing with its version, a page of things, and what a client expects of a version.

use axum::{
    Json,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{form::FieldErrors, problem::Problem};
use engine::{error::EngineError, page::Paged};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::document::{Place, in_json};
use crate::error::ApiError;

/// One thing, with its version as the ETag where it has one.
pub(crate) fn one(status: StatusCode, body: Value, version: Option<i64>) -> Response {
    let mut response = (status, Json(body)).into_response();
    if let Some(tag) = version.and_then(|version| HeaderValue::from_str(&format!("\"{version}\"")).ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// A page: the cursor names its last thing.
pub(crate) fn page<T>(paged: Paged<T>, id: impl Fn(&T) -> String, json: impl Fn(&T) -> Value) -> Response {
    let last = paged.items.last().filter(|_| paged.more).map(id);
    let items: Vec<Value> = paged.items.iter().map(json).collect();
    Json(json!({"items": items, "next_cursor": last})).into_response()
}

/// The version of `If-Match`; None where it is absent or `*`. What is no version of ours matches none (RFC 9110
/// section 13.1.1).
pub(crate) fn expected(headers: &HeaderMap) -> Option<i64> {
    let tag = headers.get(header::IF_MATCH)?.to_str().unwrap_or_default().trim();
    if tag == "*" {
        return None;
    }
    let version = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
    Some(version.and_then(|version| version.parse().ok()).unwrap_or(-1))
}

/// A time as JSON has it.
pub(crate) fn time(at: OffsetDateTime) -> Option<String> {
    at.replace_nanosecond(0)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
}

/// A failure of a use case: what does not exist is this problem, fields have their names in JSON, and a link name that is
/// taken has a code of its own.
pub(crate) fn failed(error: EngineError, missing: Problem, places: &[Place]) -> ApiError {
    match error {
        error if error.is_not_found() => missing.into(),
        EngineError::Fields(errors) => taken(&errors)
            .unwrap_or_else(|| Problem::Invalid(in_json(errors, places)))
            .into(),
        other => other.into(),
    }
}

/// The use cases refuse a link name for one reason only: it is in use.
fn taken(errors: &FieldErrors) -> Option<Problem> {
    let message = errors.of("link_name")?;
    let name = message.split('`').nth(1).unwrap_or_default();
    Some(Problem::LinkNameTaken(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_client_expects() {
        let with = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_MATCH, HeaderValue::from_static(text));
            expected(&headers)
        };
        assert_eq!(expected(&HeaderMap::new()), None);
        assert_eq!((with("*"), with("\"3\"")), (None, Some(3)));
        for never in ["3", "W/\"3\"", "\"3\", \"4\"", "", "\"x\""] {
            assert_eq!(with(never), Some(-1), "{never}");
        }
    }

    #[test]
    fn a_taken_link_name_keeps_its_name() {
        let errors = FieldErrors::one("link_name", Problem::LinkNameTaken("zoom".into()).detail());
        assert_eq!(taken(&errors), Some(Problem::LinkNameTaken("zoom".into())));
    }
}
