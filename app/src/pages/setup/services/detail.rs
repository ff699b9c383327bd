//! `/setup/services/{link_name}`: a service in short, its connections, and what can be done with it.

use domain::{
    form::{Fields, service},
    link_name::LinkName,
    name::Name,
    organization::Role,
    service::{Definition, ServiceInput, check::notes},
    when::count,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{
    facts,
    impact::{MustReconnect, waiting},
};
use crate::{
    components::{
        confirm::confirm,
        field::Field,
        form::{Kit, Target, form},
        head::{head, here, step, trail},
        moment::{Stamp, clock},
        monogram::monogram,
        note::note,
    },
    islands::check::Kind,
    page::{Form, NoticeKind},
    pages::setup::connections::{list::ConnectionRow, table::table},
};

/// What the page shows.
pub struct ServicePage {
    /// The server's clock.
    pub now: OffsetDateTime,
    /// What people read.
    pub name: String,
    /// What programs write.
    pub link_name: LinkName,
    /// Everything else about it.
    pub definition: Definition,
    /// What is registered at the provider; shown where somebody consents.
    pub redirect_url: String,
    /// Who last set the secret.
    pub secret_set: Option<Stamp>,
    /// Who defined it.
    pub created: Stamp,
    /// Its connections, in any order.
    pub connections: Vec<ConnectionRow>,
    /// Those that an edit made useless, and that nobody has connected again since.
    pub must_reconnect: Vec<MustReconnect>,
    /// Why it was not deleted, after somebody tried.
    pub refusal: Option<String>,
    /// The form *Clone*: fields `name` and `link_name`; its default where it was not posted.
    pub clone: Form,
}

/// Draws the page.
#[must_use]
pub fn view(mut page: ServicePage, role: Role) -> AnyView {
    let now = page.now;
    let connections = std::mem::take(&mut page.connections);
    let used = connections.len();
    let title = view! {
        {monogram(&page.name)}
        {page.name.clone()}
    };
    let refusal = page
        .refusal
        .take()
        .map(|words| note(NoticeKind::Bad, view! { <p>{words}</p> }, None));
    view! {
        {trail(vec![step("Services", "/setup/services"), here(page.link_name.as_str())])}
        {head(title, None, actions(&page, role))}
        {refusal}
        {waiting(&page.must_reconnect)}
        {its_connections(connections, now)}
        <section class="card" aria-labelledby="definition">
            <header>
                <h2 id="definition">"Definition"</h2>
            </header>
            {unused(&page.definition)}
            {facts::card(&page)}
            {facts::options(&fields(&page))}
        </section>
        {role.administers().then(|| settings(&page, used))}
        {clock(now)}
    }
    .into_any()
}

fn actions(page: &ServicePage, role: Role) -> Option<AnyView> {
    role.administers().then(|| {
        view! {
            <a class="button" href=format!("/setup/services/{}/edit", page.link_name)>
                "Edit"
            </a>
            <a class="button main" href=format!("/setup/connections/new/{}", page.link_name)>
                "Create connection"
            </a>
        }
        .into_any()
    })
}

fn its_connections(mut rows: Vec<ConnectionRow>, now: OffsetDateTime) -> AnyView {
    if rows.is_empty() {
        return view! { <p class="empty card">"Nothing is connected to this service yet."</p> }.into_any();
    }
    rows.sort_by_cached_key(|row| (row.condition.status(now).urgency(), row.name.to_lowercase()));
    table(rows, None, now)
}

/// What is kept although nothing uses it.
fn unused(definition: &Definition) -> Option<AnyView> {
    let notes = notes(definition);
    let lines = notes
        .iter()
        .map(|(_, words)| view! { <li>{*words}</li> })
        .collect_view();
    (!notes.is_empty()).then(|| view! { <ul class="quiet-notes">{lines}</ul> }.into_any())
}

/// The definition as the form writes it, which has a word for every option.
fn fields(page: &ServicePage) -> Fields {
    let name: Option<Name> = page
        .name
        .parse()
        .ok()
        .or_else(|| page.link_name.as_str().parse().ok());
    name.map(|name| {
        service::fields(&ServiceInput {
            name,
            link_name: page.link_name.clone(),
            definition: page.definition.clone(),
        })
    })
    .unwrap_or_default()
}

fn settings(page: &ServicePage, used: usize) -> AnyView {
    view! {
        <section class="card settings" aria-label="Settings">
            {clone(page)}
            {delete(page, used)}
        </section>
    }
    .into_any()
}

fn clone(page: &ServicePage) -> AnyView {
    let refused = page.clone.was_refused();
    let proposal = Form::proposing(
        Fields::default()
            .with("name", format!("{} copy", page.name))
            .with(
                "link_name",
                LinkName::propose(&format!("{} copy", page.name))
                    .map(String::from)
                    .unwrap_or_default(),
            ),
    );
    let model = if refused { &page.clone } else { &proposal };
    let target = Target::to(format!("/setup/services/{}/clone", page.link_name)).class("form clone");
    let inside = form(model, target, |kit: &Kit<'_>| {
        let name = Field::new("name", "Name of the copy").check(Kind::Name);
        let link_name = Field::new("link_name", "Link name of the copy")
            .check(Kind::LinkName)
            .proposed_from("name");
        view! {
            {name.view(kit)}
            {link_name.view(kit)}
            <button type="submit" class="button">
                "Clone"
            </button>
        }
        .into_any()
    });
    view! {
        <details class="setting-form" open=refused>
            <summary class="setting">
                <div>
                    <h2>"Clone service"</h2>
                    <p class="soft">"The same definition under another name, with the same client secret where it has one and a redirect URL of its own. Connections stay behind."</p>
                </div>
                <span class="button">"Clone…"</span>
            </summary>
            {inside}
        </details>
    }
    .into_any()
}

fn delete(page: &ServicePage, used: usize) -> AnyView {
    let connections = count(i64::try_from(used).unwrap_or(i64::MAX), "connection");
    let words = if used == 0 {
        "The definition is erased, and its secret where it has one.".to_owned()
    } else {
        format!("It is still used by {connections}. Delete these first.")
    };
    let action = (used == 0).then(|| {
        let path = format!("/setup/services/{}/delete", page.link_name);
        confirm(path, "Delete", &page.name, vec!["This cannot be undone.".into()])
    });
    view! {
        <div class="setting">
            <div>
                <h2>"Delete service"</h2>
                <p class="soft">{words}</p>
            </div>
            {action}
        </div>
    }
    .into_any()
}
