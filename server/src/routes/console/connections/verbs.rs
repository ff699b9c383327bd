//! What the buttons of a connection's page do.

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    response::{IntoResponse, Response},
};
use domain::{link_name::LinkName, name::Name};
use engine::{actor::Admin, error::EngineError};

use super::{super::link_name, create::begin, detail::page};
use crate::{
    auth::Administrator,
    error::WebError,
    forms::{self, Go, Posted},
    state::AppState,
    view::Viewer,
};

/// A button that an administrator pressed on a connection's page.
pub(crate) struct Press {
    app: AppState,
    admin: Admin,
    viewer: Viewer,
    name: LinkName,
    posted: Posted,
}

impl FromRequest<AppState> for Press {
    type Rejection = Response;
    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let administrator = Administrator::from_request_parts(&mut parts, app).await;
        let Administrator { admin, .. } = administrator.map_err(IntoResponse::into_response)?;
        let viewer = Viewer::from_request_parts(&mut parts, app).await;
        let viewer = viewer.map_err(IntoResponse::into_response)?;
        let path = Path::<String>::from_request_parts(&mut parts, app).await;
        let Path(name) = path.map_err(IntoResponse::into_response)?;
        let name = link_name(&name).map_err(IntoResponse::into_response)?;
        let posted = Posted::from_request(Request::from_parts(parts, body), app).await?;
        let app = app.clone();
        Ok(Self {
            app,
            admin,
            viewer,
            name,
            posted,
        })
    }
}

impl Press {
    /// Back to the connection's page.
    fn back(&self) -> Go {
        Go::to(format!("/setup/connections/{}", self.name))
    }

    /// Goes on, or shows the page with what went wrong.
    async fn answer(self, result: Result<Go, EngineError>) -> Result<Response, WebError> {
        let Self {
            app,
            admin,
            viewer,
            name,
            posted,
        } = self;
        forms::answer(&viewer, posted, result, |form| {
            page(&app, &viewer, admin.member(), &name, form)
        })
        .await
    }
}

/// Asks for consent again. The credential that is there keeps serving until a new one is proven.
pub(crate) async fn reconnect(press: Press) -> Result<Response, WebError> {
    let result = begin(&press.app, &press.admin, &press.name).await;
    press.answer(result).await
}

/// Changes the display name.
pub(crate) async fn rename(press: Press) -> Result<Response, WebError> {
    let engine = &press.app.engine;
    let result = match press.posted.0.get("name").parse::<Name>() {
        Ok(new) => engine
            .rename_connection(&press.admin, &press.name, &new)
            .await
            .map(|()| press.back()),
        Err(error) => Err(EngineError::field("name", error)),
    };
    press.answer(result).await
}

/// Switches it off.
pub(crate) async fn disable(press: Press) -> Result<Response, WebError> {
    let result = press
        .app
        .engine
        .disable_connection(&press.admin, &press.name, true)
        .await;
    let result = result.map(|()| press.back());
    press.answer(result).await
}

/// Switches it on.
pub(crate) async fn enable(press: Press) -> Result<Response, WebError> {
    let result = press
        .app
        .engine
        .disable_connection(&press.admin, &press.name, false)
        .await;
    let result = result.map(|()| press.back());
    press.answer(result).await
}

/// Erases the tokens here and withdraws them at the provider.
pub(crate) async fn revoke(press: Press) -> Result<Response, WebError> {
    let result = press
        .app
        .engine
        .revoke_connection(&press.admin, &press.name)
        .await;
    let result = result.map(|()| press.back());
    press.answer(result).await
}

/// Removes it.
pub(crate) async fn delete(press: Press) -> Result<Response, WebError> {
    let result = press
        .app
        .engine
        .delete_connection(&press.admin, &press.name, None)
        .await;
    press.answer(result.map(|()| Go::to("/setup/connections"))).await
}
