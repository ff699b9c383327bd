//! `/setup/connections/new`

use app::{
    Body, Page,
    pages::setup::connections::new::{Category, EntryCard, PickServicePage, ServiceCard, SetUp, Tab},
};
use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use engine::{
    catalogue::{self, Entry},
    store::services::ServiceRow,
};

use super::{
    super::{query, services::new::mark},
    host,
};
use crate::{auth::Administrator, error::WebError, state::AppState, view::Viewer};

pub(crate) async fn show(
    State(app): State<AppState>,
    Administrator { admin }: Administrator,
    viewer: Viewer,
    RawQuery(raw): RawQuery,
) -> Result<Response, WebError> {
    let member = admin.member();
    let services = app.engine.services(member).await?;
    let query = query(raw.as_deref());
    let tab = match query.get("tab") {
        "custom" => Tab::Custom,
        _ => Tab::Default,
    };
    let own = services.iter().filter(|service| !is_default(service));
    let body = PickServicePage {
        tab,
        text: domain::text::quoted(query.get("text"), 100),
        category: domain::text::quoted(query.get("category"), 60),
        sandbox: app.engine.settings.sandbox.is_some(),
        categories: catalogue::Category::ALL
            .into_iter()
            .map(|category| Category {
                word: category.word().to_owned(),
                label: category.label().to_owned(),
            })
            .collect(),
        entries: entries(&services),
        custom: own.map(card).collect(),
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

/// Whether a service was made from one of the default ones.
fn is_default(service: &ServiceRow) -> bool {
    service
        .catalogue
        .as_deref()
        .is_some_and(|entry| catalogue::entry(entry).is_some())
}

fn card(service: &ServiceRow) -> ServiceCard {
    ServiceCard {
        name: service.input.name.to_string(),
        link_name: service.input.link_name.clone(),
        kind: service.input.definition.authentication.kind(),
        host: host(service),
        connections: usize::try_from(service.connections).unwrap_or_default(),
    }
}

/// The default services by name, each with the organization's own where there is one.
fn entries(services: &[ServiceRow]) -> Vec<EntryCard> {
    let mut entries: Vec<EntryCard> = catalogue::entries()
        .iter()
        .map(|entry| entry_card(entry, services))
        .collect();
    entries.sort_by_cached_key(|entry| entry.name.to_lowercase());
    entries
}

fn entry_card(entry: &Entry, services: &[ServiceRow]) -> EntryCard {
    let made = services
        .iter()
        .find(|service| service.catalogue.as_deref() == Some(entry.link_name.as_str()));
    EntryCard {
        id: entry.link_name.to_string(),
        name: entry.name.to_string(),
        mark: mark(entry),
        kind: entry.definition.authentication.kind(),
        summary: entry.summary.clone(),
        category: entry.category.word().to_owned(),
        set_up: made.map(|service| SetUp {
            link_name: service.input.link_name.clone(),
            connections: usize::try_from(service.connections).unwrap_or_default(),
        }),
    }
}
