//! `/setup/connections/new/{service}`: name the connection, choose what to ask for, type in what the service wants.

use domain::{
    link_name::LinkName,
    scope::Scope,
    service::{Asked, ConnectionField, Obtained},
};
use leptos::prelude::*;

use super::asked::{self, CredentialMode};
use crate::{
    components::{
        Icon,
        field::Field,
        form::{Kit, Target, form},
        head::{head, here, step, trail},
        icon,
        monogram::monogram,
        ticks::{Tick, more_ticks, ticks},
    },
    islands::check::Kind,
    page::Form,
};

/// What the page shows.
pub struct CreateConnectionPage {
    /// Fields of `domain::form::connection`, `field_<name>` for each connection field, and `credential_mode`; secrets are
    /// `value_<name>` for each value that is asked for, and `field_<name>` of fields that are secret. First with proposals
    /// for `name` and `link_name`.
    pub form: Form,
    /// What is connected to.
    pub service: ServiceName,
    /// How a connection comes by its credential: `Definition::obtained`.
    pub obtained: Obtained,
    /// What may be asked for; at first everything is ticked.
    pub scopes: Vec<Scope>,
    /// The name of the second list of scopes, where the service has one: scopes that begin with it and `=`.
    pub second_scope_parameter: Option<String>,
    /// What each connection is asked for: `Definition::fields`.
    pub fields: Vec<ConnectionField>,
    /// What is typed in: `Definition::asked`. Empty where somebody consents or the server asks for a token itself.
    pub asked: Vec<Asked>,
    /// Whose credential functions may get; with fewer than two there is no choice, and no field.
    pub modes: Vec<CredentialMode>,
}

/// A service as other pages speak of it.
#[derive(Debug, Clone)]
pub struct ServiceName {
    /// What people read.
    pub name: String,
    /// What programs write.
    pub link_name: LinkName,
    /// The host that stands for the provider: `Definition::host`.
    pub host: String,
}

/// Draws the page.
#[must_use]
pub fn view(page: CreateConnectionPage) -> AnyView {
    let beside = view! { <p class="soft">{format!("to {}", page.service.name)}</p> };
    let title = view! {
        {monogram(&page.service.name)}
        "Create connection"
    };
    view! {
        {trail(
            vec![
                step("Connections", "/setup/connections"),
                step("New", "/setup/connections/new"),
                here(&page.service.name),
            ],
        )}
        {head(title, Some(beside.into_any()), None)}
        {form(&page.form, Target::here().class("form card medium"), |kit| fields(kit, &page))}
    }
    .into_any()
}

fn fields(kit: &Kit<'_>, page: &CreateConnectionPage) -> AnyView {
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
        {asked::fields(kit, &page.fields, &page.service.name)}
        {(!page.asked.is_empty()).then(|| asked::values(kit, &page.asked))}
        {asks_for_scopes(page).then(|| view! { <div class="group">{scope_boxes(kit, page)}</div> })}
        {asked::modes(kit, &page.modes, &page.service.name)}
        <div class="group foot">
            <p class="soft foot-words">
                {icon(Icon::Lock)}
                {next(page)}
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

/// What the button leads to.
fn next(page: &CreateConnectionPage) -> String {
    // A host with a place in it, for what is typed above, is no name to go by.
    let name = &page.service.name;
    let host = match page.service.host.as_str() {
        host if host.is_empty() || host.contains('{') => name.clone(),
        host => format!("{name} ({host})"),
    };
    match page.obtained {
        Obtained::Consent => format!("Next, {host} asks you to agree. The tokens stay sealed here."),
        Obtained::Request => format!("Next, this server asks {host} for a token. It stays sealed here."),
        Obtained::Typed => {
            "What you type is stored sealed and travels to the service's allowed hosts alone.".into()
        }
    }
}

/// A typed credential has the scopes that it was made with.
fn asks_for_scopes(page: &CreateConnectionPage) -> bool {
    page.obtained != Obtained::Typed
}

fn scope_boxes(kit: &Kit<'_>, page: &CreateConnectionPage) -> AnyView {
    if page.scopes.is_empty() {
        return view! {
            <p class="soft">"This service has no scopes: the provider decides what the connection may do."</p>
        }
        .into_any();
    }
    let first = !kit.form().was_refused() && !kit.form().fields.has("scope");
    let ticked = |name: &str| first || kit.form().fields.all("scope").any(|ticked| ticked == name);
    scopes(
        kit,
        &page.scopes,
        page.second_scope_parameter.as_deref(),
        HELP,
        ticked,
    )
}

const HELP: &str = "What to ask the provider for. Untick what this connection does not need.";

/// Boxes for scopes. Those of a second list stand in a group of their own, without the list's name.
#[must_use]
pub fn scopes(
    kit: &Kit<'_>,
    scopes: &[Scope],
    second: Option<&str>,
    help: &'static str,
    ticked: impl Fn(&str) -> bool,
) -> AnyView {
    let behind = |scope: &Scope| -> Option<String> {
        let rest = scope.name.as_str().strip_prefix(second?)?;
        rest.strip_prefix('=').map(str::to_owned)
    };
    let tick = |scope: &Scope| {
        let code = behind(scope).unwrap_or_else(|| scope.name.to_string());
        let label = if scope.display_name.is_empty() {
            code.clone()
        } else {
            scope.label().to_owned()
        };
        Tick {
            value: scope.name.to_string(),
            label,
            code: Some(code),
            ticked: ticked(scope.name.as_str()),
        }
    };
    let (others, own): (Vec<_>, Vec<_>) = scopes.iter().partition(|scope| behind(scope).is_some());
    let own = ticks(
        kit,
        "scope",
        "Scopes",
        Some(help),
        own.into_iter().map(tick).collect(),
    );
    let others: Vec<Tick> = others.into_iter().map(tick).collect();
    let more = second.filter(|_| !others.is_empty()).map(|second| {
        let words = "A list of its own at the provider, with a token of its own.";
        more_ticks("scope", format!("Scopes in {second}"), words, others)
    });
    view! {
        {own}
        {more}
    }
    .into_any()
}
