//! What the buttons of a connection's page do.

use axum::{
    extract::{Path, State},
    response::Response,
};
use domain::name::Name;
use engine::error::EngineError;

use super::{super::link_name, create::begin, detail::page};
use crate::{
    auth::Administrator,
    error::WebError,
    forms::{self, Go, Posted},
    state::AppState,
    view::Viewer,
};

/// Asks for consent again. The credential that is there keeps serving until a new one is proven.
pub(crate) async fn reconnect(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let result = begin(&app, &admin, &name).await;
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, admin.member(), &name, form)
    })
    .await
}

/// Changes the display name.
pub(crate) async fn rename(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let result = match posted.0.get("name").parse::<Name>() {
        Ok(new) => app
            .engine
            .rename_connection(&admin, &name, &new)
            .await
            .map(|()| back(&name)),
        Err(error) => Err(EngineError::field("name", error)),
    };
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, admin.member(), &name, form)
    })
    .await
}

/// Switches it off.
pub(crate) async fn disable(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let result = app
        .engine
        .disable_connection(&admin, &name, true)
        .await
        .map(|()| back(&name));
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, admin.member(), &name, form)
    })
    .await
}

/// Switches it on.
pub(crate) async fn enable(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let result = app
        .engine
        .disable_connection(&admin, &name, false)
        .await
        .map(|()| back(&name));
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, admin.member(), &name, form)
    })
    .await
}

/// Erases the tokens here and withdraws them at the provider.
pub(crate) async fn revoke(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let result = app
        .engine
        .revoke_connection(&admin, &name)
        .await
        .map(|()| back(&name));
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, admin.member(), &name, form)
    })
    .await
}

/// Removes it.
pub(crate) async fn delete(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let result = app
        .engine
        .delete_connection(&admin, &name)
        .await
        .map(|()| Go::to("/setup/connections"));
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, admin.member(), &name, form)
    })
    .await
}

fn back(name: &domain::link_name::LinkName) -> Go {
    Go::to(format!("/setup/connections/{name}"))
}
