//! `/api/echo` and `/instances/{name}/api/echo`: tells the caller what arrived. It asks for no credential, so
//! that any kind can be tried; only a token of a client with demands must come as that client has it.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::call::Call;
use super::credentials;
use crate::ledger::{Endpoint, Flight};
use crate::parameters::Parameters;
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
    let call = Call {
        sandbox: &sandbox,
        flight: &flight,
        endpoint: Endpoint::Echo,
        headers: &headers,
        query: Parameters::parse(uri.query().unwrap_or_default().as_bytes()),
        instance: Some(instance(&uri)),
    };
    let demanding = call
        .holder()
        .is_some_and(|client| client.quirks.demands_of_calls());
    if demanding && let Err(refused) = call.bearer() {
        return flight.answer(refused.into_response());
    }
    flight.answer(told(&method, &uri, &headers, &body))
}

/// What arrived; of `Authorization` only the scheme.
pub(crate) fn told(method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Response {
    let answer = json!({
        "method": method.as_str(),
        "path": uri.path(),
        "query": uri.query(),
        "headers": shown(headers),
        "body": String::from_utf8_lossy(body),
    });
    Json(answer).into_response()
}

/// The name in `/instances/{name}/api/echo`.
fn instance(uri: &Uri) -> Option<&str> {
    let rest = uri.path().strip_prefix("/instances/")?;
    rest.split('/').next()
}

/// Name and value in the order of arrival.
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
