//! `/setup/connections/new/{service}`: name the connection and choose what to ask for.

use domain::{link_name::LinkName, scope::Scope};
use leptos::prelude::*;

use crate::{
    components::{
        Icon,
        choice::{Tick, ticks},
        field::Field,
        form::{Kit, Target, form},
        head::{head, here, step, trail},
        icon,
        monogram::monogram,
    },
    islands::check::Kind,
    page::Form,
};

/// What the page shows.
pub struct CreateConnectionPage {
    /// Fields of `domain::form::connection`; first with proposals for `name` and `link_name`.
    pub form: Form,
    /// What is connected to.
    pub service: ServiceName,
    /// What may be asked for; at first everything is ticked.
    pub scopes: Vec<Scope>,
}

/// A service as other pages speak of it.
#[derive(Debug, Clone)]
pub struct ServiceName {
    /// What people read.
    pub name: String,
    /// What programs write.
    pub link_name: LinkName,
    /// The host where people consent: of the authorize URL.
    pub host: String,
}

/// Draws the page.
#[must_use]
pub fn view(page: CreateConnectionPage) -> AnyView {
    let service = page.service;
    let beside = view! { <p class="soft">{format!("to {}", service.name)}</p> };
    let title = view! {
        {monogram(&service.name)}
        "Create connection"
    };
    let scopes = page.scopes;
    view! {
        {trail(
            vec![
                step("Connections", "/setup/connections"),
                step("New", "/setup/connections/new"),
                here(&service.name),
            ],
        )}
        {head(title, Some(beside.into_any()), None)}
        {form(&page.form, Target::here().class("form card medium"), |kit| fields(kit, &scopes, &service))}
    }
    .into_any()
}

fn fields(kit: &Kit<'_>, scopes: &[Scope], service: &ServiceName) -> AnyView {
    let name = Field::new("name", "Connection name")
        .check(Kind::Name)
        .help("What people read.");
    let link_name = Field::new("link_name", "Connection link name")
        .check(Kind::LinkName)
        .proposed_from("name")
        .help("What functions write. It cannot be changed later.");
    view! {
        <div class="group grid">
            {name.view(kit)}
            {link_name.view(kit)}
        </div>
        <div class="group">{scope_boxes(kit, scopes)}</div>
        <div class="group foot">
            <p class="soft foot-words">
                {icon(Icon::Lock)}
                {format!("Next, {} asks you to agree. The tokens stay sealed here.", service.host)}
            </p>
            <a class="button quiet" href="/setup/connections/new">
                "Cancel"
            </a>
            <button type="submit" class="button main">
                "Create and connect"
            </button>
        </div>
    }
    .into_any()
}

fn scope_boxes(kit: &Kit<'_>, scopes: &[Scope]) -> AnyView {
    if scopes.is_empty() {
        return view! {
            <p class="soft">"This service has no scopes: the provider decides what the connection may do."</p>
        }
        .into_any();
    }
    let form = kit.form();
    let first = !form.was_refused() && !form.fields.has("scope");
    let boxes = scopes
        .iter()
        .map(|scope| Tick {
            value: scope.name.to_string(),
            label: scope.label().to_owned(),
            code: Some(scope.name.to_string()),
            ticked: first
                || form
                    .fields
                    .all("scope")
                    .any(|ticked| ticked == scope.name.as_str()),
        })
        .collect();
    ticks(
        kit,
        "scope",
        "Scopes",
        Some("What to ask the provider for. Untick what this connection does not need."),
        boxes,
    )
}
