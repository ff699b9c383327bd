//! A state that needs a few sentences and one button: an error, a refusal, a session that ended.

use leptos::prelude::*;

/// What the page shows.
pub struct MessagePage {
    /// What happened, in a few words.
    pub heading: String,
    /// Why, and what to do next: at most three short sentences.
    pub sentences: Vec<String>,
    /// Somebody else's own words, such as the provider's.
    pub quote: Option<Quote>,
    /// The button that mends it.
    pub action: Option<Action>,
    /// Another way out.
    pub other: Option<Action>,
}

/// Words that are not ours.
pub struct Quote {
    /// Whose they are.
    pub by: String,
    /// The words, cut and cleaned (`domain::text::quoted`).
    pub words: String,
}

/// A link that looks like a button.
pub struct Action {
    /// A verb and what it is done to.
    pub words: String,
    /// Where it leads.
    pub href: String,
}

/// Draws the page.
#[must_use]
pub fn view(page: MessagePage) -> AnyView {
    let link = |action: Action, class: &'static str| {
        view! {
            <a class=class href=action.href>
                {action.words}
            </a>
        }
    };
    let quote = page.quote.map(|quote| {
        view! {
            <figure class="quote">
                <figcaption>{format!("{} says", quote.by)}</figcaption>
                <blockquote>{quote.words}</blockquote>
            </figure>
        }
    });
    view! {
        <div class="message">
            <h1>{page.heading}</h1>
            {page.sentences.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
            {quote}
            <div class="actions">
                {page.action.map(|action| link(action, "button main"))} {page.other.map(|other| link(other, "button"))}
            </div>
        </div>
    }
    .into_any()
}
