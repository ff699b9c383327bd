//! Ledger, switches and clients over HTTP, for tests that run the sandbox as a process of its own.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::Sandbox;
use crate::client::{RegisterError, Registration};
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

fn status(error: &RegisterError) -> StatusCode {
    match error {
        RegisterError::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RegisterError::BuiltIn | RegisterError::Full => StatusCode::CONFLICT,
    }
}
