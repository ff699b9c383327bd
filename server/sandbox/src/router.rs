//! Every route of the provider.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post, put};

use crate::Sandbox;
use crate::routes::{authorize, control, echo, home, metadata, resource, revoke, token};

/// No request of this protocol is longer.
const MAX_BODY: usize = 64 * 1024;

/// The provider as an axum router. The control routes are there only if the settings say so.
pub fn router(sandbox: Sandbox) -> Router {
    let mut router = Router::new()
        .route("/", get(home::page))
        .route("/.well-known/oauth-authorization-server", get(metadata::document))
        .route("/authorize", get(authorize::ask).post(authorize::decide))
        .route("/token", post(token::endpoint))
        .route("/revoke", post(revoke::endpoint))
        .route("/userinfo", get(resource::userinfo))
        .route("/api/me", get(resource::userinfo))
        .route("/api/echo", any(echo::endpoint))
        .route("/api/echo/{*rest}", any(echo::endpoint));
    if sandbox.settings().control {
        router = router
            .route("/ledger", get(control::ledger).delete(control::clear_ledger))
            .route("/switches", put(control::switches))
            .route("/clients/{client_id}", put(control::client));
    }
    router.layer(DefaultBodyLimit::max(MAX_BODY)).with_state(sandbox)
}
