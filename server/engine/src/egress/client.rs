//! Sends a request and reads its answer, within a deadline and a limit.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use url::Url;

use super::connector::http_client;
use super::error::EgressError;
use super::handover::{HandedBody, Handover};
use super::origin::Origin;
use super::policy::{EgressPolicy, PolicyClass};
use super::refusal::Refusal;
use super::request::{Answer, Outbound};
use super::resolve::{NameLookup, SystemLookup};
use super::wire::{SetupError, Wire};

/// The outbound client. Clones share their connections.
#[derive(Clone)]
pub struct EgressClient {
    policy: Arc<EgressPolicy>,
    guarded: reqwest::Client,
    excepted: reqwest::Client,
    guarded_wire: Arc<Wire>,
    excepted_wire: Arc<Wire>,
}

/// The client could not be made, for instance because the system has no root certificates.
#[derive(Debug, thiserror::Error)]
#[error("the outbound HTTP client could not be set up: {0}")]
pub struct EgressSetupError(String);

impl From<reqwest::Error> for EgressSetupError {
    fn from(error: reqwest::Error) -> Self {
        Self(error.to_string())
    }
}
impl From<SetupError> for EgressSetupError {
    fn from(error: SetupError) -> Self {
        Self(error.to_string())
    }
}

impl EgressClient {
    pub fn new(policy: EgressPolicy) -> Result<Self, EgressSetupError> {
        Self::with_lookup(policy, Arc::new(SystemLookup))
    }

    /// A client that asks `lookup` for addresses; its answers are checked all the same.
    pub fn with_lookup(policy: EgressPolicy, lookup: Arc<dyn NameLookup>) -> Result<Self, EgressSetupError> {
        Ok(Self {
            policy: Arc::new(policy),
            guarded: http_client(PolicyClass::Guarded, Arc::clone(&lookup))?,
            excepted: http_client(PolicyClass::Excepted, Arc::clone(&lookup))?,
            guarded_wire: Arc::new(Wire::new(PolicyClass::Guarded, Arc::clone(&lookup))?),
            excepted_wire: Arc::new(Wire::new(PolicyClass::Excepted, lookup)?),
        })
    }

    pub fn policy(&self) -> &EgressPolicy {
        &self.policy
    }

    pub(super) fn wire_for(&self, url: &Url) -> Result<&Wire, Refusal> {
        Ok(match self.policy.class_of(url)? {
            PolicyClass::Guarded => &self.guarded_wire,
            PolicyClass::Excepted => &self.excepted_wire,
        })
    }

    /// Closes connections that have waited long enough for another call.
    pub fn sweep(&self) {
        self.guarded_wire.pool().sweep();
        self.excepted_wire.pool().sweep();
    }

    /// Sends `outbound` once and reads the whole answer. Every status is an answer; redirects are not followed.
    ///
    /// Dropping the future abandons the request wherever it stands, so a caller that must not lose the answer
    /// runs this in a task of its own.
    pub async fn send(&self, outbound: Outbound) -> Result<Answer, EgressError> {
        let client = match self.policy.class_of(&outbound.url)? {
            PolicyClass::Guarded => &self.guarded,
            PolicyClass::Excepted => &self.excepted,
        };
        let origin = Origin::of(&outbound.url).ok_or(Refusal::NoHost)?;
        let (deadline, limit) = (outbound.deadline, outbound.max_body);
        let (request, handover) = into_request(outbound);
        let exchange = exchange(client, request, limit);
        match tokio::time::timeout(deadline, exchange).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Stopped::TooLarge)) => Err(EgressError::TooLarge { origin, limit }),
            Ok(Err(Stopped::Failed(error))) => {
                Err(EgressError::from_client(&error, origin, handover.withdraw()))
            }
            Err(_) => Err(EgressError::deadline(deadline, origin, handover.withdraw())),
        }
    }
}

enum Stopped {
    Failed(reqwest::Error),
    TooLarge,
}

impl From<reqwest::Error> for Stopped {
    fn from(error: reqwest::Error) -> Self {
        Self::Failed(error)
    }
}

fn into_request(outbound: Outbound) -> (reqwest::Request, Handover) {
    let Outbound {
        method,
        url,
        headers,
        body,
        ..
    } = outbound;
    let (handover, body): (Handover, HandedBody) = Handover::new(body.unwrap_or_default());
    let mut request = reqwest::Request::new(method, url);
    *request.headers_mut() = headers;
    *request.body_mut() = Some(reqwest::Body::wrap(body));
    (request, handover)
}

async fn exchange(
    client: &reqwest::Client,
    request: reqwest::Request,
    limit: usize,
) -> Result<Answer, Stopped> {
    let mut response = client.execute(request).await?;
    let body = read_body(&mut response, limit).await?;
    Ok(Answer {
        status: response.status(),
        remote: response.remote_addr(),
        headers: std::mem::take(response.headers_mut()),
        body,
    })
}

/// Holds at most `limit` bytes and the piece that went over it.
async fn read_body(response: &mut reqwest::Response, limit: usize) -> Result<Bytes, Stopped> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |length| length > limit) {
        return Err(Stopped::TooLarge);
    }
    let mut body = BytesMut::new();
    while let Some(piece) = response.chunk().await? {
        if piece.len() > limit - body.len() {
            return Err(Stopped::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}
