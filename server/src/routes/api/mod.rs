//! The HTTP API: bearer keys, JSON, `problem+json`.
//!
//! # Layout
//! - [`credentials`]: a credential for those who make their calls themselves
//! - [`sign`]: a signature for a request that its function sends itself
//! - [`calls`]: calls that we make
//! - [`manage`]: services, connections, keys, the audit record
//! - [`connectors`]: what programs configure by name
//! - [`openapi`], [`docs`]: what all this is, for programs and for people

use domain::{form::FieldErrors, principal::Principal, problem::Problem};
use engine::error::EngineError;

use crate::{
    error::{ApiError, Misdirected},
    state::App,
};

pub(crate) mod calls;
pub(crate) mod connectors;
pub(crate) mod credentials;
pub(crate) mod docs;
pub(crate) mod manage;
pub(crate) mod openapi;
pub(crate) mod sign;

/// The user whom a request names; empty names nobody.
fn user(field: &str, text: &str) -> Result<Principal, ApiError> {
    Principal::named(text).map_err(|error| Problem::Invalid(FieldErrors::one(field, error)).into())
}

/// A failure with the address of the page where a person mends it.
fn mended_at(app: &App, link_name: &str, error: EngineError) -> ApiError {
    let page = format!("{}/setup/connections/{link_name}", app.public.origin());
    ApiError::from(error).with_connect_url(page)
}

/// An address of the API that leads nowhere.
pub(crate) async fn unknown() -> ApiError {
    Misdirected::Path.into()
}

/// A method that an address of the API does not take.
pub(crate) async fn not_allowed() -> ApiError {
    Misdirected::Method.into()
}
