//! `GET /identity`: tells the bearer where its instance is, in the ways that real providers tell it.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::call::Call;
use crate::Sandbox;
use crate::grants::Bearer;
use crate::ledger::{Endpoint, Flight};
use crate::parameters::Parameters;

pub(crate) async fn endpoint(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Identity, &Method::GET);
    let call = Call {
        sandbox: &sandbox,
        flight: &flight,
        endpoint: Endpoint::Identity,
        headers: &headers,
        query: Parameters::parse(query.unwrap_or_default().as_bytes()),
        instance: None,
    };
    let response = match call.bearer() {
        Ok(bearer) => {
            let instance = call
                .holder()
                .and_then(|client| client.quirks.call.instance.clone())
                .unwrap_or_else(|| "main".to_owned());
            Json(described(&sandbox, &bearer, &instance)).into_response()
        }
        Err(refused) => refused.into_response(),
    };
    flight.answer(response)
}

/// `dc` as Mailchimp has it, `accounts` as DocuSign has them, and the person as `/userinfo` does.
fn described(sandbox: &Sandbox, bearer: &Bearer, instance: &str) -> Value {
    let base = format!("{}/instances/{instance}", sandbox.settings().issuer());
    json!({
        "dc": instance,
        "api_endpoint": base,
        "accounts": [{"account_id": bearer.account.id, "account_name": bearer.account.name,
            "is_default": true, "base_uri": base}],
        "email": bearer.account.email,
        "name": bearer.account.name,
        "account": bearer.account.id,
    })
}
