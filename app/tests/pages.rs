//! What every page of the console must keep, over the whole gallery: labels, errors that are seen and linked,
//! secrets that are not, text that stays text, and nothing that the strictest policy would stop.

#![expect(
    clippy::unwrap_used,
    reason = "a made-up value that does not parse is a mistake made here"
)]

#[path = "../examples/gallery/models.rs"]
mod models;
#[path = "../examples/gallery/pages/mod.rs"]
mod pages;

use app::{Assets, Body, Form, Page, components::state::Condition, render};
use domain::{
    form::{FieldErrors, Fields},
    organization::Role,
};

const NONCE: &str = "n0nce";

fn html(page: Page) -> String {
    let assets = Assets {
        script: "/assets/connections.abc.js".into(),
        wasm: "/assets/connections.abc.wasm".into(),
        style: "/assets/main.abc.css".into(),
    };
    render(page, &assets, NONCE)
}

fn named(name: &str) -> String {
    let (_, page) = pages::all()
        .into_iter()
        .find(|(known, _)| *known == name)
        .unwrap();
    html(page)
}

/// The tags of a document, each from `<` to `>`; attribute values have their `>` escaped or quoted here.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or(rest))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

#[test]
fn nothing_inline_but_the_one_script_under_the_nonce() {
    for (name, page) in pages::all() {
        let html = html(page);
        let scripts: Vec<&str> = tags(&html).filter(|tag| tag.starts_with("script")).collect();
        assert_eq!(scripts.len(), 1, "{name}");
        assert_eq!(attribute(scripts[0], "nonce"), Some(NONCE), "{name}");
        for tag in tags(&html) {
            assert!(!tag.starts_with("style"), "{name}: a style element");
            assert!(attribute(tag, "style").is_none(), "{name}: {tag}");
            let handler = tag
                .split_whitespace()
                .skip(1)
                .find(|part| part.starts_with("on") && part.contains('='));
            assert!(handler.is_none(), "{name}: {tag}");
            for link in ["href", "src", "action"] {
                let elsewhere =
                    attribute(tag, link).is_some_and(|to| to.starts_with("http") || to.starts_with("//"));
                assert!(!elsewhere, "{name}: another origin in {tag}");
            }
        }
    }
}

#[test]
fn every_page_has_its_landmarks_and_ids_once() {
    for (name, page) in pages::all() {
        let html = html(page);
        assert!(html.starts_with("<!doctype html><html lang=\"en\">"), "{name}");
        assert_eq!(html.matches("<main ").count(), 1, "{name}");
        assert_eq!(html.matches("<h1>").count(), 1, "{name}");
        let mut ids: Vec<&str> = tags(&html).filter_map(|tag| attribute(tag, "id")).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}: an id stands twice");
        for tag in tags(&html) {
            let targets = ["for", "aria-describedby", "aria-labelledby"];
            let named = targets.iter().filter_map(|attr| attribute(tag, attr));
            for id in named.flat_map(str::split_whitespace) {
                assert!(ids.contains(&id), "{name}: {tag} names {id}, which is not there");
            }
        }
    }
}

#[test]
fn labels_are_the_words_of_the_design() {
    let label = |text: &str| format!(">{text}</label>");
    let cases: [(&str, &[&str], &str); 5] = [
        (
            "service-new",
            &[
                "Service name",
                "Service link name",
                "Authentication type",
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
            ],
            "Create service",
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
        Body::Connection(page) => &page.rename.errors,
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
fn hostile_text_stays_text() {
    const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>";
    let mut model = pages::detail::connection(models::withdrawn());
    model.name = HOSTILE.into();
    model.service.name = HOSTILE.into();
    model.account = Some(HOSTILE.into());
    model.used_by = vec![HOSTILE.into()];
    model.events[0].what = HOSTILE.into();
    model.events[0].detail = Some(HOSTILE.into());
    model.asked[0].display_name = HOSTILE.into();
    model.allowed_hosts = vec![HOSTILE.into()];
    model.created.by = HOSTILE.into();
    if let Some(credential) = &mut model.condition.credential {
        credential.provider_words = Some(HOSTILE.into());
    }
    model.rename = Form {
        fields: Fields::default().with("name", HOSTILE),
        errors: FieldErrors::one("name", HOSTILE),
        message: Some(HOSTILE.into()),
    };
    let mut page = Page {
        title: HOSTILE.into(),
        chrome: models::chrome(HOSTILE),
        notice: None,
        body: Body::Connection(Box::new(model)),
    };
    if let Some(chrome) = &mut page.chrome {
        chrome.organization = HOSTILE.into();
        chrome.person = HOSTILE.into();
    }
    let html = html(page);
    assert_eq!(
        html.matches("<script").count(),
        1,
        "only the document's own script"
    );
    assert!(!html.contains("<img"), "no element came to be");
    assert!(html.contains("&lt;script&gt;alert(1)"), "it is shown as text");
    // Inside attributes a quote must not end the value.
    assert!(!html.contains("=\"\"><script"), "no attribute was left");
}

#[test]
fn secrets_are_never_rendered() {
    // Even where the server forgot to take it out of the fields.
    let fields = Fields::default()
        .with("client_secret", "s3cr3t-of-the-client")
        .with("password", "s3cr3t-of-ada");
    let forms = [
        Form::proposing(fields.clone()),
        Form {
            fields,
            errors: FieldErrors::one("name", "This is missing."),
            message: None,
        },
    ];
    for form in forms {
        for (name, mut page) in pages::all() {
            match &mut page.body {
                Body::SignIn(page) => page.form = form.clone(),
                Body::SignUp(page) => page.form = form.clone(),
                Body::NewService(page) => page.form = form.clone(),
                Body::EditService(page) => page.form = form.clone(),
                Body::CreateConnection(page) => page.form = form.clone(),
                Body::Keys(page) => page.form = form.clone(),
                _ => continue,
            }
            let html = html(page);
            assert!(!html.contains("s3cr3t"), "{name}");
            for tag in tags(&html).filter(|tag| attribute(tag, "type") == Some("password")) {
                assert!(attribute(tag, "value").is_none(), "{name}: {tag}");
            }
        }
    }
    assert!(
        named("sign-up-wrong").contains("Type it again"),
        "the page says why the field is empty"
    );
}

#[test]
fn a_new_key_is_shown_once_and_its_form_is_plain() {
    let created = named("keys-created");
    assert_eq!(created.matches("cnx_").count(), 1, "in no attribute besides");
    assert!(!named("keys").contains("cnx_"));
    let form = tags(&created)
        .find(|tag| attribute(tag, "action") == Some("/setup/keys"))
        .unwrap();
    assert!(form.contains("data-plain"), "{form}");
}

#[test]
fn developers_see_no_button_that_changes_something() {
    for (name, mut page) in pages::all() {
        // What a developer never gets to see at all, and what everybody may do.
        let shown = matches!(
            page.body,
            Body::Connections(_) | Body::Connection(_) | Body::Services(_) | Body::Service(_)
        );
        if !shown {
            continue;
        }
        if let Some(chrome) = &mut page.chrome {
            chrome.role = Role::Developer;
        }
        let html = html(page);
        assert!(!html.contains("method=\"post\""), "{name}");
        assert!(
            !html.contains("/new\"") && !html.contains("/edit\"") && !html.contains("/setup/keys"),
            "{name}"
        );
    }
}

#[test]
fn the_list_puts_first_what_needs_attention_and_hides_what_is_filtered() {
    let list = named("list");
    let place = |name: &str| list.find(&format!(">{name}<")).unwrap();
    assert!(place("Newsletter") < place("Reports"), "stopped before stopping");
    assert!(place("Reports") < place("Zoom"), "stopping before working");
    assert!(place("Zoom") < place("Old board"), "disabled last");
    let narrowed = named("list-narrowed");
    let hidden: Vec<bool> = tags(&narrowed)
        .filter(|tag| tag.starts_with("tr ") && tag.contains("data-row"))
        .map(|tag| tag.contains(" hidden"))
        .collect();
    assert_eq!(
        hidden.len(),
        8,
        "every row is there for the browser to bring back"
    );
    assert_eq!(
        hidden.iter().filter(|hidden| !**hidden).count(),
        3,
        "`o` among the connected: {narrowed}"
    );
    assert!(named("list-nothing").contains("No connection matches."));
}

#[test]
fn each_state_offers_what_mends_it() {
    let post = |action: &str| format!("action=\"/setup/connections/zoom/{action}\"");
    for (name, offered, absent) in [
        ("connection", "reconnect", "enable"),
        ("connection-new", "reconnect", "revoke"),
        ("connection-withdrawn", "reconnect", "enable"),
        ("connection-disabled", "enable", "disable"),
    ] {
        let html = named(name);
        assert!(html.contains(&post(offered)), "{name} does not offer {offered}");
        assert!(!html.contains(&post(absent)), "{name} offers {absent}");
    }
    let refused = named("connection-refused");
    assert!(
        refused.contains("/setup/services/zoom_meeting/edit"),
        "the client secret is corrected in the service"
    );
    let ends = named("connection-ends");
    assert!(ends.contains("access_type=offline") && ends.contains("in 41 minutes"));
    assert!(ends.contains("1 scope was asked for and not granted: report:read:admin."));
    let withdrawn = named("connection-withdrawn");
    assert!(withdrawn.contains("<q>invalid_grant: Token has been expired or revoked.</q>"));
    assert!(withdrawn.contains("2 keys used it in the last 24 hours: nightly-report, crm-hook."));
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
            .find(|tag| tag.starts_with("details") && tag.contains("advanced"))
            .map(|tag| tag.contains(" open"))
    };
    assert_eq!(advanced(&html), Some(false));
    assert_eq!(
        advanced(&named("service-new-wrong")),
        Some(true),
        "an error is never folded away"
    );
}

#[test]
fn a_connection_without_credential_says_so() {
    let html = html(Page {
        title: "Zoom".into(),
        chrome: models::chrome("/setup/connections/zoom"),
        notice: None,
        body: Body::Connection(Box::new(pages::detail::connection(Condition::default()))),
    });
    assert!(html.contains("Nobody has connected this yet."));
}
