//! `/setup/connections/new`: pick the service to connect.

use domain::{link_name::LinkName, when::count};
use leptos::prelude::*;

use super::list::try_the_sandbox;
use crate::{
    components::{
        Icon,
        head::{head, here, step, trail},
        icon,
        monogram::monogram,
        search::search,
    },
    islands::list_filter::ListFilter,
};

/// What the page shows.
pub struct PickServicePage {
    /// From the query: `?tab=custom`, else the default services.
    pub tab: Tab,
    /// From the query: `?text=`.
    pub text: String,
    /// Whether there is a sandbox to try things with.
    pub sandbox: bool,
    /// The organization's own services.
    pub custom: Vec<ServiceCard>,
}

/// Which services are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Those that come with the product.
    Default,
    /// Those that administrators defined.
    Custom,
}

/// A service to pick.
pub struct ServiceCard {
    /// What people read.
    pub name: String,
    /// What programs write.
    pub link_name: LinkName,
    /// The host where people consent.
    pub host: String,
    /// How many connections it has.
    pub connections: usize,
}

/// Draws the page.
#[must_use]
pub fn view(page: PickServicePage) -> AnyView {
    let create = view! {
        <a class="button" href="/setup/services/new">
            {icon(Icon::Plus)}
            "Create service"
        </a>
    };
    let tab = |this: Tab, href: &'static str, words: &'static str| {
        let current = (this == page.tab).then_some("page");
        view! {
            <a href=href aria-current=current>
                {words}
            </a>
        }
    };
    let cards = match page.tab {
        Tab::Default => defaults(page.sandbox),
        Tab::Custom => customs(page.custom, page.text),
    };
    view! {
        {trail(vec![step("Connections", "/setup/connections"), here("New")])}
        {head("Pick your service", None, Some(create.into_any()))}
        <nav class="tabs" aria-label="Services">
            {tab(Tab::Default, "/setup/connections/new", "Default services")}
            {tab(Tab::Custom, "/setup/connections/new?tab=custom", "Custom services")}
        </nav>
        {cards}
    }
    .into_any()
}

fn defaults(sandbox: bool) -> AnyView {
    if !sandbox {
        return view! {
            <p class="empty card">
                "This server has no default services. Create a service of your own: one form with the provider's URLs."
            </p>
        }
        .into_any();
    }
    view! {
        <ul class="cards">
            <li class="card service-card">
                <div class="named">
                    {monogram("Sandbox")}
                    <div>
                        <span class="name">"Sandbox"</span>
                        <small class="soft">"OAuth 2.0"</small>
                    </div>
                </div>
                <p>"A provider inside this server, for first steps and rehearsals. Nothing to register, nothing leaves the machine."</p>
                {try_the_sandbox()}
            </li>
        </ul>
    }
    .into_any()
}

fn customs(services: Vec<ServiceCard>, text: String) -> AnyView {
    if services.is_empty() {
        return view! {
            <div class="empty card">
                <p>"No custom service yet. Define one with the client ID, the secret and the URLs from the provider's developer page."</p>
                <a class="button main" href="/setup/services/new">
                    "Create service"
                </a>
            </div>
        }
        .into_any();
    }
    let wanted = text.trim().to_lowercase();
    let total = services.len();
    let mut shown = 0;
    let cards = services
        .into_iter()
        .map(|service| {
            let words = format!("{} {} {}", service.name, service.link_name, service.host).to_lowercase();
            let hidden = !words.contains(&wanted);
            shown += usize::from(!hidden);
            card(service, words, hidden)
        })
        .collect_view();
    view! {
        <form class="filters" method="get" role="search" aria-label="Search services">
            <input type="hidden" name="tab" value="custom" />
            {search(text, "Search services")}
            <button type="submit" class="button without-script">
                "Search"
            </button>
            <ListFilter of="services".to_owned() shown=shown total=total />
        </form>
        <ul class="cards" id="services">
            {cards}
        </ul>
        <p class="empty-rows" data-none="services" hidden=shown != 0>
            "No service matches."
        </p>
    }
    .into_any()
}

fn card(service: ServiceCard, words: String, hidden: bool) -> impl IntoView {
    let connections = count(
        i64::try_from(service.connections).unwrap_or(i64::MAX),
        "connection",
    );
    view! {
        <li class="card service-card whole-link" data-row data-words=words hidden=hidden>
            <div class="named">
                {monogram(&service.name)}
                <div>
                    <a class="name" href=format!("/setup/connections/new/{}", service.link_name)>
                        {service.name}
                    </a>
                    <small class="soft">{format!("OAuth 2.0 · {}", service.host)}</small>
                </div>
            </div>
            <small class="soft">{connections}</small>
        </li>
    }
}
