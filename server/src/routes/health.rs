//! For supervisors and load balancers.

use axum::{extract::State, http::StatusCode};

use crate::state::AppState;

/// `GET /healthz`: the process answers.
pub(crate) async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: the database answers.
pub(crate) async fn ready(State(app): State<AppState>) -> (StatusCode, &'static str) {
    match app.engine.store.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}
