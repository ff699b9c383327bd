//! The browser's interfaces, in the few shapes that islands need.
//!
//! Whatever the browser refuses is left as the server rendered it: the page works without any of this.

use std::time::Duration;

use domain::when::{FAR, relative};
use leptos::{html, prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, Event, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, UrlSearchParams};

/// Everything below `root` that a selector finds.
pub(super) fn all(root: &Element, selector: &str) -> Vec<Element> {
    let Ok(list) = root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.get(at)?.dyn_into().ok())
        .collect()
}

/// The whole page.
pub(super) fn root() -> Option<Element> {
    document().document_element()
}

/// Shows or hides an element.
pub(super) fn show(element: &Element, shown: bool) {
    let _ = element.toggle_attribute_with_force("hidden", !shown);
}

/// Where an event happened, as an element.
pub(super) fn target<T: JsCast>(event: &Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}

/// The nearest element around an event that a selector finds.
pub(super) fn around(event: &Event, selector: &str) -> Option<Element> {
    target::<Element>(event)?.closest(selector).ok().flatten()
}

/// What a form would send.
pub(super) fn values(form: &HtmlFormElement) -> Option<UrlSearchParams> {
    let data = FormData::new_with_form(form).ok()?;
    UrlSearchParams::new_with_str_sequence_sequence(&data).ok()
}

/// Copies the text of an element; where the browser has no clipboard, selects it for the person to copy.
pub(super) fn copy(of: &str, copied: RwSignal<bool>) {
    let Some(element) = document().get_element_by_id(of) else {
        return;
    };
    let text = element.text_content().unwrap_or_default();
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        if let Ok(Some(selection)) = window().get_selection() {
            let _ = selection.select_all_children(&element);
        }
        return;
    }
    spawn_local(async move {
        if JsFuture::from(clipboard.write_text(&text)).await.is_ok() {
            copied.set(true);
            set_timeout(move || copied.set(false), Duration::from_millis(1600));
        }
    });
}

/// Filters the rows of a list by the form around `here` whenever that changes.
pub(super) fn filter(here: NodeRef<html::P>, of: &str, count: RwSignal<(usize, usize)>) {
    let form = here.get().and_then(|here| here.closest("form").ok().flatten());
    let Some(form) = form.and_then(|form| form.dyn_into::<HtmlFormElement>().ok()) else {
        return;
    };
    let of = of.to_owned();
    for name in ["input", "submit"] {
        let (form, of) = (form.clone(), of.clone());
        let _ = window_event_listener_untyped(name, move |event| {
            if !form.contains(target(&event).as_ref()) {
                return;
            }
            if event.type_() == "submit" {
                event.prevent_default();
            }
            apply(&form, &of, count);
        });
    }
}

fn apply(form: &HtmlFormElement, of: &str, count: RwSignal<(usize, usize)>) {
    let (Some(values), Some(list)) = (values(form), document().get_element_by_id(of)) else {
        return;
    };
    let text = values.get("text").unwrap_or_default().trim().to_lowercase();
    let rows = all(&list, "[data-row]");
    let mut shown = 0;
    for row in &rows {
        let words = row.get_attribute("data-words").unwrap_or_default();
        let chosen = ["service", "status", "category"].iter().all(|name| {
            let wanted = values.get(name).unwrap_or_default();
            wanted.is_empty()
                || row
                    .get_attribute(&format!("data-{name}"))
                    .is_none_or(|has| has == wanted)
        });
        let fits = chosen && words.contains(&text);
        shown += usize::from(fits);
        show(row, fits);
    }
    count.set((shown, rows.len()));
    if let Ok(Some(none)) = document().query_selector(&format!("[data-none={of}]")) {
        show(&none, shown == 0);
    }
    remember(&values);
}

/// Puts the filter into the address, so that it can be kept and sent; empty parts are left out.
fn remember(values: &UrlSearchParams) {
    for name in ["text", "service", "status", "category"] {
        if values.get(name).is_some_and(|value| value.is_empty()) {
            values.delete(name);
        }
    }
    let query = String::from(values.to_string());
    let address = if query.is_empty() {
        location().pathname().unwrap_or_default()
    } else {
        format!("?{query}")
    };
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Rewrites the words of every moment twice a minute.
pub(super) fn refresh_moments(now: i64) {
    let started = js_sys::Date::now();
    zoned_titles();
    let _ = set_interval_with_handle(
        move || {
            let now = now as f64 * 1000. + js_sys::Date::now() - started;
            for element in root().iter().flat_map(|root| all(root, "time[data-words]")) {
                if let Some(at) = moment(&element) {
                    let seconds = ((at - now) / 1000.) as i64;
                    if seconds.saturating_abs() < FAR {
                        element.set_text_content(Some(&relative(seconds)));
                    }
                }
            }
        },
        Duration::from_secs(30),
    );
}

/// The exact time of every moment in the person's own zone and manner.
fn zoned_titles() {
    let manner = js_sys::Object::new();
    for (part, length) in [("dateStyle", "medium"), ("timeStyle", "short")] {
        let _ = js_sys::Reflect::set(&manner, &JsValue::from_str(part), &JsValue::from_str(length));
    }
    for element in root().iter().flat_map(|root| all(root, "time")) {
        if let Some(at) = moment(&element) {
            let zoned = js_sys::Date::new(&JsValue::from_f64(at)).to_locale_string("default", &manner);
            let _ = element.set_attribute("title", &String::from(zoned));
        }
    }
}

/// Milliseconds since 1970.
fn moment(element: &Element) -> Option<f64> {
    let at = js_sys::Date::parse(&element.get_attribute("datetime")?);
    at.is_finite().then_some(at)
}

/// The value of an input, select or text area.
pub(super) fn value(control: &Element) -> String {
    let value = js_sys::Reflect::get(control, &JsValue::from_str("value")).ok();
    value.and_then(|value| value.as_string()).unwrap_or_default()
}

/// Sets the value of an input.
pub(super) fn set_value(control: &Element, value: &str) {
    if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        input.set_value(value);
    }
}

/// Puts the focus on an element.
pub(super) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}
