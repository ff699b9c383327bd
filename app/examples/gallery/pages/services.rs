//! Services in their states.

use app::{
    Body, Form, Page,
    pages::setup::services::{
        detail::ServicePage,
        edit::EditServicePage,
        list::{ServiceRow, ServicesPage},
        new::NewServicePage,
    },
};

use super::{connections::cards, page, refused};
use crate::models::{NOW, REDIRECT_URL, definition, service_fields, stamp};

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let path = "/setup/services";
    let rows = cards()
        .into_iter()
        .map(|card| ServiceRow {
            name: card.name,
            link_name: card.link_name,
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
    let new = |form| NewServicePage {
        form,
        redirect_url: REDIRECT_URL.into(),
        redirect_id: "svc_019a3d1e9c8a7b6f8e5d4c3b2a190817.made-up".into(),
    };
    let wrong = refused(
        service_fields().with("issuer", "zoom"),
        &[
            ("client_id", "The client ID is missing."),
            (
                "authorize_url",
                "This is not a full URL. It looks like https://provider.example/path.",
            ),
            (
                "scope_name",
                "Row 2: A scope has no spaces, quotes or special characters: one scope a row.",
            ),
            (
                "issuer",
                "This is not a full URL. It looks like https://provider.example/path.",
            ),
        ],
    );
    let edit = EditServicePage {
        now: NOW,
        form: Form::proposing(service_fields()),
        name: "Zoom Meeting".into(),
        link_name: "zoom_meeting".parse().unwrap(),
        redirect_url: REDIRECT_URL.into(),
        secret_set: Some(stamp(18)),
    };
    let detail = |connections, refusal: Option<&str>| {
        Body::Service(Box::new(ServicePage {
            now: NOW,
            name: "Zoom Meeting".into(),
            link_name: "zoom_meeting".parse().unwrap(),
            definition: definition(),
            redirect_url: REDIRECT_URL.into(),
            secret_set: Some(stamp(18)),
            created: stamp(20),
            connections,
            refusal: refusal.map(str::to_owned),
        }))
    };
    let used = crate::models::rows().into_iter().take(2).collect();
    let refusal = "It is still used by 2 connections. Delete these first.";
    vec![
        ("services", page("Services", path, Body::Services(services(rows)))),
        (
            "services-none",
            page("Services", path, Body::Services(services(Vec::new()))),
        ),
        (
            "service-new",
            page("Create service", path, Body::NewService(new(Form::default()))),
        ),
        (
            "service-new-wrong",
            page("Create service", path, Body::NewService(new(wrong))),
        ),
        ("service", page("Zoom Meeting", path, detail(used, Some(refusal)))),
        (
            "service-unused",
            page("Zoom Meeting", path, detail(Vec::new(), None)),
        ),
        (
            "service-edit",
            page("Edit Zoom Meeting", path, Body::EditService(edit)),
        ),
    ]
}
