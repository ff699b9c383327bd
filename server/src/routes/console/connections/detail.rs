//! `/setup/connections/{link_name}`

use app::{
    Body, Form, Page,
    components::{moment::Stamp, state::Condition},
    pages::setup::connections::{
        detail::ConnectionPage,
        facts::{FieldValue, KeyUse},
        people::{People, PersonRow},
        tested::Tested,
        try_it::TryIt,
    },
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use domain::{
    connection::{Status, status},
    link_name::LinkName,
    principal::Principal,
    scope::{Scope, ScopeName},
    service::{ConnectionField, Definition},
    snippet::Use,
};
use engine::{
    actor::Member,
    connections::ConnectionDetail,
    store::connections::{ConnectionRow, PersonRow as Person},
};

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
    /// *Connect for this user*.
    pub(super) user: Form,
    pub(super) tested: Option<Tested>,
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
        body: Body::Connection(Box::new(model(app, member, detail, posted))),
    })
}

fn model(app: &App, member: &Member, detail: ConnectionDetail, posted: Posted) -> ConnectionPage {
    let trouble = words::trouble(&detail);
    let ConnectionDetail {
        connection,
        service,
        events,
        keys,
        people,
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
        kind: definition.authentication.kind(),
        obtained: definition.obtained(),
        second_scope_parameter: definition
            .oauth2()
            .and_then(|oauth2| oauth2.options.authorize.second_scope_parameter.as_ref())
            .map(ToString::to_string),
        values: values(definition, &connection),
        kept: credential
            .map(|c| c.kept.clone().into_iter().collect())
            .unwrap_or_default(),
        people: connection
            .mode
            .has_people()
            .then(|| the_people(member, &connection, people, posted.user)),
        tested: posted.tested,
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
        usage: usage(app, member, &connection, definition),
        events: events.into_iter().map(words::event).collect(),
        revokes_upstream: definition.can_withdraw(),
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

/// The snippets; where only people have accounts, with whoever looks as the example.
fn usage(app: &App, member: &Member, connection: &ConnectionRow, definition: &Definition) -> Use {
    let usage = Use::new(&app.public.origin(), &connection.link_name, definition);
    match connection.mode.has_organization() {
        true => usage,
        false => usage.of(member.user.to_string()),
    }
}

/// The service's fields with the connection's values; what is secret is only said to be there.
fn values(definition: &Definition, connection: &ConnectionRow) -> Vec<FieldValue> {
    let one = |field: &ConnectionField| FieldValue {
        label: field.label().to_owned(),
        value: match connection.fields.get(field.name.as_str()) {
            _ if field.secret => None,
            Some(value) => Some(shown(field, value)),
            None => Some(String::new()),
        },
    };
    definition.fields.iter().map(one).collect()
}

/// A value as people read it: the words of a choice, or with what stands around it.
fn shown(field: &ConnectionField, value: &str) -> String {
    match field.choices.iter().find(|choice| choice.value == value) {
        Some(choice) => choice.label().to_owned(),
        None => format!("{}{value}{}", field.prefix, field.suffix),
    }
}

fn the_people(member: &Member, connection: &ConnectionRow, rows: Vec<Person>, form: Form) -> People {
    let own = Principal::Member(member.user);
    let works =
        |row: &Person| row.principal == own && status(false, Some(&row.facts), row.now) == Status::Connected;
    People {
        mode: connection.mode,
        mine: rows.iter().any(works),
        rows: rows.into_iter().map(person).collect(),
        form,
    }
}

fn person(row: Person) -> PersonRow {
    PersonRow {
        user: row.principal.name(),
        name: row.member.unwrap_or_else(|| row.principal.name()),
        external: matches!(row.principal, Principal::External(_)),
        account: row.account,
        condition: Condition {
            disabled: false,
            credential: Some(row.facts),
        },
        connected: Some(row.connected_at),
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
    definition.token_host().map(|host| host.to_string())
}
