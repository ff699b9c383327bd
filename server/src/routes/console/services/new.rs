//! `/setup/services/new`

use app::{Body, Form, Page, pages::setup::services::new::NewServicePage};
use axum::{extract::State, http::StatusCode, response::Response};
use domain::{
    form::{
        FieldErrors, Fields,
        service::{SECRET, check_secret, service},
    },
    problem::Problem,
};
use engine::{actor::Admin, error::EngineError, vault::Secret};

use super::add_objections;
use crate::{
    auth::Administrator,
    error::WebError,
    forms::{self, Go, Posted},
    state::{App, AppState},
    view::Viewer,
};

pub(crate) async fn show(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
) -> Result<Response, WebError> {
    Ok(viewer.page(
        StatusCode::OK,
        page(&app, &viewer, &admin, Form::default()).await?,
    ))
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    mut posted: Posted,
) -> Result<Response, WebError> {
    let secret = posted.secret(SECRET);
    let result = create(&app, &admin, &posted, &secret).await;
    forms::answer(&viewer, posted, result, |form| page(&app, &viewer, &admin, form)).await
}

/// Creates it and goes on to its first connection: service and connection are one pass.
async fn create(app: &App, admin: &Admin, posted: &Posted, secret: &Secret) -> Result<Go, EngineError> {
    let mut errors = FieldErrors::default();
    let input = service(&posted.0).map_err(|wrong| errors = wrong).ok();
    if let Err(message) = check_secret(secret.as_text().unwrap_or_default()) {
        errors.add(SECRET, message);
    }
    let Some(input) = input.filter(|_| errors.is_empty()) else {
        add_objections(app, &posted.0, &mut errors);
        add_taken(app, admin, &posted.0, &mut errors).await?;
        return Err(errors.into());
    };
    app.engine
        .create_service(admin, &input, secret, posted.0.get("redirect_id"))
        .await?;
    Ok(Go::to(format!("/setup/connections/new/{}", input.link_name)))
}

/// A link name in use, so that all is said at once; where everything else is right the engine says it.
async fn add_taken(
    app: &App,
    admin: &Admin,
    fields: &Fields,
    errors: &mut FieldErrors,
) -> Result<(), EngineError> {
    let typed = fields.get("link_name");
    let services = app.engine.services(admin.member()).await?;
    if services
        .iter()
        .any(|service| service.input.link_name.as_str() == typed)
    {
        errors.add("link_name", Problem::LinkNameTaken(typed.to_owned()).detail());
    }
    Ok(())
}

/// The form; the redirect URL that was shown first stays, so that it can be registered before saving.
async fn page(app: &App, viewer: &Viewer, admin: &Admin, form: Form) -> Result<Page, WebError> {
    let posted = form.fields.get("redirect_id").to_owned();
    let kept = app
        .engine
        .minted_redirect(admin, &posted)
        .filter(|_| form.errors.of("redirect_id").is_none());
    let (url, redirect_id) = match kept {
        Some(id) => (app.engine.redirect_url(id), posted),
        None => app.engine.mint_redirect(admin),
    };
    let body = NewServicePage {
        form,
        redirect_url: url.to_string(),
        redirect_id,
    };
    let chrome = Some(viewer.chrome(admin.member()).await?);
    Ok(Page {
        title: "Create service".into(),
        chrome,
        notice: None,
        body: Body::NewService(body),
    })
}
