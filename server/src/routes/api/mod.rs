//! The HTTP API: bearer keys, JSON, `problem+json`.
//!
//! # Layout
//! - [`credentials`]: a credential for those who make their calls themselves
//! - [`calls`]: calls that we make

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use engine::error::EngineError;
use serde_json::json;

use crate::{error::ApiError, state::App};

pub(crate) mod calls;
pub(crate) mod credentials;

/// A failure with the address of the page where a person mends it.
fn mended_at(app: &App, link_name: &str, error: EngineError) -> ApiError {
    let page = format!("{}/setup/connections/{link_name}", app.public.origin());
    ApiError::from(error).with_connect_url(page)
}

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
