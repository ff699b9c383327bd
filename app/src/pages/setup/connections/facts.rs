//! What a connection is, beside its page.

use leptos::prelude::*;
use time::OffsetDateTime;

use domain::{
    connection::Status,
    organization::Role,
    service::{AuthenticationType, Obtained},
};

use super::detail::ConnectionPage;
use crate::components::{
    copy::copy_code,
    moment::{moment, stamp},
};

/// A key that used the connection.
#[derive(Debug, Clone)]
pub struct KeyUse {
    /// The key's name.
    pub name: String,
    /// When it did, the last time.
    pub at: OffsetDateTime,
}

/// A field of the service with a connection's value.
#[derive(Debug, Clone)]
pub struct FieldValue {
    /// What people read.
    pub label: String,
    /// The value; None where it is secret.
    pub value: Option<String>,
}

/// The list.
#[must_use]
pub fn card(page: &ConnectionPage, role: Role) -> AnyView {
    let now = page.now;
    // Once revoked, nobody is connected any more.
    let revoked = page.condition.status(now) == Status::Revoked;
    let typed = page.obtained == Obtained::Typed;
    let connected = page.connected.as_ref().filter(|_| !typed).map(|by| {
        view! {
            <dt>{if revoked { "Was connected" } else { "Connected" }}</dt>
            <dd>{stamp(by, now)}</dd>
        }
    });
    view! {
        <dl class="facts">
            <dt>"Link name"</dt>
            <dd>{copy_code("link-name", page.link_name.to_string(), "link name")}</dd>
            <dt>"Service"</dt>
            <dd>
                <a href=format!("/setup/services/{}", page.service.link_name)>{page.service.name.clone()}</a>
            </dd>
            {connected}
            {if typed { credential(page, role) } else { token(page) }}
            {values(page)}
            <dt>"May travel to"</dt>
            <dd>{hosts(page)}</dd>
            <dt>"Used in the last 24 hours by"</dt>
            <dd>{used_by(page)}</dd>
            <dt>"Created"</dt>
            <dd>{stamp(&page.created, now)}</dd>
        </dl>
    }
    .into_any()
}

fn token(page: &ConnectionPage) -> AnyView {
    view! {
        <dt>"Token"</dt>
        <dd>{page.condition.next(page.now).view(page.now)}</dd>
        <dt>"Scopes"</dt>
        <dd>{scopes(page)}</dd>
    }
    .into_any()
}

/// A credential that somebody typed in: nothing of it is shown, and it can be replaced.
fn credential(page: &ConnectionPage, role: Role) -> AnyView {
    let noun = match page.kind {
        AuthenticationType::ApiKey => "Key",
        AuthenticationType::Basic => "Password",
        AuthenticationType::OAuth1 | AuthenticationType::OAuth2 => "Token",
    };
    let (set, verb) = match &page.connected {
        Some(by) => (view! { "set on " {stamp(by, page.now)} }.into_any(), "Replace"),
        None => (
            view! { <span class="soft">"not set"</span> }.into_any(),
            "Enter it",
        ),
    };
    let href = format!("{}/credentials", page.path());
    let replace = role
        .administers()
        .then(|| view! { " · " <a href=href>{verb}</a> });
    view! {
        <dt>{noun}</dt>
        <dd>{set} {replace}</dd>
    }
    .into_any()
}

/// The service's fields, and what was kept from answers.
fn values(page: &ConnectionPage) -> AnyView {
    let fields = page.values.iter().map(|field| {
        let value = match &field.value {
            Some(value) => view! { <code>{value.clone()}</code> }.into_any(),
            None => view! { <span class="soft">"stored sealed"</span> }.into_any(),
        };
        view! {
            <dt>{field.label.clone()}</dt>
            <dd>{value}</dd>
        }
    });
    let kept = page.kept.iter().map(|(name, value)| {
        let (name, value) = (name.clone(), value.clone());
        view! { <li>{name} " " <code>{value}</code></li> }
    });
    let kept = (!page.kept.is_empty()).then(|| {
        view! {
            <dt>"Kept from the provider"</dt>
            <dd>
                <ul class="plain">{kept.collect_view()}</ul>
            </dd>
        }
    });
    view! {
        {fields.collect_view()}
        {kept}
    }
    .into_any()
}

fn scopes(page: &ConnectionPage) -> AnyView {
    if page.asked.is_empty() {
        return view! { <span class="soft">"none asked for"</span> }.into_any();
    }
    let missing = page.missing();
    let chips = page
        .asked
        .iter()
        .map(|scope| {
            let lacks = missing.contains(&scope);
            view! {
                <li class=if lacks { "chip no" } else { "chip" } title=scope.label().to_owned()>
                    {scope.name.to_string()}
                    {lacks.then(|| view! { <span class="hidden">" not granted"</span> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="chips">{chips}</ul> }.into_any()
}

fn hosts(page: &ConnectionPage) -> AnyView {
    if page.allowed_hosts.is_empty() {
        return view! { <span class="soft">"no host is allowed"</span> }.into_any();
    }
    let hosts = page
        .allowed_hosts
        .iter()
        .map(|host| view! { <li><code>{host.clone()}</code></li> });
    view! { <ul class="plain">{hosts.collect_view()}</ul> }.into_any()
}

fn used_by(page: &ConnectionPage) -> AnyView {
    if !page.used_by.is_empty() {
        let keys = page.used_by.iter().map(|key| {
            view! { <li>{key.name.clone()} " " <span class="soft">{moment(key.at, page.now)}</span></li> }
        });
        return view! { <ul class="plain">{keys.collect_view()}</ul> }.into_any();
    }
    match page.last_used {
        Some(at) => {
            view! { <span class="soft">"nobody; last used " {moment(at, page.now)}</span> }.into_any()
        }
        None => view! { <span class="soft">"nobody yet"</span> }.into_any(),
    }
}
