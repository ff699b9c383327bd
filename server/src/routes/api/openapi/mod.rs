//! `GET /api/openapi.json`: the API as OpenAPI 3.1, put together from what the route files say of themselves.
//!
//! No derive macro makes it: bodies are read by the parsers of the forms, so there is no type from which one could, and
//! types written for the description alone would say what the code does not do.
//!
//! # Layout
//! - [`operation`]: how a route file describes its operations
//! - [`functions`]: what functions call; [`schema`]: the shapes of bodies and answers

use axum::Json;
use domain::{connection::Status, form::FieldErrors, problem::Problem};
use serde_json::{Map, Value, json};

use super::{connectors, manage};
use crate::error::Misdirected;

mod functions;
pub(crate) mod operation;
mod schema;

use operation::Operation;

pub(crate) async fn serve() -> Json<Value> {
    Json(document())
}

/// Every operation, in the order of the page.
pub(crate) fn operations() -> Vec<Operation> {
    [
        functions::OPERATIONS,
        manage::services::OPERATIONS,
        manage::catalogue::OPERATIONS,
        manage::connections::OPERATIONS,
        manage::verbs::OPERATIONS,
        manage::credentials::OPERATIONS,
        connectors::OPERATIONS,
        manage::keys::OPERATIONS,
        manage::audit::OPERATIONS,
    ]
    .concat()
}

/// Status, code and sentence of every failure.
pub(crate) fn problems() -> Vec<(u16, &'static str, String)> {
    let name = || "zoom".to_owned();
    let known = [
        Problem::InvalidKey,
        Problem::ForbiddenForKey("manage"),
        Problem::HostNotAllowed("the host is none of the service's allowed hosts".into()),
        Problem::NotPermitted("connection"),
        Problem::UnknownConnection(name()),
        Problem::UnknownService(name()),
        Problem::LinkNameTaken(name()),
        Problem::InUse("a connection".into()),
        Problem::Changed,
        Problem::UsedForAnother,
        Problem::Underway,
        Problem::TooLarge,
        Problem::AnswerTooLarge,
        Problem::Invalid(FieldErrors::default()),
        Problem::NotServing(Status::NotConnected, None),
        Problem::NotServing(Status::NeedsReauthorization, None),
        Problem::NotServing(Status::Disabled, None),
        Problem::NotServing(Status::Revoked, None),
        Problem::RateLimited { retry_after: 1 },
        Problem::ProviderError("invalid_grant".into()),
        Problem::ProviderUnavailable { retry_after: 1 },
        Problem::Unavailable,
    ];
    let known = known.iter().map(|p| (p.status(), p.code(), p.detail()));
    let misdirected = Misdirected::ALL.iter().map(|other| {
        let (status, code, detail) = other.parts();
        (status, code, detail.to_owned())
    });
    known.chain(misdirected).collect()
}

/// An example of a shape, as text.
pub(crate) fn example(name: &str) -> Option<String> {
    schema::example(name).map(|value| format!("{value:#}"))
}

/// The whole description.
pub(crate) fn document() -> Value {
    let mut paths = Map::new();
    for operation in operations() {
        let path = paths.entry(operation.address()).or_insert_with(|| json!({}));
        path[operation.method] = described(&operation);
    }
    let schemas: Map<String, Value> = schema::all()
        .into_iter()
        .map(|(name, shape)| (name.to_owned(), shape))
        .collect();
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Connections", "version": env!("CARGO_PKG_VERSION"),
            "description": "Every request carries a function key. Failures are application/problem+json with a stable code."},
        "servers": [{"url": "/"}],
        "security": [{"function_key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"function_key": {"type": "http", "scheme": "bearer", "bearerFormat": "cnx_…"}},
            "schemas": schemas,
        },
    })
}

fn described(operation: &Operation) -> Value {
    let mut described = json!({
        "operationId": operation.id,
        "tags": [operation.group],
        "summary": operation.summary,
        "description": format!("Needs a function key of the scope `{}`.", operation.scope),
        "parameters": parameters(operation),
        "responses": responses(operation),
    });
    if let Some(body) = operation.body {
        described["requestBody"] =
            json!({"required": true, "content": {"application/json": {"schema": refer(body)}}});
    } else if operation.passes && operation.method != "get" {
        described["requestBody"] = json!({"content": {"*/*": {}}});
    }
    described
}

fn refer(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

fn parameters(operation: &Operation) -> Vec<Value> {
    let path = operation.names().into_iter().map(|name| {
        json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}})
    });
    let query = operation.query.iter().map(|parameter| {
        let mut schema = json!({"type": parameter.kind});
        if let Some(format) = parameter.format {
            schema["format"] = format.into();
        }
        if let Some((least, most)) = parameter.range {
            schema["minimum"] = least.into();
            schema["maximum"] = most.into();
        }
        json!({"name": parameter.name, "in": parameter.place, "description": parameter.words, "schema": schema})
    });
    let headers = operation.headers().into_iter().map(|(name, words)| {
        json!({"name": name, "in": "header", "description": words, "schema": {"type": "string"}})
    });
    path.chain(query).chain(headers).collect()
}

fn responses(operation: &Operation) -> Map<String, Value> {
    let mut responses = Map::new();
    for (status, shape) in operation.answers {
        let mut response = json!({"description": if shape.is_empty() { "Done" } else { shape }});
        if !shape.is_empty() {
            response["content"] = json!({"application/json": {"schema": refer(shape)}});
        }
        if (operation.versioned || operation.creates) && *shape == "Service" || *shape == "Connection" {
            response["headers"] =
                json!({"ETag": {"description": "The version, in quotes", "schema": {"type": "string"}}});
        }
        responses.insert(status.to_string(), response);
    }
    for (status, codes) in failures(operation) {
        let response = json!({"description": codes.join(", "),
            "content": {"application/problem+json": {"schema": refer("Problem")}}});
        responses.insert(status.to_string(), response);
    }
    if operation.passes {
        responses.insert(
            "default".into(),
            json!({"description": "What the provider answered"}),
        );
    }
    responses
}

/// Codes by their status.
pub(crate) fn failures(operation: &Operation) -> Vec<(u16, Vec<&'static str>)> {
    let codes = operation.codes();
    let mut failures: Vec<(u16, Vec<&'static str>)> = Vec::new();
    for (status, code, _) in problems() {
        if !codes.contains(&code) {
            continue;
        }
        match failures.iter_mut().find(|(other, _)| *other == status) {
            Some((_, codes)) => codes.push(code),
            None => failures.push((status, vec![code])),
        }
    }
    failures.sort_by_key(|(status, _)| *status);
    failures
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTER: &str = include_str!("../../../router.rs");
    const METHODS: [&str; 6] = ["get", "post", "put", "patch", "delete", "any"];

    /// Method and path of every route that a function key opens, as the router lists them.
    fn routed() -> Vec<(String, String)> {
        let part = |from: &str, to: &str| {
            let rest = &ROUTER[ROUTER.find(from).unwrap()..];
            rest[..rest.find(to).unwrap()].to_owned()
        };
        let calls = part("fn calls(", "fn api_routes");
        let api = part("fn api_routes(", ".fallback(");
        let mut routed = Vec::new();
        for (before, text) in [("", calls), ("/api", api)] {
            for route in text.split(".route(").skip(1) {
                let path = route.split('"').nth(1).unwrap();
                let handlers = &route[route.find(path).unwrap() + path.len()..];
                for method in METHODS {
                    let called = [" ", ".", "\n", "("]
                        .iter()
                        .any(|b| handlers.contains(&format!("{b}{method}(")));
                    if called {
                        routed.push((method.to_owned(), format!("{before}{}", path.replace("{*", "{"))));
                    }
                }
            }
        }
        routed
    }

    #[test]
    fn every_route_is_described_and_every_description_routed() {
        let own = [
            "/api/openapi.json",
            "/api/docs",
            "/api/v1/proxy/{link_name}",
            "/api/v1/proxy/{link_name}/",
        ];
        // A service may be named `redirect`: then it is read and changed as every other one.
        let named =
            |(method, path): &(String, String)| method != "post" && path == "/api/v1/services/redirect";
        let routed = routed().into_iter();
        let routed: Vec<_> = routed
            .filter(|route| !own.contains(&route.1.as_str()) && !named(route))
            .collect();
        assert!(routed.len() > 20, "{routed:?}");
        let described: Vec<_> = operations()
            .iter()
            .map(|o| (o.method.to_owned(), o.address()))
            .collect();
        for (method, path) in &routed {
            let found = described
                .iter()
                .any(|(m, p)| p == path && (m == method || method == "any"));
            assert!(found, "{method} {path} is not described");
        }
        for (method, path) in &described {
            let found = routed
                .iter()
                .any(|(m, p)| p == path && (m == method || m == "any"));
            assert!(found, "{method} {path} is described and not routed");
        }
    }

    #[test]
    fn every_code_and_every_shape_that_is_named_exists() {
        let (known, shapes) = (problems(), schema::all());
        for operation in operations() {
            for code in operation.codes() {
                assert!(known.iter().any(|(_, other, _)| *other == code), "{code}");
            }
            let answers = operation
                .answers
                .iter()
                .map(|(_, shape)| *shape)
                .filter(|shape| !shape.is_empty());
            for shape in operation.body.into_iter().chain(answers) {
                assert!(shapes.iter().any(|(other, _)| *other == shape), "{shape}");
            }
        }
    }

    #[test]
    fn names_of_operations_are_their_own() {
        let mut ids: Vec<_> = operations().iter().map(|operation| operation.id).collect();
        ids.sort_unstable();
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    }
}
