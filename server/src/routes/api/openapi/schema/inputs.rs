//! Bodies of requests.

use domain::form::service::SECRETS;
use serde_json::{Map, Value, json};

use super::{
    call_rules, credential_modes, key_scopes, link_name, maybe, object, one_of, sample, scopes, text, texts,
};
use crate::routes::api::manage::{
    document::{Cell, Column, Kind, Place},
    services::PLACES,
};

/// The part of a service's document below a path, as its places say: what can be sent is what is read.
fn below(path: &str) -> Value {
    let mut properties = Map::new();
    for place in PLACES {
        let Some(rest) = place.path.strip_prefix(path) else {
            continue;
        };
        match rest.split_once('.') {
            Some((group, _)) if !properties.contains_key(group) => {
                drop(properties.insert(group.to_owned(), below(&format!("{path}{group}."))));
            }
            Some(_) => {}
            None => drop(properties.insert(rest.to_owned(), shape(place))),
        }
    }
    json!({"type": ["object", "null"], "additionalProperties": false, "properties": properties})
}

/// What stands at a place.
fn shape(place: &Place) -> Value {
    let secret = SECRETS.contains(&place.field);
    match place.kind {
        Kind::Text if secret => json!({"type": "string", "writeOnly": true}),
        Kind::Text if place.field == "authentication_type" => {
            one_of(&["oauth2", "oauth1", "api_key", "basic"])
        }
        Kind::Text => maybe("string"),
        Kind::Number => json!({"type": ["integer", "string", "null"]}),
        Kind::Switch | Kind::Tick => maybe("boolean"),
        Kind::Texts => texts(),
        Kind::Numbers => json!({"type": "array", "items": {"type": "integer"}}),
        Kind::Pairs => json!({"type": "object", "additionalProperties": {"type": "string"}}),
        Kind::Scopes => scopes(),
        Kind::Rows(columns) => {
            let cell = |column: &Column| {
                let shape = match column.cell {
                    Cell::Text => maybe("string"),
                    Cell::Switch => maybe("boolean"),
                    Cell::Choices => {
                        json!({"type": "array", "items": {"type": "object", "required": ["value"],
                        "properties": {"value": text(), "label": text()}}})
                    }
                };
                (column.member.to_owned(), shape)
            };
            let members: Map<String, Value> = columns.iter().map(cell).collect();
            json!({"type": "array", "items": {"type": "object", "additionalProperties": false, "properties": members}})
        }
    }
}

fn fields() -> Value {
    PLACES
        .iter()
        .find(|place| place.path == "fields")
        .map_or_else(|| json!({}), shape)
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
        ("catalogue", maybe("string")),
        ("authentication", below("authentication.")),
        ("scopes", scopes()),
        ("fields", fields()),
        ("api_base_url", maybe("string")),
        ("allowed_hosts", texts()),
        ("sample_request", sample()),
        ("test_request", sample()),
        ("calls", below("calls.")),
    ];
    let connection = [
        ("name", text()),
        ("link_name", link_name()),
        ("service", link_name()),
        ("scopes", texts()),
        ("credential_mode", credential_modes()),
        (
            "fields",
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
        ),
        ("call_rules", call_rules()),
    ];
    let changed: Vec<_> = service
        .iter()
        .filter(|(name, _)| !matches!(*name, "redirect_id" | "catalogue"))
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
                    ("user", text()),
                    (
                        "values",
                        json!({"type": "object", "writeOnly": true, "additionalProperties": {"type": "string"}}),
                    ),
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
        ("ToSign", to_sign()),
    ]
}

/// The names of invokeurl; what a call may look like is told by its own page of the guide.
fn invocation() -> Value {
    json!({"type": "object", "required": ["connection", "url"], "properties": {
        "connection": link_name(), "url": text(), "type": text(), "parameters": {}, "headers": {"type": "object"}, "body": {},
        "files": {}, "content-type": text(), "detailed": {"type": "boolean"}, "response-format": text(), "response-decoding": text(), "user": text()},
        "examples": [{"connection": "zoom", "url": "/users/{user}", "type": "GET", "parameters": {"user": "me"}}]})
}

fn to_sign() -> Value {
    json!({"type": "object", "required": ["url"], "additionalProperties": false, "properties": {
        "method": {"type": "string", "default": "GET"},
        "url": {"type": "string", "description": "A URL on a host of the service, or a path below its API base URL"},
        "form": {"type": "object", "description": "The members of the form-encoded body, if there is one: text, or a list of texts"},
        "user": {"type": "string", "description": "The user whose account to use, where the connection has such"}},
        "examples": [{"method": "POST", "url": "/1/cards", "form": {"name": "Signed"}}]})
}
