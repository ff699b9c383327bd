//! `/oauth1/token` (RFC 5849, 2.3): token credentials.

use axum::body::Bytes;
use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use super::signed::Request;
use super::{concluded, credentials};
use crate::ledger::{Endpoint, Flight};
use crate::oauth1::problem::Problem;
use crate::{Sandbox, seal};

pub(crate) async fn endpoint(
    State(sandbox): State<Sandbox>,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Oauth1Token, &method);
    let request = Request::read(&sandbox, &flight, (&method, &uri), &headers, &body);
    let done = issued(&request);
    concluded(flight, "issued", done)
}

/// A temporary pair is spent by its first well-signed attempt, so a verifier cannot be guessed twice.
fn issued(request: &Request<'_>) -> Result<Response, Problem> {
    let mut memory = request.sandbox.memory();
    let signed = request.consumer(&mut memory)?;
    request.check_method(&signed.consumer.token_method, "token_method")?;
    let token = request.message.required("oauth_token")?;
    let temporary = memory.oauth1.tokens.temporary(token).cloned();
    let temporary = temporary
        .filter(|temporary| temporary.consumer_key == signed.key)
        .ok_or(Problem::new("token_rejected"))?;
    request.verify(&mut memory, &signed, &temporary.secret)?;
    let given = request.message.required("oauth_verifier")?;
    memory.oauth1.tokens.spend(token);
    let (account, verifier) = temporary.allowed.ok_or(Problem::new("permission_unknown"))?;
    if !seal::equal(verifier.as_bytes(), given.as_bytes()) {
        return Err(Problem::new("verifier_invalid"));
    }
    let (token, secret) = memory.oauth1.tokens.grant(&signed.key, account);
    Ok(credentials(&[
        ("oauth_token", &token),
        ("oauth_token_secret", &secret),
    ]))
}
