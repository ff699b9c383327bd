//! `/setup/services`
//!
//! # Layout
//! - this file: list, summary, delete, and the check of a field while it is typed
//! - [`new`], [`edit`]: the form

use app::{
    Body, Page,
    components::moment::Stamp,
    pages::setup::services::{
        detail::ServicePage,
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
    form::{FieldErrors, Fields},
    link_name::LinkName,
    problem::Problem,
    url::ProviderUrl,
};
use engine::{actor::Member, error::EngineError, store::services::ServiceRow};
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

pub(crate) mod edit;
pub(crate) mod new;

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
        page(&app, &viewer, &member, &link_name(&name)?, None).await?,
    ))
}

/// `POST /setup/services/{link_name}/delete`
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
        .delete_service(&admin, &name, None)
        .await
        .map(|()| Go::to("/setup/services").done(Done::Deleted));
    let refusal = match &result {
        Err(EngineError::Problem(Problem::InUse(_))) => Some(in_use(&app, admin.member(), &name).await?),
        _ => None,
    };
    forms::answer(&viewer, posted, result, |_| {
        page(&app, &viewer, admin.member(), &name, refusal)
    })
    .await
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
    refusal: Option<String>,
) -> Result<Page, WebError> {
    let (service, connections) = app.engine.service(member, name).await?;
    let body = ServicePage {
        now: engine::clock::now(),
        redirect_url: app.engine.redirect_url(service.id).to_string(),
        secret_set: Some(secret_set(&service)),
        created: created(&service),
        connections: connections.into_iter().filter_map(listed).collect(),
        refusal,
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

fn secret_set(service: &ServiceRow) -> Stamp {
    Stamp {
        at: service.secret_set_at,
        by: service
            .secret_set_by
            .clone()
            .unwrap_or_else(|| "a program".into()),
    }
}

/// The operator's rules for the URLs of a form that is refused for other reasons, so that all is said at once.
fn add_objections(app: &App, fields: &Fields, errors: &mut FieldErrors) {
    const URLS: [&str; 6] = [
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
