//! A request whose body and answer pass through, piece by piece.
//!
//! Nothing here holds more than the piece under way: how fast a side reads decides how fast the other may send. What
//! never ends is ended: a head that does not come, a body that stops, an exchange that takes longer than any should.
//!
//! # Layout
//! - [`Passing`], [`Passed`], and the exchange itself: this file
//! - `upload`: a caller's body on its way to the provider
//! - `download`: the provider's body on its way back

use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body::Body as _;
use tokio::time::{Instant, sleep_until};
use url::{Position, Url};

use super::client::EgressClient;
use super::connector::USER_AGENT;
use super::error::EgressError;
use super::handover::Handover;
use super::origin::Origin;
use super::refusal::Refusal;
use super::wire::Stopped;

mod download;
mod upload;

pub use download::Download;
pub(super) use upload::SentBody;
pub use upload::Upload;

use upload::Moved;

pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

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

/// The head of an answer, and its body as it comes.
pub struct Passed {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Download,
}

impl EgressClient {
    /// Sends a request and hands back its answer as soon as the head is there. Every status is an answer; redirects
    /// are not followed.
    pub async fn pass(&self, passing: Passing) -> Result<Passed, EgressError> {
        let wire = self.wire_for(&passing.url)?;
        let origin = Origin::of(&passing.url).ok_or(Refusal::NoHost)?;
        let Patience {
            first_byte,
            idle,
            total,
        } = passing.patience;
        let ends = Instant::now() + total;
        let (body, handover, moved) = split(passing.body);
        let unsent = || handover.as_ref().is_some_and(Handover::withdraw);
        let request = request(passing.method, &passing.url, passing.headers, body)?;
        let exchange = wire.exchange(&origin, &passing.url, request);
        let (response, line) = match head(exchange, first_byte, moved, ends).await {
            Some(Ok(answer)) => answer,
            Some(Err(Stopped::Unconnected(error))) => return Err(error),
            Some(Err(Stopped::Broken(error))) => {
                return Err(EgressError::from_exchange(&error, origin, unsent()));
            }
            None => return Err(EgressError::deadline(first_byte, origin, unsent())),
        };
        let (head, body) = response.into_parts();
        let mut body = Download::new(body, line, Arc::clone(wire.pool()), origin, idle, ends);
        if body.is_end_stream() {
            std::future::poll_fn(|cx| {
                body.give_back(cx);
                Poll::Ready(())
            })
            .await;
        }
        Ok(Passed {
            status: head.status,
            headers: head.headers,
            body,
        })
    }
}

/// The request in origin form (RFC 9112 section 3.2.1).
fn request(
    method: Method,
    url: &Url,
    headers: HeaderMap,
    body: SentBody,
) -> Result<Request<SentBody>, Refusal> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = url[Position::BeforePath..Position::AfterQuery]
        .parse()
        .map_err(|_| Refusal::PathCharacter)?;
    *request.headers_mut() = headers;
    let host = HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort]);
    let headers = request.headers_mut();
    headers.insert(header::HOST, host.map_err(|_| Refusal::NoHost)?);
    headers
        .entry(header::USER_AGENT)
        .or_insert(HeaderValue::from_static(USER_AGENT));
    Ok(request)
}

fn split(body: PassingBody) -> (SentBody, Option<Handover>, Option<Moved>) {
    match body {
        PassingBody::Whole(bytes) if bytes.is_empty() => (SentBody::Nothing, None, None),
        PassingBody::Whole(bytes) => {
            let (handover, body) = Handover::new(bytes);
            (SentBody::Whole(body), Some(handover), None)
        }
        PassingBody::Stream(upload) => {
            let moved = upload.moved();
            (SentBody::Stream(upload), None, Some(moved))
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
