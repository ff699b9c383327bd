//! One connection in its states.

use app::{
    Body, Form, Notice, NoticeKind, Page,
    components::state::Condition,
    pages::setup::connections::detail::{ConnectionPage, Event},
};
use domain::{
    connection::{Cause, CredentialState},
    form::Fields,
    organization::Role,
    snippet::Use,
};
use time::Duration;

use super::{page, refused};
use crate::models::{NOW, condition, definition, scopes, stamp, withdrawn, works, zoom};

/// The connection page of Zoom in a condition.
pub(crate) fn connection(condition: Condition) -> ConnectionPage {
    let event = |what: &str, detail: &str, minutes: i64| Event {
        what: what.into(),
        detail: (!detail.is_empty()).then(|| detail.into()),
        when: NOW - Duration::minutes(minutes),
    };
    ConnectionPage {
        now: NOW,
        name: "Zoom".into(),
        link_name: "zoom".parse().unwrap(),
        service: zoom(),
        condition,
        account: Some("ada@example.com".into()),
        created: stamp(18),
        connected: Some(stamp(18)),
        asked: scopes(),
        granted: Some(vec![
            "meeting:read".parse().unwrap(),
            "user:read".parse().unwrap(),
        ]),
        allowed_hosts: vec!["api.zoom.us".into()],
        last_used: Some(NOW),
        used_by: vec!["nightly-report".into(), "crm-hook".into()],
        usage: Use::new(
            "https://connect.acme.com",
            &"zoom".parse().unwrap(),
            &definition(),
        ),
        events: vec![
            event("Token refreshed", "by the background worker, 210 ms", 18),
            event("Provider asked to slow down", "tried again after 30 seconds", 180),
            event("Connected by Ada Lovelace", "as ada@example.com", 18 * 24 * 60),
            event("Created by Ada Lovelace", "", 18 * 24 * 60 + 2),
        ],
        revokes_upstream: true,
        rename: Form::default(),
    }
}

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let shown = |model: ConnectionPage| {
        page(
            "Zoom",
            "/setup/connections/zoom",
            Body::Connection(Box::new(model)),
        )
    };
    let mut fresh = connection(Condition::default());
    fresh.account = None;
    fresh.connected = None;
    fresh.granted = None;
    fresh.events.truncate(0);
    fresh.used_by.clear();
    fresh.last_used = None;
    let disabled = Condition {
        disabled: true,
        ..works()
    };
    let mut connected = shown(connection(works()));
    connected.notice = Some(Notice {
        kind: NoticeKind::Good,
        text: "Connected as ada@example.com.".into(),
    });
    let mut rename = connection(works());
    rename.rename = refused(
        Fields::default().with("name", ""),
        &[("name", "This is missing.")],
    );
    let mut developer = shown(connection(withdrawn()));
    if let Some(chrome) = &mut developer.chrome {
        chrome.role = Role::Developer;
    }
    let ends = condition(CredentialState::Active, None, false, Some(41));
    let refused = condition(
        CredentialState::Blocked,
        Some(Cause::ClientRefused),
        true,
        Some(-5),
    );
    let endless = condition(CredentialState::Active, None, false, None);
    vec![
        ("connection", connected),
        ("connection-new", shown(fresh)),
        ("connection-withdrawn", shown(connection(withdrawn()))),
        ("connection-ends", shown(connection(ends))),
        ("connection-refused", shown(connection(refused))),
        ("connection-endless", shown(connection(endless))),
        ("connection-disabled", shown(connection(disabled))),
        ("connection-rename-wrong", shown(rename)),
        ("connection-developer", developer),
    ]
}
