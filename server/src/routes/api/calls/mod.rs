//! Calls made for functions.
//!
//! # Layout
//! - [`proxy`]: `ANY /api/v1/proxy/{link_name}/{path}`, streaming both ways
//! - [`invoke`]: `POST /api/v1/invoke`, with the names of Deluge's `invokeurl`
//! - [`shape`]: what invoke makes of an answer where it is asked to
//! - [`caller`]: a caller's body on its way to the provider

use axum::{body::Body, response::Response};
use domain::problem::Problem;
use engine::call::Answered;
use tokio::sync::{Semaphore, SemaphorePermit};

mod caller;
pub(crate) mod invoke;
pub(crate) mod proxy;
mod shape;

/// The largest request of invoke, and the largest answer that it reads as a whole, in bytes.
pub(crate) const MOST: usize = 16 * 1024 * 1024;

/// What invoke holds in memory at once, requests and answers of all organizations together, in KiB.
static ROOM: Semaphore = Semaphore::const_new(256 * 1024);

/// Room for a body of so many bytes, or of the largest where nobody says; given back when dropped.
fn room(length: Option<usize>) -> Result<SemaphorePermit<'static>, Problem> {
    let length = length.unwrap_or(MOST).min(MOST).div_ceil(1024);
    let kib = u32::try_from(length).unwrap_or(u32::MAX);
    ROOM.try_acquire_many(kib)
        .map_err(|_| Problem::RateLimited { retry_after: 1 })
}

/// The provider's answer, passed through.
fn pass(answered: Answered) -> Response {
    let mut response = Response::new(Body::new(answered.body));
    *response.status_mut() = answered.status;
    *response.headers_mut() = answered.headers;
    response
}
