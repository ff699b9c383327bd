//! How a connection is made.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connection as _, HttpConnector, dns::Name};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::super::connector::{check_peer, peer};
use super::super::policy::PolicyClass;
use super::super::refusal::Refusal;
use super::super::resolve::{NameLookup, guarded};
use super::SetupError;
use crate::egress::BoxError;

/// What a connection runs over.
pub(super) type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;
pub(super) type Connector = HttpsConnector<HttpConnector<Resolver>>;

pub(super) fn connector(class: PolicyClass, lookup: Arc<dyn NameLookup>) -> Result<Connector, SetupError> {
    let mut http = HttpConnector::new_with_resolver(Resolver { lookup, class });
    http.enforce_http(false);
    http.set_nodelay(true);
    let builder = HttpsConnectorBuilder::new()
        .try_with_platform_verifier()
        .map_err(|error| SetupError(error.to_string()))?;
    let builder = match class {
        PolicyClass::Guarded => builder.https_only(),
        PolicyClass::Excepted => builder.https_or_http(),
    };
    Ok(builder.enable_http1().wrap_connector(http))
}

/// The resolver has let only permitted addresses through; the socket is looked at all the same.
pub(super) fn check(class: PolicyClass, stream: &Stream) -> Result<(), Refusal> {
    match class {
        PolicyClass::Guarded => check_peer(peer(&stream.connected())),
        PolicyClass::Excepted => Ok(()),
    }
}

/// From a name to its addresses, once a connection.
#[derive(Clone)]
pub(super) struct Resolver {
    lookup: Arc<dyn NameLookup>,
    class: PolicyClass,
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let looking_up = guarded(Arc::clone(&self.lookup), self.class, name.as_str().to_owned());
        Box::pin(async move {
            let found = looking_up.await?;
            let addresses: Vec<SocketAddr> = found.into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
            Ok(addresses.into_iter())
        })
    }
}
