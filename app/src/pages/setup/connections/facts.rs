//! What a connection is, beside its page.

use leptos::prelude::*;
use time::OffsetDateTime;

use domain::connection::Status;

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

/// The list.
#[must_use]
pub fn card(page: &ConnectionPage) -> AnyView {
    let now = page.now;
    // Once revoked, nobody is connected any more.
    let revoked = page.condition.status(now) == Status::Revoked;
    let connected = page.connected.as_ref().map(|by| {
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
            <dt>"Token"</dt>
            <dd>{page.condition.next(now).view(now)}</dd>
            <dt>"Scopes"</dt>
            <dd>{scopes(page)}</dd>
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
