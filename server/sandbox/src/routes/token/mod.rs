//! `/token`: identify, act, answer; every step may be told to go wrong. It answers under
//! `/tenants/{tenant}/token` and, for refreshes alone, under `/refresh` and `/tenants/{tenant}/refresh` too: each
//! client has its own addresses.
//!
//! - `client_authentication`, `assertion`: who asks
//! - `demands`: what the client's provider insists on
//! - `grant`, `by_code`, `by_token`, `by_application`: what is done
//! - `answer`, `dress`, `deliver`: what is said, in which form, and how it travels

pub(crate) mod answer;
mod assertion;
mod by_application;
mod by_code;
mod by_token;
pub(crate) mod client_authentication;
pub(crate) mod deliver;
mod demands;
mod dress;
pub(crate) mod grant;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use self::grant::Act;
use super::incoming::Incoming;
use crate::ledger::{Endpoint, Flight};
use crate::plan::Plan;
use crate::quirks::Quirks;
use crate::{Sandbox, seal};

/// Under which address the request came.
#[derive(Default)]
struct TokenPath {
    tenant: Option<String>,
    refresh: bool,
}

pub(crate) async fn endpoint(
    State(sandbox): State<Sandbox>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let incoming = Incoming::read(method, headers, query, &body);
    answered(sandbox, incoming, TokenPath::default()).await
}

/// `/refresh`
pub(crate) async fn refresh(
    State(sandbox): State<Sandbox>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let incoming = Incoming::read(method, headers, query, &body);
    let path = TokenPath {
        tenant: None,
        refresh: true,
    };
    answered(sandbox, incoming, path).await
}

/// `/tenants/{tenant}/token`
pub(crate) async fn tenant(
    State(sandbox): State<Sandbox>,
    Path(tenant): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let incoming = Incoming::read(method, headers, query, &body);
    let path = TokenPath {
        tenant: Some(tenant),
        refresh: false,
    };
    answered(sandbox, incoming, path).await
}

/// `/tenants/{tenant}/refresh`
pub(crate) async fn tenant_refresh(
    State(sandbox): State<Sandbox>,
    Path(tenant): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let incoming = Incoming::read(method, headers, query, &body);
    let path = TokenPath {
        tenant: Some(tenant),
        refresh: true,
    };
    answered(sandbox, incoming, path).await
}

async fn answered(sandbox: Sandbox, incoming: Incoming, path: TokenPath) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Token, &incoming.method);
    let plan = observe(&sandbox, &flight, &incoming);
    tokio::time::sleep(plan.delay_before).await;
    let act = Act {
        sandbox: &sandbox,
        flight: &flight,
        incoming: &incoming,
        path: &path,
        shape: plan.shape,
    };
    let answer = plan.commits().then(|| act.act());
    tokio::time::sleep(plan.delay_after).await;
    deliver::deliver(flight, answer, plan.delivery).await
}

/// Writes down who presents what before anything is done about it, and takes the faults of this request.
fn observe(sandbox: &Sandbox, flight: &Flight, incoming: &Incoming) -> Plan {
    let mut memory = sandbox.memory();
    let switches = memory.switches.take(Endpoint::Token);
    let client = incoming.claimed(sandbox, &memory);
    let grant_type = incoming.get("grant_type").map(|given| {
        let quirks = client.as_ref().map(|client| &client.quirks);
        known_grant(given, quirks).to_owned()
    });
    let refresh_token = incoming.get("refresh_token");
    let presented = refresh_token.or(incoming.get("code"));
    memory.ledger.edit(flight.sequence, |entry| {
        entry.client_id = client.map(|client| client.id.clone());
        entry.grant_type = grant_type;
        entry.fingerprint = presented.map(seal::fingerprint);
        entry.faults = switches
            .iter()
            .map(|switch| switch.fault.name().to_owned())
            .collect();
    });
    if let Some(claims) = refresh_token.and_then(|token| sandbox.sealer().open_refresh(token)) {
        memory.ledger.identify(
            flight.sequence,
            Endpoint::Token,
            claims.grant,
            Some(claims.generation),
        );
    }
    Plan::new(switches)
}

/// The grant by the name that the ledger uses: a client may have agreed on another.
fn known_grant(given: &str, quirks: Option<&Quirks>) -> &'static str {
    let is = |name: Option<&String>| name.is_some_and(|name| name == given);
    let token = quirks.map(|quirks| &quirks.token);
    match given {
        "authorization_code" => "authorization_code",
        "refresh_token" => "refresh_token",
        "client_credentials" => "client_credentials",
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => "jwt_bearer",
        _ if is(token.and_then(|token| token.client_credentials.as_ref())) => "client_credentials",
        _ if is(token.and_then(|token| token.refresh_by_access_token.as_ref())) => "refresh_token",
        _ => "other",
    }
}
