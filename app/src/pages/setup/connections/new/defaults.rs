//! Default services: what is known about providers, in categories.

use domain::{link_name::LinkName, service::AuthenticationType, when::count};
use leptos::prelude::*;

use super::{super::list::try_the_sandbox, PickServicePage};
use crate::{
    components::{
        monogram::{Mark, monogram},
        search::search,
    },
    islands::list_filter::ListFilter,
};

/// A default service to pick.
#[derive(Debug, Clone)]
pub struct EntryCard {
    /// Its word in addresses: `?from=slack`.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Its monogram.
    pub mark: Mark,
    /// How it authenticates.
    pub kind: AuthenticationType,
    /// What it is for, in one line.
    pub summary: String,
    /// The word of its category.
    pub category: String,
    /// The organization's service that was made of it.
    pub set_up: Option<SetUp>,
}

/// A default service that the organization already has.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// Its link name.
    pub link_name: LinkName,
    /// How many connections it has.
    pub connections: usize,
}

/// What default services are sorted into.
#[derive(Debug, Clone)]
pub struct Category {
    /// Its word in addresses.
    pub word: String,
    /// What people read.
    pub label: String,
}

/// Search, categories and cards.
#[must_use]
pub fn view(page: PickServicePage) -> AnyView {
    if page.entries.is_empty() && !page.sandbox {
        return view! {
            <p class="empty card">
                "This server has no default services. Create a service of your own: one form with the provider's URLs."
            </p>
        }
        .into_any();
    }
    let wanted = page.text.trim().to_lowercase();
    // A category that there is not is none.
    let known = page
        .categories
        .iter()
        .any(|category| category.word == page.category);
    let category = if known {
        page.category.clone()
    } else {
        String::new()
    };
    let total = page.entries.len() + usize::from(page.sandbox);
    let fits = |words: &str, of: &str| words.contains(&wanted) && (category.is_empty() || category == of);
    let mut shown = 0;
    let sandbox = page.sandbox.then(|| {
        let fits = fits(SANDBOX, "sandbox");
        shown += usize::from(fits);
        sandbox(!fits)
    });
    let cards = page
        .entries
        .into_iter()
        .map(|entry| {
            let words = format!(
                "{} {} {} {}",
                entry.name,
                entry.id,
                entry.kind.label(),
                entry.summary
            )
            .to_lowercase();
            let fits = fits(&words, &entry.category);
            shown += usize::from(fits);
            card(entry, words, !fits)
        })
        .collect_view();
    view! {
        <form class="filters" method="get" role="search" aria-label="Search services">
            {search(page.text, "Search services")}
            <button type="submit" class="button without-script">
                "Search"
            </button>
            <ListFilter of="services".to_owned() shown=shown total=total />
            {categories(&page.categories, &page.category)}
        </form>
        <ul class="cards" id="services">
            {cards} {sandbox}
        </ul>
        <div class="empty card" data-none="services" hidden=shown != 0>
            <p>"No default service matches. With the URLs from the provider's developer page you can define it yourself."</p>
            <a class="button" href="/setup/services/new">
                "Create service"
            </a>
        </div>
    }
    .into_any()
}

fn categories(all: &[Category], chosen: &str) -> Option<AnyView> {
    let everything = Category {
        word: String::new(),
        label: "All".into(),
    };
    let known = all.iter().any(|category| category.word == chosen);
    let chips = std::iter::once(&everything)
        .chain(all)
        .map(|category| {
            let checked = category.word == chosen || (category.word.is_empty() && !known);
            view! {
                <label class="choice-chip">
                    <input
                        class="hidden"
                        type="radio"
                        name="category"
                        value=category.word.clone()
                        checked=checked
                    />
                    {category.label.clone()}
                </label>
            }
        })
        .collect_view();
    (!all.is_empty()).then(|| {
        view! {
            <fieldset class="choice-chips">
                <legend class="hidden">"Category"</legend>
                {chips}
            </fieldset>
        }
        .into_any()
    })
}

fn card(entry: EntryCard, words: String, hidden: bool) -> impl IntoView {
    let kind = entry.kind.label();
    let (href, known) = match &entry.set_up {
        Some(own) => {
            let connections = match own.connections {
                0 => "Set up".to_owned(),
                some => count(i64::try_from(some).unwrap_or(i64::MAX), "connection"),
            };
            (
                format!("/setup/connections/new/{}", own.link_name),
                Some(connections),
            )
        }
        None => (format!("/setup/services/new?from={}", entry.id), None),
    };
    let known = known.map(|words| view! { <span class="set-up">{words}</span> });
    view! {
        <li class="card service-card whole-link" data-row data-words=words data-category=entry.category hidden=hidden>
            <div class="named">
                {entry.mark.view()}
                <div>
                    <a class="name" href=href>
                        {entry.name}
                    </a>
                    <small class="soft">{kind}</small>
                </div>
                {known}
            </div>
            <p>{entry.summary}</p>
        </li>
    }
}

/// What the sandbox is found by.
const SANDBOX: &str = "sandbox oauth 2.0 rehearsal test";

fn sandbox(hidden: bool) -> impl IntoView {
    view! {
        <li class="card service-card" data-row data-words=SANDBOX data-category="sandbox" hidden=hidden>
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
    }
}
