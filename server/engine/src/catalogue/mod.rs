//! Default services: ready definitions that an organization takes over with a client of its own.
//!
//! One file a service, `entries/<link name>.json`: the definition as it is stored, and what helps a person to fill in
//! the rest. What could not be checked at the provider or in a second source is listed in the file itself.
//!
//! # Layout
//! - [`Entry`], [`Category`]: a file and its drawer
//! - [`entries()`], [`entry`]: all of them, and one
//! - `entries`: which files there are
//! - [`sandbox()`]: the one entry whose address only the running server knows

use std::{collections::BTreeMap, sync::LazyLock};

use domain::{
    link_name::LinkName,
    name::Name,
    scope::ScopeName,
    service::{Definition, ServiceInput},
};
use serde::{Deserialize, Serialize};
use url::Url;

mod entries;
mod sandbox;
#[cfg(test)]
mod tests;

pub use self::sandbox::{SANDBOX, sandbox};

/// A default service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What people read.
    pub name: Name,
    /// What programs write, unless the administrator chooses another one.
    pub link_name: LinkName,
    /// Under which heading it is listed.
    pub category: Category,
    /// A sentence about what it gives access to.
    pub summary: String,
    /// Where a client is registered at the provider.
    pub register_url: Url,
    /// Where the provider says how its authentication works.
    pub docs_url: Url,
    /// Where each value stands in the provider's console, by the name of the form's field, of the connection's field or
    /// of the key.
    pub help: BTreeMap<String, String>,
    /// What stands for a logo.
    pub monogram: Monogram,
    /// Paths into the definition whose value rests on one source or less.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unverified: Vec<String>,
    /// What is ticked at first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub default_scopes: Vec<ScopeName>,
    /// The service itself; its client ID or consumer key is empty.
    pub definition: Definition,
}

/// Two letters on a colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Monogram {
    /// The letters.
    pub letters: String,
    /// The colour's place on the wheel, from 0 to 359.
    pub hue: u16,
}

/// What a service is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Mail, chat, calls.
    Communication,
    /// Customers and deals.
    CrmAndSales,
    /// Campaigns, forms, websites.
    Marketing,
    /// Help desks.
    Support,
    /// Tasks, projects, calendars.
    Projects,
    /// Files, pages, signatures, and whole offices of them.
    StorageAndDocuments,
    /// Books, payments, shops.
    Finance,
    /// Employees and who may sign in.
    People,
    /// Code, operations, data.
    DeveloperTools,
    /// Networks, music, video.
    Social,
    /// Models.
    Ai,
}

impl Category {
    /// Every category, in the order that pages show.
    pub const ALL: [Self; 11] = [
        Self::Communication,
        Self::CrmAndSales,
        Self::Marketing,
        Self::Support,
        Self::Projects,
        Self::StorageAndDocuments,
        Self::Finance,
        Self::People,
        Self::DeveloperTools,
        Self::Social,
        Self::Ai,
    ];

    /// The word used in JSON and in addresses.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Communication => "communication",
            Self::CrmAndSales => "crm_and_sales",
            Self::Marketing => "marketing",
            Self::Support => "support",
            Self::Projects => "projects",
            Self::StorageAndDocuments => "storage_and_documents",
            Self::Finance => "finance",
            Self::People => "people",
            Self::DeveloperTools => "developer_tools",
            Self::Social => "social",
            Self::Ai => "ai",
        }
    }

    /// The words that people read.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Communication => "Communication",
            Self::CrmAndSales => "CRM and sales",
            Self::Marketing => "Marketing",
            Self::Support => "Support",
            Self::Projects => "Projects and calendars",
            Self::StorageAndDocuments => "Storage and documents",
            Self::Finance => "Finance and commerce",
            Self::People => "People and access",
            Self::DeveloperTools => "Developer tools",
            Self::Social => "Social and media",
            Self::Ai => "AI",
        }
    }
}

impl Entry {
    /// The service as it would be created, with its client ID or consumer key still empty.
    #[must_use]
    pub fn input(&self) -> ServiceInput {
        ServiceInput {
            name: self.name.clone(),
            link_name: self.link_name.clone(),
            definition: self.definition.clone(),
        }
    }
}

/// Read once. A file that cannot be read is left out, and a test names it.
static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let files = entries::FILES.iter();
    files
        .filter_map(|(_, text)| serde_json::from_str(text).ok())
        .collect()
});

/// Every default service, by link name.
#[must_use]
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The default service of a link name.
#[must_use]
pub fn entry(link_name: &str) -> Option<&'static Entry> {
    entries()
        .iter()
        .find(|entry| entry.link_name.as_str() == link_name)
}
