//! *Create connection* for every kind of service, and *Enter credentials*.

use app::{
    Body, Form, Page,
    pages::setup::connections::{
        asked::CredentialMode,
        create::{CreateConnectionPage, ServiceName},
        credentials::{CredentialUser, CredentialsPage, Wanted},
    },
};
use domain::{form::Fields, service::Obtained};

use super::{page, refused};
use crate::models::{
    kinds::{datadog, defined, freshdesk, netsuite, slack},
    scopes, zoom,
};

/// The page for a service as its form posts it.
pub(crate) fn of(service: &Fields, form: Form) -> CreateConnectionPage {
    let definition = defined(service);
    let options = definition.oauth2().map(|oauth2| &oauth2.options.authorize);
    let second = options.and_then(|authorize| authorize.second_scope_parameter.as_ref());
    CreateConnectionPage {
        form,
        service: ServiceName {
            name: service.get("name").to_owned(),
            link_name: service.get("link_name").parse().unwrap(),
            host: definition.host(),
        },
        obtained: definition.obtained(),
        scopes: definition.scopes.clone(),
        second_scope_parameter: second.map(ToString::to_string),
        asked: definition.asked(),
        fields: definition.fields,
        modes: Vec::new(),
    }
}

fn named(name: &str, link_name: &str) -> Fields {
    Fields::default().with("name", name).with("link_name", link_name)
}

pub(super) fn all() -> Vec<(&'static str, Page)> {
    let mut all = creations();
    all.extend(credentials());
    all
}

fn creations() -> Vec<(&'static str, Page)> {
    let plain = |form| CreateConnectionPage {
        form,
        service: zoom(),
        obtained: Obtained::Consent,
        scopes: scopes(),
        second_scope_parameter: None,
        fields: Vec::new(),
        asked: Vec::new(),
        modes: Vec::new(),
    };
    let wrong = refused(
        named("Zoom", "zoom").with("scope", "user:read"),
        &[(
            "link_name",
            "The link name `zoom` is already in use. Choose another one.",
        )],
    );
    let everything = CreateConnectionPage {
        modes: CredentialMode::ALL.to_vec(),
        ..of(&slack(), Form::proposing(named("Slack", "slack_2")))
    };
    let wrong_field = CreateConnectionPage {
        modes: CredentialMode::ALL.to_vec(),
        ..of(
            &slack(),
            refused(
                named("Slack", "slack_2")
                    .with("field_workspace", "acme corp")
                    .with("field_region", "us")
                    .with("scope", "chat:write")
                    .with("credential_mode", "login_user"),
                &[(
                    "field_workspace",
                    "Type letters, digits and hyphens only, such as my-company.",
                )],
            ),
        )
    };
    let wrong_key = of(
        &datadog(),
        refused(
            named("Datadog", "datadog"),
            &[("value_DD-API-KEY", "Fill this in.")],
        ),
    );
    let shown = |model| {
        page(
            "Create connection",
            "/setup/connections/new",
            Body::CreateConnection(model),
        )
    };
    vec![
        (
            "create",
            shown(plain(Form::proposing(named("Zoom Meeting", "zoom_meeting")))),
        ),
        ("create-wrong", shown(plain(wrong))),
        ("create-fields", shown(everything)),
        ("create-fields-wrong", shown(wrong_field)),
        (
            "create-key",
            shown(of(&datadog(), Form::proposing(named("Datadog", "datadog")))),
        ),
        ("create-key-wrong", shown(wrong_key)),
        (
            "create-basic",
            shown(of(&freshdesk(), Form::proposing(named("Freshdesk", "freshdesk")))),
        ),
        (
            "create-oauth1",
            shown(of(&netsuite(), Form::proposing(named("NetSuite", "netsuite")))),
        ),
    ]
}

fn credentials() -> Vec<(&'static str, Page)> {
    let typed = || CredentialsPage {
        form: Form::default(),
        name: "Datadog".into(),
        link_name: "datadog".parse().unwrap(),
        service: of(&datadog(), Form::default()).service,
        wanted: Wanted::Values(defined(&datadog()).asked()),
        user: None,
        replaces: true,
    };
    let wrong = CredentialsPage {
        form: refused(
            Fields::default(),
            &[(
                "value_DD-APPLICATION-KEY",
                "This has characters that nobody sees.",
            )],
        ),
        user: Some(CredentialUser {
            user: "customer-4711".into(),
            name: "customer-4711".into(),
        }),
        replaces: false,
        ..typed()
    };
    let tokens = |form| CredentialsPage {
        form,
        name: "Zoom".into(),
        link_name: "zoom".parse().unwrap(),
        service: zoom(),
        wanted: Wanted::Tokens,
        ..typed()
    };
    let wrong_tokens = refused(
        Fields::default().with("expires_in", "an hour"),
        &[("expires_in", "Type the number of seconds, such as 3600.")],
    );
    let shown = |model| {
        page(
            "Credentials",
            "/setup/connections/datadog",
            Body::Credentials(model),
        )
    };
    vec![
        ("credentials", shown(typed())),
        ("credentials-wrong", shown(wrong)),
        ("credentials-tokens", shown(tokens(Form::default()))),
        ("credentials-tokens-wrong", shown(tokens(wrong_tokens))),
    ]
}
