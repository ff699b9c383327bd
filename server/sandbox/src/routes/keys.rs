//! `/keys/{name}/me` and `/keys/{name}/echo`: open to whoever has all keys of that door, each in its place.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, Path, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::echo;
use super::incoming::Incoming;
use crate::doors::{KeyDoor, KeyParameter, KeyPlace};
use crate::ledger::{Endpoint, Flight};
use crate::quirks::Carrier;
use crate::{Sandbox, seal};

pub(crate) async fn me(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Key, &method);
    let query = uri.query().map(str::to_owned);
    let incoming = Incoming::read(method, headers, query, &body);
    let response = match check(&sandbox, &flight, &name, &incoming) {
        Ok(()) => Json(json!({"key": name, "name": format!("Holder of {name}")})).into_response(),
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
    let flight = Flight::begin(&sandbox, Endpoint::Key, &method);
    let query = uri.query().map(str::to_owned);
    let incoming = Incoming::read(method, headers, query, &body);
    let response = match check(&sandbox, &flight, &name, &incoming) {
        Ok(()) => echo::told(&incoming.method, &uri, &incoming.headers, &body),
        Err(outcome) => refused(outcome),
    };
    flight.answer(response)
}

fn check(sandbox: &Sandbox, flight: &Flight, name: &str, incoming: &Incoming) -> Result<(), &'static str> {
    let door = sandbox.memory().keys.get(name).cloned();
    let outcome = door.map_or("unknown_door", |door| judged(&door, incoming));
    flight.outcome(outcome);
    if outcome == "served" { Ok(()) } else { Err(outcome) }
}

fn refused(outcome: &str) -> Response {
    let status = match outcome {
        "unknown_door" => StatusCode::NOT_FOUND,
        _ => StatusCode::UNAUTHORIZED,
    };
    (status, Json(json!({"error": outcome}))).into_response()
}

fn judged(door: &KeyDoor, incoming: &Incoming) -> &'static str {
    let missing = |parameter: &KeyParameter| presented(parameter, incoming).is_none();
    if door.parameters.iter().any(missing) {
        return "missing_key";
    }
    let right = |parameter: &KeyParameter| {
        let given = presented(parameter, incoming).unwrap_or_default();
        seal::equal(given.as_bytes(), parameter.value.as_bytes())
    };
    if door.parameters.iter().all(right) {
        "served"
    } else {
        "wrong_key"
    }
}

fn presented<'a>(parameter: &KeyParameter, incoming: &'a Incoming) -> Option<&'a str> {
    let name = parameter.name.as_str();
    match parameter.place {
        KeyPlace::Header => incoming.headers.get(name)?.to_str().ok(),
        KeyPlace::Query => super::single(&incoming.query, name),
        KeyPlace::Form if incoming.carrier == Some(Carrier::Query) => None,
        KeyPlace::Form => incoming.get(name),
    }
}
