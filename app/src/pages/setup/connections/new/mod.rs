//! `/setup/connections/new`: pick the service to connect.
//!
//! # Layout
//! - the tabs: this file
//! - [`defaults`]: services that come with the product, [`customs`]: the organization's own

use leptos::prelude::*;

use crate::components::{
    Icon,
    head::{head, here, step, trail},
    icon,
};

pub mod customs;
pub mod defaults;

pub use customs::ServiceCard;
pub use defaults::{Category, EntryCard, SetUp};

/// What the page shows.
pub struct PickServicePage {
    /// From the query: `?tab=custom`, else the default services.
    pub tab: Tab,
    /// From the query: `?text=`.
    pub text: String,
    /// From the query: `?category=`, the word of a category; empty for all.
    pub category: String,
    /// Whether there is a sandbox to try things with.
    pub sandbox: bool,
    /// The categories of default services, in the order of the page.
    pub categories: Vec<Category>,
    /// The default services, in the order of the page.
    pub entries: Vec<EntryCard>,
    /// The organization's own services; without those that come from a default one.
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

/// Draws the page.
#[must_use]
pub fn view(page: PickServicePage) -> AnyView {
    let create = (page.tab == Tab::Custom).then(|| {
        view! {
            <a class="button" href="/setup/services/new">
                {icon(Icon::Plus)}
                "Create service"
            </a>
        }
        .into_any()
    });
    let tab = |this: Tab, href: &'static str, words: &'static str| {
        let current = (this == page.tab).then_some("page");
        view! {
            <a href=href aria-current=current>
                {words}
            </a>
        }
    };
    view! {
        {trail(vec![step("Connections", "/setup/connections"), here("New")])}
        {head("Pick your service", None, create)}
        <nav class="tabs" aria-label="Services">
            {tab(Tab::Default, "/setup/connections/new", "Default services")}
            {tab(Tab::Custom, "/setup/connections/new?tab=custom", "Custom services")}
        </nav>
        {match page.tab {
            Tab::Default => defaults::view(page),
            Tab::Custom => customs::view(page),
        }}
    }
    .into_any()
}
