//! The browser's entry: wakes the islands that the server rendered.

// Each island is a function of the module, named by the page; without this line the linker would drop them all.
use app as _;

/// Called by the script that the server puts into every page.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
