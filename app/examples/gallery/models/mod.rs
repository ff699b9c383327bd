//! The people, services and connections of the gallery. Nothing here is real.
//!
//! # Layout
//! - people, connections and a plain service: this file
//! - [`kinds`]: services of every kind, and the catalogue

use app::{
    Chrome,
    components::{moment::Stamp, state::Condition},
    pages::setup::connections::{create::ServiceName, list::ConnectionRow},
};
use domain::{
    connection::{Cause, CredentialFacts, CredentialState},
    form::{Fields, service::service},
    organization::Role,
    scope::Scope,
    service::Definition,
};
use time::{Duration, OffsetDateTime, macros::datetime};

pub(crate) mod kinds;

/// The gallery's clock.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

pub(crate) fn chrome(path: &str) -> Option<Chrome> {
    Some(Chrome {
        organization: "Acme Ltd".into(),
        person: "Ada Lovelace".into(),
        email: "ada@example.com".into(),
        role: Role::Owner,
        path: path.into(),
        attention: 2,
    })
}

pub(crate) fn stamp(days_ago: i64) -> Stamp {
    Stamp {
        at: NOW - Duration::days(days_ago),
        by: "Ada Lovelace".into(),
    }
}

/// A credential in a state, whose access token ends in so many minutes.
pub(crate) fn condition(
    state: CredentialState,
    cause: Option<Cause>,
    renews: bool,
    minutes: Option<i64>,
) -> Condition {
    let end = minutes.map(|minutes| NOW + Duration::minutes(minutes));
    Condition {
        disabled: false,
        credential: Some(CredentialFacts {
            state,
            cause,
            provider_words: None,
            generation: 118,
            expires_at: end,
            renews,
            refresh_after: end.map(|end| end - Duration::minutes(5)),
            refreshing: false,
        }),
    }
}

pub(crate) fn works() -> Condition {
    condition(CredentialState::Active, None, true, Some(47))
}

pub(crate) fn withdrawn() -> Condition {
    let mut condition = condition(
        CredentialState::NeedsReauth,
        Some(Cause::RevokedOrExpired),
        true,
        Some(-120),
    );
    if let Some(credential) = &mut condition.credential {
        credential.provider_words = Some("invalid_grant: Token has been expired or revoked.".into());
    }
    condition
}

fn row(
    name: &str,
    link_name: &str,
    service: &str,
    condition: Condition,
    account: &str,
    used: i64,
) -> ConnectionRow {
    ConnectionRow {
        name: name.into(),
        link_name: link_name.parse().unwrap(),
        service: service.into(),
        service_link_name: domain::link_name::LinkName::propose(service).unwrap(),
        condition,
        personal: false,
        people: 0,
        account: (!account.is_empty()).then(|| account.into()),
        last_used: (used >= 0).then(|| NOW - Duration::minutes(used)),
    }
}

pub(crate) fn rows() -> Vec<ConnectionRow> {
    use CredentialState::{Active, Blocked};
    let disabled = Condition {
        disabled: true,
        ..works()
    };
    vec![
        row("Zoom", "zoom", "Zoom Meeting", works(), "ada@example.com", 0),
        row(
            "Newsletter",
            "newsletter",
            "Mailchimp",
            withdrawn(),
            "marketing@acme.com",
            130,
        ),
        row(
            "Reports",
            "reports",
            "Google",
            condition(Active, None, false, Some(41)),
            "ada@acme.com",
            3,
        ),
        row(
            "Team chat",
            "team_chat",
            "Slack",
            condition(Active, None, true, None),
            "acme.slack.com",
            12,
        ),
        row(
            "CRM sync",
            "crm_sync",
            "Zoho CRM",
            condition(Active, None, true, Some(23)),
            "ops@acme.com",
            4,
        ),
        row("Old board", "old_board", "Trello", disabled, "", 31 * 24 * 60),
        row(
            "Invoices of the whole group, Europe",
            "invoices_of_the_whole_group_europe",
            "Zoho Books",
            condition(Blocked, Some(Cause::ClientRefused), true, Some(-5)),
            "accounting.department@subsidiary.acme-holding.example",
            600,
        ),
        row("Draft", "draft", "Google", Condition::default(), "", -1),
    ]
}

pub(crate) fn zoom() -> ServiceName {
    ServiceName {
        name: "Zoom Meeting".into(),
        link_name: "zoom_meeting".parse().unwrap(),
        host: "zoom.us".into(),
    }
}

pub(crate) fn scopes() -> Vec<Scope> {
    [
        ("meeting:read", "Read meetings"),
        ("user:read", "Read users"),
        ("report:read:admin", ""),
    ]
    .into_iter()
    .map(|(name, label)| Scope {
        name: name.parse().unwrap(),
        display_name: label.into(),
    })
    .collect()
}

pub(crate) fn service_fields() -> Fields {
    let mut fields = Fields::default()
        .with("name", "Zoom Meeting")
        .with("link_name", "zoom_meeting")
        .with("client_id", "7Qk2mPZbTnqW1ufYvR")
        .with("authorize_url", "https://zoom.us/oauth/authorize")
        .with("access_token_url", "https://zoom.us/oauth/token")
        .with("revoke_token_url", "https://zoom.us/oauth/revoke")
        .with("scope_delimiter", "space")
        .with("api_base_url", "https://api.zoom.us/v2")
        .with("sample_path", "/users/me");
    for scope in scopes() {
        fields = fields
            .with("scope_name", scope.name.as_str())
            .with("scope_display_name", scope.display_name);
    }
    fields
}

pub(crate) fn definition() -> Definition {
    service(&service_fields()).unwrap().definition
}

pub(crate) const REDIRECT_URL: &str =
    "https://connect.acme.com/oauth/callback/svc_019a3d1e9c8a7b6f8e5d4c3b2a190817";
