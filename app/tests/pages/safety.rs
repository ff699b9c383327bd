//! Text stays text, secrets stay unseen, and nothing asks for what the strictest policy stops.

use app::{Body, Form, Page};
use domain::{
    form::{FieldErrors, Fields},
    organization::Role,
};

use crate::{NONCE, attribute, html, models, named, pages, tags};

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
                // A link is followed by a person, and says nothing about where they come from.
                let followed = tag.starts_with("a ") && attribute(tag, "rel") == Some("noreferrer");
                let elsewhere = !followed
                    && attribute(tag, link).is_some_and(|to| to.starts_with("http") || to.starts_with("//"));
                assert!(!elsewhere, "{name}: another origin in {tag}");
            }
        }
    }
}

#[test]
fn hostile_text_stays_text() {
    const HOSTILE: &str = "\"><script>alert(1)</script><img src=x onerror='alert(2)'>";
    let mut model = pages::detail::connection(models::withdrawn());
    model.name = HOSTILE.into();
    model.service.name = HOSTILE.into();
    model.account = Some(HOSTILE.into());
    model.used_by[0].name = HOSTILE.into();
    model.events[0].what = HOSTILE.into();
    model.events[0].detail = Some(HOSTILE.into());
    model.asked[0].display_name = HOSTILE.into();
    model.allowed_hosts = vec![HOSTILE.into()];
    model.created.by = HOSTILE.into();
    if let Some(credential) = &mut model.condition.credential {
        credential.provider_words = Some(HOSTILE.into());
    }
    model.events[0].by = Some(HOSTILE.into());
    model.events[0].from = Some(HOSTILE.into());
    let area = format!("</textarea>{HOSTILE}");
    model.settings = Form {
        fields: Fields::default()
            .with("name", HOSTILE)
            .with("paths", area.clone()),
        errors: FieldErrors::one("name", HOSTILE),
        message: Some(HOSTILE.into()),
    };
    model.try_it.form = Form {
        fields: Fields::default().with("body", area),
        errors: FieldErrors::one("path", HOSTILE),
        message: None,
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
        .with("consumer_secret", "s3cr3t-of-the-consumer")
        .with("private_key", "-----BEGIN s3cr3t")
        .with("access_token", "s3cr3t-token")
        .with("refresh_token", "s3cr3t-refresh")
        .with("value_DD-API-KEY", "s3cr3t-key")
        .with("value_username", "s3cr3t-user")
        .with("value_token", "s3cr3t-token")
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
                Body::Credentials(page) => page.form = form.clone(),
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
        // Trying and testing calls changes nothing here, and a person's own account is theirs: for developers as well.
        let posts = tags(&html).filter(|tag| tag.contains("method=\"post\""));
        let theirs = |to: &str| ["/try", "/test", "/connect"].iter().any(|end| to.ends_with(end));
        let changes = posts.filter(|tag| !attribute(tag, "action").is_some_and(theirs));
        assert_eq!(changes.count(), 0, "{name}");
        assert!(
            !html.contains("/new\"") && !html.contains("/edit\"") && !html.contains("/setup/keys"),
            "{name}"
        );
    }
}
