//! `GET /api/docs`: the description of the API as a page.

use app::{
    Body, Page,
    pages::api_docs::{ApiDocsPage, Group, Operation},
};
use axum::{http::StatusCode, response::Response};

use super::openapi::{self, operation};
use crate::view::Viewer;

pub(crate) async fn show(viewer: Viewer) -> Response {
    let mut groups: Vec<Group> = Vec::new();
    for operation in openapi::operations() {
        let shown = shown(&operation);
        match groups.iter_mut().find(|group| group.name == operation.group) {
            Some(group) => group.operations.push(shown),
            None => groups.push(Group {
                name: operation.group.to_owned(),
                operations: vec![shown],
            }),
        }
    }
    let problems = openapi::problems();
    let page = Page {
        title: "API".into(),
        chrome: None,
        notice: None,
        body: Body::ApiDocs(ApiDocsPage { groups, problems }),
    };
    viewer.page(StatusCode::OK, page)
}

fn shown(operation: &operation::Operation) -> Operation {
    let path = operation.names().into_iter().map(|name| (name, "in the path"));
    let query = operation
        .query
        .iter()
        .map(|parameter| (parameter.name, parameter.words));
    let parameters = path.chain(query).chain(operation.headers());
    let answers = operation.answers.iter().map(|(status, shape)| {
        let example = openapi::example(shape);
        (*status, if shape.is_empty() { "no body" } else { shape }, example)
    });
    Operation {
        id: operation.id.to_owned(),
        method: operation.method.to_uppercase(),
        path: operation.address(),
        summary: operation.summary.to_owned(),
        scope: operation.scope.to_owned(),
        parameters: parameters
            .map(|(name, words)| (name.to_owned(), words.to_owned()))
            .collect(),
        body: operation.body.and_then(openapi::example),
        answers: answers
            .map(|(status, shape, example)| (status, shape.to_owned(), example))
            .collect(),
        failures: openapi::failures(operation)
            .into_iter()
            .map(|(status, codes)| (status, codes.join(", ")))
            .collect(),
    }
}
