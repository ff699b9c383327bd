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
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep, sleep_until};
use url::{Position, Url};

use super::client::EgressClient;
use super::connector::USER_AGENT;
use super::error::EgressError;
use super::handover::{HandedBody, Handover};
use super::origin::Origin;
use super::refusal::Refusal;
use super::wire::{Line, Pool, Stopped};

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

pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A caller's body on its way: notes that it moves, and ends when it does not.
pub struct Upload {
    body: Pin<Box<dyn Body<Data = Bytes, Error = BoxError> + Send>>,
    moved: Moved,
    idle: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
}

/// The caller sent nothing for too long.
#[derive(Debug, thiserror::Error)]
#[error("the request body stopped arriving")]
struct Stalled;

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
    pub fn new<B>(body: B, idle: Duration) -> Self
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        Self {
            body: Box::pin(body.map_err(Into::into)),
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

/// A body on the wire.
pub(super) enum SentBody {
    Nothing,
    Whole(HandedBody),
    Stream(Upload),
}

impl Body for SentBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.get_mut() {
            Self::Nothing => Poll::Ready(None),
            Self::Whole(body) => Pin::new(body)
                .poll_frame(cx)
                .map(|frame| frame.map(|frame| frame.map_err(Into::into))),
            Self::Stream(upload) => Pin::new(upload).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Whole(body) => body.is_end_stream(),
            Self::Stream(upload) => upload.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Nothing => SizeHint::with_exact(0),
            Self::Whole(body) => body.size_hint(),
            Self::Stream(upload) => upload.size_hint(),
        }
    }
}

/// The head of an answer, and its body as it comes.
pub struct Passed {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Download,
}

/// A provider's body on its way; reading it moves the connection.
pub struct Download {
    body: Incoming,
    /// None once the connection waits for the next call.
    line: Option<Box<Line>>,
    home: Arc<Pool>,
    origin: Origin,
    idle: Duration,
    ends: Instant,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Download {
    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        if let ready @ Poll::Ready(_) = Pin::new(&mut self.body).poll_frame(cx) {
            return ready;
        }
        if let Some(line) = &mut self.line {
            line.advance(cx);
        }
        Pin::new(&mut self.body).poll_frame(cx)
    }

    /// Once the body is complete, the connection goes back to wait for the next call.
    fn give_back(&mut self, cx: &mut Context<'_>) {
        if let Some(mut line) = self.line.take() {
            line.advance(cx);
            if line.is_free() {
                self.home.put(&self.origin, line);
            }
        }
    }
}

impl Body for Download {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if Instant::now() >= self.ends {
            // Also for a caller that takes a little now and then.
            return Poll::Ready(Some(Err(Slow.into())));
        }
        if let Poll::Ready(frame) = self.poll_piece(cx) {
            self.sleep = None;
            if frame.is_none() || self.body.is_end_stream() {
                self.give_back(cx);
            }
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
struct Slow;

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
        let mut body = Download {
            body,
            line: Some(line),
            home: Arc::clone(wire.pool()),
            origin,
            idle,
            ends,
            sleep: None,
        };
        if body.body.is_end_stream() {
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
            let moved = upload.moved.clone();
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
