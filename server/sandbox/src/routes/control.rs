//! Ledger, switches and clients over HTTP, for tests that run the sandbox as a process of its own.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::Sandbox;
use crate::client::{RegisterError, Registration};
use crate::doors::{BasicDoor, KeyDoor};
use crate::fault::Switch;
use crate::ledger::Entry;

pub(crate) async fn ledger(State(sandbox): State<Sandbox>) -> Json<Vec<Entry>> {
    Json(sandbox.ledger())
}

pub(crate) async fn clear_ledger(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.clear_ledger();
    StatusCode::NO_CONTENT
}

/// The list replaces all switches that were on.
pub(crate) async fn switches(
    State(sandbox): State<Sandbox>,
    Json(switches): Json<Vec<Switch>>,
) -> StatusCode {
    sandbox.set_all(switches);
    StatusCode::NO_CONTENT
}

pub(crate) async fn client(
    State(sandbox): State<Sandbox>,
    Path(client_id): Path<String>,
    Json(registration): Json<Registration>,
) -> Response {
    match sandbox.register(&client_id, registration) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (status(&error), error.to_string()).into_response(),
    }
}

/// A door that opens to keys.
pub(crate) async fn keys(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
    Json(door): Json<KeyDoor>,
) -> StatusCode {
    room(sandbox.memory().keys.put(&name, door))
}

/// A door that opens to user and password.
pub(crate) async fn basic(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
    Json(door): Json<BasicDoor>,
) -> StatusCode {
    room(sandbox.memory().basics.put(&name, door))
}

fn room(there_was: bool) -> StatusCode {
    if there_was {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::CONFLICT
    }
}

fn status(error: &RegisterError) -> StatusCode {
    match error {
        RegisterError::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RegisterError::BuiltIn | RegisterError::Full => StatusCode::CONFLICT,
    }
}
