//! Connections of other kinds than consent alone: typed credentials, fields, people, and tests.

use app::{
    Body, Form, Page,
    components::state::Condition,
    pages::setup::connections::{
        asked::CredentialMode,
        create::ServiceName,
        detail::ConnectionPage,
        facts::FieldValue,
        people::{People, PersonRow},
        tested::Tested,
    },
};
use domain::{
    connection::{Cause, CredentialState},
    service::{AuthenticationType, Obtained},
};
use time::Duration;

use super::{detail::connection, page, refused};
use crate::models::{NOW, condition, kinds::datadog, stamp, withdrawn, works};

fn typed(condition: Condition) -> ConnectionPage {
    ConnectionPage {
        name: "Datadog".into(),
        service: ServiceName {
            name: datadog().get("name").to_owned(),
            link_name: "datadog".parse().unwrap(),
            host: "api.datadoghq.eu".into(),
        },
        kind: AuthenticationType::ApiKey,
        obtained: Obtained::Typed,
        account: None,
        asked: Vec::new(),
        granted: None,
        offered: Vec::new(),
        allowed_hosts: vec!["api.datadoghq.eu".into()],
        connected: Some(stamp(18)),
        values: vec![
            FieldValue {
                label: "Datadog site".into(),
                value: Some("datadoghq.eu".into()),
            },
            FieldValue {
                label: "Organization key".into(),
                value: None,
            },
        ],
        revokes_upstream: false,
        ..connection(condition)
    }
}

/// A connection where each person has an account of their own.
pub(crate) fn with_people(rows: Vec<PersonRow>, form: Form) -> ConnectionPage {
    ConnectionPage {
        people: Some(People {
            mode: CredentialMode::LoginUserOrOrganization,
            mine: !rows.is_empty(),
            rows,
            form,
        }),
        values: vec![FieldValue {
            label: "Data centre".into(),
            value: Some("eu".into()),
        }],
        kept: vec![("api_domain".into(), "https://www.zohoapis.eu".into())],
        ..connection(works())
    }
}

pub(crate) fn people() -> Vec<PersonRow> {
    let person = |name: &str, external, account: &str, condition, days| PersonRow {
        user: format!("usr_{name}"),
        name: name.into(),
        external,
        account: Some(account.into()),
        condition,
        connected: Some(NOW - Duration::days(days)),
    };
    vec![
        person("Ada Lovelace", false, "ada@example.com", works(), 18),
        person("Grace Hopper", false, "grace@example.com", withdrawn(), 40),
        person("customer-4711", true, "it@customer.example", works(), 2),
    ]
}

fn tested(works: bool) -> Tested {
    Tested {
        request: "GET /users/me".into(),
        status: Some(if works { 200 } else { 403 }),
        took: Some(84),
        works,
        words: if works {
            String::new()
        } else {
            "The account lacks a right that the request needs. Ask its administrator, or choose another test request in the service.".into()
        },
        quote: (!works).then(|| "Invalid access token, does not contain scopes: [user:read]".into()),
        at: NOW,
    }
}

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let endless = || condition(CredentialState::Active, None, false, None);
    let shown = |model: ConnectionPage| {
        page(
            &model.name.clone(),
            "/setup/connections/zoom",
            Body::Connection(Box::new(model)),
        )
    };
    let refused_key = condition(CredentialState::Blocked, Some(Cause::ClientRefused), false, None);
    let mut fresh = typed(Condition::default());
    fresh.connected = None;
    let test = |works| {
        let mut page = connection(crate::models::works());
        page.tested = Some(tested(works));
        page
    };
    let silent = {
        let mut page = test(false);
        page.tested = Some(Tested {
            status: None,
            took: None,
            quote: None,
            words: "The name api.zoom.us could not be looked up. Try again; if it stays so, check the API base URL.".into(),
            ..tested(false)
        });
        page
    };
    let wrong = refused(domain::form::Fields::default(), &[("user", "This is missing.")]);
    vec![
        ("connection-key", shown(typed(endless()))),
        ("connection-key-refused", shown(typed(refused_key))),
        ("connection-key-new", shown(fresh)),
        ("connection-tested", shown(test(true))),
        ("connection-tested-refused", shown(test(false))),
        ("connection-tested-silent", shown(silent)),
        ("connection-people", shown(with_people(people(), Form::default()))),
        ("connection-people-none", shown(with_people(Vec::new(), wrong))),
    ]
}
