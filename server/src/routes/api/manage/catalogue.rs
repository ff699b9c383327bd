//! `/api/v1/catalogue`: ready definitions, as they could be sent to `POST /api/v1/services`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{super::openapi::operation::Operation, services::definition};
use crate::{auth::Manager, state::AppState};

pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    answers: &[(200, "Catalogue")],
    ..Operation::manage(
        "get",
        "/api/v1/catalogue",
        "list_catalogue",
        "Services",
        "List ready definitions",
    )
}];

pub(crate) async fn list(State(app): State<AppState>, Manager(_): Manager) -> Response {
    let items: Vec<Value> = app
        .engine
        .catalogue()
        .iter()
        .map(|input| Value::Object(definition(input)))
        .collect();
    Json(json!({"items": items})).into_response()
}
