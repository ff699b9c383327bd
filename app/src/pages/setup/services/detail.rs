//! `/setup/services/{link_name}`: a service in short, its connections, and what can be done with it.

use domain::{
    link_name::LinkName,
    organization::Role,
    service::{Definition, oauth2::ParamType},
    when::count,
};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{
        confirm::confirm,
        copy::{copy_box, copy_code},
        head::{head, here, step, trail},
        moment::{Stamp, clock, stamp},
        monogram::monogram,
        note::note,
    },
    page::NoticeKind,
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
    /// What is registered at the provider.
    pub redirect_url: String,
    /// Who last set the client secret.
    pub secret_set: Option<Stamp>,
    /// Who defined it.
    pub created: Stamp,
    /// Its connections, in any order.
    pub connections: Vec<ConnectionRow>,
    /// Why it was not deleted, after somebody tried.
    pub refusal: Option<String>,
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
        {its_connections(connections, now)}
        <section class="card" aria-labelledby="definition">
            <header>
                <h2 id="definition">"Definition"</h2>
            </header>
            {facts(&page)}
        </section>
        {role.administers().then(|| delete(&page, used))}
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

fn facts(page: &ServicePage) -> AnyView {
    let oauth2 = page.definition.oauth2();
    let secret = match &page.secret_set {
        Some(set) => view! { "set on " {stamp(set, page.now)} }.into_any(),
        None => "not set".into_any(),
    };
    let place = match oauth2.param_type {
        ParamType::Header => "in the Authorization header",
        ParamType::Query => "in the query",
    };
    view! {
        <dl class="facts columns">
            <div class="wide">
                <dt>"Redirect URL"</dt>
                <dd>{copy_box("redirect-url", page.redirect_url.clone(), "redirect URL")}</dd>
            </div>
            {fact("Link name", copy_code("link-name", page.link_name.to_string(), "link name").into_any())}
            {fact("Authentication type", "OAuth 2.0".into_any())}
            {fact("Client ID", code(oauth2.client_id.clone()))}
            {fact("Client secret", secret)}
            {fact("Authorize URL", code(oauth2.authorize_url.to_string()))}
            {fact("Access token URL", code(oauth2.access_token_url.to_string()))}
            {oauth2.refresh_token_url.as_ref().map(|url| fact("Refresh token URL", code(url.to_string())))}
            {oauth2.revoke_token_url.as_ref().map(|url| fact("Revoke token URL", code(url.to_string())))}
            {page.definition.api_base_url.as_ref().map(|url| fact("API base URL", code(url.to_string())))}
            {fact("Token on calls", place.into_any())}
            {fact("Allowed hosts", hosts(&page.definition))}
            {fact("Scopes", scopes(&page.definition))}
            {fact("Created", stamp(&page.created, page.now).into_any())}
        </dl>
    }
    .into_any()
}

fn fact(words: &'static str, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{words}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

fn code(text: String) -> AnyView {
    view! { <code>{text}</code> }.into_any()
}

fn hosts(definition: &Definition) -> AnyView {
    if definition.allowed_hosts.is_empty() {
        return view! { <span class="soft">"none"</span> }.into_any();
    }
    let all: Vec<String> = definition.allowed_hosts.iter().map(ToString::to_string).collect();
    code(all.join(", "))
}

fn scopes(definition: &Definition) -> AnyView {
    if definition.scopes.is_empty() {
        return view! { <span class="soft">"none"</span> }.into_any();
    }
    let chips = definition.scopes.iter().map(|scope| {
        view! {
            <li class="chip" title=scope.label().to_owned()>
                {scope.name.to_string()}
            </li>
        }
    });
    view! { <ul class="chips">{chips.collect_view()}</ul> }.into_any()
}

fn delete(page: &ServicePage, used: usize) -> AnyView {
    let connections = count(i64::try_from(used).unwrap_or(i64::MAX), "connection");
    let words = if used == 0 {
        "The definition and its client secret are erased.".to_owned()
    } else {
        format!("It is still used by {connections}. Delete these first.")
    };
    let action = (used == 0).then(|| {
        let path = format!("/setup/services/{}/delete", page.link_name);
        confirm(path, "Delete", &page.name, vec!["This cannot be undone.".into()])
    });
    view! {
        <section class="card settings" aria-label="Settings">
            <div class="setting">
                <div>
                    <h2>"Delete service"</h2>
                    <p class="soft">{words}</p>
                </div>
                {action}
            </div>
        </section>
    }
    .into_any()
}
