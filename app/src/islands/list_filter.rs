//! Filters a list while a person types. Without it the form around it asks the server for the same.

use leptos::prelude::*;

/// Stands in a form of filters and shows how many rows of the list are left.
#[island]
pub fn ListFilter(
    /// The id of the element whose rows (`[data-row]`) are filtered.
    of: String,
    /// How many rows are shown at first.
    shown: usize,
    /// How many there are.
    total: usize,
) -> impl IntoView {
    let count = RwSignal::new((shown, total));
    let here = NodeRef::<leptos::html::P>::new();
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| super::dom::filter(here, &of, count));
    #[cfg(not(feature = "hydrate"))]
    let _ = of;
    view! {
        <p class="count" role="status" node_ref=here>
            {move || {
                let (shown, total) = count.get();
                if shown == total { String::new() } else { format!("{shown} of {total}") }
            }}
        </p>
    }
}
