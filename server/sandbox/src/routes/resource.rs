//! `GET /userinfo` and `GET /api/me`: a protected resource (RFC 6750).

use axum::Json;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::credentials;
use super::token::deliver::status_code;
use crate::fault::Fault;
use crate::grants::Bearer;
use crate::ledger::{Endpoint, Flight};
use crate::{Sandbox, seal};

pub(crate) async fn userinfo(State(sandbox): State<Sandbox>, headers: HeaderMap) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Userinfo, &Method::GET);
    if let Some(code) = fault(&sandbox, &flight) {
        return flight.answer(code.into_response());
    }
    let Some(token) = credentials(&headers, "Bearer") else {
        flight.outcome("no_token");
        return flight.answer(challenge("Bearer realm=\"sandbox\""));
    };
    let bearer = find(&sandbox, &flight, token);
    flight.outcome(if bearer.is_some() {
        "served"
    } else {
        "invalid_token"
    });
    flight.answer(match bearer {
        Some(bearer) => describe(&bearer),
        None => challenge(
            "Bearer realm=\"sandbox\", error=\"invalid_token\", \
             error_description=\"The access token is unknown, expired or revoked.\"",
        ),
    })
}

fn fault(sandbox: &Sandbox, flight: &Flight) -> Option<StatusCode> {
    let taken = sandbox.memory().switches.take(Endpoint::Userinfo);
    let code = taken.iter().find_map(|switch| match switch.fault {
        Fault::UserinfoStatus(code) => Some(code),
        _ => None,
    })?;
    flight.note(|entry| {
        entry.faults = taken
            .iter()
            .map(|switch| switch.fault.name().to_owned())
            .collect()
    });
    Some(status_code(code))
}

fn find(sandbox: &Sandbox, flight: &Flight, token: &str) -> Option<Bearer> {
    let mut memory = sandbox.memory();
    memory.ledger.edit(flight.sequence, |entry| {
        entry.fingerprint = Some(seal::fingerprint(token))
    });
    let claims = sandbox.sealer().open_access(token)?;
    memory.ledger.identify(
        flight.sequence,
        Endpoint::Userinfo,
        claims.grant,
        Some(claims.generation),
    );
    memory.grants.bearer(claims, sandbox.now_ms())
}

fn describe(bearer: &Bearer) -> Response {
    let Bearer { account, claims } = bearer;
    let person = json!({
        "email": account.email,
        "name": account.name,
        "account": account.id,
        "scopes": claims.scopes,
        "token_generation": claims.generation,
    });
    ([(CACHE_CONTROL, "no-store")], Json(person)).into_response()
}

fn challenge(value: &'static str) -> Response {
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, value)]).into_response()
}
