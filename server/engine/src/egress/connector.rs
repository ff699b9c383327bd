//! The two HTTP clients, one a policy class, and the check of the connected peer.

use std::error::Error;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper_util::client::legacy::connect::{Connected, Connection, HttpInfo};
use tower_layer::Layer;
use tower_service::Service;

use super::address::not_public;
use super::policy::PolicyClass;
use super::refusal::Refusal;
use super::resolve::{NameLookup, Resolver};

pub(super) const USER_AGENT: &str = "Connections/0.1";
/// Look-up, TCP and TLS together. Well below the deadline of a request, so that what was sent late can still be
/// answered.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const POOL_IDLE: Duration = Duration::from_secs(30);
/// What a peer may push before anybody has read it; HTTP/1.1 is bounded by hyper's own read buffer.
const HTTP2_STREAM_WINDOW: u32 = 128 * 1024;
const HTTP2_CONNECTION_WINDOW: u32 = 512 * 1024;

type BoxError = Box<dyn Error + Send + Sync>;

#[expect(clippy::disallowed_methods, reason = "the one place that makes HTTP clients")]
pub(super) fn http_client(
    class: PolicyClass,
    lookup: Arc<dyn NameLookup>,
) -> Result<reqwest::Client, reqwest::Error> {
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .pool_idle_timeout(POOL_IDLE)
        .http2_initial_stream_window_size(HTTP2_STREAM_WINDOW)
        .http2_initial_connection_window_size(HTTP2_CONNECTION_WINDOW)
        .dns_resolver(Resolver { lookup, class });
    match class {
        PolicyClass::Guarded => builder.https_only(true).connector_layer(PeerCheckLayer).build(),
        PolicyClass::Excepted => builder.build(),
    }
}

/// Lets a connection through only if its peer has a public address.
#[derive(Clone, Copy)]
struct PeerCheckLayer;

#[derive(Clone)]
struct PeerCheck<S> {
    inner: S,
}

impl<S> Layer<S> for PeerCheckLayer {
    type Service = PeerCheck<S>;

    fn layer(&self, inner: S) -> Self::Service {
        PeerCheck { inner }
    }
}

impl<S, Target> Service<Target> for PeerCheck<S>
where
    S: Service<Target, Error = BoxError>,
    S::Response: Connection,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let connecting = self.inner.call(target);
        Box::pin(async move {
            let connection = connecting.await?;
            check_peer(peer(&connection.connected()))?;
            Ok(connection)
        })
    }
}

pub(super) fn peer(connected: &Connected) -> Option<SocketAddr> {
    let mut extras = http::Extensions::new();
    connected.get_extras(&mut extras);
    extras.get::<HttpInfo>().map(HttpInfo::remote_addr)
}

/// The resolver has let only public addresses through, so a refusal here is an alarm.
pub(super) fn check_peer(peer: Option<SocketAddr>) -> Result<(), Refusal> {
    let range = match peer {
        Some(address) => not_public(address.ip()),
        None => Some("its address is unknown"),
    };
    match range {
        Some(range) => {
            tracing::error!(range, "a connection got past the resolver's guard and was closed");
            Err(Refusal::Peer(range))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn only_a_known_public_peer_passes() {
        assert_eq!(check_peer("8.8.8.8:443".parse().ok()), Ok(()));
        assert_eq!(
            check_peer("127.0.0.1:443".parse().ok()),
            Err(Refusal::Peer("loopback"))
        );
        assert_eq!(check_peer(None), Err(Refusal::Peer("its address is unknown")));
    }

    /// The layer alone, behind a client without the guarded resolver: the connection is made, and closed
    /// without a byte.
    #[tokio::test]
    #[expect(
        clippy::disallowed_methods,
        reason = "a client with one guard taken off, to see the other work"
    )]
    async fn a_private_peer_gets_no_byte() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            listener.accept().unwrap().0.read_to_end(&mut bytes).unwrap();
            bytes
        });
        let client = reqwest::Client::builder()
            .no_proxy()
            .resolve("api.example.com", address)
            .timeout(Duration::from_secs(2))
            .connector_layer(PeerCheckLayer)
            .build()
            .unwrap();
        let url = format!("http://api.example.com:{}/", address.port());
        let error = client
            .post(url)
            .body("refresh_token=secret")
            .send()
            .await
            .unwrap_err();
        assert!(error.is_connect(), "{error:?}");
        assert_eq!(seen.join().unwrap(), b"");
    }
}
