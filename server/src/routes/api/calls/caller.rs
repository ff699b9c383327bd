//! A caller's body on its way to the provider.

use std::{
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use domain::{form::FieldErrors, problem::Problem};
use engine::egress::{BoxError, PassingBody, Upload};
use http_body::{Frame, SizeHint};

/// A smaller body is read first, so that the call can be repeated after the credential was renewed.
const KEPT: u64 = 64 * 1024;

/// The body as the engine takes it; it may stand still for `idle`.
pub(super) async fn body(body: Body, idle: Duration) -> Result<PassingBody, Problem> {
    match body.size_hint().exact() {
        Some(0) => Ok(PassingBody::Whole(Bytes::new())),
        Some(length) if length <= KEPT => read(body, idle).await.map(PassingBody::Whole),
        _ => Ok(PassingBody::Stream(Upload::new(Shared(Mutex::new(body)), idle))),
    }
}

async fn read(body: Body, idle: Duration) -> Result<Bytes, Problem> {
    let most = usize::try_from(KEPT).unwrap_or(usize::MAX);
    let reading = axum::body::to_bytes(body, most);
    match tokio::time::timeout(idle, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        _ => Err(Problem::Invalid(FieldErrors::one(
            "",
            "The request body did not arrive completely. Send it again.",
        ))),
    }
}

/// A body that may be looked at from two threads, as the HTTP client asks; the lock is never waited for.
struct Shared(Mutex<Body>);

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let body = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        Pin::new(body)
            .poll_frame(cx)
            .map(|frame| frame.map(|frame| frame.map_err(Into::into)))
    }

    fn is_end_stream(&self) -> bool {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}
