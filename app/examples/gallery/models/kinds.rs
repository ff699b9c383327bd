//! Services of every kind, as their forms post them.

use app::{
    components::monogram::Mark,
    pages::setup::{
        connections::new::{Category, EntryCard, SetUp},
        services::catalogue::CatalogueEntry,
    },
};
use domain::{
    form::{Fields, service::service},
    service::{AuthenticationType, Definition},
};

/// Fields of these names and values.
pub(crate) fn fields(pairs: &[(&str, &str)]) -> Fields {
    pairs.iter().fold(Fields::default(), |fields, (name, value)| {
        fields.with(name, *value)
    })
}

pub(crate) fn defined(fields: &Fields) -> Definition {
    service(fields).unwrap().definition
}

/// Slack: two lists of scopes, a workspace, and answers of its own shape.
pub(crate) fn slack() -> Fields {
    fields(&[
        ("name", "Slack"),
        ("link_name", "slack"),
        ("authentication_type", "oauth2"),
        ("client_id", "3456789012.4567890123"),
        (
            "authorize_url",
            "https://{workspace}.slack.com/oauth/v2/authorize",
        ),
        ("access_token_url", "https://slack.com/api/oauth.v2.access"),
        ("revoke_token_url", "https://slack.com/api/auth.revoke"),
        ("scope_delimiter", "comma"),
        ("scope_name", "chat:write"),
        ("scope_display_name", "Send messages"),
        ("scope_name", "channels:read"),
        ("scope_display_name", "See channels"),
        ("scope_name", "user_scope=search:read"),
        ("scope_display_name", "Search as the person"),
        ("scope_name", "user_scope=files:read"),
        ("scope_display_name", ""),
        ("api_base_url", "https://slack.com/api"),
        ("sample_path", "/auth.test"),
        ("second_scope_parameter", "user_scope"),
        ("authorize_parameters", "region={region}"),
        ("answer_success", "ok=true"),
        ("answer_keep", "team=team.id"),
        ("revoke_authorization", "bearer"),
        ("rotation", "strict"),
        ("refused_statuses", "403"),
        ("field_name", "workspace"),
        ("field_label", "Slack workspace"),
        ("field_kind", "subdomain"),
        ("field_prefix", "https://"),
        ("field_suffix", ".slack.com"),
        ("field_help", "What stands before .slack.com in the address."),
        ("field_secret", "off"),
        ("field_optional", "off"),
        ("field_pattern", "[a-z0-9-]{2,}"),
        ("field_choices", ""),
        ("field_default", ""),
        ("field_name", "region"),
        ("field_label", "Region"),
        ("field_kind", "text"),
        ("field_prefix", ""),
        ("field_suffix", ""),
        ("field_help", ""),
        ("field_secret", "off"),
        ("field_optional", "on"),
        ("field_pattern", ""),
        ("field_choices", "us=United States\neu=Europe\nau=Australia"),
        ("field_default", "eu"),
    ])
}

/// A consumer whose tokens are typed in.
pub(crate) fn netsuite() -> Fields {
    fields(&[
        ("name", "NetSuite"),
        ("link_name", "netsuite"),
        ("authentication_type", "oauth1"),
        ("consumer_key", "8b1f04c9d2"),
        ("signature_method", "hmac_sha256"),
        ("realm", "{account_id}"),
        (
            "api_base_url",
            "https://{account_id}.suitetalk.api.netsuite.com/services/rest",
        ),
        ("allowed_hosts", "{account_id}.suitetalk.api.netsuite.com"),
        ("sample_path", "/record/v1/customer"),
        ("field_name", "account_id"),
        ("field_label", "NetSuite account"),
        ("field_kind", "subdomain"),
    ])
}

/// Two keys, one of them in a header of its own making.
pub(crate) fn datadog() -> Fields {
    fields(&[
        ("name", "Datadog"),
        ("link_name", "datadog"),
        ("authentication_type", "api_key"),
        ("key_name", "DD-API-KEY"),
        ("key_label", "API key"),
        ("key_param_type", "header"),
        ("key_template", "{value}"),
        ("key_name", "DD-APPLICATION-KEY"),
        ("key_label", "Application key"),
        ("key_param_type", "header"),
        ("key_template", "{value}"),
        ("api_base_url", "https://api.datadoghq.eu"),
        ("sample_path", "/api/v1/validate"),
        ("limit_header", "x-ratelimit-reset"),
    ])
}

pub(crate) fn freshdesk() -> Fields {
    fields(&[
        ("name", "Freshdesk"),
        ("link_name", "freshdesk"),
        ("authentication_type", "basic"),
        ("username_label", "API key"),
        ("basic_template", "{username}:X"),
        ("api_base_url", "https://acme.freshdesk.com/api/v2"),
        ("sample_path", "/tickets"),
    ])
}

/// Slack as the catalogue knows it.
pub(crate) fn slack_entry() -> CatalogueEntry {
    CatalogueEntry {
        id: "slack".into(),
        name: "Slack".into(),
        mark: mark("Sl", 325),
        register_url: Some("https://api.slack.com/apps".into()),
        docs_url: Some("https://docs.slack.dev/authentication/".into()),
        help: vec![
            (
                "client_id".into(),
                "Basic Information > App Credentials > Client ID.".into(),
            ),
            ("client_secret".into(), "Same page > Client Secret.".into()),
        ],
        guide: Some(
            "Create an app for your workspace, then copy its client ID and secret from Basic Information."
                .into(),
        ),
        unverified: vec!["revoke_token_url".into()],
    }
}

fn mark(letters: &str, hue: u16) -> Mark {
    Mark {
        letters: letters.into(),
        hue,
    }
}

pub(crate) fn categories() -> Vec<Category> {
    [
        ("crm", "CRM"),
        ("messages", "Messages"),
        ("files", "Files"),
        ("money", "Payments and accounting"),
        ("support", "Support"),
        ("developers", "Developers"),
    ]
    .into_iter()
    .map(|(word, label)| Category {
        word: word.into(),
        label: label.into(),
    })
    .collect()
}

pub(crate) fn entries() -> Vec<EntryCard> {
    use AuthenticationType::{ApiKey, Basic, OAuth1, OAuth2};
    [
        (
            "Airtable",
            "At",
            45,
            OAuth2,
            "developers",
            "Bases, tables and records",
            None,
        ),
        (
            "Datadog",
            "Dd",
            290,
            ApiKey,
            "developers",
            "Metrics, monitors and logs",
            None,
        ),
        (
            "Freshdesk",
            "Fd",
            145,
            Basic,
            "support",
            "Tickets and contacts of a help desk",
            None,
        ),
        (
            "GitHub",
            "GH",
            255,
            OAuth2,
            "developers",
            "Repositories, issues and pull requests",
            Some(1),
        ),
        (
            "Google Drive",
            "GD",
            95,
            OAuth2,
            "files",
            "Files and folders of an account or a shared drive",
            None,
        ),
        (
            "HubSpot",
            "HS",
            25,
            OAuth2,
            "crm",
            "Contacts, companies and deals",
            None,
        ),
        (
            "NetSuite",
            "NS",
            220,
            OAuth1,
            "money",
            "Records of an ERP, signed with tokens that are typed in",
            None,
        ),
        (
            "Slack",
            "Sl",
            325,
            OAuth2,
            "messages",
            "Messages, channels and people of a workspace",
            Some(2),
        ),
        (
            "Stripe",
            "St",
            280,
            Basic,
            "money",
            "Customers, payments and invoices",
            None,
        ),
        (
            "Zoho CRM",
            "ZC",
            10,
            OAuth2,
            "crm",
            "Leads, contacts and deals, in every data centre",
            Some(0),
        ),
        (
            "Zoom",
            "Zo",
            250,
            OAuth2,
            "messages",
            "Meetings, webinars and recordings",
            None,
        ),
    ]
    .into_iter()
    .map(|(name, letters, hue, kind, category, summary, own)| EntryCard {
        id: domain::link_name::LinkName::propose(name).unwrap().to_string(),
        name: name.into(),
        mark: mark(letters, hue),
        kind,
        summary: summary.into(),
        category: category.into(),
        set_up: own.map(|connections| SetUp {
            link_name: domain::link_name::LinkName::propose(name).unwrap(),
            connections,
        }),
    })
    .collect()
}
