//! The endpoints, one file each.

pub(crate) mod authorize;
pub(crate) mod basic;
pub(crate) mod basic_door;
pub(crate) mod call;
pub(crate) mod control;
pub(crate) mod discovery;
pub(crate) mod echo;
pub(crate) mod exchange;
pub(crate) mod fragment;
pub(crate) mod home;
pub(crate) mod identity;
pub(crate) mod incoming;
pub(crate) mod introspect;
pub(crate) mod keys;
pub(crate) mod metadata;
pub(crate) mod oauth1;
pub(crate) mod resource;
pub(crate) mod revoke;
pub(crate) mod token;

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use crate::parameters::Parameters;

/// What follows the scheme in `Authorization`, if it is that scheme.
pub(crate) fn credentials<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (given, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    given.eq_ignore_ascii_case(scheme).then(|| rest.trim())
}

/// The parameter, or nothing if it is not there exactly once.
pub(crate) fn single<'a>(form: &'a Parameters, name: &str) -> Option<&'a str> {
    form.one(name).unwrap_or(None)
}
