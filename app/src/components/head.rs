//! A page's heading with its breadcrumb and actions.

use leptos::prelude::*;

/// A step of a breadcrumb: its words, and its address where it is a page.
pub type Step = (String, Option<String>);

/// The breadcrumb of a page below Setup; the last step is the page itself.
#[must_use]
pub fn trail(steps: Vec<Step>) -> impl IntoView {
    let last = steps.len();
    let steps = std::iter::once(("Setup".to_owned(), None)).chain(steps);
    let items = steps
        .enumerate()
        .map(|(at, (words, href))| match href {
            Some(href) => view! { <li><a href=href>{words}</a></li> }.into_any(),
            None => {
                let current = (at == last).then_some("page");
                view! { <li><span aria-current=current>{words}</span></li> }.into_any()
            }
        })
        .collect_view();
    view! {
        <nav class="trail" aria-label="Breadcrumb">
            <ol>{items}</ol>
        </nav>
    }
}

/// A step that leads to a page.
#[must_use]
pub fn step(words: &str, href: impl Into<String>) -> Step {
    (words.to_owned(), Some(href.into()))
}

/// The last step.
#[must_use]
pub fn here(words: &str) -> Step {
    (words.to_owned(), None)
}

/// The heading of a page: what it is, what belongs to that, what can be done.
#[must_use]
pub fn head(
    title: impl IntoView + 'static,
    beside: Option<AnyView>,
    actions: Option<AnyView>,
) -> impl IntoView {
    view! {
        <div class="head">
            <h1>{title.into_any()}</h1>
            {beside}
            {actions.map(|actions| view! { <div class="head-actions">{actions}</div> })}
        </div>
    }
}
