//! Checks a field by the parser that the server will use, and proposes link names.
//!
//! Nobody is told off in the middle of a word: a field is judged when it is left. A URL is judged as soon as the
//! typing pauses, and a field that is already marked as wrong as soon as it is right.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use domain::link_name::LinkName;
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlFormElement, HtmlInputElement};

use super::{super::check::Kind, super::dom, post, report};

const PAUSE: Duration = Duration::from_millis(500);

thread_local! {
    static WAITING: Cell<Option<TimeoutHandle>> = const { Cell::new(None) };
    /// Whether a pointer is held down, and the field that was left since.
    static PRESSED: Cell<bool> = const { Cell::new(false) };
    static LEFT: RefCell<Option<Element>> = const { RefCell::new(None) };
}

/// After every key.
pub(super) fn typed(event: &Event) {
    let Some(control) = control(event) else {
        return;
    };
    propose(&control);
    let marked = control.has_attribute("aria-invalid");
    match kind(&control) {
        Some(kind) if kind.is_url() => after_a_pause(control, kind),
        // A field without a parser is right again as far as anybody knows here.
        Some(kind) if marked => tell(&control, kind.complaint(&dom::value(&control)).as_deref()),
        None if marked => tell(&control, None),
        _ => {}
    }
}

/// When a field is left. A press that takes the focus away is let go first: a complaint moves what stands below it,
/// and the press would miss its button.
pub(super) fn left(event: &Event) {
    let Some(control) = control(event) else {
        return;
    };
    if PRESSED.get() {
        LEFT.replace(Some(control));
    } else {
        judge(control);
    }
}

/// When a pointer is pressed.
pub(super) fn pressed() {
    PRESSED.set(true);
}

/// When it is let go: the click comes first, then the field that was left is judged.
pub(super) fn released() {
    PRESSED.set(false);
    if let Some(control) = LEFT.take() {
        set_timeout(move || judge(control), Duration::ZERO);
    }
}

/// Where something is typed: an input or a text area.
fn control(event: &Event) -> Option<Element> {
    let element = dom::target::<Element>(event)?;
    element
        .matches("input,textarea")
        .is_ok_and(|typed| typed)
        .then_some(element)
}

fn judge(control: Element) {
    let value = dom::value(&control);
    match kind(&control) {
        _ if value.is_empty() => {}
        Some(kind) if kind.is_url() => judge_url(control, kind),
        Some(kind) => tell(&control, kind.complaint(&value).as_deref()),
        None => pattern(&control),
    }
}

/// An expression of the service's is compared by the browser itself: the bundle has no engine for it.
fn pattern(control: &Element) {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>()
        && input.has_attribute("pattern")
    {
        let wrong = !input.check_validity();
        tell(control, wrong.then_some("This is not how the service writes it."));
    }
}

fn kind(control: &Element) -> Option<Kind> {
    Kind::of(&control.get_attribute("data-check")?)
}

fn form(control: &Element) -> Option<HtmlFormElement> {
    control.closest("form").ok()??.dyn_into().ok()
}

fn tell(control: &Element, message: Option<&str>) {
    if let (Some(form), Some(name)) = (form(control), control.get_attribute("name")) {
        report::field(&form, &name, message);
        // Of a column of fields, only this one is wrong.
        if message.is_some() {
            for other in dom::all(&form, &format!("[name=\"{name}\"]")) {
                if &other != control {
                    let _ = other.remove_attribute("aria-invalid");
                }
            }
        }
    }
}

fn after_a_pause(control: Element, kind: Kind) {
    let waiting = set_timeout_with_handle(move || judge_url(control, kind), PAUSE).ok();
    if let Some(earlier) = WAITING.replace(waiting) {
        earlier.clear();
    }
}

/// First by its shape; a good shape is for the server to judge, which knows the operator's rules.
fn judge_url(control: Element, kind: Kind) {
    let value = dom::value(&control);
    if let Some(complaint) = kind.complaint(&value) {
        tell(&control, Some(&complaint));
        return;
    }
    if value.is_empty() {
        tell(&control, None);
        return;
    }
    spawn_local(async move {
        let name = control.get_attribute("name").unwrap_or_default();
        let opinion = post::ask(&name, &value).await;
        if dom::value(&control) == value {
            tell(&control, opinion.as_deref());
        }
    });
}

/// Follows the name with the link name, until somebody types a link name.
fn propose(control: &Element) {
    let value = dom::value(control);
    if control.has_attribute("data-propose") {
        let _ = control.toggle_attribute_with_force("data-typed", !value.is_empty());
        return;
    }
    let (Some(form), Some(name)) = (form(control), control.get_attribute("name")) else {
        return;
    };
    let followers = dom::all(&form, &format!("[data-propose=\"{name}\"]:not([data-typed])"));
    let before = control.get_attribute("value").unwrap_or_default();
    for follower in followers {
        let first = follower.get_attribute("value").unwrap_or_default();
        // The server may have proposed one itself; anything else was chosen by somebody.
        if first.is_empty() || first == proposal(&before) {
            dom::set_value(&follower, &proposal(&value));
            if let Some(name) = follower.get_attribute("name") {
                report::field(&form, &name, None);
            }
        }
    }
}

fn proposal(name: &str) -> String {
    LinkName::propose(name).map(String::from).unwrap_or_default()
}
