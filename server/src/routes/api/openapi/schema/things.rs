//! What is answered.

use domain::connection::Cause;
use serde_json::{Value, json};

use super::{
    answer, call_rules, credential_modes, key_scopes, link_name, maybe, moment, sample, scopes, statuses,
    text, texts,
};

pub(super) fn things() -> Vec<(&'static str, Value)> {
    let service = json!({"id": "svc_0190…", "name": "Zoom Meeting", "link_name": "zoom_meeting", "version": 1,
        "redirect_url": "https://connections.example/oauth/callback/svc_0190…"});
    let connection = json!({"id": "con_0190…", "name": "Zoom", "link_name": "zoom", "service": "zoom_meeting",
        "status": "connected", "version": 1});
    let causes: Vec<Value> = Cause::ALL
        .iter()
        .map(|cause| json!(cause.word()))
        .chain([Value::Null])
        .collect();
    let key = vec![
        ("id", text()),
        ("name", text()),
        ("scopes", key_scopes()),
        (
            "connections",
            json!({"type": ["array", "null"], "items": {"type": "string"}, "description": "The only ones it may use; null for all."}),
        ),
        ("call_rules", call_rules()),
        ("calls_per_minute", maybe("integer")),
        ("expires_at", moment()),
        ("created_at", moment()),
        ("created_by", maybe("string")),
        ("last_used_at", moment()),
        ("revoked_at", moment()),
    ];
    let mut new_key = key.clone();
    new_key.push((
        "key",
        json!({"type": "string", "description": "The key itself. It is shown here and never again."}),
    ));
    let key_example =
        json!({"id": "fky_0190…", "name": "Nightly report", "scopes": ["invoke"], "connections": null});
    vec![
        (
            "Service",
            answer(
                &[
                    ("id", text()),
                    ("name", text()),
                    ("link_name", link_name()),
                    ("authentication", authentication()),
                    ("scopes", scopes()),
                    (
                        "fields",
                        json!({"type": ["array", "null"], "items": {"type": "object"}}),
                    ),
                    ("api_base_url", maybe("string")),
                    ("allowed_hosts", texts()),
                    ("sample_request", sample()),
                    ("test_request", sample()),
                    ("calls", json!({"type": "object"})),
                    ("catalogue", maybe("string")),
                    ("notes", notes()),
                    ("redirect_url", text()),
                    ("client_secret_set_at", moment()),
                    ("connections", json!({"type": "integer"})),
                    ("created_at", moment()),
                    ("version", json!({"type": "integer"})),
                ],
                service,
            ),
        ),
        (
            "Redirect",
            answer(
                &[("redirect_id", text()), ("redirect_url", text())],
                json!({"redirect_id": "svc_0190….x", "redirect_url": "https://connections.example/oauth/callback/svc_0190…"}),
            ),
        ),
        ("Catalogue", catalogue()),
        (
            "Connection",
            answer(
                &[
                    ("id", text()),
                    ("name", text()),
                    ("link_name", link_name()),
                    ("service", link_name()),
                    ("credential_mode", credential_modes()),
                    (
                        "fields",
                        json!({"type": "object", "additionalProperties": {"type": "string"}}),
                    ),
                    (
                        "kept",
                        json!({"type": ["object", "null"], "additionalProperties": {"type": "string"}}),
                    ),
                    ("people", json!({"type": "integer"})),
                    ("scopes", texts()),
                    ("call_rules", call_rules()),
                    ("status", statuses()),
                    ("cause", json!({"enum": causes})),
                    ("reason", text()),
                    ("account", maybe("string")),
                    (
                        "granted_scopes",
                        json!({"type": ["array", "null"], "items": {"type": "string"}}),
                    ),
                    ("missing_scopes", texts()),
                    ("expires_at", moment()),
                    ("connected_at", moment()),
                    ("refreshed_at", moment()),
                    ("last_used_at", moment()),
                    ("created_at", moment()),
                    ("version", json!({"type": "integer"})),
                ],
                connection,
            ),
        ),
        (
            "Authorization",
            answer(
                &[("url", text())],
                json!({"url": "https://connections.example/setup/connections/zoom/authorize"}),
            ),
        ),
        (
            "Test",
            answer(
                &[
                    ("ok", json!({"type": "boolean"})),
                    ("status", json!({"type": "integer"})),
                    ("detail", text()),
                    ("milliseconds", json!({"type": "integer"})),
                ],
                json!({"ok": true, "status": 200, "detail": "The provider answered 200 OK.", "milliseconds": 120}),
            ),
        ),
        ("FunctionKey", answer(&key, key_example.clone())),
        ("NewFunctionKey", answer(&new_key, key_example)),
        (
            "AuditLine",
            answer(
                &[
                    ("id", text()),
                    ("at", moment()),
                    ("action", text()),
                    ("person", maybe("string")),
                    ("function_key", maybe("string")),
                    ("address", maybe("string")),
                    ("service", maybe("string")),
                    ("connection", maybe("string")),
                    ("subject", text()),
                    ("detail", text()),
                ],
                json!({"id": "aud_0190…", "action": "connection.renamed", "subject": "Zoom", "detail": "to Zoom Webinar"}),
            ),
        ),
        (
            "Connector",
            answer(
                &[
                    ("name", text()),
                    ("link_name", link_name()),
                    ("status", statuses()),
                    ("created", json!({"type": "boolean"})),
                ],
                json!({"name": "CRM", "link_name": "crm", "status": "connected", "created": true}),
            ),
        ),
        ("Credential", credential()),
        (
            "Signed",
            answer(
                &[
                    ("method", text()),
                    ("url", text()),
                    (
                        "headers",
                        json!({"type": "object", "additionalProperties": {"type": "string"}}),
                    ),
                ],
                json!({"method": "POST", "url": "https://api.example.com/1/cards",
                    "headers": {"Authorization": "OAuth oauth_consumer_key=…"}}),
            ),
        ),
        ("Problem", problem()),
    ]
}

fn authentication() -> Value {
    json!({"type": "object", "required": ["type"], "properties": {"type": text(), "client_secret": false}})
}

/// What is kept although nothing uses it.
fn notes() -> Value {
    json!({"type": "array", "items": {"type": "object", "required": ["field", "message"],
        "properties": {"field": text(), "message": text()}}})
}

fn catalogue() -> Value {
    let item = json!({"type": "object", "required": ["name", "link_name", "authentication"]});
    json!({"type": "object", "required": ["items"], "properties": {"items": {"type": "array", "items": item}}})
}

fn credential() -> Value {
    answer(
        &[
            ("link_name", link_name()),
            ("service", link_name()),
            ("status", statuses()),
            (
                "headers",
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
            ),
            (
                "parameters",
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
            ),
            (
                "form",
                json!({"type": "object", "additionalProperties": {"type": "string"}}),
            ),
            ("access_token", maybe("string")),
            ("token_type", text()),
            ("expires_at", moment()),
            ("expires_in", maybe("integer")),
            ("scopes", texts()),
            ("account", maybe("string")),
            ("version", json!({"type": "integer"})),
        ],
        json!({"link_name": "zoom", "service": "zoom_meeting", "status": "connected",
            "headers": {"Authorization": "Bearer …"}, "parameters": {}}),
    )
}

/// RFC 9457, with a stable code.
fn problem() -> Value {
    json!({"type": "object", "required": ["type", "title", "status", "code", "detail"], "properties": {
        "type": text(), "title": text(), "status": {"type": "integer"}, "code": text(), "detail": text(),
        "errors": {"type": "array", "items": {"type": "object", "required": ["field", "message"],
            "properties": {"field": text(), "message": text()}}},
        "connect_url": {"type": "string", "description": "The page on which a person mends it."}}})
}
