//! The answer's body on its way.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::mask::{Mask, Sieve};
use crate::{
    egress::{BoxError, Download},
    limits::Place,
};

/// After so long without another piece, what waits is passed on: events must not hang.
const PAUSE: Duration = Duration::from_millis(250);

/// A provider's body, blotted where it echoes the credential. Holds the call's place among those under way.
pub struct AnswerBody {
    from: Download,
    sieve: Sieve,
    /// Passed through the sieve, and next to go.
    next: [Bytes; 2],
    ended: bool,
    pause: Option<Pin<Box<Sleep>>>,
    _place: Place,
}

impl AnswerBody {
    pub(super) fn new(from: Download, mask: Arc<Mask>, place: Place) -> Self {
        Self {
            from,
            sieve: Sieve::new(mask),
            next: [Bytes::new(), Bytes::new()],
            ended: false,
            pause: None,
            _place: place,
        }
    }

    fn take_next(&mut self) -> Option<Bytes> {
        let next = self.next.iter_mut().find(|piece| !piece.is_empty());
        next.map(std::mem::take)
    }

    /// Waits for the end of the pause, where something waits for it.
    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<Bytes> {
        if !self.sieve.waits() {
            return Poll::Pending;
        }
        let pause = self.pause.get_or_insert_with(|| Box::pin(sleep(PAUSE)));
        ready!(pause.as_mut().poll(cx));
        self.pause = None;
        Poll::Ready(self.sieve.flush())
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        loop {
            if let Some(piece) = this.take_next() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
            if this.ended {
                return Poll::Ready(None);
            }
            let frame = match Pin::new(&mut this.from).poll_frame(cx) {
                Poll::Ready(frame) => frame,
                Poll::Pending => return this.poll_pause(cx).map(|piece| Some(Ok(Frame::data(piece)))),
            };
            this.pause = None;
            match frame {
                Some(Ok(frame)) => {
                    // Trailers are not passed on: nobody reads them, and they could echo.
                    let Ok(piece) = frame.into_data() else { continue };
                    this.ended = this.from.is_end_stream();
                    this.next = this.sieve.push(piece, this.ended);
                }
                Some(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    this.ended = true;
                    this.next = this.sieve.push(Bytes::new(), true);
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        let rest = self.sieve.waits() || self.next.iter().any(|piece| !piece.is_empty());
        !rest && (self.ended || self.from.is_end_stream())
    }

    /// Not the exact length: the head tells it where the provider did.
    fn size_hint(&self) -> SizeHint {
        SizeHint::new()
    }
}
