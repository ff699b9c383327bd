//! *Define a service* in its states: every kind, what is wrong, what was found, a default service, an edit.

use app::{
    Body, Form, NoticeKind, Page,
    pages::setup::services::{
        catalogue::CatalogueEntry, discovery::Discovery, edit::EditServicePage, impact::EditImpact,
        new::NewServicePage,
    },
};
use domain::form::{Fields, service};

use super::{page, refused, services::must_reconnect};
use crate::models::{
    NOW, REDIRECT_URL,
    kinds::{datadog, defined, freshdesk, netsuite, slack, slack_entry},
    service_fields, stamp,
};

fn new(form: Form) -> NewServicePage {
    NewServicePage {
        form,
        redirect_url: REDIRECT_URL.into(),
        redirect_id: "svc_019a3d1e9c8a7b6f8e5d4c3b2a190817.made-up".into(),
        discovery: None,
        entry: None,
    }
}

fn shown(model: NewServicePage) -> Page {
    page("Create service", "/setup/services", Body::NewService(model))
}

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let mut all = plain();
    all.extend(defaults());
    all.extend(edits());
    all
}

fn plain() -> Vec<(&'static str, Page)> {
    let no_url = "This is not a full URL. It looks like https://provider.example/path.";
    let wrong = refused(
        service_fields().with("issuer", "zoom"),
        &[
            ("client_id", "The client ID is missing."),
            ("authorize_url", no_url),
            (
                "scope_name",
                "Row 2: A scope has no spaces, quotes or special characters: one scope a row.",
            ),
            ("issuer", no_url),
        ],
    );
    let wrong_key = refused(
        Fields::default()
            .with("name", "Datadog")
            .with("link_name", "datadog")
            .with("authentication_type", "api_key")
            .with("key_name", "")
            .with("field_name", "site")
            .with("field_default", "eu"),
        &[
            (
                "key_name",
                "Type the name of the header or parameter, such as X-Api-Key.",
            ),
            (
                "field_default",
                "The default of site does not fit: Choose one of the offered values.",
            ),
        ],
    );
    let found = |kind, words: &str, filled: &[&str]| NewServicePage {
        discovery: Some(Discovery {
            kind,
            words: words.into(),
            filled: filled.iter().map(|label| (*label).to_owned()).collect(),
        }),
        ..new(Form::proposing(
            service_fields().with("discovery_url", "https://zoom.us"),
        ))
    };
    let proposing = |fields| shown(new(Form::proposing(fields)));
    vec![
        ("service-new", shown(new(Form::default()))),
        ("service-new-wrong", shown(new(wrong))),
        ("service-new-full", proposing(slack())),
        ("service-new-oauth1", proposing(netsuite())),
        ("service-new-key", proposing(datadog())),
        ("service-new-key-wrong", shown(new(wrong_key))),
        ("service-new-basic", proposing(freshdesk())),
        (
            "service-new-signs",
            proposing(service_fields().with("client_authentication", "private_key_jwt")),
        ),
        (
            "service-new-found",
            shown(found(
                NoticeKind::Good,
                "The provider describes itself. Look at what was filled in, then type the client's ID and secret.",
                &["Issuer", "Authorize URL", "Access token URL", "Revoke token URL"],
            )),
        ),
        (
            "service-new-not-found",
            shown(found(
                NoticeKind::Bad,
                "https://zoom.us/.well-known/openid-configuration answered 404. Ask the provider's developer page for its URLs and type them in.",
                &[],
            )),
        ),
    ]
}

fn defaults() -> Vec<(&'static str, Page)> {
    let without_client = || {
        let mut fields = slack();
        fields.take("client_id");
        fields
    };
    let from = |entry: CatalogueEntry, form| {
        shown(NewServicePage {
            entry: Some(entry),
            ..new(form)
        })
    };
    let key = CatalogueEntry {
        id: "datadog".into(),
        name: "Datadog".into(),
        register_url: None,
        docs_url: None,
        guide: None,
        help: vec![("DD-API-KEY".into(), "Organization Settings > API Keys.".into())],
        unverified: Vec::new(),
        ..slack_entry()
    };
    let wrong = refused(without_client(), &[("client_id", "The client ID is missing.")]);
    let elsewhere = refused(slack(), &[("api_base_url", "This address is not public.")]);
    vec![
        (
            "service-default",
            from(slack_entry(), Form::proposing(without_client())),
        ),
        ("service-default-key", from(key, Form::proposing(datadog()))),
        ("service-default-wrong", from(slack_entry(), wrong)),
        ("service-default-wrong-elsewhere", from(slack_entry(), elsewhere)),
    ]
}

fn edits() -> Vec<(&'static str, Page)> {
    let edit = || EditServicePage {
        now: NOW,
        form: Form::proposing(service_fields()),
        name: "Zoom Meeting".into(),
        link_name: "zoom_meeting".parse().unwrap(),
        redirect_url: REDIRECT_URL.into(),
        secret_set: Some(stamp(18)),
        secret_field: service::secret_field(&defined(&service_fields())),
        discovery: None,
        impact: None,
    };
    let asks = EditServicePage {
        impact: Some(EditImpact {
            must_reconnect: must_reconnect(),
            unaffected: 1,
        }),
        ..edit()
    };
    let shown = |model| page("Edit Zoom Meeting", "/setup/services", Body::EditService(model));
    vec![
        ("service-edit", shown(edit())),
        ("service-edit-impact", shown(asks)),
    ]
}
