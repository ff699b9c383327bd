//! `/setup/services/{link_name}/edit`

use app::{
    Body, Form, Page,
    pages::setup::services::{
        discovery::Discovery,
        edit::EditServicePage,
        impact::{EditImpact, MustReconnect},
    },
};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{
    form::{
        FieldErrors, Fields,
        service::{fields, secret_field, service},
    },
    link_name::LinkName,
    service::ServiceInput,
};
use engine::{actor::Admin, error::EngineError};
use serde_json::json;

use super::{super::link_name, add_objections, discover, secret_set, secrets::Typed};
use crate::{
    auth::Administrator,
    done::Done,
    error::WebError,
    forms::{self, Go, Posted, in_words},
    state::{App, AppState},
    view::Viewer,
};

/// What is said before an edit that stops connections is saved.
const NOT_YET: &str = "Nothing was saved yet. Look at what it does to connections first.";

/// What stands above the form.
#[derive(Default)]
struct Above {
    discovery: Option<Discovery>,
    impact: Option<EditImpact>,
}

pub(crate) async fn show(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    Ok(viewer.page(
        StatusCode::OK,
        page(&app, &viewer, &admin, &link_name(&name)?, None, Above::default()).await?,
    ))
}

pub(crate) async fn submit(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    Path(name): Path<String>,
    mut posted: Posted,
) -> Result<Response, WebError> {
    let name = link_name(&name)?;
    let secrets = Typed::take(&mut posted);
    if discover::is_wanted(&posted.0) {
        let (fields, found) = discover::filled(&app, posted.0).await;
        let above = Above {
            discovery: Some(found),
            ..Above::default()
        };
        let form = Some(Form::proposing(fields));
        return Ok(viewer.page(
            StatusCode::OK,
            page(&app, &viewer, &admin, &name, form, above).await?,
        ));
    }
    let (mut above, confirmed) = (Above::default(), posted.0.get("confirm") == "yes");
    let version = posted.0.get("version").parse().ok();
    let result = match read(&app, &name, &posted.0, &secrets) {
        Ok(input) => {
            above.impact = impact(&app, &admin, &name, &input).await?.filter(|_| !confirmed);
            match &above.impact {
                // What was typed stays in the browser, secrets among it.
                Some(impact) if viewer.json => return Ok(ask(impact)),
                Some(_) => Err(EngineError::field("", NOT_YET)),
                None => save(&app, &admin, &name, &input, &secrets, version).await,
            }
        }
        Err(errors) => Err(errors.into()),
    };
    forms::answer(&viewer, posted, result, |form| {
        page(&app, &viewer, &admin, &name, Some(form), above)
    })
    .await
}

/// What the browser's program shows before it sends the form once more.
fn ask(impact: &EditImpact) -> Response {
    let body = json!({
        "errors": [],
        "message": NOT_YET,
        "lines": impact.lines(),
        "confirm": impact.verb(),
    });
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}

/// The link name in the form is the one in the address, whatever was posted.
fn read(app: &App, name: &LinkName, posted: &Fields, secrets: &Typed) -> Result<ServiceInput, FieldErrors> {
    let mut fields = posted.clone();
    fields.take("link_name");
    let mut errors = FieldErrors::default();
    let input = service(&fields.with("link_name", name.as_str()))
        .map_err(|wrong| errors = wrong)
        .ok();
    secrets.check(posted, false, &mut errors);
    match input {
        Some(input) if errors.is_empty() => Ok(input),
        _ => {
            add_objections(app, posted, &mut errors);
            Err(errors)
        }
    }
}

/// An empty secret keeps the stored one.
async fn save(
    app: &App,
    admin: &Admin,
    name: &LinkName,
    input: &ServiceInput,
    secrets: &Typed,
    version: Option<i64>,
) -> Result<Go, EngineError> {
    app.engine
        .update_service(admin, name, input, secrets.of(input), version)
        .await
        .map_err(in_words)?;
    Ok(Go::to(format!("/setup/services/{name}")).done(Done::Saved))
}

/// What saving does to connections in use; None where it does nothing that somebody must mend.
async fn impact(
    app: &App,
    admin: &Admin,
    name: &LinkName,
    input: &ServiceInput,
) -> Result<Option<EditImpact>, EngineError> {
    let impact = app.engine.edit_impact(admin.member(), name, input).await?;
    let must_reconnect: Vec<MustReconnect> = impact
        .must_reconnect
        .into_iter()
        .map(|(row, why)| MustReconnect {
            name: row.name,
            link_name: row.link_name,
            why,
        })
        .collect();
    Ok((!must_reconnect.is_empty()).then_some(EditImpact {
        must_reconnect,
        unaffected: impact.unaffected,
    }))
}

async fn page(
    app: &App,
    viewer: &Viewer,
    admin: &Admin,
    name: &LinkName,
    form: Option<Form>,
    above: Above,
) -> Result<Page, WebError> {
    let (service, _) = app.engine.service(admin.member(), name).await?;
    let body = EditServicePage {
        now: engine::clock::now(),
        form: form.unwrap_or_else(|| {
            Form::proposing(fields(&service.input).with("version", service.version.to_string()))
        }),
        name: service.input.name.to_string(),
        link_name: service.input.link_name.clone(),
        redirect_url: app.engine.redirect_url(service.id).to_string(),
        secret_set: secret_set(&service),
        secret_field: secret_field(&service.input.definition).filter(|_| service.client_secret.is_some()),
        discovery: above.discovery,
        impact: above.impact,
    };
    let chrome = Some(viewer.chrome(admin.member()).await?);
    Ok(Page {
        title: format!("Edit {}", body.name),
        chrome,
        notice: None,
        body: Body::EditService(body),
    })
}
