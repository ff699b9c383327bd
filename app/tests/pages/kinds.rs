//! The definition form and the page of every kind of service.

use app::{
    Body, Form, Page,
    pages::setup::{
        connections::{create::CreateConnectionPage, detail::ConnectionPage, facts::FieldValue},
        services::{detail::ServicePage, new::NewServicePage},
    },
};
use domain::form::{FieldErrors, Fields, service};

use crate::{
    attribute, html,
    models::{
        chrome,
        kinds::{datadog, defined, freshdesk, netsuite, slack, slack_entry},
        service_fields,
    },
    named,
    pages::{self, create, kinds::with_people},
    posted::{everything, posted},
    tags,
};

const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>";

fn definition_form(form: Form, from_catalogue: bool) -> String {
    html(Page {
        title: "Create service".into(),
        chrome: chrome("/setup/services"),
        notice: None,
        body: Body::NewService(NewServicePage {
            form,
            redirect_url: "https://connect.acme.com/oauth/callback/svc_1".into(),
            redirect_id: "svc_1".into(),
            discovery: None,
            entry: from_catalogue.then(slack_entry),
        }),
    })
}

#[test]
fn what_the_form_shows_is_what_it_posts_for_every_kind() {
    for fields in [
        everything(),
        slack(),
        netsuite(),
        datadog(),
        freshdesk(),
        service_fields(),
    ] {
        let input = service::service(&fields).unwrap();
        let printed = service::fields(&input);
        let html = definition_form(Form::proposing(printed), false);
        assert_eq!(service::service(&posted(&html)).unwrap(), input, "{}", input.name);
    }
}

#[test]
fn a_default_service_posts_everything_that_is_known_and_shows_little() {
    for fields in [everything(), slack(), netsuite(), datadog(), freshdesk()] {
        let input = service::service(&fields).unwrap();
        let html = definition_form(Form::proposing(service::fields(&input)), true);
        assert_eq!(service::service(&posted(&html)).unwrap(), input, "{}", input.name);
        let seen = tags(&html).filter(|tag| tag.starts_with("input") && !tag.contains("type=\"hidden\""));
        assert!(seen.count() <= 4, "name, link name, client and secret");
    }
    let html = named("service-default");
    assert!(
        html.contains("href=\"/setup/services/new?from=slack&amp;edit=all\""),
        "{html}"
    );
    assert!(html.contains("not verified") && html.contains("Register a client at Slack"));
    let elsewhere = named("service-default-wrong-elsewhere");
    assert!(
        elsewhere.contains("This address is not public.") && elsewhere.contains("id=\"f-api_base_url\""),
        "what is wrong is shown in the whole form"
    );
}

#[test]
fn an_address_that_is_not_https_is_no_link() {
    let mut entry = slack_entry();
    entry.register_url = Some("javascript:alert(1)".into());
    let page = Page {
        title: "Create service".into(),
        chrome: None,
        notice: None,
        body: Body::NewService(NewServicePage {
            form: Form::proposing(slack()),
            redirect_url: String::new(),
            redirect_id: String::new(),
            discovery: None,
            entry: Some(entry),
        }),
    };
    assert!(!html(page).contains("javascript:"));
}

#[test]
fn no_field_of_one_type_is_required_and_enter_creates() {
    for name in ["service-new", "service-new-key", "service-edit"] {
        let html = named(name);
        let required: Vec<&str> = tags(&html)
            .filter(|tag| tag.contains(" required"))
            .filter_map(|tag| attribute(tag, "name"))
            .filter(|name| !matches!(*name, "name" | "link_name"))
            .collect();
        assert!(required.is_empty(), "{name}: {required:?}");
        let first = tags(&html).find(|tag| tag.starts_with("button") && tag.contains("type=\"submit\""));
        assert!(
            first.is_some_and(|tag| attribute(tag, "name").is_none()),
            "{name}: Enter presses what creates, not what asks the provider"
        );
        assert!(html.contains("name=\"intent\" value=\"discover\""));
    }
}

#[test]
fn rows_without_scripts_and_values_that_stay_in_theirs() {
    let count = |name: &str, field: &str| named(name).matches(&format!("name=\"{field}\"")).count();
    assert_eq!(count("service-new", "key_name"), 3);
    assert_eq!(
        count("service-new-key", "key_name"),
        4,
        "two filled and two spare"
    );
    assert_eq!(count("service-new", "field_name"), 2);
    assert_eq!(count("service-new-full", "field_name"), 4);
    for column in ["field_secret", "field_optional", "field_choices"] {
        assert_eq!(
            count("service-new-full", column),
            4,
            "a column has a cell in every row"
        );
    }
}

#[test]
fn groups_say_what_is_set_and_are_open_only_then() {
    let groups = |name: &str| {
        let html = named(name);
        let found: Vec<bool> = tags(&html)
            .filter(|tag| tag.starts_with("details") && attribute(tag, "class") == Some("more"))
            .map(|tag| tag.contains(" open"))
            .collect();
        (found.len(), found.iter().filter(|open| **open).count())
    };
    assert_eq!(groups("service-new"), (groups("service-new").0, 0));
    let (_, open) = groups("service-new-full");
    assert_eq!(open, 5, "authorize, answer, refresh, revoke, limits: {open}");
    assert!(named("service-new-full").contains("2 set"));
}

#[test]
fn an_edit_that_breaks_connections_asks_first_and_keeps_the_form() {
    let asks = named("service-edit-impact");
    let confirm = |html: &str| {
        tags(html)
            .find(|tag| attribute(tag, "name") == Some("confirm"))
            .map(str::to_owned)
    };
    assert!(asks.contains("Save and let 2 connections reconnect"));
    assert!(confirm(&asks).is_some_and(|tag| !tag.contains(" hidden")));
    assert!(
        confirm(&named("service-edit")).is_some_and(|tag| tag.contains(" hidden")),
        "for the browser to show"
    );
    assert!(asks.contains("value=\"https://zoom.us/oauth/token\""));
}

#[test]
fn hostile_definitions_stay_text() {
    let mut service: ServicePage = pages::services::detail(&slack(), Vec::new());
    service.name = HOSTILE.into();
    service.must_reconnect = pages::services::must_reconnect();
    service.must_reconnect[0].name = HOSTILE.into();
    service.must_reconnect[0].why = HOSTILE.into();
    let mut create: CreateConnectionPage = create::of(&slack(), Form::default());
    create.fields[0].label = HOSTILE.into();
    create.fields[0].help = HOSTILE.into();
    create.fields[0].prefix = HOSTILE.into();
    create.fields[0].suffix = HOSTILE.into();
    create.fields[0].default = HOSTILE.into();
    create.fields[1].choices[0].value = HOSTILE.into();
    create.fields[1].choices[0].label = HOSTILE.into();
    create.asked = defined(&datadog()).asked();
    create.asked[0].name = HOSTILE.into();
    create.asked[1].label = HOSTILE.into();
    let mut connection: ConnectionPage = with_people(pages::kinds::people(), Form::default());
    connection.values = vec![FieldValue {
        label: HOSTILE.into(),
        value: Some(HOSTILE.into()),
    }];
    connection.kept = vec![(HOSTILE.into(), HOSTILE.into())];
    if let Some(people) = &mut connection.people {
        people.rows[0].name = HOSTILE.into();
        people.rows[0].user = HOSTILE.into();
        people.rows[0].account = Some(HOSTILE.into());
    }
    let hostile = Fields::default()
        .with("name", HOSTILE)
        .with("authorize_url", HOSTILE)
        .with("authorize_parameters", HOSTILE)
        .with("key_name", HOSTILE)
        .with("field_name", HOSTILE)
        .with("field_choices", format!("</textarea>{HOSTILE}"));
    let form = Form {
        fields: hostile,
        errors: FieldErrors::one("authorize_parameters", HOSTILE),
        message: None,
    };
    let bodies = [
        Body::Service(Box::new(service)),
        Body::CreateConnection(create),
        Body::Connection(Box::new(connection)),
    ];
    let page = |body| Page {
        title: "x".into(),
        chrome: chrome("/"),
        notice: None,
        body,
    };
    let mut all: Vec<String> = bodies.into_iter().map(|body| html(page(body))).collect();
    all.push(definition_form(form.clone(), false));
    all.push(definition_form(
        Form {
            errors: FieldErrors::default(),
            ..form
        },
        true,
    ));
    for html in all {
        assert_eq!(
            html.matches("<script").count(),
            1,
            "only the document's own script"
        );
        assert!(
            !html.contains("<img") && !html.contains("=\"\"><script"),
            "{html}"
        );
        assert!(html.contains("&lt;script&gt;alert(1)"), "it is shown as text");
    }
}
