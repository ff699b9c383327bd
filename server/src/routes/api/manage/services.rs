//! `/api/v1/services`

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use domain::{
    form::{FieldErrors, Fields, service},
    link_name::LinkName,
    name::Name,
    problem::Problem,
    service::{ServiceInput, check},
    text::quoted,
};
use engine::{actor, store::services::ServiceRow, vault::Secret};
use serde_json::{Map, Value, json};

mod places;

pub(crate) use places::PLACES;

use super::{
    super::openapi::operation::{LIST, Operation},
    document::{Document, Kind, Named, Place, at, in_json},
    once::{Created, Creation},
    query::Query,
    reply::{self, expected, failed, time},
};
use crate::{
    auth::Manager,
    error::ApiError,
    state::{App, AppState},
};

const CLONE: &[Place] = &[
    at("name", "name", Kind::Text),
    at("link_name", "link_name", Kind::Text),
];

pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        query: LIST,
        answers: &[(200, "ServicePage")],
        problems: &["invalid"],
        ..Operation::manage(
            "get",
            "/api/v1/services",
            "list_services",
            "Services",
            "List services, the newest first",
        )
    },
    Operation {
        body: Some("ServiceInput"),
        creates: true,
        answers: &[(201, "Service")],
        problems: &["invalid", "link_name_taken"],
        ..Operation::manage(
            "post",
            "/api/v1/services",
            "create_service",
            "Services",
            "Define a service",
        )
    },
    Operation {
        answers: &[(200, "Redirect")],
        ..Operation::manage(
            "post",
            "/api/v1/services/redirect",
            "mint_redirect",
            "Services",
            "Get a redirect URL before the service is defined: its redirect_id goes into the service, once",
        )
    },
    Operation {
        answers: &[(200, "Service")],
        versioned: true,
        problems: &["unknown_service"],
        ..Operation::manage(
            "get",
            "/api/v1/services/{link_name}",
            "get_service",
            "Services",
            "Read a service",
        )
    },
    Operation {
        body: Some("ServiceChange"),
        answers: &[(200, "Service")],
        versioned: true,
        problems: &["invalid", "unknown_service", "changed"],
        ..Operation::manage(
            "patch",
            "/api/v1/services/{link_name}",
            "change_service",
            "Services",
            "Change a service: what is left out stays, null empties",
        )
    },
    Operation {
        answers: &[(204, "")],
        versioned: true,
        problems: &["unknown_service", "in_use", "changed"],
        ..Operation::manage(
            "delete",
            "/api/v1/services/{link_name}",
            "delete_service",
            "Services",
            "Delete a service that no connection uses",
        )
    },
    Operation {
        body: Some("ServiceClone"),
        creates: true,
        answers: &[(201, "Service")],
        problems: &["invalid", "unknown_service", "link_name_taken"],
        ..Operation::manage(
            "post",
            "/api/v1/services/{link_name}/clone",
            "clone_service",
            "Services",
            "Make another service from this one, with its client secret",
        )
    },
];

pub(crate) async fn list(
    State(app): State<AppState>,
    Manager(manager): Manager,
    mut query: Query,
) -> Result<Response, ApiError> {
    let (cursor, limit) = (query.cursor(), query.limit());
    query.finish()?;
    let paged = app.engine.services_page(&manager, cursor, limit).await?;
    Ok(reply::page(
        paged,
        |row| row.id.to_string(),
        |row| json(&app, row),
    ))
}

pub(crate) async fn create(creation: Creation) -> Result<Response, ApiError> {
    creation
        .run(async |app, manager, document| make(&app, &manager, &document).await)
        .await
}

async fn make(app: &App, manager: &actor::Manager, document: &Document) -> Result<Created, ApiError> {
    let (input, fields) = read(document)?;
    let secret = secret(&input, &fields)?;
    let catalogue = Some(fields.get("catalogue")).filter(|entry| !entry.is_empty());
    let minted = match fields.get("redirect_id") {
        "" => app.engine.mint_redirect(manager).1,
        minted => minted.to_owned(),
    };
    let made = app
        .engine
        .create_service(manager, &input, secret.as_ref(), &minted, catalogue)
        .await;
    made.map_err(|error| failed(error, unknown(input.link_name.as_str()), PLACES))?;
    created(app, manager, &input.link_name).await
}

async fn created(app: &App, manager: &actor::Manager, name: &LinkName) -> Result<Created, ApiError> {
    let (row, _) = find(app, manager, name.as_str()).await?;
    Ok(Created {
        location: format!("/api/v1/services/{name}"),
        version: Some(row.version),
        body: json(app, &row),
    })
}

pub(crate) async fn redirect(State(app): State<AppState>, Manager(manager): Manager) -> Response {
    let (url, id) = app.engine.mint_redirect(&manager);
    Json(json!({"redirect_id": id, "redirect_url": url})).into_response()
}

pub(crate) async fn show(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let (row, _) = find(&app, &manager, &name).await?;
    Ok(reply::one(StatusCode::OK, json(&app, &row), Some(row.version)))
}

pub(crate) async fn change(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
    headers: HeaderMap,
    changes: Document,
) -> Result<Response, ApiError> {
    let (row, link_name) = find(&app, &manager, &name).await?;
    let expected = expected(&headers);
    let document = Document(definition(&row.input)).merged(changes);
    let (input, fields) = read(&document)?;
    let mut errors = FieldErrors::default();
    if input.link_name != link_name {
        errors.add(
            "link_name",
            "A link name never changes. Clone the service instead.",
        );
    }
    if fields.has("redirect_id") {
        errors.add("redirect_id", "A service keeps its redirect URL.");
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    // Merged with the version that was read: another one meanwhile is another document.
    let version = Some(expected.unwrap_or(row.version));
    let secret = secret(&input, &fields)?;
    let updated = app
        .engine
        .update_service(&manager, &link_name, &input, secret.as_ref(), version)
        .await;
    updated.map_err(|error| failed(error, unknown(&name), PLACES))?;
    let (row, _) = find(&app, &manager, &name).await?;
    Ok(reply::one(StatusCode::OK, json(&app, &row), Some(row.version)))
}

pub(crate) async fn delete(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let link_name = parse(&name)?;
    let deleted = app
        .engine
        .delete_service(&manager, &link_name, expected(&headers))
        .await;
    deleted.map_err(|error| failed(error, unknown(&name), PLACES))?;
    Ok(StatusCode::NO_CONTENT)
}

pub(crate) async fn clone(Named(from): Named, creation: Creation) -> Result<Response, ApiError> {
    creation
        .run(async move |app, manager, document| {
            let from_name = parse(&from)?;
            let fields = document.fields(CLONE)?;
            let mut check = domain::form::Check::new(&fields);
            let names = check
                .required::<Name>("name")
                .zip(check.required::<LinkName>("link_name"));
            let (name, link_name) = check.finish(names)?;
            let cloned = app
                .engine
                .clone_service(&manager, &from_name, name, link_name.clone())
                .await;
            cloned.map_err(|error| failed(error, unknown(&from), PLACES))?;
            created(&app, &manager, &link_name).await
        })
        .await
}

/// The service of a document, and its fields with the client secret among them.
fn read(document: &Document) -> Result<(ServiceInput, Fields), ApiError> {
    let fields = document.fields(PLACES)?;
    let input = service::service(&fields).map_err(|errors| in_json(errors, PLACES))?;
    Ok((input, fields))
}

/// The secret that goes with the definition, where it was sent. One of another kind is refused, not ignored.
fn secret(input: &ServiceInput, fields: &Fields) -> Result<Option<Secret>, FieldErrors> {
    let wanted = service::secret_field(&input.definition);
    let mut errors = FieldErrors::default();
    for field in service::SECRETS
        .into_iter()
        .filter(|field| Some(*field) != wanted)
    {
        if !fields.get(field).is_empty() {
            let instead = wanted.map_or_else(
                || "This service has no secret of its own.".to_owned(),
                |wanted| format!("Send {wanted} instead."),
            );
            errors.add(field, format!("A service of this kind has none. {instead}"));
        }
    }
    let text = wanted.map(|field| fields.get(field)).unwrap_or_default();
    if let (Some(field), false) = (wanted, text.is_empty())
        && let Err(sentence) = service::check_secret(input.definition.secret(), text)
    {
        errors.add(field, sentence);
    }
    if !errors.is_empty() {
        return Err(in_json(errors, PLACES));
    }
    Ok((!text.is_empty()).then(|| Secret::text(text.to_owned())))
}

fn unknown(name: &str) -> Problem {
    Problem::UnknownService(quoted(name, 60))
}

fn parse(name: &str) -> Result<LinkName, Problem> {
    name.parse().map_err(|_| unknown(name))
}

async fn find(app: &App, manager: &actor::Manager, name: &str) -> Result<(ServiceRow, LinkName), ApiError> {
    let link_name = parse(name)?;
    let found = app.engine.service(manager, &link_name).await;
    let (row, _) = found.map_err(|error| failed(error, unknown(name), PLACES))?;
    Ok((row, link_name))
}

/// What a client may send back: everything but the secret.
pub(super) fn definition(input: &ServiceInput) -> Map<String, Value> {
    let mut document = Map::new();
    document.insert("name".into(), json!(input.name));
    document.insert("link_name".into(), json!(input.link_name));
    let mut definition = json!(input.definition);
    // What stands behind # is an option inside, and part of the URL to everybody else.
    if let Some(authorize) = definition.pointer_mut("/authentication/options/authorize")
        && let Some(Value::String(fragment)) = authorize
            .as_object_mut()
            .and_then(|members| members.remove("fragment"))
        && let Some(Value::String(url)) = definition.pointer_mut("/authentication/authorize_url")
    {
        url.push('#');
        url.push_str(&fragment);
    }
    for part in [
        "authentication",
        "scopes",
        "fields",
        "api_base_url",
        "allowed_hosts",
        "sample_request",
        "test_request",
        "calls",
    ] {
        document.insert(part.into(), definition[part].clone());
    }
    document
}

fn json(app: &App, row: &ServiceRow) -> Value {
    let mut document = definition(&row.input);
    let rest = json!({
        "id": row.id,
        "redirect_url": app.engine.redirect_url(row.id),
        "client_secret_set_at": row.client_secret.as_ref().map(|_| time(row.secret_set_at)),
        "catalogue": row.catalogue,
        "notes": check::notes(&row.input.definition)
            .into_iter()
            .map(|(field, sentence)| json!({"field": field, "message": sentence}))
            .collect::<Vec<_>>(),
        "connections": row.connections,
        "created_at": time(row.created_at),
        "version": row.version,
    });
    if let Value::Object(rest) = rest {
        document.extend(rest);
    }
    Value::Object(document)
}
