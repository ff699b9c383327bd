//! Forms and pages for every kind of service.

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
    tags,
};

const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>";

/// What a browser would post of a page: the fields of its definition form, in the order of the page.
fn posted(html: &str) -> Fields {
    let mut fields = Fields::default();
    let mut list: Option<(String, Option<String>)> = None;
    for (at, tag) in tags(html).enumerate() {
        let name = attribute(tag, "name").unwrap_or_default().to_owned();
        let value = || text(attribute(tag, "value").unwrap_or_default());
        match tag.split_whitespace().next().unwrap_or_default() {
            "input" if tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"") => {
                let ticked = tag.contains(" checked").then(value);
                fields = ticked
                    .into_iter()
                    .fold(fields, |fields, value| fields.with(&name, value));
            }
            "input" => fields = fields.with(&name, value()),
            "textarea" => {
                let content = html.split('<').nth(at + 1).and_then(|rest| rest.split_once('>'));
                let content = content.map(|(_, content)| text(content)).unwrap_or_default();
                fields = fields.with(&name, content);
            }
            "select" => list = Some((name, None)),
            "option" => {
                if let Some((_, chosen)) = &mut list
                    && (chosen.is_none() || tag.contains(" selected"))
                {
                    *chosen = Some(value());
                }
            }
            "/select" => {
                if let Some((name, chosen)) = list.take() {
                    fields = fields.with(&name, chosen.unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    fields
}

fn text(escaped: &str) -> String {
    escaped
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

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

/// Every option of OAuth 2.0, each other than usual.
fn everything() -> Fields {
    let mut fields = slack();
    for name in ["rotation", "refused_statuses", "authorize_parameters"] {
        fields.take(name);
    }
    [
        ("refresh_token_url", "https://slack.com/api/refresh"),
        ("client_authentication", "private_key_jwt"),
        ("pkce", "off"),
        ("issuer", "https://slack.com"),
        ("rotation", "grace"),
        ("refresh_kills_old_access", "on"),
        ("identity_url", "https://slack.com/api/auth.test"),
        ("identity_field", "user.name"),
        ("header_name", "X-Token"),
        ("header_prefix", "Token"),
        ("parameter_names", "client_id=client_key\nresponse_type="),
        ("audience", "api"),
        ("resource", "https://api.slack.com/"),
        ("authorize_parameters", "prompt=consent\nregion={region}"),
        ("response_type", "auth_code"),
        ("raw_scope", "on"),
        ("redirect_value", "Acme"),
        ("code_parameter", "auth_code"),
        ("authorize_keep", "realm_id=realmId"),
        ("callback_hmac", "on"),
        ("token_method", "PUT"),
        ("token_body", "json"),
        ("token_parameters", "a=b"),
        ("token_headers", "Accept=application/json"),
        ("grant_name", "account_credentials"),
        ("exchange_url", "https://slack.com/api/exchange"),
        ("exchange_parameters", "token={access_token}"),
        ("introspection_url", "https://slack.com/api/introspect"),
        ("refresh_by", "access_token"),
        ("refresh_method", "GET"),
        ("refresh_parameters", "scope={scopes}"),
        ("answer_access_token", "data.access_token"),
        ("answer_refresh_token", "data.refresh_token"),
        ("answer_expires_in", "data.expires"),
        ("answer_expires_unit", "minutes"),
        ("answer_expires_at", "data.end"),
        ("answer_lifetime", "3600"),
        ("answer_scope", "data.scope"),
        ("answer_error", "code"),
        ("answer_error_description", "message"),
        ("revoke_method", "DELETE"),
        ("revoke_body", "query"),
        ("revoke_token_parameter", "id"),
        ("revoke_no_hint", "on"),
        ("identity_keep", "dc=dc"),
        ("assertion_algorithm", "ES256"),
        ("assertion_key_id", "k1"),
        ("assertion_thumbprint", "abc"),
        ("assertion_audience", "https://slack.com"),
        ("assertion_issuer", "{client_id}"),
        ("assertion_subject", "{client_id}"),
        ("call_headers", "X-Version=2"),
        ("call_parameters", "v=2"),
        ("refused_statuses", "403 498"),
        ("limit_header", "x-reset"),
        ("limit_kind", "epoch"),
        ("test_path", "/api.test"),
    ]
    .into_iter()
    .fold(fields, |fields, (name, value)| fields.with(name, value))
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
fn a_connection_asks_for_what_its_service_wants() {
    let fields = named("create-fields");
    let workspace = tags(&fields)
        .find(|tag| attribute(tag, "name") == Some("field_workspace"))
        .unwrap();
    assert_eq!(
        attribute(workspace, "pattern"),
        Some(r"(?:https:\/\/)?(?:[a-z0-9-]{2,})(?:\.slack\.com)?"),
        "a value may be pasted with what is shown around it"
    );
    assert!(fields.contains(">https://</span>") && fields.contains(">.slack.com</span>"));
    let chosen = tags(&fields)
        .find(|tag| tag.starts_with("option") && tag.contains(" selected"))
        .unwrap();
    assert_eq!(attribute(chosen, "value"), Some("eu"), "the default is chosen");
    assert!(
        fields.contains("<legend>Scopes in user_scope</legend>")
            && fields.contains("value=\"user_scope=search:read\"")
    );
    let key = named("create-key");
    let values: Vec<&str> = tags(&key)
        .filter(|tag| attribute(tag, "type") == Some("password"))
        .filter_map(|tag| attribute(tag, "name"))
        .collect();
    assert_eq!(values, ["value_DD-API-KEY", "value_DD-APPLICATION-KEY"]);
    assert!(
        !key.contains("<legend>Scopes"),
        "a key has the scopes that it was made with"
    );
    assert!(
        !named("create").contains("credential_mode"),
        "without a choice there is no field"
    );
}

#[test]
fn each_kind_of_connection_offers_what_replaces_its_credential() {
    let key = named("connection-key");
    assert!(key.contains("/setup/connections/zoom/credentials") && key.contains("Replace"));
    assert!(!key.contains("/reconnect\"") && !key.contains("refreshes"));
    assert!(!key.contains("sent no refresh token"), "a key needs none");
    assert!(named("connection-key-new").contains("Enter credentials"));
    assert!(named("connection").contains(">Import tokens</a>"));
    let refused = named("connection-tested-refused");
    assert!(refused.contains("status 403") && refused.contains("<q>Invalid access token"));
}

#[test]
fn people_connect_their_own_account_and_administrators_anybodys() {
    let people = named("connection-people");
    assert!(
        people.contains("name=\"user\" value=\"me\"")
            && people.contains("/setup/connections/zoom/disconnect")
    );
    let mut page = with_people(pages::kinds::people(), Form::default());
    page.rules = Default::default();
    let developer = Page {
        title: "Zoom".into(),
        chrome: chrome("/setup/connections/zoom").map(|mut chrome| {
            chrome.role = domain::organization::Role::Developer;
            chrome
        }),
        notice: None,
        body: Body::Connection(Box::new(page)),
    };
    let developer = html(developer);
    assert!(developer.contains("Connect my account"));
    assert!(!developer.contains("/disconnect") && !developer.contains("External user id"));
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
