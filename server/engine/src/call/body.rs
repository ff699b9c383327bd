//! The answer's body on its way.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;

use super::mask::Mask;
use crate::egress::{BoxError, Download};

/// A provider's body, blotted where it echoes the credential. Holds the call's place among those under way.
pub struct AnswerBody {
    from: Download,
    mask: Arc<Mask>,
    held: Bytes,
    ended: bool,
    _place: OwnedSemaphorePermit,
}

impl AnswerBody {
    pub(super) fn new(from: Download, mask: Arc<Mask>, place: OwnedSemaphorePermit) -> Self {
        Self {
            from,
            mask,
            held: Bytes::new(),
            ended: false,
            _place: place,
        }
    }

    fn end(&mut self) -> Option<Result<Frame<Bytes>, BoxError>> {
        self.ended = true;
        let held = std::mem::take(&mut self.held);
        (!held.is_empty()).then(|| Ok(Frame::data(held)))
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
            if this.ended {
                return Poll::Ready(None);
            }
            let frame = match std::task::ready!(Pin::new(&mut this.from).poll_frame(cx)) {
                Some(Ok(frame)) => frame,
                Some(Err(error)) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => return Poll::Ready(this.end()),
            };
            // Trailers are not passed on: nobody reads them, and they could echo.
            let Ok(piece) = frame.into_data() else { continue };
            let piece = this.mask.piece(&mut this.held, piece);
            if !piece.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(piece))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || (self.held.is_empty() && self.from.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let held = self.held.len() as u64;
        match self.from.size_hint().exact() {
            Some(rest) if !self.ended => SizeHint::with_exact(rest + held),
            _ => SizeHint::new(),
        }
    }
}
