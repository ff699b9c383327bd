//! `/oauth1/api/me` and `/oauth1/api/echo`: open to whoever signs with a token (RFC 5849, 3).

use axum::Json;
use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::concluded;
use super::signed::Request;
use crate::Sandbox;
use crate::ledger::{Endpoint, Flight};
use crate::oauth1::problem::Problem;
use crate::oauth1::tokens::{Granted, fixed};
use crate::routes::echo::told;

pub(crate) async fn me(
    State(sandbox): State<Sandbox>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Oauth1Resource, &method);
    let request = Request::read(&sandbox, &flight, (&method, &uri), &headers, &body);
    let done = caller(&request).map(|granted| {
        let person = json!({
            "email": granted.account.email,
            "name": granted.account.name,
            "account": granted.account.id,
            "consumer": granted.consumer_key,
        });
        Json(person).into_response()
    });
    concluded(flight, "served", done)
}

pub(crate) async fn echo(
    State(sandbox): State<Sandbox>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Oauth1Resource, &method);
    let request = Request::read(&sandbox, &flight, (&method, &uri), &headers, &body);
    let done = caller(&request).map(|_| told(&method, &uri, &headers, &body));
    concluded(flight, "served", done)
}

fn caller(request: &Request<'_>) -> Result<Granted, Problem> {
    let mut memory = request.sandbox.memory();
    let signed = request.consumer(&mut memory)?;
    let token = request.message.required("oauth_token")?;
    let copied = signed.consumer.fixed_token.as_ref();
    let copied = copied
        .filter(|pair| pair.token == token)
        .map(|pair| fixed(&signed.key, &pair.secret));
    let granted = copied.or_else(|| memory.oauth1.tokens.granted(token).cloned());
    let granted = granted
        .filter(|granted| granted.consumer_key == signed.key)
        .ok_or(Problem::new("token_rejected"))?;
    request.verify(&mut memory, &signed, &granted.secret)?;
    Ok(granted)
}
