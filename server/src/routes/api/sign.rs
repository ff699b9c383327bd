//! `POST /api/v1/connections/{link_name}/sign`

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{call::ToSign, function_key::KeyScope, problem::Problem};
use engine::call::LEAST_LIFE;
use serde_json::{Map, Value, json};

use super::{manage::reply, mended_at};
use crate::{auth::Presented, error::ApiError, state::AppState};

pub(crate) async fn run(
    State(app): State<AppState>,
    Presented(key): Presented,
    Path(link_name): Path<String>,
    body: Bytes,
) -> Result<Response, ApiError> {
    app.engine.admit(key).await?;
    let request = ToSign::read(&body).map_err(Problem::Invalid)?;
    let ready = app
        .engine
        .ready(
            key,
            &link_name,
            &request.user,
            KeyScope::CredentialsRead,
            LEAST_LIFE,
        )
        .await;
    let ready = ready.map_err(|error| mended_at(&app, &link_name, error))?;
    let signed = app.engine.sign(&ready, &request)?;
    let headers: Map<String, Value> = signed
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.as_text().into()))
        .collect();
    let body = json!({"method": signed.method, "url": signed.url.as_text(), "headers": headers});
    Ok(reply::one(StatusCode::OK, body, None))
}
