//! What the buttons of a connection's page do.

use app::Form;
use std::sync::Arc;

use axum::{
    extract::{FromRequest, FromRequestParts, Path, Request},
    response::{IntoResponse, Response},
};
use domain::{
    form::{Fields, connection::change},
    link_name::LinkName,
    service::Obtained,
};
use engine::{Engine, actor::Admin, error::EngineError};

use super::{
    super::link_name,
    create::begin,
    detail::{Posted, page},
};
use crate::{
    auth::Administrator,
    done::Done,
    error::WebError,
    forms::{self, Go, in_words},
    state::AppState,
    view::Viewer,
};

/// A button that an administrator pressed on a connection's page.
pub(crate) struct Press {
    app: AppState,
    admin: Admin,
    viewer: Viewer,
    name: LinkName,
    posted: forms::Posted,
}

impl FromRequest<AppState> for Press {
    type Rejection = Response;
    async fn from_request(request: Request, app: &AppState) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let administrator = Administrator::from_request_parts(&mut parts, app).await;
        let Administrator { admin } = administrator.map_err(IntoResponse::into_response)?;
        let viewer = Viewer::from_request_parts(&mut parts, app).await;
        let viewer = viewer.map_err(IntoResponse::into_response)?;
        let path = Path::<String>::from_request_parts(&mut parts, app).await;
        let Path(name) = path.map_err(IntoResponse::into_response)?;
        let name = link_name(&name).map_err(IntoResponse::into_response)?;
        let posted = forms::Posted::from_request(Request::from_parts(parts, body), app).await?;
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
    pub(super) fn fields(&self) -> &Fields {
        &self.posted.0
    }
    pub(super) fn engine(&self) -> &Arc<Engine> {
        &self.app.engine
    }
    pub(super) const fn admin(&self) -> &Admin {
        &self.admin
    }
    pub(super) const fn name(&self) -> &LinkName {
        &self.name
    }

    /// Back to the connection's page.
    pub(super) fn back(&self) -> Go {
        Go::to(format!("/setup/connections/{}", self.name))
    }

    /// Goes on, or shows the page with what went wrong.
    async fn answer(self, result: Result<Go, EngineError>) -> Result<Response, WebError> {
        self.answer_with(result, |form| Posted {
            settings: form,
            ..Posted::default()
        })
        .await
    }

    /// The same; `place` puts what was typed into the form that it came from.
    pub(super) async fn answer_with(
        self,
        result: Result<Go, EngineError>,
        place: impl FnOnce(Form) -> Posted,
    ) -> Result<Response, WebError> {
        let Self {
            app,
            admin,
            viewer,
            name,
            posted,
        } = self;
        forms::answer(&viewer, posted, result, async |form| {
            page(&app, &viewer, admin.member(), &name, place(form)).await
        })
        .await
    }
}

/// Asks for consent again. The credential that is there keeps serving until a new one is proven.
pub(crate) async fn reconnect(press: Press) -> Result<Response, WebError> {
    let result = again(&press).await;
    press.answer(result).await
}

/// The way to another credential: consent, or a token that the server asks for. What is typed has a page of its own.
async fn again(press: &Press) -> Result<Go, EngineError> {
    let engine = press.engine();
    let detail = engine.connection(press.admin.member(), &press.name).await?;
    match detail.service.input.definition.obtained() {
        Obtained::Consent => begin(&press.app, &press.admin, &press.name).await,
        Obtained::Request => {
            engine.request_credential(&press.admin, &press.name).await?;
            Ok(press.back().done(Done::Connected))
        }
        Obtained::Typed => Ok(Go::to(format!("/setup/connections/{}/credentials", press.name))),
    }
}

/// Changes name, scopes and rules. The form says which version it was filled in for.
pub(crate) async fn settings(press: Press) -> Result<Response, WebError> {
    let version = press.fields().get("version").parse().ok();
    let result = match change(press.fields()) {
        Ok(change) => press
            .engine()
            .change_connection(&press.admin, &press.name, &change, version)
            .await
            .map(|()| press.back().done(Done::Saved)),
        Err(errors) => Err(errors.into()),
    };
    press.answer(result.map_err(in_words)).await
}

/// Switches it off.
pub(crate) async fn disable(press: Press) -> Result<Response, WebError> {
    let result = press
        .app
        .engine
        .disable_connection(&press.admin, &press.name, true)
        .await;
    let result = result.map(|()| press.back().done(Done::Disabled));
    press.answer(result).await
}

/// Switches it on.
pub(crate) async fn enable(press: Press) -> Result<Response, WebError> {
    let result = press
        .app
        .engine
        .disable_connection(&press.admin, &press.name, false)
        .await;
    let result = result.map(|()| press.back().done(Done::Enabled));
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
    let gone = || Go::to("/setup/connections").done(Done::Deleted);
    press.answer(result.map(|()| gone())).await
}
