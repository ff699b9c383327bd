//! `GET /discovery/{kind}/.well-known/openid-configuration`: documents that a careful reader refuses. But for
//! the one thing that is wrong they are good, and name `{issuer}/discovery/{kind}` as their issuer.

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::LOCATION;
use axum::http::{Method, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Value, json};

use super::metadata::described;
use crate::Sandbox;
use crate::ledger::{Endpoint, Flight};

const HUGE: usize = 2 * 1024 * 1024;
const SLOW: Duration = Duration::from_secs(60);

pub(crate) async fn document(State(sandbox): State<Sandbox>, Path(kind): Path<String>) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Discovery, &Method::GET);
    let issuer = sandbox.settings().issuer();
    let good = described(&sandbox, &format!("{issuer}/discovery/{kind}"));
    let response = match kind.as_str() {
        "wrong_issuer" => with(good, "issuer", json!("https://other.example.com")),
        "huge" => with(good, "padding", json!("x".repeat(HUGE))),
        "slow" => {
            tokio::time::sleep(SLOW).await;
            Json(good).into_response()
        }
        "redirect" => {
            let to = format!("{issuer}/.well-known/openid-configuration");
            (StatusCode::FOUND, [(LOCATION, to)]).into_response()
        }
        "html" => Html("<!doctype html><title>Sign in</title><p>Sign in first.</p>").into_response(),
        _ => {
            flight.outcome("unknown_kind");
            return flight.answer(StatusCode::NOT_FOUND.into_response());
        }
    };
    flight.outcome("served");
    flight.answer(response)
}

fn with(mut document: Value, name: &str, value: Value) -> Response {
    document[name] = value;
    Json(document).into_response()
}
