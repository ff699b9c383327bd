//! `GET /.well-known/oauth-authorization-server` (RFC 8414) and `GET /.well-known/openid-configuration`.

use axum::Json;
use axum::extract::State;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::ledger::{Endpoint, Flight};
use crate::{BUILT_IN_CLIENT_ID, Sandbox};

pub(crate) async fn document(State(sandbox): State<Sandbox>) -> Response {
    let flight = Flight::begin(&sandbox, Endpoint::Metadata, &Method::GET);
    let document = described(&sandbox, sandbox.settings().issuer());
    flight.outcome("served");
    flight.answer(Json(document).into_response())
}

/// All that a client needs to know, under the name of this issuer.
pub(crate) fn described(sandbox: &Sandbox, issuer: &str) -> Value {
    let base = sandbox.settings().issuer();
    let scopes = match sandbox.memory().clients.get(BUILT_IN_CLIENT_ID) {
        Some(client) => client.scope_names(),
        None => Vec::new(),
    };
    let methods = ["client_secret_basic", "client_secret_post"];
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "revocation_endpoint": format!("{base}/revoke"),
        "introspection_endpoint": format!("{base}/introspect"),
        "userinfo_endpoint": format!("{base}/userinfo"),
        "scopes_supported": scopes,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    })
}
