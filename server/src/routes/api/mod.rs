//! The HTTP API: bearer keys, JSON, `problem+json`.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

pub(crate) mod credentials;

/// An address of the API that leads nowhere.
pub(crate) async fn unknown() -> Response {
    let body = json!({"type": "about:blank", "title": "Not Found", "status": 404, "code": "unknown_path",
        "detail": "The API has nothing at this address. Compare it with docs/guide."});
    (
        StatusCode::NOT_FOUND,
        [("content-type", "application/problem+json")],
        Json(body).into_response().into_body(),
    )
        .into_response()
}
