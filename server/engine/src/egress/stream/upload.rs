//! A caller's body on its way to the provider.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use tokio::time::{Instant, Sleep, sleep};

use super::BoxError;
use crate::egress::handover::HandedBody;

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
pub(super) struct Moved {
    begun: Instant,
    at: Arc<AtomicU64>,
}

impl Moved {
    fn note(&self) {
        let millis = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.at.store(millis, Ordering::Relaxed);
    }
    pub(super) fn last(&self) -> Instant {
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

impl Upload {
    /// Tells when it last moved, also once it is under way.
    pub(super) fn moved(&self) -> Moved {
        self.moved.clone()
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
pub(in crate::egress) enum SentBody {
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
