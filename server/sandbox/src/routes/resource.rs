//! `GET /userinfo`, `GET /api/me` and `GET /instances/{name}/api/me`: a protected resource (RFC 6750).

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::call::Call;
use super::token::deliver::status_code;
use crate::Sandbox;
use crate::fault::Fault;
use crate::grants::Bearer;
use crate::ledger::{Endpoint, Flight};
use crate::parameters::Parameters;

/// Whoever has a token may ask here who it is, wherever its instance is.
pub(crate) async fn userinfo(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    serve(&sandbox, &headers, query, None)
}

pub(crate) async fn me(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    serve(&sandbox, &headers, query, Some(None))
}

pub(crate) async fn instance(
    State(sandbox): State<Sandbox>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    serve(&sandbox, &headers, query, Some(Some(&name)))
}

fn serve(
    sandbox: &Sandbox,
    headers: &HeaderMap,
    query: Option<String>,
    instance: Option<Option<&str>>,
) -> Response {
    let flight = Flight::begin(sandbox, Endpoint::Userinfo, &Method::GET);
    if let Some(code) = fault(sandbox, &flight) {
        return flight.answer(code.into_response());
    }
    let call = Call {
        sandbox,
        flight: &flight,
        endpoint: Endpoint::Userinfo,
        headers,
        query: Parameters::parse(query.unwrap_or_default().as_bytes()),
        instance,
    };
    let response = match call.bearer() {
        Ok(bearer) => describe(&bearer),
        Err(refused) => refused.into_response(),
    };
    flight.answer(response)
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
