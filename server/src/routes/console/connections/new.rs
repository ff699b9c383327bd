//! `/setup/connections/new`

use app::{
    Body, Page,
    pages::setup::connections::new::{PickServicePage, ServiceCard, Tab},
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};

use super::{super::query, host};
use crate::{auth::Administrator, error::WebError, state::AppState, view::Viewer};

pub(crate) async fn show(
    State(app): State<AppState>,
    Administrator { admin, .. }: Administrator,
    viewer: Viewer,
    RawQuery(raw): RawQuery,
) -> Result<Response, WebError> {
    let member = admin.member();
    let services = app.engine.services(member).await?;
    let query = query(raw.as_deref());
    let sandbox = app.engine.settings.sandbox.is_some();
    let tab = match query.get("tab") {
        "custom" => Tab::Custom,
        // Where no default service exists, the other tab is the one with something in it.
        "" if !sandbox => Tab::Custom,
        _ => Tab::Default,
    };
    let cards = services.iter().map(|service| ServiceCard {
        name: service.input.name.to_string(),
        link_name: service.input.link_name.clone(),
        host: host(service),
        connections: usize::try_from(service.connections).unwrap_or_default(),
    });
    let body = PickServicePage {
        tab,
        text: domain::text::quoted(query.get("text"), 100),
        sandbox,
        custom: cards.collect(),
    };
    let chrome = Some(viewer.chrome(member).await?);
    Ok(viewer.page(
        StatusCode::OK,
        Page {
            title: "Pick your service".into(),
            chrome,
            notice: None,
            body: Body::PickService(body),
        },
    ))
}
