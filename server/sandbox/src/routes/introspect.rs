//! `POST /introspect` (RFC 7662): tells a client about a token of its own.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::incoming::Incoming;
use super::token::answer::Refusal;
use super::token::client_authentication::authenticate;
use crate::ledger::{Endpoint, Flight};
use crate::memory::Memory;
use crate::{Sandbox, seal};

pub(crate) async fn endpoint(State(sandbox): State<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Introspect, &Method::POST);
    let incoming = Incoming::read(Method::POST, headers, None, &body);
    let mut memory = sandbox.memory();
    let claimed = incoming.claimed(&sandbox, &memory);
    let done = introspected(&sandbox, &mut memory, &incoming);
    memory.ledger.edit(flight.sequence, |entry| {
        entry.client_id = claimed.map(|client| client.id.clone());
        entry.fingerprint = incoming.get("token").map(seal::fingerprint);
        entry.outcome = Some(match &done {
            Ok(_) => "served".to_owned(),
            Err(refusal) => refusal.error.to_owned(),
        });
        entry.unmet = done
            .as_ref()
            .err()
            .and_then(|refusal| refusal.unmet.map(str::to_owned));
    });
    drop(memory);
    flight.answer(match done {
        Ok(told) => Json(told).into_response(),
        Err(refusal) => refusal.answer().into_response(),
    })
}

fn introspected(sandbox: &Sandbox, memory: &mut Memory, incoming: &Incoming) -> Result<Value, Refusal> {
    let client = authenticate(sandbox, memory, incoming, false)?;
    let token = incoming.parameters.one("token")?;
    let token = token.ok_or(Refusal::missing("token"))?;
    let inactive = Ok(json!({"active": false}));
    let Some(claims) = sandbox.sealer().open_access(token) else {
        return inactive;
    };
    if !memory.grants.belongs_to(claims.grant, &client.id) {
        return inactive;
    }
    let now_ms = sandbox.now_ms();
    let Some(bearer) = memory.grants.bearer(claims, now_ms) else {
        return inactive;
    };
    let left_s = bearer.claims.expires_ms.saturating_sub(now_ms) / 1_000;
    Ok(json!({
        "active": true,
        "client_id": client.id,
        "token_type": "Bearer",
        "scope": bearer.claims.scopes.join(" "),
        "exp": sandbox.epoch_s().saturating_add(left_s),
        "sub": bearer.account.id,
        "username": bearer.account.email,
    }))
}
