//! `/setup/connections`
//!
//! # Layout
//! - [`list`], [`new`], [`create`], [`authorize`], [`credentials`], [`detail`]: one page each
//! - [`verbs`], [`hosts`], [`people`], [`mod@test`], [`try_it`]: what the buttons and forms of a connection's page do
//! - [`words`]: what happened to a connection

use app::{
    components::state::Condition,
    pages::setup::connections::{create::ServiceName, list::ConnectionRow as ListedRow},
};
use engine::store::{connections::ConnectionRow, services::ServiceRow};

pub(crate) mod authorize;
pub(crate) mod create;
pub(crate) mod credentials;
pub(crate) mod detail;
pub(crate) mod hosts;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod people;
pub(crate) mod test;
pub(crate) mod try_it;
pub(crate) mod verbs;
mod words;

fn service_name(service: &ServiceRow) -> ServiceName {
    ServiceName {
        name: service.input.name.to_string(),
        link_name: service.input.link_name.clone(),
        host: host(service),
    }
}

/// The host that stands for the provider.
pub(super) fn host(service: &ServiceRow) -> String {
    service.input.definition.host()
}

fn condition(row: &ConnectionRow) -> Condition {
    Condition {
        disabled: row.disabled_at.is_some(),
        credential: row.credential.as_ref().map(|c| c.facts.clone()),
    }
}

/// A row of a list; None where the service's link name cannot be read, which the database does not allow.
pub(super) fn listed(row: ConnectionRow) -> Option<ListedRow> {
    Some(ListedRow {
        condition: condition(&row),
        personal: !row.mode.has_organization(),
        people: row.people,
        service_link_name: row.service_link_name.parse().ok()?,
        name: row.name,
        link_name: row.link_name,
        service: row.service_name,
        account: row.credential.and_then(|c| c.account),
        last_used: row.last_used_at,
    })
}
