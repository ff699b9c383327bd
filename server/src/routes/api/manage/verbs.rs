//! `POST /api/v1/connections/{link_name}/…`: what the buttons of a connection's page do.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use domain::{principal::Principal, problem::Problem};
use engine::{actor, call::LEAST_LIFE, error::EngineError, ready::Caller};
use serde_json::json;

use super::{
    super::{
        mended_at,
        openapi::operation::{Operation, Parameter},
    },
    connections::{answer, find, parse, unknown},
    document::Named,
    query::Query,
    reply::failed,
};
use crate::{
    auth::Manager,
    error::ApiError,
    state::{App, AppState},
};

pub(crate) const OPERATIONS: &[Operation] = &[
    Operation {
        answers: &[(200, "Authorization")],
        problems: &["unknown_connection"],
        ..verb(
            "authorize",
            "authorize_connection",
            "Get the page on which a signed-in administrator connects",
        )
    },
    Operation {
        query: &[Parameter::text(
            "user",
            "The user whose account to test, where the connection has such",
        )],
        answers: &[(200, "Test")],
        problems: &[
            "invalid",
            "unknown_connection",
            "not_connected",
            "needs_reauthorization",
            "disabled",
            "revoked",
            "host_not_allowed",
            "not_permitted",
            "rate_limited",
            "provider_error",
            "provider_unavailable",
        ],
        ..verb(
            "test",
            "test_connection",
            "Make the service's test request and tell what the provider answered",
        )
    },
    Operation {
        answers: &[(200, "Connection")],
        problems: &["unknown_connection"],
        ..verb(
            "refresh",
            "refresh_connection",
            "Renew the credential where that is due, and read the status",
        )
    },
    Operation {
        answers: &[(200, "Connection")],
        problems: &["unknown_connection"],
        ..verb(
            "disable",
            "disable_connection",
            "Switch a connection off; its credential stays",
        )
    },
    Operation {
        answers: &[(200, "Connection")],
        problems: &["unknown_connection"],
        ..verb("enable", "enable_connection", "Switch a connection on")
    },
    Operation {
        answers: &[(200, "Connection")],
        problems: &["unknown_connection"],
        ..verb(
            "revoke",
            "revoke_connection",
            "Erase the tokens here and withdraw them at the provider",
        )
    },
];

const fn verb(word: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation {
        verb: Some(word),
        ..Operation::manage(
            "post",
            "/api/v1/connections/{link_name}",
            id,
            "Connections",
            summary,
        )
    }
}

pub(crate) async fn authorize(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let (row, _) = find(&app, &manager, &name).await?;
    let url = format!(
        "{}/setup/connections/{}/authorize",
        app.public.origin(),
        row.link_name
    );
    Ok(Json(json!({"url": url})).into_response())
}

pub(crate) async fn test(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
    mut query: Query,
) -> Result<Response, ApiError> {
    let link_name = parse(&name)?;
    let user = query.read("user", |text| {
        Principal::named(text).map_err(|error| error.to_string())
    });
    query.finish()?;
    let user = user.unwrap_or_default();
    let tested = app.engine.test_connection(&manager, &link_name, &user).await;
    let tested = tested.map_err(|error| match error {
        EngineError::Problem(Problem::UnknownConnection(_)) => unknown(&name).into(),
        error => mended_at(&app, link_name.as_str(), error),
    })?;
    let reason = StatusCode::from_u16(tested.status)
        .ok()
        .and_then(|status| status.canonical_reason());
    let mut detail = format!(
        "The provider answered {} {}",
        tested.status,
        reason.unwrap_or_default()
    );
    detail.truncate(detail.trim_end().len());
    if let Some(words) = &tested.words {
        detail = format!("{detail}: {words}");
    }
    let body = json!({
        "ok": tested.is_good(),
        "status": tested.status,
        "detail": format!("{}.", detail.trim_end_matches('.')),
        "milliseconds": tested.milliseconds,
    });
    Ok(Json(body).into_response())
}

pub(crate) async fn refresh(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let link_name = parse(&name)?;
    let caller = Caller::Person(manager.organization());
    // What the provider says shows in the status.
    match app
        .engine
        .ready_for(caller, &link_name, &Principal::Organization, LEAST_LIFE)
        .await
    {
        Ok(_) | Err(EngineError::Problem(_)) => answer(&app, &manager, &name).await,
        Err(error) => Err(error.into()),
    }
}

pub(crate) async fn disable(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
) -> Result<Response, ApiError> {
    switch(&app, &manager, &name, true).await
}

pub(crate) async fn enable(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
) -> Result<Response, ApiError> {
    switch(&app, &manager, &name, false).await
}

async fn switch(app: &App, manager: &actor::Manager, name: &str, off: bool) -> Result<Response, ApiError> {
    let switched = app.engine.disable_connection(manager, &parse(name)?, off).await;
    switched.map_err(|error| failed(error, unknown(name), &[]))?;
    answer(app, manager, name).await
}

pub(crate) async fn revoke(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let revoked = app.engine.revoke_connection(&manager, &parse(&name)?).await;
    revoked.map_err(|error| failed(error, unknown(&name), &[]))?;
    answer(&app, &manager, &name).await
}
