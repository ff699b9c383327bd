//! Every form of the page: checks fields while a person types, posts without a page load, shows what is wrong.
//!
//! It stands once a page and listens on the document. A form takes part unless it has `data-plain`; a field is
//! checked by the parser that its `data-check` names.

use leptos::prelude::*;

/// Stands once on every page; its element says to screen readers what a form is doing.
#[island]
pub fn LiveForm() -> impl IntoView {
    let doing = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| super::form::start(doing));
    view! {
        <p class="hidden" role="status">
            {move || doing.get()}
        </p>
    }
}
