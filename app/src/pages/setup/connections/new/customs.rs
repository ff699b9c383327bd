//! Custom services: those that administrators of the organization defined.

use domain::{link_name::LinkName, service::AuthenticationType, when::count};
use leptos::prelude::*;

use super::PickServicePage;
use crate::{
    components::{monogram::monogram, search::search},
    islands::list_filter::ListFilter,
};

/// A service to pick.
pub struct ServiceCard {
    /// What people read.
    pub name: String,
    /// What programs write.
    pub link_name: LinkName,
    /// How it authenticates.
    pub kind: AuthenticationType,
    /// The host that stands for the provider: `Definition::host`.
    pub host: String,
    /// How many connections it has.
    pub connections: usize,
}

/// Search and cards.
#[must_use]
pub fn view(page: PickServicePage) -> AnyView {
    if page.custom.is_empty() {
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
    let wanted = page.text.trim().to_lowercase();
    let total = page.custom.len();
    let mut shown = 0;
    let cards = page
        .custom
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
            {search(page.text, "Search services")}
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
    let about = match service.host.as_str() {
        "" => service.kind.label().to_owned(),
        host => format!("{} · {host}", service.kind.label()),
    };
    view! {
        <li class="card service-card whole-link" data-row data-words=words hidden=hidden>
            <div class="named">
                {monogram(&service.name)}
                <div>
                    <a class="name" href=format!("/setup/connections/new/{}", service.link_name)>
                        {service.name}
                    </a>
                    <small class="soft">{about}</small>
                </div>
            </div>
            <small class="soft">{connections}</small>
        </li>
    }
}
