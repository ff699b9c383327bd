//! `POST /api/v1/connections/{link_name}/…`: what the buttons of a connection's page do.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{form::FieldErrors, link_name::LinkName, service::SampleRequest};
use engine::{
    actor,
    call::{Call, LEAST_LIFE, Target},
    egress::PassingBody,
    error::EngineError,
    ready::Caller,
};
use serde_json::json;

use super::{
    super::{mended_at, openapi::operation::Operation},
    connections::{answer, find, parse, unknown},
    document::Named,
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
            "Make the service's sample request and tell what the provider answered",
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
) -> Result<Response, ApiError> {
    let link_name = parse(&name)?;
    let found = app.engine.connection(&manager, &link_name).await;
    let detail = found.map_err(|error| failed(error, unknown(&name), &[]))?;
    let sample = detail.service.input.definition.sample_request.ok_or_else(|| {
        let sentence = "The service has no sample request. Add one to the service, then test again.";
        FieldErrors::one("sample_request", sentence)
    })?;
    let status = sampled(&app, &manager, &link_name, sample).await;
    let status = status.map_err(|error| mended_at(&app, link_name.as_str(), error))?;
    let words = status.canonical_reason().unwrap_or_default();
    let detail = format!("The provider answered {} {words}", status.as_u16());
    let body = json!({"ok": status.is_success(), "status": status.as_u16(), "detail": format!("{}.", detail.trim_end())});
    Ok(Json(body).into_response())
}

/// The provider's status to the sample request. Its body is not read.
async fn sampled(
    app: &App,
    manager: &actor::Manager,
    link_name: &LinkName,
    sample: SampleRequest,
) -> Result<StatusCode, EngineError> {
    let caller = Caller::Person(manager.organization());
    let ready = app.engine.ready_for(caller, link_name, LEAST_LIFE).await?;
    let call = Call {
        method: sample.method,
        target: Target::Below(sample.path.to_string()),
        headers: HeaderMap::new(),
        body: PassingBody::Whole(Bytes::new()),
    };
    Ok(app.engine.call(Arc::new(ready), call).await?.status)
}

pub(crate) async fn refresh(
    State(app): State<AppState>,
    Manager(manager): Manager,
    Named(name): Named,
) -> Result<Response, ApiError> {
    let link_name = parse(&name)?;
    let caller = Caller::Person(manager.organization());
    // What the provider says shows in the status.
    match app.engine.ready_for(caller, &link_name, LEAST_LIFE).await {
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
