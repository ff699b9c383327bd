//! `/oauth1/initiate` (RFC 5849, 2.1): temporary credentials.

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use super::signed::Request;
use super::{concluded, credentials};
use crate::Sandbox;
use crate::ledger::{Endpoint, Flight};
use crate::oauth1::problem::Problem;

pub(crate) async fn endpoint(
    State(sandbox): State<Sandbox>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Oauth1Initiate, &method);
    let request = Request::read(&sandbox, &flight, (&method, &uri), &headers, &body);
    let done = initiated(&request);
    concluded(flight, "initiated", done)
}

fn initiated(request: &Request<'_>) -> Result<Response, Problem> {
    let mut memory = request.sandbox.memory();
    let signed = request.consumer(&mut memory)?;
    request.check_method(&signed.consumer.initiate_method, "initiate_method")?;
    request.verify(&mut memory, &signed, "")?;
    let callback = request.message.required("oauth_callback")?;
    if signed.consumer.callback(callback).is_none() {
        return Err(Problem::new("parameter_rejected"));
    }
    let (token, secret) = memory.oauth1.tokens.begin(&signed.key, callback);
    let mut pairs = vec![("oauth_token", token.as_str()), ("oauth_token_secret", &secret)];
    if signed.consumer.callback_confirmed {
        pairs.push(("oauth_callback_confirmed", "true"));
    }
    Ok(credentials(&pairs))
}
