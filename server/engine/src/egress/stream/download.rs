//! The provider's body on its way back.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep, sleep_until};

use super::BoxError;
use crate::egress::origin::Origin;
use crate::egress::wire::{Line, Pool};

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
    pub(super) const fn new(
        body: Incoming,
        line: Box<Line>,
        home: Arc<Pool>,
        origin: Origin,
        idle: Duration,
        ends: Instant,
    ) -> Self {
        Self {
            body,
            line: Some(line),
            home,
            origin,
            idle,
            ends,
            sleep: None,
        }
    }

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
    pub(super) fn give_back(&mut self, cx: &mut Context<'_>) {
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
