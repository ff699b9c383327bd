//! `/basic/{name}/me` and `/basic/{name}/echo`: open to user and password of that door (RFC 7617).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::{basic, echo};
use crate::doors::BasicDoor;
use crate::ledger::{Endpoint, Flight};
use crate::{Sandbox, seal};

pub(crate) async fn me(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Basic, &method);
    let response = match check(&sandbox, &flight, &name, &headers) {
        Ok(()) => Json(json!({"basic": name, "name": format!("Holder of {name}")})).into_response(),
        Err(outcome) => refused(outcome),
    };
    flight.answer(response)
}

pub(crate) async fn echo(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Basic, &method);
    let response = match check(&sandbox, &flight, &name, &headers) {
        Ok(()) => echo::told(&method, &uri, &headers, &body),
        Err(outcome) => refused(outcome),
    };
    flight.answer(response)
}

fn check(sandbox: &Sandbox, flight: &Flight, name: &str, headers: &HeaderMap) -> Result<(), &'static str> {
    let door = sandbox.memory().basics.get(name).cloned();
    let outcome = door.map_or("unknown_door", |door| judged(&door, headers));
    flight.outcome(outcome);
    if outcome == "served" { Ok(()) } else { Err(outcome) }
}

fn judged(door: &BasicDoor, headers: &HeaderMap) -> &'static str {
    let same = |given: &str, wanted: &str| seal::equal(given.as_bytes(), wanted.as_bytes());
    match basic::read_raw(headers) {
        None => "missing_user",
        Some((user, password)) if same(&user, &door.user) && same(&password, &door.password) => "served",
        Some(_) => "wrong_user",
    }
}

fn refused(outcome: &str) -> Response {
    if outcome == "unknown_door" {
        return StatusCode::NOT_FOUND.into_response();
    }
    let realm = [(WWW_AUTHENTICATE, "Basic realm=\"sandbox\"")];
    (StatusCode::UNAUTHORIZED, realm, Json(json!({"error": outcome}))).into_response()
}
