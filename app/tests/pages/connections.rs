//! Connections of every kind: what they ask for, what replaces their credential, whose it is.

use app::{Body, Form, Page};

use crate::{
    attribute, html,
    models::chrome,
    named,
    pages::{self, kinds::with_people},
    tags,
};

#[test]
fn a_connection_asks_for_what_its_service_wants() {
    let fields = named("create-fields");
    let workspace = tags(&fields)
        .find(|tag| attribute(tag, "name") == Some("field_workspace"))
        .unwrap();
    assert_eq!(
        attribute(workspace, "pattern"),
        Some(r"(?:https:\/\/)?(?:[a-z0-9\-]{2,})(?:\.slack\.com)?"),
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
        .filter(|tag| attribute(tag, "class").is_some_and(|class| class.contains("covered")))
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
