//! Every route.

use std::time::Duration;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderValue, StatusCode, header},
    middleware::from_fn_with_state,
    routing::{any, delete, get, post, put},
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer, timeout::TimeoutLayer};

use crate::{
    assets,
    layers::{failure, headers, origin},
    routes::{api, console, health, oauth},
    session,
    state::AppState,
};

/// Forms are small; the largest has a few hundred scopes.
const FORM: usize = 256 * 1024;
/// Longer than a refresh and everything around it.
const LONGEST: Duration = Duration::from_secs(60);

pub(crate) fn router(app: AppState) -> Router {
    let outer = Router::new()
        .merge(console(&app))
        .nest("/api", api_routes())
        .route("/assets/{file}", get(assets::serve))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready));
    outer
        .layer(TimeoutLayer::with_status_code(
            StatusCode::GATEWAY_TIMEOUT,
            LONGEST,
        ))
        .layer(DefaultBodyLimit::max(FORM))
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(app.clone(), headers::add))
        .with_state(app.clone())
        .merge(calls(app))
}

/// Calls stream: they have their own deadlines and bounds, and every layer less is felt.
fn calls(app: AppState) -> Router {
    use api::calls::{invoke, proxy};
    Router::new()
        .route("/api/v1/proxy/{link_name}", any(proxy::pass))
        .route("/api/v1/proxy/{link_name}/", any(proxy::pass))
        .route("/api/v1/proxy/{link_name}/{*path}", any(proxy::pass))
        .route("/api/v1/invoke", post(invoke::run))
        .layer(CatchPanicLayer::new())
        .with_state(app)
}

/// What takes a function key, and the description of it. Nothing of it is stored on the way.
fn api_routes() -> Router<AppState> {
    use api::manage::{audit, catalogue, connections, credentials, keys, services, verbs};
    let no_store =
        SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Router::new()
        .route("/openapi.json", get(api::openapi::serve))
        .route("/docs", get(api::docs::show))
        .route("/v1/services", get(services::list).post(services::create))
        .route(
            "/v1/services/redirect",
            post(services::redirect)
                .get(services::show)
                .patch(services::change)
                .delete(services::delete),
        )
        .route(
            "/v1/services/{link_name}",
            get(services::show)
                .patch(services::change)
                .delete(services::delete),
        )
        .route("/v1/services/{link_name}/clone", post(services::clone))
        .route(
            "/v1/connections",
            get(connections::list).post(connections::create),
        )
        .route(
            "/v1/connections/{link_name}",
            get(connections::show)
                .patch(connections::change)
                .delete(connections::delete),
        )
        .route("/v1/connections/{link_name}/authorize", post(verbs::authorize))
        .route("/v1/connections/{link_name}/test", post(verbs::test))
        .route("/v1/connections/{link_name}/refresh", post(verbs::refresh))
        .route("/v1/connections/{link_name}/disable", post(verbs::disable))
        .route("/v1/connections/{link_name}/enable", post(verbs::enable))
        .route("/v1/connections/{link_name}/revoke", post(verbs::revoke))
        .route(
            "/v1/connections/{link_name}/credentials",
            get(api::credentials::get).put(credentials::put),
        )
        .route("/v1/connections/{link_name}/sign", post(api::sign::run))
        .route("/v1/connectors/{name}", put(api::connectors::put))
        .route("/v1/function-keys", get(keys::list).post(keys::create))
        .route("/v1/function-keys/{id}", delete(keys::revoke))
        .route("/v1/catalogue", get(catalogue::list))
        .route("/v1/audit", get(audit::list))
        .fallback(api::unknown)
        .method_not_allowed_fallback(api::not_allowed)
        .layer(no_store)
}

/// Pages: with a session, behind the check of the origin.
fn console(app: &AppState) -> Router<AppState> {
    use console::{account, connections, keys, services, sign_in, sign_up};
    Router::new()
        .route("/", get(console::home))
        .route("/sign-up", get(sign_up::show).post(sign_up::submit))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-out", post(sign_in::leave))
        .route("/account", get(account::show))
        .route("/setup", get(console::home))
        .route("/setup/check", post(services::check))
        .route("/setup/connections", get(connections::list::show))
        .route("/setup/connections/new", get(connections::new::show))
        .route(
            "/setup/connections/new/{service}",
            get(connections::create::show).post(connections::create::submit),
        )
        .route("/setup/sandbox", post(connections::create::sandbox))
        .route("/setup/connections/{link_name}", get(connections::detail::show))
        .route(
            "/setup/connections/{link_name}/authorize",
            get(connections::authorize::show),
        )
        .route(
            "/setup/connections/{link_name}/credentials",
            get(connections::credentials::show).post(connections::credentials::submit),
        )
        .route(
            "/setup/connections/{link_name}/test",
            post(connections::test::submit),
        )
        .route(
            "/setup/connections/{link_name}/connect",
            post(connections::people::connect),
        )
        .route(
            "/setup/connections/{link_name}/disconnect",
            post(connections::people::disconnect),
        )
        .route(
            "/setup/connections/{link_name}/reconnect",
            post(connections::verbs::reconnect),
        )
        .route(
            "/setup/connections/{link_name}/settings",
            post(connections::verbs::settings),
        )
        .route(
            "/setup/connections/{link_name}/hosts",
            post(connections::hosts::allow),
        )
        .route(
            "/setup/connections/{link_name}/try",
            post(connections::try_it::submit),
        )
        .route(
            "/setup/connections/{link_name}/disable",
            post(connections::verbs::disable),
        )
        .route(
            "/setup/connections/{link_name}/enable",
            post(connections::verbs::enable),
        )
        .route(
            "/setup/connections/{link_name}/revoke",
            post(connections::verbs::revoke),
        )
        .route(
            "/setup/connections/{link_name}/delete",
            post(connections::verbs::delete),
        )
        .route("/setup/services", get(services::list))
        .route(
            "/setup/services/new",
            get(services::new::show).post(services::new::submit),
        )
        .route("/setup/services/{link_name}", get(services::detail))
        .route(
            "/setup/services/{link_name}/edit",
            get(services::edit::show).post(services::edit::submit),
        )
        .route("/setup/services/{link_name}/clone", post(services::clone))
        .route("/setup/services/{link_name}/delete", post(services::delete))
        .route("/setup/keys", get(keys::show).post(keys::create))
        .route("/setup/keys/{id}/revoke", post(keys::revoke))
        .route("/oauth/start/{consent}", get(oauth::start))
        .route("/oauth/callback/{service}", get(oauth::callback))
        .fallback(console::nowhere)
        .layer(session::layer(app.engine.clone(), &app.public))
        .layer(from_fn_with_state(app.clone(), origin::guard))
        .layer(from_fn_with_state(app.clone(), failure::render))
}
