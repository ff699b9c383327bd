//! `/setup/services/{link_name}/edit`

use app::{Body, Form, Page, pages::setup::services::edit::EditServicePage};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    form::{
        FieldErrors, Fields,
        service::{SECRET, check_secret, fields, service},
    },
    link_name::LinkName,
};
use engine::{actor::Admin, error::EngineError, vault::Secret};

use super::{super::link_name, add_objections, secret_set};
use crate::{
    auth::Administrator,
    done::Done,
    error::WebError,
    forms::{self, Go, Posted},
    state::{App, AppState},
    view::Viewer,
};

pub(crate) async fn show(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    Ok(viewer.page(
        StatusCode::OK,
        page(&app, &viewer, &admin, &link_name(&name)?, None).await?,
    ))
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    mut posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let secret = posted.secret(SECRET);
    let result = update(&app, &admin, &name, &posted.0, &secret).await;
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, &admin, &name, Some(form))
    })
    .await
}

/// The link name in the form is the one in the address, whatever was posted; an empty secret keeps the stored one.
async fn update(
    app: &App,
    admin: &Admin,
    name: &LinkName,
    posted: &Fields,
    secret: &Secret,
) -> Result<Go, EngineError> {
    let mut fields = posted.clone();
    fields.take("link_name");
    let mut errors = FieldErrors::default();
    let input = service(&fields.with("link_name", name.as_str()))
        .map_err(|wrong| errors = wrong)
        .ok();
    let text = secret.as_text().unwrap_or_default();
    let replaced = (!text.is_empty()).then_some(secret);
    if let Err(message) = replaced.map_or(Ok(()), |_| check_secret(text)) {
        errors.add(SECRET, message);
    }
    let Some(input) = input.filter(|_| errors.is_empty()) else {
        add_objections(app, posted, &mut errors);
        return Err(errors.into());
    };
    app.engine
        .update_service(admin, name, &input, replaced, None)
        .await?;
    Ok(Go::to(format!("/setup/services/{name}")).done(Done::Saved))
}

async fn page(
    app: &App,
    viewer: &Viewer,
    admin: &Admin,
    name: &LinkName,
    form: Option<Form>,
) -> Result<Page, WebError> {
    let (service, _) = app.engine.service(admin.member(), name).await?;
    let body = EditServicePage {
        now: engine::clock::now(),
        form: form.unwrap_or_else(|| Form::proposing(fields(&service.input))),
        name: service.input.name.to_string(),
        link_name: service.input.link_name.clone(),
        redirect_url: app.engine.redirect_url(service.id).to_string(),
        secret_set: Some(secret_set(&service)),
    };
    let chrome = Some(viewer.chrome(admin.member()).await?);
    Ok(Page {
        title: format!("Edit {}", body.name),
        chrome,
        notice: None,
        body: Body::EditService(body),
    })
}
