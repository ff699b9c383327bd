//! The HTML document around a page: head, scripts, and the reactive context in which islands render.
//!
//! Rendering is synchronous. The only script in the document is the one below, under the answer's nonce; there is
//! no inline style and no event attribute, so the strictest policy holds.

use std::sync::Arc;

use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::{components::shell, page::Page, pages};

/// Where the browser finds the bundle: paths whose names change with their contents.
#[derive(Debug, Clone)]
pub struct Assets {
    /// The module that wasm-bindgen wrote.
    pub script: String,
    /// The program.
    pub wasm: String,
    /// The style sheet.
    pub style: String,
}

/// Two linked rings on the accent colour.
const FAVICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E\
    %3Crect width='32' height='32' rx='8' fill='%232459d3'/%3E%3Cg fill='none' stroke='%23fff' stroke-width='3'%3E\
    %3Ccircle cx='12.5' cy='16' r='5.5'/%3E%3Ccircle cx='19.5' cy='16' r='5.5'/%3E%3C/g%3E%3C/svg%3E";

/// The whole document.
#[must_use]
pub fn render(page: Page, assets: &Assets, nonce: &str) -> String {
    // Islands mode: nothing hydrates but what an island wraps.
    let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| html(page, assets, nonce).to_html());
    format!("<!doctype html>{html}")
}

fn html(page: Page, assets: &Assets, nonce: &str) -> impl IntoView + use<> {
    let title = match &page.chrome {
        Some(chrome) => format!("{} · {}", page.title, chrome.organization),
        None => format!("{} · Connections", page.title),
    };
    let Page {
        chrome, notice, body, ..
    } = page;
    let role = chrome.as_ref().map(|chrome| chrome.role);
    let content = pages::view(body, role);
    view! {
        <html lang="en">
            {head(title, assets, nonce)}
            <body>{shell::around(chrome, notice, content)}</body>
        </html>
    }
}

fn head(title: String, assets: &Assets, nonce: &str) -> impl IntoView + use<> {
    let Assets { script, style, .. } = assets.clone();
    let nonce = nonce.to_owned();
    let start = start(assets);
    view! {
        <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <title>{title}</title>
            <link rel="icon" href=FAVICON />
            <link rel="stylesheet" href=style />
            <link rel="modulepreload" href=script nonce=nonce.clone() />
            <script type="module" nonce=nonce>
                {start}
            </script>
        </head>
    }
}

/// Loads both halves of the bundle at once and wakes every island. An island's name is the name of its function in the
/// module. The program is asked for here and not in the head: without scripts nobody would use it.
fn start(assets: &Assets) -> String {
    let Assets { script, wasm, .. } = assets;
    format!(
        "const program=fetch({wasm:?});\
         const bundle=await import({script:?});\
         await bundle.default({{module_or_path:program}});\
         bundle.hydrate();\
         for(const island of document.querySelectorAll('leptos-island'))bundle[island.dataset.component]?.(island);\
         document.documentElement.dataset.live=''"
    )
}
