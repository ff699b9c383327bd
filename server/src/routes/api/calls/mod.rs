//! Calls made for functions.
//!
//! # Layout
//! - [`proxy`]: `ANY /api/v1/proxy/{link_name}/{path}`, streaming both ways
//! - [`invoke`]: `POST /api/v1/invoke`, with the names of Deluge's `invokeurl`
//! - [`shape`]: what invoke makes of an answer where it is asked to
//! - [`room`]: bodies that are read as a whole, in bounded memory
//! - [`caller`]: a caller's body on its way to the provider

use axum::{body::Body, response::Response};
use engine::call::Answered;

mod caller;
pub(crate) mod invoke;
pub(crate) mod proxy;
mod room;
mod shape;

/// The provider's answer, passed through.
fn pass(answered: Answered) -> Response {
    let mut response = Response::new(Body::new(answered.body));
    *response.status_mut() = answered.status;
    *response.headers_mut() = answered.headers;
    response
}
