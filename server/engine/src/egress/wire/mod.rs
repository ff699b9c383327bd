//! Connections that calls drive themselves.
//!
//! The usual client runs every connection in a task of its own and passes messages: each piece of a body crosses
//! between two tasks, and often between two processors. Here the one who waits for an answer moves the connection's
//! bytes: a call is one task from socket to socket, and a caller that reads slowly slows the provider down by not
//! asking. HTTP/1.1 only, which every provider speaks.
//!
//! # Layout
//! - [`Wire`]: finds or makes a connection and sends a request on it
//! - `line`: one connection
//! - `pool`: connections that wait for the next call
//! - `connector`: how a connection is made, with the guards of this module's parent

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use tokio::time::timeout;
use tower_service::Service as _;
use url::Url;

use super::error::EgressError;
use super::origin::Origin;
use super::policy::PolicyClass;
use super::resolve::NameLookup;
use super::stream::SentBody;

mod connector;
mod line;
mod pool;

pub(super) use line::Line;
pub(super) use pool::Pool;

/// Look-up, TCP and TLS together.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections of one policy class.
pub(super) struct Wire {
    connector: connector::Connector,
    class: PolicyClass,
    pool: Arc<Pool>,
}

/// The system's root certificates cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct SetupError(String);

/// Why there is no answer.
pub(super) enum Stopped {
    /// No connection; nothing was sent.
    Unconnected(EgressError),
    /// The connection broke; it may have carried the request.
    Broken(hyper::Error),
}

impl Wire {
    pub(super) fn new(class: PolicyClass, lookup: Arc<dyn NameLookup>) -> Result<Self, SetupError> {
        Ok(Self {
            connector: connector::connector(class, lookup)?,
            class,
            pool: Arc::default(),
        })
    }

    pub(super) const fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }

    /// Sends a request; the answer's body comes over the line that is handed back with it.
    pub(super) async fn exchange(
        &self,
        origin: &Origin,
        url: &Url,
        request: Request<SentBody>,
    ) -> Result<(Response<Incoming>, Box<Line>), Stopped> {
        let mut request = request;
        while let Some(mut line) = self.pool.take(origin) {
            if !line.is_alive().await {
                continue;
            }
            match line.send(request).await {
                Ok(response) => return Ok((response, line)),
                // The provider closed the line in the same moment, and the request is still here.
                Err(mut error) => match error.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(Stopped::Broken(error.into_error())),
                },
            }
        }
        let mut line = self.connect(origin, url).await.map_err(Stopped::Unconnected)?;
        match line.send(request).await {
            Ok(response) => Ok((response, line)),
            Err(error) => Err(Stopped::Broken(error.into_error())),
        }
    }

    async fn connect(&self, origin: &Origin, url: &Url) -> Result<Box<Line>, EgressError> {
        let failed = |error: super::BoxError| EgressError::from_connect(error.as_ref(), origin.clone());
        let uri: http::Uri = url.as_str().parse().map_err(|_| super::Refusal::PathCharacter)?;
        let mut connector = self.connector.clone();
        let connecting = async {
            let stream = connector.call(uri).await.map_err(failed)?;
            connector::check(self.class, &stream)?;
            Line::open(stream).await.map_err(|error| failed(error.into()))
        };
        match timeout(CONNECT_TIMEOUT, connecting).await {
            Ok(connected) => connected,
            Err(_) => Err(EgressError::deadline(CONNECT_TIMEOUT, origin.clone(), true)),
        }
    }
}
