//! The shapes of bodies and answers, each with an example.

use domain::{
    call::Method,
    connection::{Cause, Status},
    function_key::KeyScope,
};
use serde_json::{Map, Value, json};

/// Every shape by its name.
pub(super) fn all() -> Vec<(&'static str, Value)> {
    let things = things();
    let mut all = inputs();
    for (page, item) in [
        ("ServicePage", "Service"),
        ("ConnectionPage", "Connection"),
        ("FunctionKeyPage", "FunctionKey"),
        ("AuditPage", "AuditLine"),
    ] {
        let example = things.iter().find(|(name, _)| *name == item);
        let example = example.map(|(_, shape)| shape["examples"][0].clone());
        all.push((page, page_of(item, example)));
    }
    all.extend(things);
    all
}

/// The first example of a shape.
pub(super) fn example(name: &str) -> Option<Value> {
    let (_, shape) = all().into_iter().find(|(other, _)| *other == name)?;
    shape.get("examples")?.get(0).cloned()
}

fn text() -> Value {
    json!({"type": "string"})
}
fn maybe(kind: &str) -> Value {
    json!({"type": [kind, "null"]})
}
fn moment() -> Value {
    json!({"type": ["string", "null"], "format": "date-time"})
}
fn texts() -> Value {
    json!({"type": "array", "items": {"type": "string"}})
}
fn link_name() -> Value {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9_]{0,49}$"})
}
fn one_of(words: &[&str]) -> Value {
    json!({"type": "string", "enum": words})
}
fn statuses() -> Value {
    one_of(&Status::ALL.iter().map(|status| status.word()).collect::<Vec<_>>())
}
fn key_scopes() -> Value {
    let words: Vec<&str> = KeyScope::ALL.iter().map(|scope| scope.word()).collect();
    json!({"type": "array", "items": {"type": "string", "enum": words}, "minItems": 1})
}
fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// An object of exactly these members; those of `required` are always there.
fn object(required: &[&str], members: &[(&str, Value)], example: Value) -> Value {
    let members: Map<String, Value> = members
        .iter()
        .map(|(name, shape)| ((*name).to_owned(), shape.clone()))
        .collect();
    json!({"type": "object", "required": required, "properties": members, "additionalProperties": false,
        "examples": [example]})
}

/// An answer: every member is always there.
fn answer(members: &[(&str, Value)], example: Value) -> Value {
    let names: Vec<&str> = members.iter().map(|(name, _)| *name).collect();
    object(&names, members, example)
}

fn page_of(item: &str, example: Option<Value>) -> Value {
    let example = json!({"items": [example], "next_cursor": null});
    let items = json!({"type": "array", "items": refer(item)});
    let cursor = maybe("string");
    json!({"type": "object", "required": ["items", "next_cursor"], "additionalProperties": false,
        "properties": {"items": items, "next_cursor": cursor}, "examples": [example]})
}

fn call_rules() -> Value {
    let methods: Vec<&str> = Method::ALL.iter().map(|method| method.word()).collect();
    json!({"type": "object", "additionalProperties": false, "description": "Methods and paths that calls may use; none of either permits all.",
        "properties": {"methods": {"type": "array", "items": {"type": "string", "enum": methods}}, "paths": texts()}})
}

fn scopes() -> Value {
    json!({"type": "array", "items": {"type": "object", "required": ["name"], "additionalProperties": false,
        "properties": {"name": text(), "display_name": text()}}})
}

fn sample() -> Value {
    json!({"type": ["object", "null"], "properties": {"type": text(), "path": text()}, "additionalProperties": false})
}

fn authentication_input() -> Value {
    let options = json!({"type": "object", "additionalProperties": false, "properties": {
        "client_authentication": one_of(&["post", "basic"]), "pkce": {"type": "boolean"}, "issuer": maybe("string"),
        "rotation": one_of(&["unknown", "never", "grace", "strict"]), "refresh_kills_old_access": {"type": "boolean"},
        "identity_url": maybe("string"), "identity_field": text()}});
    json!({"type": "object", "additionalProperties": false, "properties": {
        "type": one_of(&["oauth2"]), "grant_type": one_of(&["authorization_code"]), "param_type": one_of(&["header", "query"]),
        "client_id": text(), "client_secret": {"type": "string", "writeOnly": true}, "authorize_url": text(),
        "access_token_url": text(), "refresh_token_url": maybe("string"), "revoke_token_url": maybe("string"),
        "scope_delimiter": one_of(&["space", "comma", "plus"]), "options": options}})
}

fn service_example() -> Value {
    json!({"name": "Zoom Meeting", "link_name": "zoom_meeting",
        "authentication": {"type": "oauth2", "client_id": "8KZqX", "client_secret": "…",
            "authorize_url": "https://zoom.us/oauth/authorize", "access_token_url": "https://zoom.us/oauth/token"},
        "scopes": [{"name": "meeting:read", "display_name": "Read meetings"}],
        "api_base_url": "https://api.zoom.us/v2", "allowed_hosts": ["api.zoom.us"],
        "sample_request": {"type": "GET", "path": "/users/me"}})
}

fn inputs() -> Vec<(&'static str, Value)> {
    let service = [
        ("name", text()),
        ("link_name", link_name()),
        ("redirect_id", text()),
        ("authentication", authentication_input()),
        ("scopes", scopes()),
        ("api_base_url", maybe("string")),
        ("allowed_hosts", texts()),
        ("sample_request", sample()),
    ];
    let connection = [
        ("name", text()),
        ("link_name", link_name()),
        ("service", link_name()),
        ("scopes", texts()),
        ("credential_mode", one_of(&["organization"])),
        ("call_rules", call_rules()),
    ];
    let changed: Vec<_> = service
        .iter()
        .filter(|(name, _)| *name != "redirect_id")
        .cloned()
        .collect();
    let number = || json!({"type": ["integer", "string"]});
    vec![
        (
            "ServiceInput",
            object(
                &["name", "link_name", "authentication"],
                &service,
                service_example(),
            ),
        ),
        ("ServiceChange", object(&[], &changed, json!({"name": "Zoom"}))),
        (
            "ServiceClone",
            object(
                &["name", "link_name"],
                &[("name", text()), ("link_name", link_name())],
                json!({"name": "Zoom Webinar", "link_name": "zoom_webinar"}),
            ),
        ),
        (
            "ConnectionInput",
            object(
                &["name", "link_name", "service"],
                &connection,
                json!({"name": "Zoom", "link_name": "zoom", "service": "zoom_meeting", "scopes": ["meeting:read"]}),
            ),
        ),
        (
            "ConnectionChange",
            object(
                &[],
                &connection,
                json!({"scopes": ["meeting:read", "meeting:write"]}),
            ),
        ),
        (
            "Import",
            object(
                &[],
                &[
                    ("access_token", json!({"type": "string", "writeOnly": true})),
                    ("refresh_token", json!({"type": "string", "writeOnly": true})),
                    ("expires_in", number()),
                    ("scopes", texts()),
                    ("account", text()),
                ],
                json!({"refresh_token": "…"}),
            ),
        ),
        (
            "FunctionKeyInput",
            object(
                &["name", "scopes"],
                &[
                    ("name", text()),
                    ("scopes", key_scopes()),
                    ("connections", texts()),
                    ("call_rules", call_rules()),
                    ("calls_per_minute", number()),
                    ("expires_in_days", number()),
                ],
                json!({"name": "Nightly report", "scopes": ["invoke"], "connections": ["zoom"]}),
            ),
        ),
        (
            "ConnectorInput",
            object(
                &[
                    "client_id",
                    "client_secret",
                    "auth_url",
                    "refresh_url",
                    "refresh_token",
                ],
                &[
                    ("client_id", text()),
                    ("client_secret", json!({"type": "string", "writeOnly": true})),
                    ("auth_url", text()),
                    ("refresh_url", text()),
                    ("refresh_token", json!({"type": "string", "writeOnly": true})),
                    ("refresh_in", number()),
                    ("expires_in", number()),
                ],
                json!({"client_id": "1000.X", "client_secret": "…", "auth_url": "https://accounts.zoho.com/oauth/v2/auth",
                    "refresh_url": "https://accounts.zoho.com/oauth/v2/token", "refresh_token": "…"}),
            ),
        ),
        ("Invocation", invocation()),
    ]
}

/// The names of invokeurl; what a call may look like is told by its own page of the guide.
fn invocation() -> Value {
    json!({"type": "object", "required": ["connection", "url"], "properties": {
        "connection": link_name(), "url": text(), "type": text(), "parameters": {}, "headers": {"type": "object"}, "body": {},
        "files": {}, "content-type": text(), "detailed": {"type": "boolean"}, "response-format": text(), "response-decoding": text()},
        "examples": [{"connection": "zoom", "url": "/users/{user}", "type": "GET", "parameters": {"user": "me"}}]})
}

fn things() -> Vec<(&'static str, Value)> {
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
                    ("api_base_url", maybe("string")),
                    ("allowed_hosts", texts()),
                    ("sample_request", sample()),
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
                    ("credential_mode", one_of(&["organization"])),
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
                ],
                json!({"ok": true, "status": 200, "detail": "The provider answered 200 OK."}),
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
        ("Problem", problem()),
    ]
}

fn authentication() -> Value {
    json!({"type": "object", "required": ["type"], "properties": {"type": text(), "client_secret": false}})
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
