//! Buttons that post, and those that first say what will break.

use leptos::prelude::*;

use super::form::{Target, form};
use crate::page::Form;

/// A form that is one button.
#[must_use]
pub fn button(path: String, verb: &str, class: &'static str) -> AnyView {
    lone(Target::to(path), verb, class)
}

/// The same where the answer is a page that shows something once.
#[must_use]
pub fn showing(path: String, verb: &str, class: &'static str) -> AnyView {
    lone(Target::to(path).plain(), verb, class)
}

fn lone(target: Target, verb: &str, class: &'static str) -> AnyView {
    let verb = verb.to_owned();
    form(&Form::default(), target.class("inline"), |_| {
        view! {
            <button type="submit" class=class>
                {verb}
            </button>
        }
        .into_any()
    })
}

/// A button that opens to what it will break and the button that does it. Opens and closes without scripts.
#[must_use]
pub fn confirm(path: String, verb: &'static str, object: &str, breaks: Vec<String>) -> AnyView {
    let opened = format!("{verb} {object}");
    view! {
        <details class="confirm">
            <summary class="button danger-quiet">
                <span class="opener">{format!("{verb}…")}</span>
                <span class="closer">"Cancel"</span>
            </summary>
            <div class="confirm-words">
                {breaks.into_iter().map(|sentence| view! { <p>{sentence}</p> }).collect_view()}
                {button(path, &opened, "button danger")}
            </div>
        </details>
    }
    .into_any()
}
