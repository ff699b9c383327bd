//! A caller's body on its way to the provider.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use domain::{form::FieldErrors, problem::Problem};
use engine::egress::{PassingBody, Upload};

/// A smaller body is read first, so that the call can be repeated after the credential was renewed.
const KEPT: u64 = 64 * 1024;

/// The body as the engine takes it; it may stand still for `idle`.
pub(super) async fn body(body: Body, idle: Duration) -> Result<PassingBody, Problem> {
    match body.size_hint().exact() {
        Some(0) => Ok(PassingBody::Whole(Bytes::new())),
        Some(length) if length <= KEPT => read(body, idle).await.map(PassingBody::Whole),
        _ => Ok(PassingBody::Stream(Upload::new(body, idle))),
    }
}

async fn read(body: Body, idle: Duration) -> Result<Bytes, Problem> {
    let most = usize::try_from(KEPT).unwrap_or(usize::MAX);
    let reading = axum::body::to_bytes(body, most);
    match tokio::time::timeout(idle, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        _ => Err(incomplete()),
    }
}

/// The caller stopped in the middle.
pub(super) fn incomplete() -> Problem {
    let sentence = "The request body did not arrive completely. Send it again.";
    Problem::Invalid(FieldErrors::one("", sentence))
}
