//! Labels, errors that are seen and linked, and what was typed.

use app::{Body, Page};
use domain::form::FieldErrors;

use crate::{attribute, html, named, pages, tags};

#[test]
fn labels_are_the_words_of_the_design() {
    let label = |text: &str| format!(">{text}</label>");
    let cases: [(&str, &[&str], &str); 9] = [
        (
            "service-new",
            &[
                "Service name",
                "Service link name",
                "Grant type",
                "Param type",
                "Client ID",
                "Client secret",
                "Authorize URL",
                "Access token URL",
                "Refresh token URL",
                "Revoke token URL",
                "Scope name",
                "Scope display name",
                "Scope delimiter",
                "API base URL",
                "Allowed hosts",
                "Consumer key",
                "Consumer secret",
                "Request token URL",
                "Private key",
                "Discovery URL or issuer",
                "Parameter name",
            ],
            "Create service",
        ),
        (
            "service-default",
            &["Service name", "Service link name", "Client ID", "Client secret"],
            "Create service",
        ),
        (
            "create-key",
            &[
                "Connection name",
                "Connection link name",
                "API key",
                "Application key",
            ],
            "Create and connect",
        ),
        (
            "credentials-tokens",
            &["Access token", "Refresh token", "Expires in seconds"],
            "Import tokens",
        ),
        (
            "connection-people",
            &["External user id"],
            "Connect for this user",
        ),
        (
            "create",
            &["Connection name", "Connection link name"],
            "Create and connect",
        ),
        (
            "sign-up",
            &["Organization name", "Your name", "Email", "Password"],
            "Create organization",
        ),
        ("sign-in", &["Email", "Password"], "Sign in"),
        ("keys", &["Key name"], "Create key"),
    ];
    for (name, labels, button) in cases {
        let html = named(name);
        for text in labels {
            assert!(html.contains(&label(text)), "{name} lacks the label {text}");
        }
        let press = html.split("type=\"submit\"").any(|rest| {
            rest.split("</button>")
                .next()
                .is_some_and(|b| b.ends_with(&format!(">{button}")))
        });
        assert!(press, "{name} lacks the button {button}");
    }
    assert!(named("service-new").contains("<legend>Authentication type</legend>"));
    assert!(named("create-fields").contains("<legend>Use credentials of login user</legend>"));
    assert!(named("create").contains("<legend>Scopes</legend>"));
    assert!(named("authorize").contains("Continue to Zoom Meeting"));
}

#[test]
fn every_error_is_seen_beside_its_field_and_linked_from_above() {
    for (name, page) in pages::all() {
        let Some(errors) = errors(&page) else { continue };
        let html = html(page);
        for error in &errors.0 {
            let message = escaped(&error.message);
            let line = format!("id=\"f-{}-error\"", error.field);
            let beside = html
                .split(&line)
                .nth(1)
                .unwrap_or_else(|| panic!("{name}: no line for {}", error.field));
            let (tag, rest) = beside.split_once('>').unwrap();
            assert!(
                !tag.contains("hidden"),
                "{name}: the error of {} is hidden",
                error.field
            );
            assert!(rest.starts_with(&message), "{name}: {}", error.field);
            assert!(
                html.contains(&format!("href=\"#f-{}\"", error.field)),
                "{name}: {} is not linked",
                error.field
            );
            assert!(
                html.contains(&format!("id=\"f-{}\"", error.field)),
                "{name}: the link of {} is dead",
                error.field
            );
        }
        assert_eq!(
            html.matches(" autofocus").count(),
            1,
            "{name}: the first wrong field has the focus"
        );
        assert!(html.contains("role=\"alert\""), "{name}");
    }
}

fn errors(page: &Page) -> Option<FieldErrors> {
    let errors = match &page.body {
        Body::SignUp(page) => &page.form.errors,
        Body::CreateConnection(page) => &page.form.errors,
        Body::NewService(page) => &page.form.errors,
        Body::EditService(page) => &page.form.errors,
        Body::Credentials(page) => &page.form.errors,
        Body::Service(page) => &page.clone.errors,
        Body::Connection(page) if page.people.is_some() => &page.people.as_ref()?.form.errors,
        Body::Connection(page) => &page.settings.errors,
        _ => return None,
    };
    (!errors.is_empty()).then(|| errors.clone())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[test]
fn scopes_are_ticked_at_first_and_stay_as_chosen_after_a_refusal() {
    let ticked = |html: &str| {
        tags(html)
            .filter(|tag| attribute(tag, "name") == Some("scope") && tag.contains(" checked"))
            .count()
    };
    assert_eq!(ticked(&named("create")), 3);
    assert_eq!(ticked(&named("create-wrong")), 1);
}

#[test]
fn the_service_form_has_five_rows_without_scripts_and_proves_its_redirect_url() {
    let html = named("service-new");
    assert_eq!(html.matches("name=\"scope_name\"").count(), 5);
    assert!(html.contains("name=\"redirect_id\" value=\"svc_019a3d1e9c8a7b6f8e5d4c3b2a190817.made-up\""));
    let edit = named("service-edit");
    assert!(edit.contains("Set on 3 Nov by Ada Lovelace · leave empty to keep"));
    assert!(
        edit.contains("name=\"link_name\" value=\"zoom_meeting\""),
        "the link name is sent and cannot be typed"
    );
    let advanced = |html: &str| {
        tags(html)
            .find(|tag| tag.starts_with("details") && tag.contains(" advanced"))
            .map(|tag| tag.contains(" open"))
    };
    assert_eq!(advanced(&html), Some(false));
    assert_eq!(
        advanced(&named("service-new-wrong")),
        Some(true),
        "an error is never folded away"
    );
}
