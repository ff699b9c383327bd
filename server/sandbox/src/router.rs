//! Every route of the provider.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get, post, put};

use crate::Sandbox;
use crate::routes::{
    authorize, basic_door, control, discovery, echo, exchange, fragment, home, identity, introspect, keys,
    metadata, oauth1, resource, revoke, token,
};

/// No request of this protocol is longer.
const MAX_BODY: usize = 64 * 1024;

/// The provider as an axum router. The control routes are there only if the settings say so.
pub fn router(sandbox: Sandbox) -> Router {
    let mut router = Router::new()
        .route("/", get(home::page))
        .merge(documents())
        .merge(consent())
        .merge(tokens())
        .merge(resources())
        .merge(doors())
        .merge(signed());
    if sandbox.settings().control {
        router = router.merge(controls());
    }
    router.layer(DefaultBodyLimit::max(MAX_BODY)).with_state(sandbox)
}

/// What the provider says about itself.
fn documents() -> Router<Sandbox> {
    let bad = "/discovery/{kind}/.well-known/openid-configuration";
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::document))
        .route("/.well-known/openid-configuration", get(metadata::document))
        .route(bad, get(discovery::document))
}

/// Where the browser comes by.
fn consent() -> Router<Sandbox> {
    Router::new()
        .route("/spa", get(fragment::page))
        .route("/authorize", get(authorize::ask).post(authorize::decide))
}

/// Where clients come by. Each of them decides about the method.
fn tokens() -> Router<Sandbox> {
    let token = get(token::endpoint).post(token::endpoint).put(token::endpoint);
    let refresh = get(token::refresh).post(token::refresh).put(token::refresh);
    let tenant = get(token::tenant).post(token::tenant).put(token::tenant);
    let tenant_refresh = get(token::tenant_refresh)
        .post(token::tenant_refresh)
        .put(token::tenant_refresh);
    let revoke = get(revoke::endpoint)
        .post(revoke::endpoint)
        .delete(revoke::endpoint);
    let by_path = get(revoke::by_path).post(revoke::by_path).delete(revoke::by_path);
    Router::new()
        .route("/token", token)
        .route("/refresh", refresh)
        .route("/tenants/{tenant}/token", tenant)
        .route("/tenants/{tenant}/refresh", tenant_refresh)
        .route("/exchange", get(exchange::endpoint))
        .route("/introspect", post(introspect::endpoint))
        .route("/revoke", revoke)
        .route("/revoke/{token}", by_path)
}

/// What an access token is good for.
fn resources() -> Router<Sandbox> {
    Router::new()
        .route("/userinfo", get(resource::userinfo))
        .route("/identity", get(identity::endpoint))
        .route("/api/me", get(resource::me))
        .route("/api/echo", any(echo::endpoint))
        .route("/api/echo/{*rest}", any(echo::endpoint))
        .route("/instances/{name}/api/me", get(resource::instance))
        .route("/instances/{name}/api/echo", any(echo::endpoint))
        .route("/instances/{name}/api/echo/{*rest}", any(echo::endpoint))
}

/// What keys and passwords are good for.
fn doors() -> Router<Sandbox> {
    Router::new()
        .route("/keys/{name}/me", any(keys::me))
        .route("/keys/{name}/echo", any(keys::echo))
        .route("/basic/{name}/me", any(basic_door::me))
        .route("/basic/{name}/echo", any(basic_door::echo))
}

/// OAuth 1.0a. Each consumer decides about the methods of its legs.
fn signed() -> Router<Sandbox> {
    let page = get(oauth1::authorize::ask).post(oauth1::authorize::decide);
    Router::new()
        .route("/oauth1/initiate", any(oauth1::initiate::endpoint))
        .route("/oauth1/authorize", page)
        .route("/oauth1/token", any(oauth1::token::endpoint))
        .route("/oauth1/api/me", any(oauth1::resource::me))
        .route("/oauth1/api/echo", any(oauth1::resource::echo))
        .route("/oauth1/api/echo/{*rest}", any(oauth1::resource::echo))
}

/// For tests.
fn controls() -> Router<Sandbox> {
    Router::new()
        .route("/ledger", get(control::ledger).delete(control::clear_ledger))
        .route("/switches", put(control::switches))
        .route("/clients/{client_id}", put(control::client))
        .route("/keys/{name}", put(control::keys))
        .route("/basic/{name}", put(control::basic))
        .route("/oauth1/consumers/{key}", put(oauth1::control::consumer))
}
