//! The box that narrows a list, in the form of its filters.

use leptos::prelude::*;

use super::{Icon, icon};

/// The field `text`, with what was searched for; `words` say what is looked at.
#[must_use]
pub fn search(text: String, words: &'static str) -> impl IntoView {
    view! {
        <span class="search">
            {icon(Icon::Search)}
            <input class="input" type="search" name="text" value=text placeholder=words aria-label=words />
        </span>
    }
}
