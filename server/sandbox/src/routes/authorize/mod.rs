//! `/authorize`: asks a person, and sends the answer back to the client.
//!
//! - `request`: what the client asks, checked
//! - `demands`: what the client's provider insists on
//! - `fault`: why nobody is asked
//! - `consent`: the page
//! - `response`: the way back, with `state` and `iss`

pub(crate) mod consent;
mod demands;
mod fault;
mod request;
mod response;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use self::fault::{ErrorRedirect, Fault, Rejection};
use self::request::AuthorizationRequest;
use super::single;
use crate::client::Scope;
use crate::consent::Consent;
use crate::ledger::{Endpoint, Flight};
use crate::memory::Memory;
use crate::page;
use crate::parameters::Parameters;
use crate::quirks::Unmet;
use crate::{Sandbox, account};

/// `GET`: shows the consent page.
pub(crate) async fn ask(State(sandbox): State<Sandbox>, RawQuery(query): RawQuery) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Authorize, &Method::GET);
    let query = query.unwrap_or_default();
    let parameters = Parameters::parse(query.as_bytes());
    let response = match checked(&sandbox, &flight, parameters, Some(&query)) {
        Ok(request) => {
            flight.outcome("shown");
            consent::page(StatusCode::OK, &request, None)
        }
        Err(rejection) => reject(&sandbox, &flight, rejection),
    };
    flight.answer(response)
}

/// `POST`: the person has pressed a button.
pub(crate) async fn decide(State(sandbox): State<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Authorize, &Method::POST);
    if from_another_site(&headers) {
        flight.outcome("cross_site");
        return flight.answer(StatusCode::FORBIDDEN.into_response());
    }
    let form = Parameters::parse(&body);
    let response = match checked(&sandbox, &flight, form.clone(), None) {
        Ok(request) if single(&form, "decision") == Some("allow") => allow(&sandbox, &flight, request, &form),
        Ok(request) => deny(&sandbox, &flight, request),
        Err(rejection) => reject(&sandbox, &flight, rejection),
    };
    flight.answer(response)
}

/// Consent is given on our own page. Browsers say so; other clients say nothing.
pub(crate) fn from_another_site(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none")
}

fn checked(
    sandbox: &Sandbox,
    flight: &Flight,
    given: Parameters,
    query: Option<&str>,
) -> Result<AuthorizationRequest, Rejection> {
    let mut memory = sandbox.memory();
    let parsed = AuthorizationRequest::parse(&memory.clients, given, query);
    let request = match parsed {
        Ok(request) if query.is_some() => fresh_nonce(&mut memory, request, "shown"),
        other => other,
    };
    let (client_id, unmet) = match &request {
        Ok(request) => (Some(request.client.id.clone()), None),
        Err(rejection) => (rejection.client_id(), rejection.demand()),
    };
    memory.ledger.edit(flight.sequence, |entry| {
        entry.client_id = client_id;
        entry.unmet = unmet.map(str::to_owned);
    });
    request
}

/// A nonce is shown to a person once, and allowed once.
fn fresh_nonce(
    memory: &mut Memory,
    request: AuthorizationRequest,
    step: &str,
) -> Result<AuthorizationRequest, Rejection> {
    let client_id = &request.client.id;
    let fresh = match &request.nonce {
        Some(nonce) => memory.is_first(client_id, &format!("nonce {step} {nonce}")),
        None => true,
    };
    if fresh {
        return Ok(request);
    }
    let unmet = Unmet::new("authorize.nonce", "The nonce was used before.");
    Err(Rejection::Redirect(Box::new(ErrorRedirect {
        client: request.client,
        callback: request.callback,
        fault: Fault::from(unmet),
    })))
}

fn allow(sandbox: &Sandbox, flight: &Flight, request: AuthorizationRequest, form: &Parameters) -> Response {
    let Some(account) = single(form, "account").and_then(account::find) else {
        flight.outcome("incomplete");
        return consent::page(
            StatusCode::UNPROCESSABLE_ENTITY,
            &request,
            Some("Choose an account to sign in with."),
        );
    };
    let scopes = ticked(&request.scopes, form);
    if scopes.is_empty() && !request.scopes.is_empty() {
        flight.outcome("incomplete");
        let alert = "Tick what you want to allow, or press Deny.";
        return consent::page(StatusCode::UNPROCESSABLE_ENTITY, &request, Some(alert));
    }
    let fresh = fresh_nonce(&mut sandbox.memory(), request, "allowed");
    let request = match fresh {
        Ok(request) => request,
        Err(rejection) => {
            flight.note(|entry| entry.unmet = rejection.demand().map(str::to_owned));
            return reject(sandbox, flight, rejection);
        }
    };
    let code_ms = u64::try_from(sandbox.settings().code_lifetime.as_millis()).unwrap_or(u64::MAX);
    let code = sandbox.memory().grants.code(Consent {
        client_id: request.client.id.clone(),
        redirect_uri: request.redirect_uri_text,
        challenge: request.challenge,
        account,
        scopes,
        expires_ms: sandbox.now_ms().saturating_add(code_ms),
    });
    flight.outcome("allowed");
    request.callback.code(sandbox, flight, &code)
}

fn deny(sandbox: &Sandbox, flight: &Flight, request: AuthorizationRequest) -> Response {
    flight.outcome("access_denied");
    request
        .callback
        .error(sandbox, flight, "access_denied", "The person pressed Deny.")
}

fn reject(sandbox: &Sandbox, flight: &Flight, rejection: Rejection) -> Response {
    match rejection {
        Rejection::Page { reason, .. } => {
            flight.outcome("invalid_request");
            page::refusal(&reason)
        }
        Rejection::Redirect(told) => {
            let ErrorRedirect { callback, fault, .. } = *told;
            flight.outcome(fault.error);
            callback.error(sandbox, flight, fault.error, &fault.description)
        }
    }
}

/// What was asked and ticked; a tick for anything else counts for nothing.
fn ticked(asked: &[Scope], form: &Parameters) -> Vec<String> {
    let is_ticked = |scope: &&Scope| form.all("grant").any(|ticked| ticked == scope.name);
    asked
        .iter()
        .filter(is_ticked)
        .map(|scope| scope.name.clone())
        .collect()
}
