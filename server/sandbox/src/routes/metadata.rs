//! `GET /.well-known/oauth-authorization-server` (RFC 8414).

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::ledger::{Endpoint, Flight};
use crate::{BUILT_IN_CLIENT_ID, Sandbox};

pub(crate) async fn document(State(sandbox): State<Sandbox>) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Metadata, &Method::GET);
    let issuer = sandbox.settings().issuer();
    let scopes: Vec<String> = match sandbox.memory().clients.get(BUILT_IN_CLIENT_ID) {
        Some(client) => client.scopes.iter().map(|scope| scope.name.clone()).collect(),
        None => Vec::new(),
    };
    let methods = ["client_secret_basic", "client_secret_post"];
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "revocation_endpoint": format!("{issuer}/revoke"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    });
    flight.outcome("served");
    flight.answer(Json(document).into_response())
}
