//! `POST /revoke` (RFC 7009).

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::token::answer::Refusal;
use super::token::client_authentication::{authenticate, claimed_client};
use crate::ledger::{Endpoint, Flight};
use crate::parameters::Parameters;
use crate::{Sandbox, seal};

pub(crate) async fn endpoint(State(sandbox): State<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Revoke, &Method::POST);
    let form = Parameters::parse(&body);
    let done = revoke(&sandbox, &flight, &headers, &form);
    flight.outcome(match &done {
        Ok(outcome) => outcome,
        Err(refusal) => refusal.error,
    });
    flight.answer(match done {
        Ok(_) => StatusCode::OK.into_response(),
        Err(refusal) => refusal.answer().into_response(),
    })
}

/// A token nobody knows is as good as revoked: the answer is the same (RFC 7009, 2.2).
fn revoke(
    sandbox: &Sandbox,
    flight: &Flight,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<&'static str, Refusal> {
    let mut memory = sandbox.memory();
    let claimed = claimed_client(&memory.clients, headers, form);
    memory
        .ledger
        .edit(flight.sequence, |entry| entry.client_id = claimed);
    let client_id = authenticate(&memory.clients, headers, form)?.id.clone();
    let token = form.one("token")?.ok_or(Refusal::missing("token"))?;
    memory.ledger.edit(flight.sequence, |entry| {
        entry.fingerprint = Some(seal::fingerprint(token))
    });
    let access = sandbox.sealer().open_access(token);
    let refresh = sandbox.sealer().open_refresh(token);
    let known = access.as_ref().map(|claims| (claims.grant, claims.generation));
    let Some((grant, generation)) = known.or(refresh.map(|claims| (claims.grant, claims.generation))) else {
        return Ok("unknown_token");
    };
    memory
        .ledger
        .identify(flight.sequence, Endpoint::Revoke, grant, Some(generation));
    if !memory.grants.belongs_to(grant, &client_id) {
        return Err(Refusal::invalid_request("The token belongs to another client."));
    }
    match access {
        Some(claims) => memory.grants.revoke_access(&claims),
        None => memory.grants.revoke(grant),
    }
    Ok("revoked")
}
