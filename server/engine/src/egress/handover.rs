//! Whether the body of a request left, decided once and for good.
//!
//! HTTP libraries tell whether connecting failed, but not, when a deadline passes, whether the request had been
//! written by then. The body knows: it is asked for its bytes after the connection stands and before they are
//! written. So the body and the one who waits share a cell, and whoever reaches it first decides: either the
//! bytes were taken and may have arrived, or they were withdrawn and cannot leave any more, even if the
//! connection becomes ready in the same moment.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

const WAITING: u8 = 0;
const TAKEN: u8 = 1;
const WITHDRAWN: u8 = 2;

/// The waiting side.
pub(super) struct Handover(Arc<AtomicU8>);

/// The side that goes with the request.
pub(super) struct HandedBody {
    cell: Arc<AtomicU8>,
    bytes: Bytes,
}

/// The body was asked for after the request had been given up.
#[derive(Debug, thiserror::Error)]
#[error("the request was given up before it was sent")]
pub(super) struct Withdrawn;

impl Handover {
    pub(super) fn new(bytes: Bytes) -> (Self, HandedBody) {
        // Nothing asks an empty body for its bytes, so it has to count as taken from the start.
        let cell = Arc::new(AtomicU8::new(if bytes.is_empty() { TAKEN } else { WAITING }));
        (Self(Arc::clone(&cell)), HandedBody { cell, bytes })
    }

    /// Keeps the body from leaving. True if it had not left; then it never will.
    pub(super) fn withdraw(&self) -> bool {
        decide(&self.0, WITHDRAWN)
    }
}

/// True if the cell now stands, or stood before, at `decision`.
fn decide(cell: &AtomicU8, decision: u8) -> bool {
    match cell.compare_exchange(WAITING, decision, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => true,
        Err(standing) => standing == decision,
    }
}

impl Body for HandedBody {
    type Data = Bytes;
    type Error = Withdrawn;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Withdrawn>>> {
        if !decide(&self.cell, TAKEN) {
            return Poll::Ready(Some(Err(Withdrawn)));
        }
        let bytes = std::mem::take(&mut self.bytes);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    fn poll(body: &mut HandedBody) -> Option<Result<Bytes, Withdrawn>> {
        match Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(frame) => frame.map(|frame| frame.map(|frame| frame.into_data().unwrap())),
            Poll::Pending => panic!("a body in memory is always ready"),
        }
    }

    #[test]
    fn taken_cannot_be_withdrawn() {
        let (handover, mut body) = Handover::new(Bytes::from_static(b"x=1"));
        assert_eq!(body.size_hint().exact(), Some(3));
        assert_eq!(poll(&mut body).unwrap().unwrap(), "x=1");
        assert!(body.is_end_stream() && poll(&mut body).is_none());
        assert!(!handover.withdraw());
    }

    #[test]
    fn withdrawn_cannot_be_taken() {
        let (handover, mut body) = Handover::new(Bytes::from_static(b"x=1"));
        assert!(handover.withdraw() && handover.withdraw());
        assert!(poll(&mut body).unwrap().is_err());
    }

    #[test]
    fn an_empty_body_may_always_have_left() {
        assert!(!Handover::new(Bytes::new()).0.withdraw());
    }
}
