//! `/api/v1/audit`

use axum::{extract::State, response::Response};
use engine::store::audit::{AuditFilter, AuditLine};
use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    super::openapi::operation::{LIST, Operation, Parameter},
    query::Query,
    reply,
};
use crate::{auth::Manager, error::ApiError, state::AppState};

pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    query: &[
        LIST[0],
        LIST[1],
        Parameter::text("connection", "Link name of a connection: lines about it only"),
        Parameter::text("service", "Link name of a service: lines about it only"),
        Parameter::time("after", "From this time on"),
        Parameter::time("before", "Before this time"),
    ],
    answers: &[(200, "AuditPage")],
    problems: &["invalid"],
    ..Operation::manage(
        "get",
        "/api/v1/audit",
        "list_audit",
        "Audit record",
        "Read who did what, the newest first",
    )
}];

pub(crate) async fn list(
    State(app): State<AppState>,
    Manager(manager): Manager,
    mut query: Query,
) -> Result<Response, ApiError> {
    let (cursor, limit) = (query.cursor(), query.limit());
    let filter = AuditFilter {
        connection: query.optional("connection"),
        service: query.optional("service"),
        after: query.read("after", moment),
        before: query.read("before", moment),
    };
    query.finish()?;
    let paged = app.engine.audit_page(&manager, &filter, cursor, limit).await?;
    Ok(reply::page(paged, |line| line.id.to_string(), json))
}

/// Years that the database can hold and that anybody can mean.
fn moment(text: &str) -> Result<OffsetDateTime, String> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok();
    let sane = at.filter(|at| (1970..=9998).contains(&at.year()));
    sane.ok_or_else(|| "Write the time as 2026-11-23T09:00:00Z.".to_owned())
}

fn json(line: &AuditLine) -> Value {
    json!({
        "id": line.id,
        "at": reply::time(line.at),
        "action": line.action,
        "person": line.person,
        "function_key": line.key,
        "address": line.address,
        "service": line.service,
        "connection": line.connection,
        "subject": line.subject,
        "detail": line.detail,
    })
}
