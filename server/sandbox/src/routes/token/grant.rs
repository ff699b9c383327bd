//! What is done about a token request: the code grant and the refresh grant.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;

use super::answer::{Answer, Refusal};
use super::client_authentication::authenticate;
use crate::Sandbox;
use crate::consent::Redemption;
use crate::grants::{GrantError, Lifetime};
use crate::ledger::{Endpoint, Flight};
use crate::memory::Memory;
use crate::parameters::Parameters;
use crate::plan::Shape;

/// Acts under one lock, so that of two equal requests one is the second.
pub(super) fn act(
    sandbox: &Sandbox,
    flight: &Flight,
    headers: &HeaderMap,
    form: &Parameters,
    shape: Shape,
) -> Answer {
    let mut memory = sandbox.memory();
    let done = granted(sandbox, &mut memory, flight, headers, form, shape);
    let (outcome, answer) = match done {
        Ok(granted) => granted,
        Err(refusal) => (refusal.error, refusal.answer()),
    };
    memory
        .ledger
        .edit(flight.sequence, |entry| entry.outcome = Some(outcome.to_owned()));
    answer
}

fn granted(
    sandbox: &Sandbox,
    memory: &mut Memory,
    flight: &Flight,
    headers: &HeaderMap,
    form: &Parameters,
    shape: Shape,
) -> Result<(&'static str, Answer), Refusal> {
    if !is_form(headers) {
        return Err(Refusal::invalid_request(
            "The body must be application/x-www-form-urlencoded.",
        ));
    }
    let client_id = authenticate(&memory.clients, headers, form)?.id.clone();
    let settings = sandbox.settings();
    let access_ms = u64::try_from(settings.access_token_lifetime.as_millis()).unwrap_or(u64::MAX);
    let lifetime = Lifetime {
        now_ms: sandbox.now_ms(),
        access_ms,
    };
    let grant_type = form.one("grant_type")?.ok_or(Refusal::missing("grant_type"))?;
    let (outcome, grant, scopes) = match grant_type {
        "authorization_code" => {
            let grant = by_code(memory, flight, form, &client_id, lifetime.now_ms)?;
            ("issued", grant, memory.grants.narrowed(grant, None)?)
        }
        "refresh_token" => {
            let (grant, scopes) = by_refresh_token(sandbox, memory, form, &client_id)?;
            ("refreshed", grant, scopes)
        }
        _ => return Err(Refusal::unsupported_grant_type()),
    };
    let grants = &mut memory.grants;
    let issued = grants.issue(sandbox.sealer(), grant, scopes, shape, lifetime)?;
    let seconds = settings.access_token_lifetime.as_secs();
    Ok((outcome, Answer::tokens(issued, seconds, shape)))
}

fn by_code(
    memory: &mut Memory,
    flight: &Flight,
    form: &Parameters,
    client_id: &str,
    now_ms: u64,
) -> Result<u64, Refusal> {
    let required = |name| form.one(name)?.ok_or(Refusal::missing(name));
    let (code, redirect_uri) = (required("code")?, required("redirect_uri")?);
    let verifier = required("code_verifier")?;
    let redeemed = memory.grants.redeem(
        &Redemption {
            client_id,
            code,
            redirect_uri,
            verifier,
        },
        now_ms,
    );
    if let Some(grant) = memory.grants.of_code(code) {
        memory
            .ledger
            .identify(flight.sequence, Endpoint::Token, grant, None);
    }
    Ok(redeemed?)
}

fn by_refresh_token(
    sandbox: &Sandbox,
    memory: &mut Memory,
    form: &Parameters,
    client_id: &str,
) -> Result<(u64, Vec<String>), Refusal> {
    let token = form
        .one("refresh_token")?
        .ok_or(Refusal::missing("refresh_token"))?;
    let scope = form.one("scope")?;
    let claims = sandbox
        .sealer()
        .open_refresh(token)
        .ok_or(GrantError::UnknownToken)?;
    let grant = memory.grants.rotate(client_id, &claims)?;
    Ok((grant, memory.grants.narrowed(grant, scope)?))
}

fn is_form(headers: &HeaderMap) -> bool {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}
