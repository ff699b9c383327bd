//! The console's pages.

use axum::response::{IntoResponse, Redirect, Response};
use domain::{form::Fields, link_name::LinkName};

use crate::{
    auth::SignedIn,
    error::{WebError, not_found},
};

pub(crate) mod account;
pub(crate) mod connections;
pub(crate) mod keys;
pub(crate) mod services;
pub(crate) mod sign_in;
pub(crate) mod sign_up;

/// `GET /`
pub(crate) async fn home(_: SignedIn) -> Redirect {
    Redirect::to("/setup/connections")
}

/// Any other address.
pub(crate) async fn nowhere() -> Response {
    let pending = not_found();
    let mut response = pending.status.into_response();
    response.extensions_mut().insert(pending);
    response
}

/// A link name in an address; what is none leads nowhere.
fn link_name(text: &str) -> Result<LinkName, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

/// The query of an address.
fn query(raw: Option<&str>) -> Fields {
    Fields::read(raw.unwrap_or_default().as_bytes())
}
