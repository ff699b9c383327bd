//! `/setup/connections/{link_name}/authorize`: before the provider asks, says who will be asked for what.

use domain::{link_name::LinkName, scope::Scope};
use leptos::prelude::*;

use super::create::ServiceName;
use crate::components::{
    Icon,
    head::{head, here, step, trail},
    icon,
    monogram::monogram,
};

/// What the page shows.
pub struct AuthorizePage {
    /// The connection's name.
    pub connection: String,
    /// Its link name.
    pub link_name: LinkName,
    /// Where it leads.
    pub service: ServiceName,
    /// What will be asked for.
    pub scopes: Vec<Scope>,
    /// The name of whoever started this.
    pub asked_by: String,
    /// `/oauth/start/{consent}`.
    pub start: String,
}

/// Draws the page.
#[must_use]
pub fn view(page: AuthorizePage) -> AnyView {
    let AuthorizePage {
        connection,
        link_name,
        service,
        scopes,
        asked_by,
        start,
    } = page;
    let title = view! {
        {monogram(&service.name)}
        {format!("Connect {connection}")}
    };
    let detail = format!("/setup/connections/{link_name}");
    view! {
        {trail(vec![step("Connections", "/setup/connections"), step(link_name.as_str(), detail.clone()), here("Authorize")])}
        {head(title, None, None)}
        <section class="card medium">
            <div class="group prose">
                <p>
                    {format!("{asked_by} wants functions of your organization to use {} through the connection ", service.name)}
                    <code>{link_name.to_string()}</code> "."
                </p>
                <p>
                    "You go to " <b>{service.host.clone()}</b>
                    ", sign in there and agree. The account that you sign in with is the one that functions act for."
                </p>
            </div>
            <div class="group">{asks(scopes)}</div>
            <div class="group foot">
                <p class="soft foot-words">
                    {icon(Icon::Lock)}
                    "The tokens come back to this server alone and stay sealed."
                </p>
                <a class="button quiet" href=detail>
                    "Cancel"
                </a>
                <a class="button main" href=start rel="nofollow">
                    {format!("Continue to {}", service.name)}
                    {icon(Icon::Away)}
                </a>
            </div>
        </section>
    }
    .into_any()
}

fn asks(scopes: Vec<Scope>) -> AnyView {
    if scopes.is_empty() {
        return view! { <p>"No scopes are asked for: the provider decides what the connection may do."</p> }
            .into_any();
    }
    let items = scopes
        .into_iter()
        .map(|scope| {
            let label = scope.label().to_owned();
            let name = scope.name.to_string();
            let code = (label != name).then(|| view! { <code>{name}</code> });
            view! {
                <li>
                    {icon(Icon::Check)}
                    <span>{label}</span>
                    {code}
                </li>
            }
        })
        .collect_view();
    view! {
        <h2>"You will be asked for"</h2>
        <ul class="asks">{items}</ul>
    }
    .into_any()
}
