//! `POST /token`: identify, act, answer; every step may be told to go wrong.
//!
//! - `client_authentication`: who asks
//! - `grant`: what is done
//! - `answer`, `deliver`: what is said, and how it travels

pub(crate) mod answer;
pub(crate) mod client_authentication;
pub(crate) mod deliver;
mod grant;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;

use self::client_authentication::claimed_client;
use super::single;
use crate::ledger::{Endpoint, Flight};
use crate::parameters::Parameters;
use crate::plan::Plan;
use crate::{Sandbox, seal};

pub(crate) async fn endpoint(State(sandbox): State<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Token, &Method::POST);
    let form = Parameters::parse(&body);
    let plan = observe(&sandbox, &flight, &headers, &form);
    tokio::time::sleep(plan.delay_before).await;
    let answer = plan
        .commits()
        .then(|| grant::act(&sandbox, &flight, &headers, &form, plan.shape));
    tokio::time::sleep(plan.delay_after).await;
    deliver::deliver(flight, answer, plan.delivery).await
}

/// Writes down who presents what before anything is done about it, and takes the faults of this request.
fn observe(sandbox: &Sandbox, flight: &Flight, headers: &HeaderMap, form: &Parameters) -> Plan {
    let mut memory = sandbox.memory();
    let switches = memory.switches.take(Endpoint::Token);
    let client_id = claimed_client(&memory.clients, headers, form);
    let grant_type = single(form, "grant_type").map(|given| match given {
        "authorization_code" | "refresh_token" => given.to_owned(),
        _ => "other".to_owned(),
    });
    let refresh_token = single(form, "refresh_token");
    let presented = refresh_token.or(single(form, "code"));
    memory.ledger.edit(flight.sequence, |entry| {
        entry.client_id = client_id;
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
