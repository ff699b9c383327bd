//! The shapes of bodies and answers, each with an example.
//!
//! # Layout
//! - `inputs`, `things`: bodies of requests, and what is answered; what both are made of: this file

use domain::{call::Method, connection::Status, function_key::KeyScope, principal::CredentialMode};
use serde_json::{Map, Value, json};

mod inputs;
mod things;

use inputs::inputs;
use things::things;

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

fn credential_modes() -> Value {
    one_of(
        &CredentialMode::ALL
            .iter()
            .map(|mode| mode.word())
            .collect::<Vec<_>>(),
    )
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
