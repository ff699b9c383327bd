//! `/setup/connections/{link_name}`: one connection: does it work, how is it used, what happened, what can be done.

use domain::{
    connection::Status,
    link_name::LinkName,
    organization::Role,
    scope::{Scope, ScopeName},
    snippet::Use,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{attention, create::ServiceName, settings, snippet};
use crate::{
    components::{
        confirm::button,
        copy::copy_code,
        head::{head, here, step, trail},
        moment::{Stamp, clock, moment, stamp},
        monogram::monogram,
        state::{Condition, pill},
    },
    page::Form,
};

/// What the page shows.
pub struct ConnectionPage {
    /// The server's clock.
    pub now: OffsetDateTime,
    /// What people read.
    pub name: String,
    /// What functions write.
    pub link_name: LinkName,
    /// What it connects to.
    pub service: ServiceName,
    /// What is known of its credential.
    pub condition: Condition,
    /// Whose account it is at the provider.
    pub account: Option<String>,
    /// Who made it.
    pub created: Stamp,
    /// Who connected it last.
    pub connected: Option<Stamp>,
    /// What it asks the provider for.
    pub asked: Vec<Scope>,
    /// What the provider granted; None where nobody consented yet or the answer did not say.
    pub granted: Option<Vec<ScopeName>>,
    /// The hosts that its credential may travel to.
    pub allowed_hosts: Vec<String>,
    /// When a function last used it.
    pub last_used: Option<OffsetDateTime>,
    /// The names of the keys that used it in the last 24 hours.
    pub used_by: Vec<String>,
    /// For the snippets: `Use::new(public_url, &link_name, &definition)`.
    pub usage: Use,
    /// The last events, newest first.
    pub events: Vec<Event>,
    /// Whether revoking also withdraws the grant at the provider.
    pub revokes_upstream: bool,
    /// The form *Rename*, with field `name`; its default where it was not posted.
    pub rename: Form,
}

/// Something that happened, in words.
#[derive(Debug, Clone)]
pub struct Event {
    /// What happened: "Token refreshed".
    pub what: String,
    /// More of it: "by the background worker".
    pub detail: Option<String>,
    /// When.
    pub when: OffsetDateTime,
}

impl ConnectionPage {
    /// The path of the page, which its forms extend.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/setup/connections/{}", self.link_name)
    }

    /// What was asked for and not granted.
    #[must_use]
    pub fn missing(&self) -> Vec<&Scope> {
        let granted = self.granted.as_ref();
        let lacks = |scope: &&Scope| granted.is_some_and(|granted| !granted.contains(&scope.name));
        self.asked.iter().filter(lacks).collect()
    }
}

/// Draws the page.
#[must_use]
pub fn view(page: ConnectionPage, role: Role) -> AnyView {
    let status = page.condition.status(page.now);
    let title = view! {
        {monogram(&page.service.name)}
        {page.name.clone()}
    };
    let account = page
        .account
        .as_ref()
        .map(|account| view! { <span class="soft cut">{format!("as {account}")}</span> });
    let beside = view! {
        {pill(status)}
        {account}
    };
    let actions = (role.administers() && status == Status::Connected)
        .then(|| button(format!("{}/reconnect", page.path()), "Reconnect", "button"));
    view! {
        {trail(vec![step("Connections", "/setup/connections"), here(page.link_name.as_str())])}
        {head(title, Some(beside.into_any()), actions)}
        {attention::notes(&page, role)}
        <div class="two">
            <div class="stack">
                {snippet::card(&page.usage, role)}
                {activity(&page)}
            </div>
            <aside class="card" aria-label="Facts">
                {facts(&page)}
            </aside>
        </div>
        {role.administers().then(|| settings::card(&page))}
        {clock(page.now)}
    }
    .into_any()
}

fn facts(page: &ConnectionPage) -> AnyView {
    let now = page.now;
    let connected = page.connected.as_ref().map(|by| {
        view! {
            <dt>"Connected"</dt>
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
        return view! {
            <span class="soft">"no host is named in the service"</span>
        }
        .into_any();
    }
    let hosts = page
        .allowed_hosts
        .iter()
        .map(|host| view! { <li><code>{host.clone()}</code></li> });
    view! { <ul class="plain">{hosts.collect_view()}</ul> }.into_any()
}

fn used_by(page: &ConnectionPage) -> AnyView {
    if !page.used_by.is_empty() {
        return page.used_by.join(", ").into_any();
    }
    match page.last_used {
        Some(at) => {
            view! { <span class="soft">"nobody; last used " {moment(at, page.now)}</span> }.into_any()
        }
        None => view! { <span class="soft">"nobody yet"</span> }.into_any(),
    }
}

fn activity(page: &ConnectionPage) -> AnyView {
    let now = page.now;
    let events = page
        .events
        .iter()
        .map(|event| {
            view! {
                <li>
                    <div>
                        <p>{event.what.clone()}</p>
                        {event.detail.clone().map(|detail| view! { <small class="soft">{detail}</small> })}
                    </div>
                    <span class="soft">{moment(event.when, now)}</span>
                </li>
            }
        })
        .collect_view();
    let empty = page.events.is_empty();
    view! {
        <section class="card" aria-labelledby="activity">
            <header>
                <h2 id="activity">"Activity"</h2>
            </header>
            {if empty {
                view! { <p class="card-in soft">"Nothing has happened yet."</p> }.into_any()
            } else {
                view! { <ol class="events">{events}</ol> }.into_any()
            }}
        </section>
    }
    .into_any()
}
