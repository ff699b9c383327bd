//! `/setup/services`
//!
//! # Layout
//! - this file: list, summary, clone, delete, and the check of a field while it is typed
//! - [`new`], [`edit`]: the form; [`secrets`], [`discover`]: what both do with it

use app::{
    Body, Form, Page,
    components::moment::Stamp,
    pages::setup::services::{
        detail::ServicePage,
        impact::MustReconnect,
        list::{ServiceRow as ListedRow, ServicesPage},
    },
};
use axum::{
    Json,
    extract::{Path, RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    connection::Cause,
    form::{Check, FieldErrors, Fields},
    link_name::LinkName,
    name::Name,
    problem::{Problem, because},
    url::ProviderUrl,
};
use engine::{
    actor::Member,
    error::EngineError,
    store::{connections::ConnectionRow, services::ServiceRow},
};
use serde_json::json;

use super::{
    connections::{host, listed},
    link_name, query,
};
use crate::{
    auth::{Administrator, SignedIn},
    done::Done,
    error::WebError,
    forms::{self, Go, Posted},
    state::{App, AppState},
    view::Viewer,
};

mod discover;
pub(crate) mod edit;
pub(crate) mod new;
mod secrets;

/// `GET /setup/services`
pub(crate) async fn list(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    RawQuery(raw): RawQuery,
) -> Result<Response, WebError> {
    let rows = app
        .engine
        .services(&member)
        .await?
        .into_iter()
        .map(|service| ListedRow {
            host: host(&service),
            kind: service.input.definition.authentication.kind(),
            connections: usize::try_from(service.connections).unwrap_or_default(),
            created: created(&service),
            name: service.input.name.to_string(),
            link_name: service.input.link_name,
        });
    let text = domain::text::quoted(query(raw.as_deref()).get("text"), 100);
    let body = ServicesPage {
        now: engine::clock::now(),
        rows: rows.collect(),
        text,
    };
    let chrome = Some(viewer.chrome(&member).await?);
    Ok(viewer.page(
        StatusCode::OK,
        Page {
            title: "Services".into(),
            chrome,
            notice: None,
            body: Body::Services(body),
        },
    ))
}

/// `GET /setup/services/{link_name}`
pub(crate) async fn detail(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    Ok(viewer.page(
        StatusCode::OK,
        page(&app, &viewer, &member, &link_name(&name)?, Posts::default()).await?,
    ))
}

/// `POST /setup/services/{link_name}/delete`
pub(crate) async fn delete(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let result = app
        .engine
        .delete_service(&admin, &name, None)
        .await
        .map(|()| Go::to("/setup/services").done(Done::Deleted));
    let refusal = match &result {
        Err(EngineError::Problem(Problem::InUse(_))) => Some(in_use(&app, admin.member(), &name).await?),
        _ => None,
    };
    forms::answer(&viewer, posted, result, |_| {
        let posts = Posts {
            refusal,
            ..Posts::default()
        };
        page(&app, &viewer, admin.member(), &name, posts)
    })
    .await
}

/// `POST /setup/services/{link_name}/clone`
pub(crate) async fn clone(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    Path(from): Path<String>,
    posted: Posted,
) -> Result<Response, WebError> {
    let from = link_name(&from)?;
    let mut check = Check::new(&posted.0);
    let names = check
        .required::<Name>("name")
        .zip(check.required::<LinkName>("link_name"));
    let result = match check.finish(names) {
        Ok((name, link_name)) => app
            .engine
            .clone_service(&admin, &from, name, link_name.clone())
            .await
            .map(|()| Go::to(format!("/setup/services/{link_name}")).done(Done::Saved)),
        Err(errors) => Err(errors.into()),
    };
    forms::answer(&viewer, posted, result, |form| {
        let posts = Posts {
            clone: form,
            ..Posts::default()
        };
        page(&app, &viewer, admin.member(), &from, posts)
    })
    .await
}

/// What came of the forms of a service's page.
#[derive(Default)]
struct Posts {
    refusal: Option<String>,
    clone: Form,
}

/// Which connections still use it, by what tells them apart.
async fn in_use(app: &App, member: &Member, name: &LinkName) -> Result<String, WebError> {
    let (_, connections) = app.engine.service(member, name).await?;
    let names: Vec<&str> = connections.iter().map(|row| row.link_name.as_str()).collect();
    Ok(format!(
        "It is still used by {}. Delete these connections first.",
        names.join(", ")
    ))
}

async fn page(
    app: &App,
    viewer: &Viewer,
    member: &Member,
    name: &LinkName,
    posts: Posts,
) -> Result<Page, WebError> {
    let (service, connections) = app.engine.service(member, name).await?;
    let body = ServicePage {
        now: engine::clock::now(),
        redirect_url: app.engine.redirect_url(service.id).to_string(),
        secret_set: secret_set(&service),
        created: created(&service),
        must_reconnect: must_reconnect(&connections),
        connections: connections.into_iter().filter_map(listed).collect(),
        refusal: posts.refusal,
        clone: posts.clone,
        name: service.input.name.to_string(),
        link_name: service.input.link_name,
        definition: service.input.definition,
    };
    let chrome = Some(viewer.chrome(member).await?);
    Ok(Page {
        title: body.name.clone(),
        chrome,
        notice: None,
        body: Body::Service(Box::new(body)),
    })
}

fn created(service: &ServiceRow) -> Stamp {
    Stamp {
        at: service.created_at,
        by: service.created_by.clone().unwrap_or_else(|| "a program".into()),
    }
}

/// Connections that an edit of the service made useless, and that nobody has connected again since.
fn must_reconnect(connections: &[ConnectionRow]) -> Vec<MustReconnect> {
    let moved = |row: &&ConnectionRow| row.cause() == Some(Cause::ServiceMoved);
    let one = |row: &ConnectionRow| MustReconnect {
        name: row.name.clone(),
        link_name: row.link_name.clone(),
        why: because(Cause::ServiceMoved).to_owned(),
    };
    connections.iter().filter(moved).map(one).collect()
}

/// Who last set the secret, where the service has one.
fn secret_set(service: &ServiceRow) -> Option<Stamp> {
    service.client_secret.as_ref()?;
    Some(Stamp {
        at: service.secret_set_at,
        by: service
            .secret_set_by
            .clone()
            .unwrap_or_else(|| "a program".into()),
    })
}

/// The operator's rules for the URLs of a form that is refused for other reasons, so that all is said at once.
fn add_objections(app: &App, fields: &Fields, errors: &mut FieldErrors) {
    const URLS: [&str; 9] = [
        "request_token_url",
        "exchange_url",
        "introspection_url",
        "authorize_url",
        "access_token_url",
        "refresh_token_url",
        "revoke_token_url",
        "identity_url",
        "api_base_url",
    ];
    for field in URLS {
        let url = fields.get(field).parse::<ProviderUrl>().ok();
        let objection = url.and_then(|url| app.engine.policy_objection(url.as_url()));
        if let (None, Some(objection)) = (errors.of(field), objection) {
            errors.add(field, objection);
        }
    }
}

/// `POST /setup/check`: what only the server knows about a field while it is typed: the operator's rules.
pub(crate) async fn check(State(app): State<AppState>, _: Administrator, Posted(fields): Posted) -> Response {
    let url: Result<ProviderUrl, _> = fields.get("value").parse();
    let message = url.ok().and_then(|url| app.engine.policy_objection(url.as_url()));
    Json(json!({"message": message})).into_response()
}
