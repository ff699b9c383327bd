//! `/oauth1/…`: OAuth 1.0a (RFC 5849), one file an endpoint.
//!
//! - `signed`: who has signed a request, checked for all of them
//! - `initiate`, `authorize`, `token`: the three legs
//! - `resource`: what lies behind
//! - `control`: the registration of consumers

pub(crate) mod authorize;
pub(crate) mod control;
pub(crate) mod initiate;
pub(crate) mod resource;
mod signed;
pub(crate) mod token;

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::ledger::Flight;
use crate::oauth1::problem::Problem;

/// Credentials as RFC 5849, 2.1 and 2.3 hand them over.
fn credentials(pairs: &[(&str, &str)]) -> Response {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    let headers = [
        (CONTENT_TYPE, "application/x-www-form-urlencoded"),
        (CACHE_CONTROL, "no-store"),
    ];
    (StatusCode::OK, headers, body).into_response()
}

/// The answer, and what the ledger says about it.
fn concluded(flight: Flight, outcome: &str, done: Result<Response, Problem>) -> Response {
    flight.note(|entry| match &done {
        Ok(_) => entry.outcome = Some(outcome.to_owned()),
        Err(problem) => {
            entry.outcome = Some(problem.name.to_owned());
            entry.unmet = problem.unmet.map(str::to_owned);
        }
    });
    flight.answer(done.unwrap_or_else(Problem::into_response))
}
