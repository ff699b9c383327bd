//! `/api/v1/function-keys`

use axum::{extract::State, http::StatusCode, response::Response};
use domain::{form::key, function_key::KeyScope, id::FunctionKeyId};
use engine::{actor, error::EngineError, store::keys::KeyRow};
use serde_json::{Value, json};

use super::{
    super::openapi::operation::{LIST, Operation},
    document::{Document, Kind, Named, Place, at, in_json},
    once::{Created, Creation},
    query::Query,
    reply::{self, time},
};
use crate::{
    auth::Manager,
    error::{ApiError, Misdirected},
    state::{App, AppState},
};

const PLACES: &[Place] = &[
    at("name", "name", Kind::Text),
    at("scopes", "scope", Kind::Texts),
    at("connections", "connection", Kind::Texts),
    at("call_rules.methods", "methods", Kind::Texts),
    at("call_rules.paths", "paths", Kind::Texts),
    at("calls_per_minute", "calls_per_minute", Kind::Number),
    at("expires_in_days", "expires_in_days", Kind::Number),
];

pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        query: LIST,
        answers: &[(200, "FunctionKeyPage")],
        problems: &["invalid"],
        ..Operation::manage(
            "get",
            "/api/v1/function-keys",
            "list_function_keys",
            "Function keys",
            "List function keys, the newest first, revoked ones too",
        )
    },
    Operation {
        body: Some("FunctionKeyInput"),
        creates: true,
        answers: &[(201, "NewFunctionKey")],
        problems: &["invalid"],
        ..Operation::manage(
            "post",
            "/api/v1/function-keys",
            "create_function_key",
            "Function keys",
            "Create a function key; its text is in this answer only",
        )
    },
    Operation {
        answers: &[(204, "")],
        problems: &["unknown_function_key"],
        ..Operation::manage(
            "delete",
            "/api/v1/function-keys/{id}",
            "revoke_function_key",
            "Function keys",
            "Revoke a function key; it is refused from the next call on",
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
    let paged = app.engine.keys_page(&manager, cursor, limit).await?;
    Ok(reply::page(paged, |row| row.id.to_string(), json))
}

pub(crate) async fn create(creation: Creation) -> Result<Response, ApiError> {
    creation
        .run(async |app, manager, document| make(&app, &manager, &document).await)
        .await
}

async fn make(app: &App, manager: &actor::Manager, document: &Document) -> Result<Created, ApiError> {
    let fields = document.fields(PLACES)?;
    let input = key::key(&fields).map_err(|errors| in_json(errors, PLACES))?;
    let made = app.engine.create_key(manager, &input).await;
    let (id, text) = made.map_err(|error| match error {
        EngineError::Fields(errors) => in_json(errors, PLACES).into(),
        other => ApiError::from(other),
    })?;
    let mut body = json(&app.engine.key(manager, id).await?);
    body["key"] = text.as_text().into();
    Ok(Created {
        location: format!("/api/v1/function-keys/{id}"),
        version: None,
        body,
    })
}

pub(crate) async fn revoke(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(id): Named,
) -> Result<StatusCode, ApiError> {
    let id: FunctionKeyId = id.parse().map_err(|_| Misdirected::Key)?;
    match app.engine.revoke_key(&manager, id).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) if error.is_not_found() => Err(Misdirected::Key.into()),
        Err(error) => Err(error.into()),
    }
}

fn json(row: &KeyRow) -> Value {
    let scopes: Vec<&str> = row.scopes.iter().map(|scope: &KeyScope| scope.word()).collect();
    json!({
        "id": row.id,
        "name": row.name,
        "scopes": scopes,
        "connections": row.limited.then_some(&row.connections),
        "call_rules": {"methods": row.rules.methods, "paths": row.rules.paths},
        "calls_per_minute": row.calls_per_minute,
        "expires_at": row.expires_at.and_then(time),
        "created_at": time(row.created_at),
        "created_by": row.created_by,
        "last_used_at": row.last_used_at.and_then(time),
        "revoked_at": row.revoked_at.and_then(time),
    })
}
