//! Consumers over HTTP, for tests.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::Sandbox;
use crate::oauth1::consumer::Consumer;

/// 422: its addresses are not those of the web, it has no secret, or there are too many.
pub(crate) async fn consumer(
    State(sandbox): State<Sandbox>,
    Path(key): Path<String>,
    Json(consumer): Json<Consumer>,
) -> StatusCode {
    if sandbox.memory().oauth1.consumers.register(&key, consumer) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    }
}
