//! The browser's side of every form.
//!
//! # Layout
//! - [`typing`]: checks a field while somebody types, proposes link names
//! - [`post`]: sends a form without a page load
//! - [`report`]: shows what is wrong, as the server would have rendered it
//! - [`scopes`]: rows of scopes

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlFormElement, SubmitEvent};

use super::dom;

mod post;
mod report;
pub(super) mod scopes;
mod typing;

const BUSY: &str = "aria-busy";

/// Listens for what happens in any form of the page.
pub(super) fn start(doing: RwSignal<String>) {
    let _ = window_event_listener_untyped("submit", move |event| submit(&event, doing));
    let _ = window_event_listener_untyped("input", |event| typing::typed(&event));
    let _ = window_event_listener_untyped("focusout", |event| typing::left(&event));
    let _ = window_event_listener_untyped("pointerdown", |_| typing::pressed());
    let _ = window_event_listener_untyped("pointerup", |_| typing::released());
    let _ = window_event_listener_untyped("pointercancel", |_| typing::released());
    // A page that comes back from the browser's cache must not still be sending.
    let _ = window_event_listener_untyped("pageshow", move |_| {
        doing.set(String::new());
        for button in dom::root().iter().flat_map(|root| dom::all(root, "[aria-busy]")) {
            let _ = button.remove_attribute(BUSY);
        }
    });
}

fn submit(event: &web_sys::Event, doing: RwSignal<String>) {
    let Some(form) = dom::target::<HtmlFormElement>(event) else {
        return;
    };
    // Not the property: a field may be named `method`, and would stand in its place.
    let posts = form
        .get_attribute("method")
        .is_some_and(|method| method == "post");
    if event.default_prevented() || !posts || form.has_attribute("data-plain") {
        return;
    }
    let pressed = event
        .dyn_ref::<SubmitEvent>()
        .and_then(|event| event.submitter())
        .map(Element::from);
    // This button's answer is a page.
    if pressed
        .as_ref()
        .is_some_and(|button| button.has_attribute("data-plain"))
    {
        return;
    }
    event.prevent_default();
    // The button that Enter presses is out of sight; the main one says that it works.
    let seen = pressed.clone().filter(|button| !button.has_attribute("hidden"));
    let first = |selector| form.query_selector(selector).ok().flatten();
    let button = seen.or_else(|| first(".main[type=submit]").or_else(|| first("[type=submit]")));
    // One press, one request.
    if button.as_ref().is_some_and(|button| button.has_attribute(BUSY)) {
        return;
    }
    if let Some(button) = &button {
        let _ = button.set_attribute(BUSY, "true");
    }
    doing.set("Sending…".into());
    leptos::task::spawn_local(async move {
        let leaves = post::send(&form, pressed.as_ref()).await;
        if !leaves {
            doing.set(String::new());
            if let Some(button) = button {
                let _ = button.remove_attribute(BUSY);
            }
        }
    });
}
