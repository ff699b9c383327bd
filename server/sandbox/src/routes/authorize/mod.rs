//! `/authorize`: asks a person, and sends the answer back to the client.
//!
//! - `request`: what the client asks, checked
//! - `consent`: the page
//! - `response`: the way back, with `state` and `iss`

mod consent;
mod request;
mod response;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use self::request::{AuthorizationRequest, Rejection};
use super::single;
use crate::client::Scope;
use crate::consent::Consent;
use crate::ledger::{Endpoint, Flight};
use crate::page::{self, escape};
use crate::parameters::Parameters;
use crate::{Sandbox, account};

/// `GET`: shows the consent page.
pub(crate) async fn ask(State(sandbox): State<Sandbox>, RawQuery(query): RawQuery) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Authorize, &Method::GET);
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let response = match checked(&sandbox, &flight, &parameters) {
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
    let response = match checked(&sandbox, &flight, &form) {
        Ok(request) if single(&form, "decision") == Some("allow") => allow(&sandbox, &flight, request, &form),
        Ok(request) => deny(&sandbox, &flight, &request),
        Err(rejection) => reject(&sandbox, &flight, rejection),
    };
    flight.answer(response)
}

/// Consent is given on our own page. Browsers say so; other clients say nothing.
fn from_another_site(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site != "same-origin" && site != "none")
}

fn checked(
    sandbox: &Sandbox,
    flight: &Flight,
    given: &Parameters,
) -> Result<AuthorizationRequest, Rejection> {
    let memory = sandbox.memory();
    let request = AuthorizationRequest::parse(&memory.clients, given);
    drop(memory);
    let client_id = match &request {
        Ok(request) => Some(request.client_id.clone()),
        Err(rejection) => rejection.client_id(),
    };
    flight.note(|entry| entry.client_id = client_id);
    request
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
    let code_ms = u64::try_from(sandbox.settings().code_lifetime.as_millis()).unwrap_or(u64::MAX);
    let code = sandbox.memory().grants.code(Consent {
        client_id: request.client_id,
        redirect_uri: request.redirect_uri_text,
        code_challenge: request.code_challenge,
        account,
        scopes,
        expires_ms: sandbox.now_ms().saturating_add(code_ms),
    });
    flight.outcome("allowed");
    response::redirect(
        sandbox,
        flight,
        request.redirect_uri,
        request.state.as_deref(),
        &[("code", &code)],
    )
}

fn deny(sandbox: &Sandbox, flight: &Flight, request: &AuthorizationRequest) -> Response {
    flight.outcome("access_denied");
    let error = [
        ("error", "access_denied"),
        ("error_description", "The person pressed Deny."),
    ];
    response::redirect(
        sandbox,
        flight,
        request.redirect_uri.clone(),
        request.state.as_deref(),
        &error,
    )
}

fn reject(sandbox: &Sandbox, flight: &Flight, rejection: Rejection) -> Response {
    match rejection {
        Rejection::Page(reason) => {
            flight.outcome("invalid_request");
            let main = format!(
                "<h1>This request cannot be answered</h1><p>{}</p>",
                escape(reason)
            );
            page::respond(StatusCode::BAD_REQUEST, &main, None)
        }
        Rejection::Redirect(told) => {
            flight.outcome(told.error);
            let error = [("error", told.error), ("error_description", told.description)];
            response::redirect(sandbox, flight, told.redirect_uri, told.state.as_deref(), &error)
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
