//! `/api/v1/catalogue`: default services, as they could be sent to `POST /api/v1/services` with a client of one's own.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use engine::catalogue::{Entry, entries};
use serde_json::{Value, json};

use super::{super::openapi::operation::Operation, services::definition};
use crate::{auth::Manager, state::AppState};

pub(crate) const OPERATIONS: &[Operation] = &[Operation {
    answers: &[(200, "Catalogue")],
    ..Operation::manage(
        "get",
        "/api/v1/catalogue",
        "list_catalogue",
        "Services",
        "List default services: send one to create_service with a client of your own, and its link name as catalogue",
    )
}];

pub(crate) async fn list(State(app): State<AppState>, Manager(_): Manager) -> Response {
    let sandbox = app.engine.sandbox();
    let own = sandbox.iter().map(|input| Value::Object(definition(input)));
    let items: Vec<Value> = own.chain(entries().iter().map(described)).collect();
    Json(json!({"items": items})).into_response()
}

fn described(entry: &Entry) -> Value {
    let mut document = definition(&entry.input());
    document.insert("catalogue".into(), json!(entry.link_name));
    let about = json!({
        "category": entry.category,
        "summary": entry.summary,
        "register_url": entry.register_url,
        "docs_url": entry.docs_url,
        "help": entry.help,
        "unverified": entry.unverified,
        "default_scopes": entry.default_scopes,
    });
    document.insert("about".into(), about);
    Value::Object(document)
}
