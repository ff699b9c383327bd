//! `/setup/connections/{link_name}`

use app::{
    Body, Form, Notice, NoticeKind, Page,
    components::moment::Stamp,
    pages::setup::connections::detail::{ConnectionPage, Event},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{link_name::LinkName, scope::Scope, snippet::Use};
use engine::{
    actor::Member,
    connections::ConnectionDetail,
    store::{
        audit::AuditRow,
        consents::{Trouble, TroubleKind},
    },
};

use super::{super::link_name, condition, service_name};
use crate::{
    auth::SignedIn,
    error::WebError,
    state::{App, AppState},
    view::Viewer,
};

pub(crate) async fn show(
    State(app): State<AppState>,
    SignedIn { member, .. }: SignedIn,
    viewer: Viewer,
    Path(name): Path<String>,
) -> Result<Response, WebError> {
    Ok(viewer.page(
        StatusCode::OK,
        page(&app, &viewer, &member, &link_name(&name)?, Form::default()).await?,
    ))
}

/// The page around a form *Rename*.
pub(super) async fn page(
    app: &App,
    viewer: &Viewer,
    member: &Member,
    name: &LinkName,
    rename: Form,
) -> Result<Page, WebError> {
    let detail = app.engine.connection(member, name).await?;
    let chrome = Some(viewer.chrome(member).await?);
    let (title, notice) = (detail.connection.name.clone(), notice(&detail));
    Ok(Page {
        title,
        chrome,
        notice,
        body: Body::Connection(Box::new(model(app, detail, rename))),
    })
}

fn model(app: &App, detail: ConnectionDetail, rename: Form) -> ConnectionPage {
    let ConnectionDetail {
        connection,
        service,
        events,
        keys,
        ..
    } = detail;
    let definition = &service.input.definition;
    let credential = connection.credential.as_ref();
    ConnectionPage {
        now: engine::clock::now(),
        condition: condition(&connection),
        service: service_name(&service),
        account: credential.and_then(|c| c.account.clone()),
        created: Stamp {
            at: connection.created_at,
            by: by(connection.created_by.clone()),
        },
        connected: credential.map(|c| Stamp {
            at: c.connected_at,
            by: by(c.connected_by.clone()),
        }),
        asked: connection
            .scopes
            .iter()
            .map(|name| described(&definition.scopes, name))
            .collect(),
        granted: credential.map(|c| c.granted.clone()),
        allowed_hosts: definition.allowed_hosts.iter().map(ToString::to_string).collect(),
        last_used: connection.last_used_at,
        used_by: keys,
        usage: Use::new(&app.public.origin(), &connection.link_name, definition),
        events: events.into_iter().map(event).collect(),
        revokes_upstream: definition.oauth2().revoke_token_url.is_some(),
        rename,
        name: connection.name,
        link_name: connection.link_name,
    }
}

fn by(name: Option<String>) -> String {
    name.unwrap_or_else(|| "the operator".into())
}

/// A scope with its words; one that the service no longer lists keeps its name.
fn described(known: &[Scope], name: &domain::scope::ScopeName) -> Scope {
    let found = known.iter().find(|scope| scope.name == *name).cloned();
    found.unwrap_or_else(|| Scope {
        name: name.clone(),
        display_name: String::new(),
    })
}

/// What went wrong last, said on the page until something newer happened.
fn notice(detail: &ConnectionDetail) -> Option<Notice> {
    if let Some(pending) = &detail.revocation {
        let why = pending
            .last_error
            .as_ref()
            .map(|words| format!(" It answered: “{words}”."))
            .unwrap_or_default();
        let text = format!(
            "Revoked here. {} has not confirmed it yet.{why} It is asked again by itself for a day.",
            detail.service.input.name
        );
        return Some(Notice {
            kind: NoticeKind::Warn,
            text,
        });
    }
    detail.trouble.as_ref().map(|trouble| Notice {
        kind: NoticeKind::Bad,
        text: told(
            trouble,
            detail.service.input.name.as_str(),
            detail.connection.credential.is_some(),
        ),
    })
}

fn told(trouble: &Trouble, service: &str, earlier: bool) -> String {
    let words = trouble
        .words
        .as_ref()
        .map(|words| format!(": “{words}”"))
        .unwrap_or_default();
    let kept = if earlier {
        " The earlier credential is still there."
    } else {
        ""
    };
    match trouble.kind {
        TroubleKind::Denied => {
            format!("{service} did not agree{words}. Connect again when you are ready.{kept}")
        }
        TroubleKind::Failed => format!(
            "The last try to connect failed{words}. Check the service's settings, then connect again.{kept}"
        ),
        TroubleKind::Interrupted => format!(
            "The last try to connect was interrupted before {service}'s answer was stored. Connect again.{kept}"
        ),
    }
}

/// An audit line in words.
fn event(row: AuditRow) -> Event {
    let AuditRow {
        at,
        action,
        person,
        detail,
    } = row;
    let who = person.map(|name| format!(" by {name}")).unwrap_or_default();
    let what = match action.as_str() {
        "connection.created" => format!("Created{who}"),
        "connection.connected" => format!("Connected{who}"),
        "connection.reconnected" => format!("Reconnected{who}"),
        "connection.denied" => "Consent was denied".into(),
        "connection.failed" => "Connecting failed".into(),
        "connection.renamed" => format!("Renamed{who}"),
        "connection.disabled" => format!("Disabled{who}"),
        "connection.enabled" => format!("Enabled{who}"),
        "connection.revoked" => format!("Revoked{who}"),
        "connection.revoked_at_provider" => "Withdrawn at the provider".into(),
        "connection.revocation_failed" => "The provider refused the withdrawal".into(),
        other => other.to_owned(),
    };
    Event {
        what,
        detail: (!detail.is_empty()).then_some(detail),
        when: at,
    }
}
