//! `/setup/connections`: all connections, those first that need attention; the first steps where there is none.

use domain::{connection::Status, link_name::LinkName, organization::Role};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::table::table;
use crate::{
    components::{confirm::button, head::head, moment::clock, search::search, state::Condition},
    islands::list_filter::ListFilter,
};

/// What the page shows.
pub struct ConnectionsPage {
    /// The server's clock.
    pub now: OffsetDateTime,
    /// Every connection of the organization, in any order.
    pub rows: Vec<ConnectionRow>,
    /// From the query: `?text=&service=&status=`.
    pub filter: Filter,
    /// Whether there is a sandbox to try things with.
    pub sandbox: bool,
}

/// A connection in a list.
#[derive(Debug, Clone)]
pub struct ConnectionRow {
    /// What people read.
    pub name: String,
    /// What functions write.
    pub link_name: LinkName,
    /// The service's name.
    pub service: String,
    /// The service's link name.
    pub service_link_name: LinkName,
    /// What is known of its credential.
    pub condition: Condition,
    /// Whether only people have accounts there.
    pub personal: bool,
    /// How many people have connected one.
    pub people: i64,
    /// Whose account it is at the provider.
    pub account: Option<String>,
    /// When a function last used it.
    pub last_used: Option<OffsetDateTime>,
}

/// What the list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Part of a name, a link name, a service or an account.
    pub text: String,
    /// A service's link name; empty for all.
    pub service: String,
    /// A status.
    pub status: Option<Status>,
}

impl Filter {
    /// Whether a row is left.
    #[must_use]
    pub fn lets(&self, row: &ConnectionRow, now: OffsetDateTime) -> bool {
        let text = self.text.trim().to_lowercase();
        (text.is_empty() || row.words().contains(&text))
            && (self.service.is_empty() || self.service == row.service_link_name.as_str())
            && self
                .status
                .is_none_or(|status| status == row.condition.status(now))
    }
}

impl ConnectionRow {
    /// Everything that the text filter looks at, in small letters.
    #[must_use]
    pub fn words(&self) -> String {
        let account = self.account.as_deref().unwrap_or_default();
        format!("{} {} {} {account}", self.name, self.link_name, self.service).to_lowercase()
    }
}

/// Draws the page.
#[must_use]
pub fn view(mut page: ConnectionsPage, role: Role) -> AnyView {
    if page.rows.is_empty() {
        return super::start::view(page.sandbox, role);
    }
    let now = page.now;
    page.rows
        .sort_by_cached_key(|row| (row.condition.status(now).urgency(), row.name.to_lowercase()));
    let create = role.administers().then(|| {
        view! {
            <a class="button main" href="/setup/connections/new">
                "Create connection"
            </a>
        }
        .into_any()
    });
    view! {
        {head("Connections", None, create)}
        {filters(&page)}
        {table(page.rows, Some(&page.filter), now)}
        {clock(now)}
    }
    .into_any()
}

fn filters(page: &ConnectionsPage) -> AnyView {
    let filter = page.filter.clone();
    let shown = page.rows.iter().filter(|row| filter.lets(row, page.now)).count();
    let mut services: Vec<(String, String)> = page
        .rows
        .iter()
        .map(|row| (row.service.clone(), row.service_link_name.to_string()))
        .collect();
    services.sort();
    services.dedup();
    let mut statuses: Vec<Status> = page
        .rows
        .iter()
        .map(|row| row.condition.status(page.now))
        .collect();
    // One that was chosen stays in the list, or the list would not say why it is empty.
    statuses.extend(filter.status);
    statuses.sort_by_key(|status| status.urgency());
    statuses.dedup();
    let statuses = statuses
        .into_iter()
        .map(|status| (status.label().to_owned(), status.word().to_owned()))
        .collect();
    let status = filter.status.map(Status::word).unwrap_or_default();
    view! {
        <form class="filters" method="get" role="search" aria-label="Filter connections">
            {search(filter.text, "Filter by name, link name, account")}
            {choice("service", "Service", "All services", &filter.service, services)}
            {choice("status", "Status", "Any status", status, statuses)}
            <button type="submit" class="button without-script">
                "Filter"
            </button>
            <ListFilter of="connections".to_owned() shown=shown total=page.rows.len() />
        </form>
    }
    .into_any()
}

fn choice(
    name: &'static str,
    label: &'static str,
    all: &'static str,
    chosen: &str,
    options: Vec<(String, String)>,
) -> impl IntoView + use<> {
    let options = options
        .into_iter()
        .map(|(words, value)| {
            let selected = value == chosen;
            view! {
                <option value=value selected=selected>
                    {words}
                </option>
            }
        })
        .collect_view();
    view! {
        <select class="input" name=name aria-label=label>
            <option value="">{all}</option>
            {options}
        </select>
    }
}

/// The button of the sandbox: it makes service and connection in one go.
#[must_use]
pub fn try_the_sandbox() -> AnyView {
    button("/setup/sandbox".into(), "Try it with the sandbox", "button")
}
