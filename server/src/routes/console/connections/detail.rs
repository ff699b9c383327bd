//! `/setup/connections/{link_name}`

use app::{
    Body, Form, Page,
    components::moment::Stamp,
    pages::setup::connections::{detail::ConnectionPage, facts::KeyUse, try_it::TryIt},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    allowed_host::AllowedHost,
    link_name::LinkName,
    scope::{Scope, ScopeName},
    service::Definition,
    snippet::Use,
};
use engine::{actor::Member, connections::ConnectionDetail, store::connections::ConnectionRow};

use super::{super::link_name, condition, service_name, words};
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
        page(&app, &viewer, &member, &link_name(&name)?, Posted::default()).await?,
    ))
}

/// The forms of the page as they were posted; each its default where it was not.
#[derive(Default)]
pub(super) struct Posted {
    pub(super) settings: Form,
    pub(super) hosts: Form,
    pub(super) try_it: TryIt,
}

/// The page around its forms.
pub(super) async fn page(
    app: &App,
    viewer: &Viewer,
    member: &Member,
    name: &LinkName,
    posted: Posted,
) -> Result<Page, WebError> {
    let detail = app.engine.connection(member, name).await?;
    let chrome = Some(viewer.chrome(member).await?);
    let title = detail.connection.name.clone();
    Ok(Page {
        title,
        chrome,
        notice: None,
        body: Body::Connection(Box::new(model(app, detail, posted))),
    })
}

fn model(app: &App, detail: ConnectionDetail, posted: Posted) -> ConnectionPage {
    let trouble = words::trouble(&detail);
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
        offered: offered(definition, &connection),
        allowed_hosts: definition.allowed_hosts.iter().map(ToString::to_string).collect(),
        last_used: connection.last_used_at,
        proposed_host: proposed_host(definition),
        used_by: keys
            .into_iter()
            .map(|key| KeyUse {
                name: key.name,
                at: key.at,
            })
            .collect(),
        usage: Use::new(&app.public.origin(), &connection.link_name, definition),
        events: events.into_iter().map(words::event).collect(),
        revokes_upstream: definition.oauth2().revoke_token_url.is_some(),
        trouble,
        settings: posted.settings,
        hosts: posted.hosts,
        try_it: posted.try_it,
        rules: connection.rules,
        version: connection.version,
        name: connection.name,
        link_name: connection.link_name,
    }
}

fn by(name: Option<String>) -> String {
    name.unwrap_or_else(|| "a program".into())
}

/// A scope with its words; one that the service no longer lists keeps its name.
fn described(known: &[Scope], name: &ScopeName) -> Scope {
    let found = known.iter().find(|scope| scope.name == *name).cloned();
    found.unwrap_or_else(|| Scope {
        name: name.clone(),
        display_name: String::new(),
    })
}

/// The service's scopes, and those that the connection has although the service dropped them.
fn offered(definition: &Definition, connection: &ConnectionRow) -> Vec<Scope> {
    let known = |name: &ScopeName| definition.scopes.iter().any(|scope| scope.name == *name);
    let dropped = connection.scopes.iter().filter(|name| !known(name));
    let dropped = dropped.map(|name| described(&definition.scopes, name));
    definition.scopes.iter().cloned().chain(dropped).collect()
}

/// Where the credential comes from, where the service says nowhere that it may go.
fn proposed_host(definition: &Definition) -> Option<String> {
    if !definition.allowed_hosts.is_empty() {
        return None;
    }
    AllowedHost::of(definition.oauth2().access_token_url.as_url()).map(|host| host.to_string())
}
