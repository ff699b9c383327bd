//! Failures become pages: a handler says what went wrong, this layer, which knows the nonce, renders it. A request
//! of the browser's program gets the same in JSON.

use axum::{
    Json,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{error::Pending, view::Viewer};

pub(crate) async fn render(viewer: Viewer, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(pending) = response.extensions_mut().remove::<Pending>() else {
        return response;
    };
    if viewer.json {
        return (
            pending.status,
            Json(json!({"errors": [], "message": pending.sentences.join(" ")})),
        )
            .into_response();
    }
    let sentences: Vec<&str> = pending.sentences.iter().map(String::as_str).collect();
    let (words, href) = pending.action;
    viewer.message(
        pending.status,
        pending.heading,
        &sentences,
        Some((words, href.to_owned())),
    )
}
