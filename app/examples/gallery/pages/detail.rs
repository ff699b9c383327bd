//! One connection in its states.

use app::{
    Body, Form, Notice, NoticeKind, Page,
    components::state::Condition,
    pages::setup::connections::{
        activity::Event,
        detail::ConnectionPage,
        facts::KeyUse,
        try_it::{
            Tried, TryIt,
            answer::{Answer, Content, Mend, Outcome},
        },
    },
};
use domain::{
    call::CallRules,
    connection::{Cause, CredentialState},
    form::{Fields, try_it},
    organization::Role,
    service::{AuthenticationType, Obtained},
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
        by: Some("Ada Lovelace".into()),
        from: Some("198.51.100.7".into()),
        when: NOW - Duration::minutes(minutes),
    };
    let used = |name: &str, minutes: i64| KeyUse {
        name: name.into(),
        at: NOW - Duration::minutes(minutes),
    };
    ConnectionPage {
        now: NOW,
        name: "Zoom".into(),
        link_name: "zoom".parse().unwrap(),
        service: zoom(),
        kind: AuthenticationType::OAuth2,
        obtained: Obtained::Consent,
        condition,
        account: Some("ada@example.com".into()),
        created: stamp(18),
        connected: Some(stamp(18)),
        asked: scopes(),
        granted: Some(vec![
            "meeting:read".parse().unwrap(),
            "user:read".parse().unwrap(),
        ]),
        offered: scopes(),
        second_scope_parameter: None,
        values: Vec::new(),
        kept: Vec::new(),
        rules: CallRules::default(),
        version: 3,
        allowed_hosts: vec!["api.zoom.us".into()],
        proposed_host: None,
        last_used: Some(NOW),
        used_by: vec![used("nightly-report", 2), used("crm-hook", 200)],
        usage: Use::new(
            "https://connect.acme.com",
            &"zoom".parse().unwrap(),
            &definition(),
        ),
        events: vec![
            event("Token refreshed", "by the background worker, 210 ms", 18),
            event("Provider asked to slow down", "tried again after 30 seconds", 180),
            event("Connected", "as ada@example.com", 18 * 24 * 60),
            event("Created", "", 18 * 24 * 60 + 2),
        ],
        revokes_upstream: true,
        trouble: None,
        tested: None,
        people: None,
        settings: Form::default(),
        hosts: Form::default(),
        try_it: TryIt::default(),
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
    rename.settings = refused(
        Fields::default().with("name", ""),
        &[("name", "This is missing.")],
    );
    let tried = |outcome| {
        let mut page = connection(works());
        page.try_it = TryIt {
            form: Form::proposing(
                Fields::default()
                    .with("method", "POST")
                    .with("path", "/users")
                    .with("body", "{}"),
            ),
            tried: Some(Tried {
                call: try_it::call(&Fields::read(b"method=POST&path=/users&body={}")).unwrap(),
                outcome,
            }),
        };
        shown(page)
    };
    let answer = Answer {
        status: 200,
        reason: "OK",
        took: 84,
        size: Some(31),
        headers: vec![("content-type".into(), "application/json".into())],
        body: Content::Text {
            text: "{\n  \"name\": \"<script>\"\n}".into(),
            cut: false,
        },
    };
    let failed = Outcome::Failed {
        words: "The credential may not travel there: evil.example is not an allowed host.".into(),
        mend: Some(Mend::Service),
    };
    let mut asks = connection(works());
    asks.allowed_hosts.clear();
    asks.proposed_host = Some("zoom.us".into());
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
        ("connection-settings-wrong", shown(rename)),
        ("connection-tried", tried(Outcome::Answered(answer))),
        ("connection-tried-refused", tried(failed)),
        ("connection-asks", shown(asks)),
        ("connection-developer", developer),
    ]
}
