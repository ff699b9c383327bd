//! The list of connections and the way to a new one.

use app::{
    Body, Form, Page,
    pages::setup::connections::{
        authorize::AuthorizePage,
        create::CreateConnectionPage,
        list::{ConnectionRow, ConnectionsPage, Filter},
        new::{PickServicePage, ServiceCard, Tab},
    },
};
use domain::{connection::Status, form::Fields};

use super::{page, refused};
use crate::models::{NOW, rows, scopes, zoom};

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
        sandbox: true,
        custom,
    };
    let create = CreateConnectionPage {
        form: Form::proposing(
            Fields::default()
                .with("name", "Zoom Meeting")
                .with("link_name", "zoom_meeting"),
        ),
        service: zoom(),
        scopes: scopes(),
    };
    let wrong = CreateConnectionPage {
        form: refused(
            Fields::default()
                .with("name", "Zoom")
                .with("link_name", "zoom")
                .with("scope", "user:read"),
            &[(
                "link_name",
                "The link name `zoom` is already in use. Choose another one.",
            )],
        ),
        service: zoom(),
        scopes: scopes(),
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
        (
            "pick",
            page(
                "Pick your service",
                path,
                Body::PickService(pick(Tab::Default, Vec::new())),
            ),
        ),
        (
            "pick-custom",
            page(
                "Pick your service",
                path,
                Body::PickService(pick(Tab::Custom, cards())),
            ),
        ),
        (
            "pick-none",
            page(
                "Pick your service",
                path,
                Body::PickService(pick(Tab::Custom, Vec::new())),
            ),
        ),
        (
            "create",
            page("Create connection", path, Body::CreateConnection(create)),
        ),
        (
            "create-wrong",
            page("Create connection", path, Body::CreateConnection(wrong)),
        ),
        (
            "authorize",
            page("Continue to Zoom Meeting", path, Body::Authorize(authorize)),
        ),
    ]
}

pub(super) fn cards() -> Vec<ServiceCard> {
    [
        ("Zoom Meeting", "zoom.us", 1),
        ("Google", "accounts.google.com", 2),
        ("Slack", "slack.com", 0),
        ("Zoho CRM", "accounts.zoho.com", 4),
    ]
    .into_iter()
    .map(|(name, host, connections)| ServiceCard {
        name: name.into(),
        link_name: domain::link_name::LinkName::propose(name).unwrap(),
        host: host.into(),
        connections,
    })
    .collect()
}
