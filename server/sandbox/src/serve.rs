//! Listening, and stopping in time.

use std::future::{Future, IntoFuture as _};
use std::io;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::{Sandbox, router};

/// How long requests in flight may go on after the stop. A fault may hold one open for ever.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until `shutdown` completes and the requests in flight have ended, or a second has passed.
///
/// # Errors
/// Those of the listener.
pub async fn serve(
    listener: TcpListener,
    sandbox: Sandbox,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = oneshot::channel::<()>();
    let server = axum::serve(listener, router(sandbox)).with_graceful_shutdown(async move {
        shutdown.await;
        drop(stopping);
    });
    let deadline = async {
        // The sender is only ever dropped: either way it is over.
        stopped.await.unwrap_or_default();
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = server.into_future() => ended,
        () = deadline => Ok(()),
    }
}
