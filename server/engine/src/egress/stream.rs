//! A request whose body and answer pass through, piece by piece.
//!
//! Nothing here holds more than the piece under way: how fast a side reads decides how fast the other may send. What
//! never ends is ended: a head that does not come, a body that stops, an exchange that takes longer than any should.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use url::Url;

use super::client::EgressClient;
use super::error::EgressError;
use super::handover::Handover;
use super::origin::Origin;
use super::refusal::Refusal;

/// How long each part of an exchange may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// From the end of the request to the head of the answer.
    pub first_byte: Duration,
    /// Between two pieces of a body.
    pub idle: Duration,
    /// All of it.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first_byte: Duration::from_secs(60),
            idle: Duration::from_secs(30),
            total: Duration::from_secs(3600),
        }
    }
}

/// One request that may stream.
pub struct Passing {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: PassingBody,
    pub patience: Patience,
}

/// The body of a request.
pub enum PassingBody {
    /// In memory; it is known whether it was sent.
    Whole(Bytes),
    /// From a caller.
    Stream(Upload),
}

/// A caller's body on its way: notes that it moves, and ends when it does not.
pub struct Upload {
    body: Pin<Box<dyn Body<Data = Bytes, Error = BoxError> + Send + Sync>>,
    moved: Moved,
    idle: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The caller sent nothing for too long.
#[derive(Debug, thiserror::Error)]
#[error("the request body stopped arriving")]
pub struct Stalled;

/// When a body last moved, in milliseconds since it was made.
#[derive(Clone, Debug)]
struct Moved {
    begun: Instant,
    at: Arc<AtomicU64>,
}

impl Moved {
    fn note(&self) {
        let millis = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.at.store(millis, Ordering::Relaxed);
    }
    fn last(&self) -> Instant {
        self.begun + Duration::from_millis(self.at.load(Ordering::Relaxed))
    }
}

impl Upload {
    /// Takes a caller's body, which may stand still for `idle` at most.
    pub fn new(
        body: impl Body<Data = Bytes, Error = BoxError> + Send + Sync + 'static,
        idle: Duration,
    ) -> Self {
        Self {
            body: Box::pin(body),
            moved: Moved {
                begun: Instant::now(),
                at: Arc::default(),
            },
            idle,
            sleep: None,
        }
    }
}

impl Body for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = self.body.as_mut().poll_frame(cx) {
            self.sleep = None;
            self.moved.note();
            return Poll::Ready(frame);
        }
        let idle = self.idle;
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep(idle)));
        ready!(sleep.as_mut().poll(cx));
        Poll::Ready(Some(Err(Stalled.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The head of an answer, and its body as it comes.
pub struct Passed {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Download,
}

/// A provider's body on its way.
pub struct Download {
    body: reqwest::Body,
    idle: Duration,
    ends: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Body for Download {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(cx) {
            self.sleep = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let until = self.ends.min(Instant::now() + self.idle);
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(until)));
        ready!(sleep.as_mut().poll(cx));
        Poll::Ready(Some(Err(Slow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The provider sent nothing for too long.
#[derive(Debug, thiserror::Error)]
#[error("the answer stopped arriving")]
pub(super) struct Slow;

impl EgressClient {
    /// Sends a request and hands back its answer as soon as the head is there. Every status is an answer; redirects
    /// are not followed.
    pub async fn pass(&self, passing: Passing) -> Result<Passed, EgressError> {
        let client = self.client_for(&passing.url)?;
        let origin = Origin::of(&passing.url).ok_or(Refusal::NoHost)?;
        let Patience {
            first_byte,
            idle,
            total,
        } = passing.patience;
        let ends = Instant::now() + total;
        let mut request = reqwest::Request::new(passing.method, passing.url);
        *request.headers_mut() = passing.headers;
        let (body, handover, moved) = split(passing.body);
        *request.body_mut() = body;
        let unsent = || handover.as_ref().is_some_and(Handover::withdraw);
        match head(client.execute(request), first_byte, moved, ends).await {
            Some(Ok(response)) => Ok(passed(response, idle, ends)),
            Some(Err(error)) => Err(EgressError::from_client(&error, origin, unsent())),
            None => Err(EgressError::deadline(first_byte, origin, unsent())),
        }
    }
}

fn split(body: PassingBody) -> (Option<reqwest::Body>, Option<Handover>, Option<Moved>) {
    match body {
        PassingBody::Whole(bytes) if bytes.is_empty() => (None, None, None),
        PassingBody::Whole(bytes) => {
            let (handover, body) = Handover::new(bytes);
            (Some(reqwest::Body::wrap(body)), Some(handover), None)
        }
        PassingBody::Stream(upload) => {
            let moved = upload.moved.clone();
            (Some(reqwest::Body::wrap(upload)), None, Some(moved))
        }
    }
}

/// Waits for the head; None where it does not come. As long as the request's body moves, the wait begins anew.
async fn head<F: Future>(
    exchange: F,
    first_byte: Duration,
    moved: Option<Moved>,
    ends: Instant,
) -> Option<F::Output> {
    let mut exchange = std::pin::pin!(exchange);
    let mut until = ends.min(Instant::now() + first_byte);
    loop {
        tokio::select! {
            biased;
            output = &mut exchange => return Some(output),
            () = sleep_until(until) => {
                let moved = moved.as_ref()?;
                let later = ends.min(moved.last() + first_byte);
                if later <= Instant::now() {
                    return None;
                }
                until = later;
            }
        }
    }
}

fn passed(mut response: reqwest::Response, idle: Duration, ends: Instant) -> Passed {
    Passed {
        status: response.status(),
        headers: std::mem::take(response.headers_mut()),
        body: Download {
            body: response.into(),
            idle,
            ends,
            sleep: None,
        },
    }
}
