//! `/api/echo`: tells the caller what arrived. It asks for no credential, so that any kind can be tried.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::credentials;
use crate::ledger::{Endpoint, Flight};
use crate::{Sandbox, seal};

pub(crate) async fn endpoint(
    State(sandbox): State<Sandbox>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Echo, &method);
    let token = credentials(&headers, "Bearer");
    flight.note(|entry| {
        entry.fingerprint = token.map(seal::fingerprint);
        entry.outcome = Some("served".into());
    });
    let answer = json!({
        "method": method.as_str(),
        "path": uri.path(),
        "query": uri.query(),
        "headers": shown(&headers),
        "body": String::from_utf8_lossy(&body),
    });
    flight.answer(Json(answer).into_response())
}

/// Name and value in the order of arrival; of `Authorization` only the scheme.
fn shown(headers: &HeaderMap) -> Vec<Value> {
    let show = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        let masked = value
            .split_once(' ')
            .map_or_else(|| "***".to_owned(), |(scheme, _)| format!("{scheme} ***"));
        json!([
            name.as_str(),
            if name == AUTHORIZATION {
                masked
            } else {
                value.to_string()
            }
        ])
    };
    headers.iter().map(show).collect()
}
