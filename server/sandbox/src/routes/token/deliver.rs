//! How the answer of the token endpoint travels, whole or spoiled.

use std::future::pending;
use std::io;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::Value;

use super::answer::Answer;
use crate::fault::BodyFault;
use crate::ledger::Flight;
use crate::plan::Delivery;
use crate::seal;

const OVERSIZED: usize = 2 * 1024 * 1024;

/// Ends the flight. Without an answer (nothing was done) only a delivery that brings its own makes sense;
/// any other is left with a plain 500.
pub(super) async fn deliver(flight: Flight, answer: Option<Answer>, delivery: Delivery) -> Response {
    let response = match delivery {
        Delivery::Never => return pending().await,
        // Not answered as the ledger sees it: the flight ends by being dropped.
        Delivery::Drop => return severed(),
        Delivery::Status { code, retry_after } => status(code, retry_after),
        Delivery::Error { code, status } => {
            Answer::error(status_code(status), &code, "A switch asked for this error.").into_response()
        }
        Delivery::Redirect(to) => redirect(to.as_str()),
        Delivery::Plain => answer.map_or_else(nothing, Answer::into_response),
        Delivery::Body(kind) => answer.map_or_else(nothing, |answer| spoiled(answer, kind)),
    };
    flight.answer(response)
}

/// The code as a status; what is no final status counts as 500.
pub(crate) fn status_code(code: u16) -> StatusCode {
    let code = if (200..=599).contains(&code) { code } else { 500 };
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn nothing() -> Response {
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// A body that fails before its first byte: the server closes the line with the head still unsent.
fn severed() -> Response {
    let cut = io::Error::new(io::ErrorKind::ConnectionReset, "a switch cuts the line");
    Body::from_stream(stream::once(async { Err::<Vec<u8>, _>(cut) })).into_response()
}

fn status(code: u16, retry_after: Option<u32>) -> Response {
    let mut response = (status_code(code), "The provider is not well.").into_response();
    if let Some(seconds) = retry_after {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn redirect(to: &str) -> Response {
    (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, to)]).into_response()
}

fn spoiled(answer: Answer, kind: BodyFault) -> Response {
    let status = answer.status;
    let json = Value::Object(answer.members.clone()).to_string();
    let called_json = |body: Vec<u8>| (status, [(CONTENT_TYPE, "application/json")], body).into_response();
    match kind {
        BodyFault::Html => {
            axum::response::Html("<!doctype html><title>Maintenance</title><p>Back soon.</p>").into_response()
        }
        BodyFault::Empty => called_json(Vec::new()),
        BodyFault::Truncated => called_json(json.as_bytes().iter().copied().take(json.len() / 2).collect()),
        BodyFault::Garbage => called_json(seal::random::<256>().to_vec()),
        BodyFault::Oversized => called_json(padded(answer).into_bytes()),
        BodyFault::FormUrlencoded => (
            status,
            [(CONTENT_TYPE, "application/x-www-form-urlencoded")],
            answer.urlencoded(),
        )
            .into_response(),
    }
}

fn padded(mut answer: Answer) -> String {
    answer
        .members
        .insert("padding".into(), "x".repeat(OVERSIZED).into());
    Value::Object(answer.members).to_string()
}
