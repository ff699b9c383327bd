//! One connection, moved by whoever waits for its answer.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use tokio::time::Instant;

use super::connector::Stream;
use crate::egress::stream::SentBody;

/// What a provider may push before anybody has read it, in bytes; also the longest head.
const BUFFER: usize = 256 * 1024;

/// A connection and the way to send on it. Large, and handed around at every call: kept in a box.
pub(in crate::egress) struct Line {
    sender: SendRequest<SentBody>,
    connection: Connection<Stream, SentBody>,
    closed: bool,
    /// Since when it waits for the next call.
    pub(super) idle_since: Instant,
}

impl Line {
    pub(super) async fn open(stream: Stream) -> Result<Box<Self>, hyper::Error> {
        let (sender, connection) = Builder::new().max_buf_size(BUFFER).handshake(stream).await?;
        let idle_since = Instant::now();
        Ok(Box::new(Self {
            sender,
            connection,
            closed: false,
            idle_since,
        }))
    }

    /// Moves bytes as far as they go now.
    pub(in crate::egress) fn advance(&mut self, cx: &mut Context<'_>) {
        if !self.closed && Pin::new(&mut self.connection).poll(cx).is_ready() {
            self.closed = true;
        }
    }

    /// Whether another request can be sent: the last answer is complete and the provider has not closed.
    pub(in crate::egress) fn is_free(&self) -> bool {
        !self.closed && self.sender.is_ready()
    }

    /// Looks whether the provider closed it while it waited.
    pub(super) async fn is_alive(&mut self) -> bool {
        poll_fn(|cx| {
            self.advance(cx);
            Poll::Ready(self.is_free())
        })
        .await
    }

    /// Sends a request and waits for the head of its answer.
    pub(super) async fn send(
        &mut self,
        request: Request<SentBody>,
    ) -> Result<Response<Incoming>, TrySendError<Request<SentBody>>> {
        let mut answer = pin!(self.sender.try_send_request(request));
        let (connection, closed) = (&mut self.connection, &mut self.closed);
        poll_fn(|cx| {
            if !*closed && Pin::new(&mut *connection).poll(cx).is_ready() {
                *closed = true;
            }
            answer.as_mut().poll(cx)
        })
        .await
    }
}
