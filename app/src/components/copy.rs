//! Text that is there to be copied.

use leptos::prelude::*;

use crate::islands::copy_button::CopyButton;

/// A long value in a box of its own, such as a redirect URL.
#[must_use]
pub fn copy_box(id: &str, value: String, what: &str) -> impl IntoView + use<> {
    let id = id.to_owned();
    view! {
        <div class="copy-box">
            <code id=id.clone()>{value}</code>
            <CopyButton of=id what=what.to_owned() />
        </div>
    }
}

/// A short value in a line of text, such as a link name.
#[must_use]
pub fn copy_code(id: &str, value: String, what: &str) -> impl IntoView + use<> {
    let id = id.to_owned();
    view! {
        <span class="copy-code">
            <code id=id.clone()>{value}</code>
            <CopyButton of=id what=what.to_owned() />
        </span>
    }
}
