//! Keeps the words of every moment on the page true while the page stays open.

use leptos::prelude::*;

/// Stands once on a page with moments.
#[island]
pub fn When(
    /// The server's clock when it rendered the page, in seconds since 1970: a wrong clock in the browser does
    /// not make wrong words.
    now: i64,
) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| super::dom::refresh_moments(now));
    #[cfg(not(feature = "hydrate"))]
    let _ = now;
    // An island needs an element to wake up in.
    view! { <span hidden></span> }
}
