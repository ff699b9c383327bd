//! Calls made for functions.
//!
//! # Layout
//! - [`proxy`]: `ANY /api/v1/proxy/{link_name}/{path}`, streaming both ways
//! - [`invoke`]: `POST /api/v1/invoke`, with the names of Deluge's `invokeurl`
//! - [`shape`]: what invoke makes of an answer where it is asked to
//! - [`caller`]: a caller's body on its way to the provider

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use engine::call::Answered;

mod caller;
pub(crate) mod invoke;
pub(crate) mod proxy;
mod shape;

/// The largest request of invoke, and the largest answer that it reads as a whole, in bytes.
pub(crate) const MOST: usize = 16 * 1024 * 1024;

/// The provider's answer, passed through.
fn pass(answered: Answered) -> Response {
    let mut response = Response::new(Body::new(answered.body));
    *response.status_mut() = answered.status;
    *response.headers_mut() = answered.headers;
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}
