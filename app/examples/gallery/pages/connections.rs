//! The list of connections and the way to a new one.

use app::{
    Body, Page,
    pages::setup::connections::{
        authorize::AuthorizePage,
        list::{ConnectionRow, ConnectionsPage, Filter},
        new::{PickServicePage, ServiceCard, Tab},
    },
};
use domain::{connection::Status, service::AuthenticationType};

use super::page;
use crate::models::{
    NOW,
    kinds::{categories, entries},
    rows, scopes, zoom,
};

fn list(rows: Vec<ConnectionRow>, filter: Filter) -> Page {
    let body = ConnectionsPage {
        now: NOW,
        rows,
        filter,
        sandbox: true,
    };
    page("Connections", "/setup/connections", Body::Connections(body))
}

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let narrowed = Filter {
        text: "o".into(),
        status: Some(Status::Connected),
        ..Filter::default()
    };
    let nothing = Filter {
        text: "jira".into(),
        ..Filter::default()
    };
    let pick = |tab, custom| PickServicePage {
        tab,
        text: String::new(),
        category: String::new(),
        sandbox: true,
        categories: categories(),
        entries: entries(),
        custom,
    };
    let searched = |text: &str, category: &str| PickServicePage {
        text: text.into(),
        category: category.into(),
        ..pick(Tab::Default, Vec::new())
    };
    let bare = |sandbox| PickServicePage {
        sandbox,
        categories: Vec::new(),
        entries: Vec::new(),
        ..pick(Tab::Default, Vec::new())
    };
    let picked = |model| {
        page(
            "Pick your service",
            "/setup/connections/new",
            Body::PickService(model),
        )
    };
    let authorize = AuthorizePage {
        connection: "Zoom".into(),
        link_name: "zoom".parse().unwrap(),
        service: zoom(),
        scopes: scopes(),
        asked_by: "Ada Lovelace".into(),
        start: "/oauth/start/cns_019a3d1e9c8a7b6f8e5d4c3b2a190817".into(),
    };
    let path = "/setup/connections/new";
    vec![
        ("start", list(Vec::new(), Filter::default())),
        ("list", list(rows(), Filter::default())),
        ("list-narrowed", list(rows(), narrowed)),
        ("list-nothing", list(rows(), nothing)),
        ("pick", picked(pick(Tab::Default, Vec::new()))),
        ("pick-category", picked(searched("", "money"))),
        ("pick-nothing", picked(searched("jira", ""))),
        ("pick-sandbox", picked(bare(true))),
        ("pick-empty", picked(bare(false))),
        ("pick-custom", picked(pick(Tab::Custom, cards()))),
        ("pick-none", picked(pick(Tab::Custom, Vec::new()))),
        (
            "authorize",
            page("Continue to Zoom Meeting", path, Body::Authorize(authorize)),
        ),
    ]
}

pub(super) fn cards() -> Vec<ServiceCard> {
    [
        ("Zoom Meeting", AuthenticationType::OAuth2, "zoom.us", 1),
        ("Google", AuthenticationType::OAuth2, "accounts.google.com", 2),
        (
            "NetSuite",
            AuthenticationType::OAuth1,
            "{account_id}.suitetalk.api.netsuite.com",
            0,
        ),
        ("Datadog", AuthenticationType::ApiKey, "api.datadoghq.eu", 4),
        ("Our own tickets", AuthenticationType::Basic, "", 0),
    ]
    .into_iter()
    .map(|(name, kind, host, connections)| ServiceCard {
        kind,
        name: name.into(),
        link_name: domain::link_name::LinkName::propose(name).unwrap(),
        host: host.into(),
        connections,
    })
    .collect()
}
