//! `/api/v1/connections`

use std::collections::BTreeMap;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::{
    connection::Status,
    form::{FieldErrors, Fields, connection},
    link_name::LinkName,
    problem::{Problem, explain},
    service::Definition,
    text::quoted,
};
use engine::{actor, connections::Wanted, store::connections::ConnectionRow, vault::Secret};
use serde_json::{Map, Value, json};

use super::{
    super::openapi::operation::{LIST, Operation, Parameter},
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

/// What the service asks each connection for, as lines; the form has a field for each.
const FIELDS: &str = "fields";

const PLACES: &[Place] = &[
    at("name", "name", Kind::Text),
    at("link_name", "link_name", Kind::Text),
    at("service", "service", Kind::Text),
    at("credential_mode", "credential_mode", Kind::Text),
    at("fields", FIELDS, Kind::Pairs),
    at("scopes", "scope", Kind::Texts),
    at("call_rules.methods", "methods", Kind::Texts),
    at("call_rules.paths", "paths", Kind::Texts),
];

pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        query: &[
            LIST[0],
            LIST[1],
            Parameter::text("service", "Link name of a service: its connections only"),
            Parameter::text("status", "A status: connections in it only"),
        ],
        answers: &[(200, "ConnectionPage")],
        problems: &["invalid"],
        ..Operation::manage(
            "get",
            "/api/v1/connections",
            "list_connections",
            "Connections",
            "List connections, the newest first",
        )
    },
    Operation {
        body: Some("ConnectionInput"),
        creates: true,
        answers: &[(201, "Connection")],
        problems: &["invalid", "link_name_taken"],
        ..Operation::manage(
            "post",
            "/api/v1/connections",
            "create_connection",
            "Connections",
            "Create a connection; nobody has consented to it yet",
        )
    },
    Operation {
        answers: &[(200, "Connection")],
        versioned: true,
        problems: &["unknown_connection"],
        ..Operation::manage(
            "get",
            "/api/v1/connections/{link_name}",
            "get_connection",
            "Connections",
            "Read a connection and its status",
        )
    },
    Operation {
        body: Some("ConnectionChange"),
        answers: &[(200, "Connection")],
        versioned: true,
        problems: &["invalid", "unknown_connection", "changed"],
        ..Operation::manage(
            "patch",
            "/api/v1/connections/{link_name}",
            "change_connection",
            "Connections",
            "Change a connection: what is left out stays; other scopes are asked for at the next consent",
        )
    },
    Operation {
        answers: &[(204, "")],
        versioned: true,
        problems: &["unknown_connection", "changed"],
        ..Operation::manage(
            "delete",
            "/api/v1/connections/{link_name}",
            "delete_connection",
            "Connections",
            "Delete a connection; its tokens are withdrawn at the provider where that is possible",
        )
    },
];

pub(crate) async fn list(
    State(app): State<AppState>,
    Manager(manager): Manager,
    mut query: Query,
) -> Result<Response, ApiError> {
    let (cursor, limit) = (query.cursor(), query.limit());
    let wanted = Wanted {
        service: query.optional("service"),
        status: query.read("status", |word| word.parse().map_err(|_| statuses())),
    };
    query.finish()?;
    let paged = app
        .engine
        .connections_page(&manager, &wanted, cursor, limit)
        .await?;
    Ok(reply::page(paged, |row| row.id.to_string(), json))
}

fn statuses() -> String {
    let words: Vec<&str> = Status::ALL.iter().map(|status| status.word()).collect();
    format!("Use one of {}.", words.join(", "))
}

pub(crate) async fn create(creation: Creation) -> Result<Response, ApiError> {
    creation
        .run(async |app, manager, document| make(&app, &manager, &document).await)
        .await
}

async fn make(app: &App, manager: &actor::Manager, document: &Document) -> Result<Created, ApiError> {
    let fields = document.fields(PLACES)?;
    let no_service = || FieldErrors::one("service", "There is no such service. Use its link name.");
    let service: LinkName = fields.get("service").parse().map_err(|_| no_service())?;
    let service = match app.engine.service(manager, &service).await {
        Ok((service, _)) => service,
        Err(error) if error.is_not_found() => return Err(no_service().into()),
        Err(error) => return Err(error.into()),
    };
    let definition = &service.input.definition;
    let (fields, secrets) = connection_fields(definition, fields);
    let input = connection::connection(&fields, definition).map_err(|errors| named(errors, definition));
    let secrets = connection::secret_fields(definition, &secrets).map_err(|errors| named(errors, definition));
    let (input, secrets) = match (input, secrets) {
        (Ok(input), Ok(secrets)) => (input, secrets),
        (Err(mut errors), other) => {
            errors.0.extend(other.err().unwrap_or_default().0);
            return Err(errors.into());
        }
        (_, Err(errors)) => return Err(errors.into()),
    };
    let secrets = secrets
        .into_iter()
        .map(|(name, text)| (name, Secret::text(text)))
        .collect();
    let made = app
        .engine
        .create_connection(manager, service.id, &input, &secrets)
        .await;
    made.map_err(|error| {
        failed(
            error,
            Problem::UnknownService(service.input.link_name.to_string()),
            PLACES,
        )
    })?;
    let (row, _) = find(app, manager, input.link_name.as_str()).await?;
    Ok(Created {
        location: format!("/api/v1/connections/{}", row.link_name),
        version: Some(row.version),
        body: json(&row),
    })
}

pub(crate) async fn show(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
) -> Result<Response, ApiError> {
    answer(&app, &manager, &name).await
}

pub(crate) async fn change(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
    headers: HeaderMap,
    changes: Document,
) -> Result<Response, ApiError> {
    let (row, link_name) = find(&app, &manager, &name).await?;
    let own = Document(definition(&row));
    let fixed = own.fields(PLACES)?;
    let fields = own.merged(changes).fields(PLACES)?;
    let mut errors = FieldErrors::default();
    for field in ["link_name", "service", "credential_mode", FIELDS] {
        if fields.get(field) != fixed.get(field) {
            errors.add(field, "This never changes. Create another connection instead.");
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    let change = connection::change(&fields).map_err(|errors| in_json(errors, PLACES))?;
    // Merged with the version that was read: another one meanwhile is another document.
    let version = Some(expected(&headers).unwrap_or(row.version));
    let changed = app
        .engine
        .change_connection(&manager, &link_name, &change, version)
        .await;
    changed.map_err(|error| failed(error, unknown(&name), PLACES))?;
    answer(&app, &manager, &name).await
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
        .delete_connection(&manager, &link_name, expected(&headers))
        .await;
    deleted.map_err(|error| failed(error, unknown(&name), PLACES))?;
    Ok(StatusCode::NO_CONTENT)
}

/// The lines of `fields` as the form's own fields, and what is secret of them apart. A name that the service does not
/// know is left to be refused as a field of the form.
fn connection_fields(definition: &Definition, mut fields: Fields) -> (Fields, BTreeMap<String, String>) {
    let lines = fields.take(FIELDS);
    let mut secrets = BTreeMap::new();
    for (name, value) in lines.lines().filter_map(|line| line.split_once('=')) {
        match definition.fields.iter().find(|field| field.name.as_str() == name) {
            Some(field) if field.secret => drop(secrets.insert(name.to_owned(), value.to_owned())),
            _ => fields = fields.with(&format!("field_{name}"), value),
        }
    }
    (fields, secrets)
}

/// Errors under the names of the document.
fn named(errors: FieldErrors, definition: &Definition) -> FieldErrors {
    let mut renamed = FieldErrors::default();
    for error in in_json(errors, PLACES).0 {
        let field = definition
            .fields
            .iter()
            .find(|field| connection::field_name(field) == error.field);
        let name = field.map_or(error.field, |field| format!("fields.{}", field.name));
        renamed.add(&name, error.message);
    }
    renamed
}

pub(super) fn unknown(name: &str) -> Problem {
    Problem::UnknownConnection(quoted(name, 60))
}

pub(super) fn parse(name: &str) -> Result<LinkName, Problem> {
    name.parse().map_err(|_| unknown(name))
}

pub(super) async fn find(
    app: &App,
    manager: &actor::Manager,
    name: &str,
) -> Result<(ConnectionRow, LinkName), ApiError> {
    let link_name = parse(name)?;
    let found = app.engine.connection(manager, &link_name).await;
    let detail = found.map_err(|error| failed(error, unknown(name), PLACES))?;
    Ok((detail.connection, link_name))
}

/// The connection as it is now.
pub(super) async fn answer(app: &App, manager: &actor::Manager, name: &str) -> Result<Response, ApiError> {
    let (row, _) = find(app, manager, name).await?;
    Ok(reply::one(StatusCode::OK, json(&row), Some(row.version)))
}

/// What a client may send back.
fn definition(row: &ConnectionRow) -> Map<String, Value> {
    let methods: Vec<&str> = row.rules.methods.iter().map(|method| method.word()).collect();
    let document = json!({
        "name": row.name,
        "link_name": row.link_name,
        "service": row.service_link_name,
        "credential_mode": row.mode.word(),
        "fields": row.fields,
        "scopes": row.scopes,
        "call_rules": {"methods": methods, "paths": row.rules.paths},
    });
    match document {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn json(row: &ConnectionRow) -> Value {
    let mut document = definition(row);
    let (status, cause) = (row.status(), row.cause());
    let credential = row.credential.as_ref();
    let rest = json!({
        "id": row.id,
        "status": status,
        "cause": cause,
        "reason": explain(status, cause),
        "account": credential.and_then(|c| c.account.clone()),
        "kept": credential.map(|c| &c.kept),
        "people": row.people,
        "granted_scopes": credential.map(|c| &c.granted),
        "missing_scopes": row.missing_scopes(),
        "expires_at": credential.and_then(|c| c.facts.expires_at).and_then(time),
        "connected_at": credential.and_then(|c| time(c.connected_at)),
        "refreshed_at": credential.and_then(|c| c.refreshed_at).and_then(time),
        "last_used_at": row.last_used_at.and_then(time),
        "created_at": time(row.created_at),
        "version": row.version,
    });
    if let Value::Object(rest) = rest {
        document.extend(rest);
    }
    Value::Object(document)
}
