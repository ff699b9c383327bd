//! Services: the list, and each kind's own page.

use app::{
    Body, Form, Page,
    pages::setup::{
        connections::list::ConnectionRow,
        services::{
            detail::ServicePage,
            impact::MustReconnect,
            list::{ServiceRow, ServicesPage},
        },
    },
};
use domain::form::Fields;

use super::{connections::cards, page, refused};
use crate::models::{
    NOW, REDIRECT_URL, definition,
    kinds::{datadog, defined, freshdesk, netsuite, slack},
    stamp,
};

/// A service's own page.
pub(crate) fn detail(fields: &Fields, connections: Vec<ConnectionRow>) -> ServicePage {
    ServicePage {
        now: NOW,
        name: fields.get("name").to_owned(),
        link_name: fields.get("link_name").parse().unwrap(),
        definition: defined(fields),
        redirect_url: REDIRECT_URL.into(),
        secret_set: Some(stamp(18)),
        created: stamp(20),
        connections,
        must_reconnect: Vec::new(),
        refusal: None,
        clone: Form::default(),
    }
}

pub(crate) fn must_reconnect() -> Vec<MustReconnect> {
    [
        ("Zoom", "zoom", "its tokens belong to another client ID."),
        (
            "Reports",
            "reports",
            "the access token URL is at another host, and nothing that is stored follows it there.",
        ),
    ]
    .into_iter()
    .map(|(name, link_name, why)| MustReconnect {
        name: name.into(),
        link_name: link_name.parse().unwrap(),
        why: why.into(),
    })
    .collect()
}

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let path = "/setup/services";
    let rows = cards()
        .into_iter()
        .map(|card| ServiceRow {
            name: card.name,
            link_name: card.link_name,
            kind: card.kind,
            host: card.host,
            connections: card.connections,
            created: stamp(20),
        })
        .collect();
    let services = |rows| ServicesPage {
        now: NOW,
        rows,
        text: String::new(),
    };
    let shown = |model: ServicePage| page(&model.name.clone(), path, Body::Service(Box::new(model)));
    let used: Vec<ConnectionRow> = crate::models::rows().into_iter().take(2).collect();
    let zoom = |connections| ServicePage {
        definition: definition(),
        ..detail(&crate::models::service_fields(), connections)
    };
    let refusal = ServicePage {
        refusal: Some("It is still used by 2 connections. Delete these first.".into()),
        ..zoom(used.clone())
    };
    let edited = ServicePage {
        must_reconnect: must_reconnect(),
        ..zoom(used)
    };
    let clone = ServicePage {
        clone: refused(
            Fields::default()
                .with("name", "Slack of the north")
                .with("link_name", "slack"),
            &[(
                "link_name",
                "The link name `slack` is already in use. Choose another one.",
            )],
        ),
        ..detail(&slack(), Vec::new())
    };
    let notes = crate::models::kinds::fields(&[
        ("name", "Zoom machine"),
        ("link_name", "zoom_machine"),
        ("grant_type", "client_credentials"),
        ("client_id", "7Qk2mPZbTnqW1ufYvR"),
        ("authorize_url", "https://zoom.us/oauth/authorize"),
        ("access_token_url", "https://zoom.us/oauth/token"),
        ("revoke_body", "json"),
    ]);
    vec![
        ("services", page("Services", path, Body::Services(services(rows)))),
        (
            "services-none",
            page("Services", path, Body::Services(services(Vec::new()))),
        ),
        ("service", shown(refusal)),
        ("service-unused", shown(zoom(Vec::new()))),
        ("service-edited", shown(edited)),
        ("service-slack", shown(detail(&slack(), Vec::new()))),
        ("service-clone-wrong", shown(clone)),
        ("service-notes", shown(detail(&notes, Vec::new()))),
        ("service-oauth1", shown(detail(&netsuite(), Vec::new()))),
        ("service-key", shown(detail(&datadog(), Vec::new()))),
        ("service-basic", shown(detail(&freshdesk(), Vec::new()))),
    ]
}
