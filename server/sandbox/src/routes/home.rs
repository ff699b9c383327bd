//! `GET /`: says what this is.

use axum::extract::State;
use axum::response::Response;

use crate::Sandbox;
use crate::page::{self, escape};

pub(crate) async fn page(State(sandbox): State<Sandbox>) -> Response {
    let issuer = escape(sandbox.settings().issuer());
    page::respond(
        axum::http::StatusCode::OK,
        &format!(
            "<h1>A provider to practise with</h1>\
             <p>This is a stand-in for a real OAuth 2.0 provider. It asks for consent and gives out tokens, \
             but there is nothing behind it: no real account, no real data. All is forgotten when it stops.</p>\
             <p>Issuer: <code>{issuer}</code><br>\
             Metadata: <a href=\".well-known/oauth-authorization-server\">oauth-authorization-server</a></p>"
        ),
        None,
    )
}
