//! `/setup/services/new`, also from a default service: `?from=slack`.

use app::{
    Body, Form, Page,
    components::monogram::Mark,
    pages::setup::services::{catalogue::CatalogueEntry, discovery::Discovery, new::NewServicePage},
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    form::{
        FieldErrors, Fields,
        service::{fields, service},
    },
    link_name::LinkName,
    problem::Problem,
};
use engine::{actor::Admin, catalogue::Entry, error::EngineError};

use super::{super::query, add_objections, discover, secrets::Typed};
use crate::{
    auth::Administrator,
    error::WebError,
    forms::{self, Go, Posted},
    routes::api::manage::services::PLACES,
    state::{App, AppState},
    view::Viewer,
};

/// The default service that the address names, and whether everything about it is to be edited.
#[derive(Clone, Copy)]
struct From {
    entry: Option<&'static Entry>,
    all: bool,
}

impl From {
    fn read(raw: Option<&str>) -> Self {
        let query = query(raw);
        Self {
            entry: engine::catalogue::entry(query.get("from")),
            all: query.get("edit") == "all",
        }
    }
}

pub(crate) async fn show(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    RawQuery(raw): RawQuery,
) -> Result<Response, WebError> {
    let from = From::read(raw.as_deref());
    let form = match from.entry {
        Some(entry) => Form::proposing(proposal(&app, &admin, entry).await?),
        None => Form::default(),
    };
    Ok(viewer.page(
        StatusCode::OK,
        page(&app, &viewer, &admin, form, from, None).await?,
    ))
}

/// What is known of a default service, under the first link name that is free.
async fn proposal(app: &App, admin: &Admin, entry: &Entry) -> Result<Fields, WebError> {
    let services = app.engine.services(admin.member()).await?;
    let taken = |name: &LinkName| services.iter().any(|service| service.input.link_name == *name);
    let mut input = entry.input();
    let free = (2..)
        .map(|number| input.link_name.numbered(number))
        .find(|name| !taken(name));
    if let (true, Some(free)) = (taken(&input.link_name), free) {
        input.link_name = free;
    }
    Ok(fields(&input))
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    RawQuery(raw): RawQuery,
    mut posted: Posted,
) -> Result<Response, WebError> {
    let from = From::read(raw.as_deref());
    let secrets = Typed::take(&mut posted);
    if discover::is_wanted(&posted.0) {
        let (fields, found) = discover::filled(&app, posted.0).await;
        let form = Form::proposing(fields);
        return Ok(viewer.page(
            StatusCode::OK,
            page(&app, &viewer, &admin, form, from, Some(found)).await?,
        ));
    }
    propose_link_name(&mut posted.0);
    let result = create(&app, &admin, &posted, &secrets, from).await;
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, &admin, form, from, None)
    })
    .await
}

/// Where no script proposed a link name, the server does.
fn propose_link_name(fields: &mut Fields) {
    if !fields.get("link_name").trim().is_empty() {
        return;
    }
    if let Some(proposed) = LinkName::propose(fields.get("name")) {
        fields.take("link_name");
        *fields = std::mem::take(fields).with("link_name", String::from(proposed));
    }
}

/// Creates it and goes on to its first connection: service and connection are one pass.
async fn create(
    app: &App,
    admin: &Admin,
    posted: &Posted,
    secrets: &Typed,
    from: From,
) -> Result<Go, EngineError> {
    let mut errors = FieldErrors::default();
    let input = service(&posted.0).map_err(|wrong| errors = wrong).ok();
    secrets.check(&posted.0, true, &mut errors);
    let Some(input) = input.filter(|_| errors.is_empty()) else {
        add_objections(app, &posted.0, &mut errors);
        add_taken(app, admin, &posted.0, &mut errors).await?;
        return Err(errors.into());
    };
    let catalogue = from.entry.map(|entry| entry.link_name.as_str());
    app.engine
        .create_service(
            admin,
            &input,
            secrets.of(&input),
            posted.0.get("redirect_id"),
            catalogue,
        )
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
async fn page(
    app: &App,
    viewer: &Viewer,
    admin: &Admin,
    form: Form,
    from: From,
    discovery: Option<Discovery>,
) -> Result<Page, WebError> {
    let posted = form.fields.get("redirect_id").to_owned();
    let kept = app
        .engine
        .minted_redirect(admin, &posted)
        .filter(|_| form.errors.of("redirect_id").is_none());
    let (url, redirect_id) = match kept {
        Some(id) => (app.engine.redirect_url(id), posted),
        None => app.engine.mint_redirect(admin),
    };
    let entry = from.entry.filter(|_| !from.all);
    let title = entry.map_or_else(
        || "Create service".to_owned(),
        |entry| format!("Set up {}", entry.name),
    );
    let body = NewServicePage {
        form,
        redirect_url: url.to_string(),
        redirect_id,
        discovery,
        entry: entry.map(described),
    };
    let chrome = Some(viewer.chrome(admin.member()).await?);
    Ok(Page {
        title,
        chrome,
        notice: None,
        body: Body::NewService(body),
    })
}

fn described(entry: &Entry) -> CatalogueEntry {
    CatalogueEntry {
        id: entry.link_name.to_string(),
        name: entry.name.to_string(),
        mark: mark(entry),
        register_url: Some(entry.register_url.to_string()),
        docs_url: Some(entry.docs_url.to_string()),
        guide: Some(entry.summary.clone()),
        help: entry
            .help
            .iter()
            .map(|(name, sentence)| (name.clone(), sentence.clone()))
            .collect(),
        unverified: entry
            .unverified
            .iter()
            .filter_map(|path| field_of(path))
            .collect(),
    }
}

/// The form's field of a path into the definition.
fn field_of(path: &str) -> Option<String> {
    let place = PLACES.iter().find(|place| place.path == path);
    place.map(|place| place.field.to_owned())
}

pub(in super::super) fn mark(entry: &Entry) -> Mark {
    Mark {
        letters: entry.monogram.letters.clone(),
        hue: entry.monogram.hue,
    }
}
