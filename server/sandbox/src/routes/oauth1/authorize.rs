//! `/oauth1/authorize` (RFC 5849, 2.2): asks a person, and sends the verifier back.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use url::Url;

use crate::ledger::{Endpoint, Flight};
use crate::oauth1::consumer::Consumer;
use crate::page::{self, escape};
use crate::parameters::Parameters;
use crate::quirks::Unmet;
use crate::routes::authorize::consent::Question;
use crate::routes::authorize::from_another_site;
use crate::routes::single;
use crate::{Sandbox, account, seal};

/// A temporary pair that a person may decide about.
struct Asked {
    token: String,
    key: String,
    consumer: Arc<Consumer>,
    /// Nowhere: the person carries the verifier over.
    to: Option<Url>,
}

/// `GET`: shows the consent page.
pub(crate) async fn ask(State(sandbox): State<Sandbox>, RawQuery(query): RawQuery) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Oauth1Authorize, &Method::GET);
    let given = Parameters::parse(query.unwrap_or_default().as_bytes());
    let response = match checked(&sandbox, &flight, &given) {
        Ok(asked) => {
            flight.outcome("shown");
            asked.page(StatusCode::OK, &given, None)
        }
        Err(reason) => page::refusal(&reason),
    };
    flight.answer(response)
}

/// `POST`: the person has pressed a button.
pub(crate) async fn decide(State(sandbox): State<Sandbox>, headers: HeaderMap, body: Bytes) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Oauth1Authorize, &Method::POST);
    if from_another_site(&headers) {
        flight.outcome("cross_site");
        return flight.answer(StatusCode::FORBIDDEN.into_response());
    }
    let form = Parameters::parse(&body);
    let response = match checked(&sandbox, &flight, &form) {
        Ok(asked) if single(&form, "decision") == Some("allow") => allow(&sandbox, &flight, asked, &form),
        Ok(asked) => deny(&sandbox, &flight, asked),
        Err(reason) => page::refusal(&reason),
    };
    flight.answer(response)
}

fn checked(sandbox: &Sandbox, flight: &Flight, given: &Parameters) -> Result<Asked, String> {
    let asked = find(sandbox, given);
    let checked = match &asked {
        Some(asked) => {
            let wanted = &asked.consumer.authorize_parameters;
            Unmet::unless_values("authorize_parameters", given, wanted)
        }
        None => Ok(()),
    };
    flight.note(|entry| {
        entry.client_id = asked.as_ref().map(|asked| asked.key.clone());
        entry.fingerprint = asked.as_ref().map(|asked| seal::fingerprint(&asked.token));
        entry.unmet = checked.as_ref().err().map(|unmet| unmet.demand.to_owned());
        if asked.is_none() || checked.is_err() {
            entry.outcome = Some("invalid_request".to_owned());
        }
    });
    checked.map_err(|unmet| unmet.description)?;
    asked.ok_or("The oauth_token is unknown here, or was used before.".to_owned())
}

fn find(sandbox: &Sandbox, given: &Parameters) -> Option<Asked> {
    let token = single(given, "oauth_token")?;
    let memory = sandbox.memory();
    let temporary = memory.oauth1.tokens.temporary(token)?;
    let undecided = temporary.allowed.is_none();
    let consumer = memory.oauth1.consumers.get(&temporary.consumer_key)?;
    let to = consumer.callback(&temporary.callback)?;
    undecided.then(|| Asked {
        token: token.to_owned(),
        key: temporary.consumer_key.clone(),
        consumer: consumer.clone(),
        to,
    })
}

impl Asked {
    fn page(&self, status: StatusCode, given: &Parameters, alert: Option<&str>) -> Response {
        let question = Question {
            application: &self.consumer.application,
            action: "authorize",
            hidden: given.pairs(),
            scopes: &[],
            to: self.to.as_ref(),
        };
        question.ask(status, alert)
    }
}

fn allow(sandbox: &Sandbox, flight: &Flight, asked: Asked, form: &Parameters) -> Response {
    let Some(account) = single(form, "account").and_then(account::find) else {
        flight.outcome("incomplete");
        let alert = Some("Choose an account to sign in with.");
        return asked.page(StatusCode::UNPROCESSABLE_ENTITY, form, alert);
    };
    let verifier = sandbox.memory().oauth1.tokens.allow(&asked.token, account);
    let verifier = verifier.unwrap_or_default();
    flight.outcome("allowed");
    match asked.to {
        Some(to) => redirect(
            to,
            &[("oauth_token", &asked.token), ("oauth_verifier", &verifier)],
        ),
        None => {
            let main = format!(
                "<h1>Almost done</h1><p>Give this code to the application: <code>{}</code></p>",
                escape(&verifier)
            );
            page::respond(StatusCode::OK, &main, None)
        }
    }
}

fn deny(sandbox: &Sandbox, flight: &Flight, asked: Asked) -> Response {
    flight.outcome("access_denied");
    sandbox.memory().oauth1.tokens.spend(&asked.token);
    match asked.to {
        Some(to) => {
            let problem = ("oauth_problem", "permission_denied");
            redirect(to, &[("oauth_token", &asked.token), problem])
        }
        None => page::respond(StatusCode::OK, "<h1>Nothing was allowed</h1>", None),
    }
}

fn redirect(mut to: Url, answer: &[(&str, &str)]) -> Response {
    to.query_pairs_mut().extend_pairs(answer);
    let headers = [
        (LOCATION, to.as_str()),
        (CACHE_CONTROL, "no-store"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    (StatusCode::SEE_OTHER, headers).into_response()
}
