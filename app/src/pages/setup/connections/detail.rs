//! `/setup/connections/{link_name}`: one connection: does it work, how is it used, what happened, what can be done.

use domain::{
    call::CallRules,
    connection::Status,
    link_name::LinkName,
    organization::Role,
    scope::{Scope, ScopeName},
    service::{AuthenticationType, Obtained},
    snippet::Use,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    activity::{self, Event},
    attention::{self, Trouble},
    create::ServiceName,
    facts::{self, FieldValue, KeyUse},
    hosts, menu,
    people::{self, People},
    settings, snippet,
    tested::{self, Tested},
    try_it::{self, TryIt},
};
use crate::{
    components::{
        head::{head, here, step, trail},
        moment::{Stamp, clock},
        monogram::monogram,
        state::{Condition, personal, pill},
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
    /// How the service authenticates.
    pub kind: AuthenticationType,
    /// How the connection comes by its credential: `Definition::obtained`.
    pub obtained: Obtained,
    /// What is known of its credential; of the organization's, where people have their own.
    pub condition: Condition,
    /// Whose account it is at the provider.
    pub account: Option<String>,
    /// Who made it.
    pub created: Stamp,
    /// Who connected it last, or typed in its credential.
    pub connected: Option<Stamp>,
    /// What it asks the provider for.
    pub asked: Vec<Scope>,
    /// What the provider granted; None where nobody consented yet or the answer did not say.
    pub granted: Option<Vec<ScopeName>>,
    /// What it may ask for.
    pub offered: Vec<Scope>,
    /// The name of the second list of scopes, where the service has one.
    pub second_scope_parameter: Option<String>,
    /// The service's fields, with this connection's values.
    pub values: Vec<FieldValue>,
    /// What was kept from answers of the provider: name and value.
    pub kept: Vec<(String, String)>,
    /// What its calls may do.
    pub rules: CallRules,
    /// Grows with every edit.
    pub version: i64,
    /// The hosts that its credential may travel to.
    pub allowed_hosts: Vec<String>,
    /// Where none is allowed, the one that is proposed.
    pub proposed_host: Option<String>,
    /// When a function last used it.
    pub last_used: Option<OffsetDateTime>,
    /// The keys that used it in the last 24 hours.
    pub used_by: Vec<KeyUse>,
    /// For the snippets: `Use::new(public_url, &link_name, &definition)`.
    pub usage: Use,
    /// The last events, newest first.
    pub events: Vec<Event>,
    /// Whether revoking also withdraws the grant at the provider.
    pub revokes_upstream: bool,
    /// What went wrong at the last try to connect.
    pub trouble: Option<Trouble>,
    /// What came of *Test connection*, after somebody pressed it.
    pub tested: Option<Tested>,
    /// Where each person has an account of their own: who has connected.
    pub people: Option<People>,
    /// The form of the settings: fields of `domain::form::connection::change`; its default where it was not posted.
    pub settings: Form,
    /// The form *Where may this credential travel?*, with field `host`; its default where it was not posted.
    pub hosts: Form,
    /// *Try it*.
    pub try_it: TryIt,
}

impl ConnectionPage {
    /// The path of the page, which its forms extend.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/setup/connections/{}", self.link_name)
    }

    /// Whether only people have accounts there: then the connection as such has none to miss.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        let people = self.people.as_ref();
        people.is_some_and(|people| !people.mode.has_organization())
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
    let account = account.filter(|_| status != Status::Revoked);
    let shown = if page.is_personal() && status == Status::NotConnected {
        personal()
    } else {
        pill(status)
    };
    let beside = view! {
        {shown}
        {account}
    };
    let tried = page.try_it.tried.is_some();
    let question = page.proposed_host.as_deref().filter(|_| role.administers());
    let actions = menu::actions(&page, role);
    let personal_only = page.is_personal();
    let connected = matches!(status, Status::Connected | Status::Expiring);
    let somebody = page.people.as_ref().is_some_and(|people| !people.rows.is_empty());
    let serves = connected || (personal_only && somebody && status == Status::NotConnected);
    let people = page
        .people
        .as_ref()
        .map(|people| people::card(people, &page, role));
    // Where people have the accounts, nothing works before they have connected them.
    let (first, later) = if personal_only {
        (people, None)
    } else {
        (None, people)
    };
    view! {
        {trail(vec![step("Connections", "/setup/connections"), here(page.link_name.as_str())])}
        {head(title, Some(beside.into_any()), actions)}
        {page.tested.as_ref().map(|tested| tested::note_of(tested, &page))}
        {attention::notes(&page, role)}
        <div class="two">
            <div class="stack">
                {question.map(|host| hosts::card(&page, host))}
                {first}
                {snippet::card(&try_it::usage(&page), tried, serves, role)}
                {try_it::card(&page, role)}
                {later}
                {activity::card(&page.events, page.now)}
            </div>
            <aside class="card" aria-label="Facts">
                {facts::card(&page, role)}
            </aside>
        </div>
        {role.administers().then(|| settings::card(&page))}
        {clock(page.now)}
    }
    .into_any()
}
