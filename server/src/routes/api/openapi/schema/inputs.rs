//! Bodies of requests.

use serde_json::{Value, json};

use super::{call_rules, key_scopes, link_name, maybe, object, one_of, sample, scopes, text, texts};

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

pub(super) fn inputs() -> Vec<(&'static str, Value)> {
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
