//! Copies what stands in another element. Hidden by the style sheet where scripts do not run.

use leptos::prelude::*;

use super::icon::{Icon, icon};

/// A button that copies the text, or the value, of the element with the id `of`.
#[island]
pub fn CopyButton(
    /// The id of the element.
    of: String,
    /// What is copied, for people who do not see it: "link name zoom".
    what: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    let copy = move |_| super::dom::copy(&of, copied);
    #[cfg(not(feature = "hydrate"))]
    let copy = move |_| _ = &of;
    view! {
        <button type="button" class="button small copy" data-done=move || copied.get().then_some("") on:click=copy>
            {icon(Icon::Copy)}
            <span class="word" aria-live="polite">
                {move || if copied.get() { "Copied" } else { "Copy" }}
            </span>
            <span class="hidden">{format!(" {what}")}</span>
        </button>
    }
}
