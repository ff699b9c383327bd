//! `/setup/services`: what the organization can connect to.

use domain::{link_name::LinkName, organization::Role, service::AuthenticationType, when::count};
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::{
    components::{
        copy::copy_code,
        head::head,
        moment::{Stamp, stamp},
        monogram::monogram,
        search::search,
    },
    islands::list_filter::ListFilter,
};

/// What the page shows.
pub struct ServicesPage {
    /// The server's clock.
    pub now: OffsetDateTime,
    /// Every service of the organization, in any order.
    pub rows: Vec<ServiceRow>,
    /// From the query: `?text=`.
    pub text: String,
}

/// A service in the list.
pub struct ServiceRow {
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
    /// Who defined it.
    pub created: Stamp,
}

/// Draws the page.
#[must_use]
pub fn view(mut page: ServicesPage, role: Role) -> AnyView {
    page.rows.sort_by_cached_key(|row| row.name.to_lowercase());
    let create = role.administers().then(|| {
        view! {
            <a class="button main" href="/setup/services/new">
                "Create service"
            </a>
        }
        .into_any()
    });
    let content = if page.rows.is_empty() {
        empty(role)
    } else {
        table(page)
    };
    view! {
        {head("Services", None, create)}
        {content}
    }
    .into_any()
}

fn empty(role: Role) -> AnyView {
    let pick = role.administers().then(|| {
        view! {
            <a class="button" href="/setup/connections/new">
                "Pick a default service"
            </a>
        }
    });
    view! {
        <div class="empty card">
            <p>
                "A service says how a provider lets programs in: its client, its URLs, its scopes, or what its keys look like. Pick one of those that are known, or define your own, then connect it."
            </p>
            {pick}
        </div>
    }
    .into_any()
}

fn table(page: ServicesPage) -> AnyView {
    let wanted = page.text.trim().to_lowercase();
    let total = page.rows.len();
    let mut shown = 0;
    let rows = page
        .rows
        .into_iter()
        .enumerate()
        .map(|(number, row)| {
            let words = format!("{} {} {}", row.name, row.link_name, row.host).to_lowercase();
            let hidden = !words.contains(&wanted);
            shown += usize::from(!hidden);
            line(number, row, words, hidden, page.now)
        })
        .collect_view();
    view! {
        <form class="filters" method="get" role="search" aria-label="Filter services">
            {search(page.text, "Filter by name, link name, host")}
            <button type="submit" class="button without-script">
                "Filter"
            </button>
            <ListFilter of="services".to_owned() shown=shown total=total />
        </form>
        <div class="card table-card">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"Service"</th>
                        <th scope="col">"Authentication"</th>
                        <th scope="col">"Provider"</th>
                        <th scope="col">"Connections"</th>
                        <th scope="col">"Created"</th>
                    </tr>
                </thead>
                <tbody id="services">{rows}</tbody>
            </table>
            <p class="empty-rows" data-none="services" hidden=shown != 0>
                "No service matches. Change the filter above."
            </p>
        </div>
    }
    .into_any()
}

fn line(number: usize, row: ServiceRow, words: String, hidden: bool, now: OffsetDateTime) -> impl IntoView {
    let connections = count(i64::try_from(row.connections).unwrap_or(i64::MAX), "connection");
    view! {
        <tr data-row data-words=words hidden=hidden>
            <th scope="row">
                <div class="named">
                    {monogram(&row.name)}
                    <div>
                        <a class="name" href=format!("/setup/services/{}", row.link_name)>
                            {row.name}
                        </a>
                        {copy_code(&format!("link-{number}"), row.link_name.to_string(), "link name")}
                    </div>
                </div>
            </th>
            <td data-label="Authentication">{row.kind.label()}</td>
            <td data-label="Provider" class="cut">
                {row.host}
            </td>
            <td data-label="Connections">{connections}</td>
            <td data-label="Created" class="soft">
                <span>{stamp(&row.created, now)}</span>
            </td>
        </tr>
    }
}
