//! `/setup/connections/new/{service}`, and the shortcut for the sandbox.

use app::{Body, Form, Page, pages::setup::connections::create::CreateConnectionPage};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    form::{Fields, connection::connection},
    id::ConsentId,
    link_name::LinkName,
};
use engine::{actor::Admin, error::EngineError, store::services::ServiceRow};

use super::{super::link_name, service_name};
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
    Path(service): Path<String>,
) -> Result<Response, WebError> {
    let (service, _) = app.engine.service(admin.member(), &link_name(&service)?).await?;
    let form = Form::proposing(proposal(&app, &admin, &service).await?);
    Ok(viewer.page(StatusCode::OK, page(&viewer, &admin, service, form).await?))
}

/// The service's own names, or the first free ones after them.
async fn proposal(app: &App, admin: &Admin, service: &ServiceRow) -> Result<Fields, WebError> {
    let taken: Vec<LinkName> = app
        .engine
        .connections(admin.member())
        .await?
        .into_iter()
        .map(|c| c.link_name)
        .collect();
    let (wanted, name) = (&service.input.link_name, &service.input.name);
    let free = (2..)
        .map(|n| (n, wanted.numbered(n)))
        .find(|(_, name)| !taken.contains(name));
    let names = match free.filter(|_| taken.contains(wanted)) {
        Some((n, free)) => Fields::default()
            .with("name", format!("{name} {n}"))
            .with("link_name", String::from(free)),
        None => Fields::default()
            .with("name", name.as_str())
            .with("link_name", wanted.as_str()),
    };
    let scopes = &service.input.definition.scopes;
    Ok(scopes
        .iter()
        .fold(names, |fields, scope| fields.with("scope", scope.name.as_str())))
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    Path(service): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let (service, _) = app.engine.service(admin.member(), &link_name(&service)?).await?;
    let result = match connection(&posted.0, &service.input.definition) {
        Ok(input) => match app.engine.create_connection(&admin, service.id, &input).await {
            Ok(_) => begin(&app, &admin, &input.link_name).await,
            Err(error) => Err(error),
        },
        Err(errors) => Err(errors.into()),
    };
    forms::answer(&viewer, posted, result, |form| {
        page(&viewer, &admin, service, form)
    })
    .await
}

/// `POST /setup/sandbox`: service and connection in one click; the second click is the consent.
pub(crate) async fn sandbox(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    posted: Posted,
) -> Result<Response, WebError> {
    let service = app
        .engine
        .sandbox_service(&admin, sandbox::BUILT_IN_CLIENT_SECRET)
        .await?;
    let connection = app.engine.sandbox_connection(&admin, &service).await?;
    let result = begin(&app, &admin, &connection.link_name).await;
    forms::answer(&viewer, posted, result, |form| {
        page(&viewer, &admin, service, form)
    })
    .await
}

/// Records the intent; without JavaScript a page leads on to the provider, with it the browser goes straight.
pub(super) async fn begin(app: &App, admin: &Admin, link_name: &LinkName) -> Result<Go, EngineError> {
    let consent: ConsentId = app.engine.begin_consent(admin, link_name).await?;
    let page = format!("/setup/connections/{link_name}/authorize?consent={consent}");
    Ok(Go::to(page).or_live(format!("/oauth/start/{consent}")))
}

async fn page(viewer: &Viewer, admin: &Admin, service: ServiceRow, form: Form) -> Result<Page, WebError> {
    let body = CreateConnectionPage {
        form,
        service: service_name(&service),
        scopes: service.input.definition.scopes.clone(),
    };
    let chrome = Some(viewer.chrome(admin.member()).await?);
    Ok(Page {
        title: "Create connection".into(),
        chrome,
        notice: None,
        body: Body::CreateConnection(body),
    })
}
