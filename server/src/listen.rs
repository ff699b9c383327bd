//! Accepts connections. What axum's own loop does not have: a bound on how long a client may take over the head of
//! its request, and on how many connections are open, so that slow clients cannot hold the server.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::sync::CancellationToken;
use tower::{Service, service_fn};
use unstuck::Unstuck;

mod unstuck;

/// For the head of a request, and between two requests of a kept connection.
const HEAD: Duration = Duration::from_secs(20);
/// How long a client may take nothing of what is ready for it.
const STUCK: Duration = Duration::from_secs(60);
/// Connections at a time; more wait in the system's queue.
const MOST: usize = 8192;
/// For requests that are under way when the server stops.
const PATIENCE: Duration = Duration::from_secs(20);

/// Serves until told to stop, then lets requests that are under way end.
pub(crate) async fn serve(listener: TcpListener, router: Router, stop: CancellationToken) {
    let places = Arc::new(Semaphore::new(MOST));
    let graceful = GracefulShutdown::new();
    while let Some((stream, peer, place)) = next(&listener, &places, &stop).await {
        let mut builder = Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(HEAD)
            .max_concurrent_streams(200);
        let service = TowerToHyperService::new(with_peer(router.clone(), peer));
        let connection = builder
            .serve_connection(TokioIo::new(Unstuck::new(stream, STUCK)), service)
            .into_owned();
        let watched = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that a client breaks off is nobody's trouble.
            let _ended = watched.await;
            drop(place);
        });
    }
    if tokio::time::timeout(PATIENCE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were still under way after {PATIENCE:?}");
    }
}

/// The next connection; None once told to stop.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    loop {
        let accepted = async {
            let place = Arc::clone(places).acquire_owned().await.ok();
            (listener.accept().await, place)
        };
        match tokio::select! { accepted = accepted => accepted, () = stop.cancelled() => return None } {
            (Ok((stream, peer)), Some(place)) => {
                let _immediate = stream.set_nodelay(true);
                return Some((stream, peer, place));
            }
            (Err(error), _) => {
                // Out of file descriptors, mostly: passes when connections end.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            (_, None) => return None,
        }
    }
}

/// The router for one connection, which knows who is at its other end.
fn with_peer<B>(
    router: Router,
    peer: SocketAddr,
) -> impl Service<Request<B>, Response = axum::response::Response, Error = Infallible, Future: Send> + Clone
where
    B: axum::body::HttpBody<Data = bytes::Bytes, Error: Into<axum::BoxError>> + Send + 'static,
{
    service_fn(move |request: Request<B>| {
        let mut router = router.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        async move { router.call(request).await }
    })
}
