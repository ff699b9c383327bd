//! `GET /exchange`: a first access token becomes one that is good for calls.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};

use super::incoming::Incoming;
use super::token::answer::{Answer, Refusal};
use super::token::grant::{issue, lifetime};
use crate::client::Client;
use crate::grants::GrantError;
use crate::ledger::{Endpoint, Flight};
use crate::memory::Memory;
use crate::plan::Shape;
use crate::quirks::Unmet;
use crate::{Sandbox, seal};

pub(crate) async fn endpoint(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Exchange, &Method::GET);
    let incoming = Incoming::read(Method::GET, headers, query, &Bytes::new());
    let mut memory = sandbox.memory();
    let client = incoming.claimed(&sandbox, &memory);
    let done = match &client {
        Some(client) => exchanged(&sandbox, &mut memory, &flight, &incoming, client),
        None => Err(Refusal::invalid_client(false)),
    };
    memory.ledger.edit(flight.sequence, |entry| {
        entry.client_id = client.as_ref().map(|client| client.id.clone());
        let outcome = done
            .as_ref()
            .map_or_else(|refusal| refusal.error, |_| "exchanged");
        entry.outcome = Some(outcome.to_owned());
        entry.unmet = done
            .as_ref()
            .err()
            .and_then(|refusal| refusal.unmet.map(str::to_owned));
    });
    drop(memory);
    let answer = done.unwrap_or_else(|refusal| refusal.answer());
    let base = sandbox.settings().issuer();
    let answer = match &client {
        Some(client) => answer.dressed(&client.quirks.answer, &incoming.headers, base, sandbox.epoch_s()),
        None => answer,
    };
    flight.answer(answer.into_response())
}

fn exchanged(
    sandbox: &Sandbox,
    memory: &mut Memory,
    flight: &Flight,
    incoming: &Incoming,
    client: &Client,
) -> Result<Answer, Refusal> {
    let given = &incoming.parameters;
    let secret = given.one("client_secret")?;
    if !secret.is_some_and(|secret| client.has_secret(secret)) {
        return Err(Refusal::invalid_client(false));
    }
    let wanted = client.quirks.long_lived.as_ref();
    let wanted = wanted.ok_or(Refusal::unsupported_grant_type())?;
    Unmet::unless_value("long_lived", given, "grant_type", Some(&wanted.grant_type))?;
    let token = given.one(&wanted.parameter)?;
    let told = format!("The parameter {} is missing.", wanted.parameter);
    let token = token.ok_or(Unmet::new("long_lived", told))?;
    let grant = short_grant(sandbox, memory, flight, client, token)?;
    memory.grants.set_short(grant, false);
    let shape = Shape {
        omit_refresh_token: client.quirks.token.refresh_by_access_token.is_some(),
        ..Shape::default()
    };
    let scopes = memory.grants.narrowed(grant, None)?;
    issue(
        sandbox,
        memory,
        grant,
        scopes,
        shape,
        lifetime(sandbox, &client.quirks),
    )
}

/// The grant of a living token that has not been exchanged yet.
fn short_grant(
    sandbox: &Sandbox,
    memory: &mut Memory,
    flight: &Flight,
    client: &Client,
    token: &str,
) -> Result<u64, GrantError> {
    memory.ledger.edit(flight.sequence, |entry| {
        entry.fingerprint = Some(seal::fingerprint(token))
    });
    let claims = sandbox
        .sealer()
        .open_access(token)
        .ok_or(GrantError::UnknownToken)?;
    let (grant, generation) = (claims.grant, claims.generation);
    memory
        .ledger
        .identify(flight.sequence, Endpoint::Exchange, grant, Some(generation));
    let alive = memory.grants.bearer(claims, sandbox.now_ms()).is_some();
    let good = alive && memory.grants.is_short(grant) && memory.grants.belongs_to(grant, &client.id);
    good.then_some(grant).ok_or(GrantError::UnknownToken)
}
