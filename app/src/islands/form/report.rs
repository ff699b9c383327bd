//! Shows what is wrong, in the elements that the server rendered for it.

use domain::form::FieldErrors;
use leptos::prelude::*;
use web_sys::{Element, HtmlFormElement};

use super::super::dom;

/// Shows the errors of a whole form and leads to the first.
pub(super) fn show(form: &HtmlFormElement, errors: &FieldErrors, words: &str) {
    let errors = &in_order(form, errors);
    let summary = summary(form, errors, words);
    let first = errors.0.iter().find_map(|error| control(form, &error.field));
    match (first, summary) {
        (Some(first), _) => {
            unfold(&first);
            dom::focus(&first);
        }
        (None, Some(summary)) => dom::focus(&summary),
        (None, None) => {}
    }
}

/// What is folded away cannot take the focus.
fn unfold(element: &Element) {
    let mut folded = element.closest("details").ok().flatten();
    while let Some(details) = folded {
        let _ = details.set_attribute("open", "");
        folded = details
            .parent_element()
            .and_then(|around| around.closest("details").ok().flatten());
    }
}

/// Shows or clears the error of every field; gives the errors in the order of the page.
fn in_order(form: &HtmlFormElement, errors: &FieldErrors) -> FieldErrors {
    let names: Vec<String> = dom::all(form, "[data-error]")
        .iter()
        .filter_map(|line| line.get_attribute("data-error"))
        .collect();
    for name in &names {
        field(form, name, errors.of(name));
    }
    let place = |name: &str| {
        names
            .iter()
            .position(|known| known == name)
            .unwrap_or(names.len())
    };
    let mut sorted = errors.clone();
    sorted.0.sort_by_key(|error| place(&error.field));
    sorted
}

/// Shows or clears the error of one field.
pub(super) fn field(form: &HtmlFormElement, name: &str, message: Option<&str>) {
    let Ok(Some(line)) = form.query_selector(&format!("[data-error=\"{name}\"]")) else {
        return;
    };
    line.set_text_content(message);
    dom::show(&line, message.is_some());
    for control in dom::all(form, &format!("[name=\"{name}\"]:not([type=hidden])")) {
        let _ = match message {
            Some(_) => control.set_attribute("aria-invalid", "true"),
            None => control.remove_attribute("aria-invalid"),
        };
    }
}

/// Asks for a second look: lists what will happen, and shows the button that does it all the same.
pub(super) fn ask(form: &HtmlFormElement, lines: &[String], words: Option<&str>) {
    let list = form.query_selector(".summary ul").ok().flatten();
    for (line, list) in lines.iter().zip(list.iter().cycle()) {
        if let Ok(item) = document().create_element("li") {
            item.set_text_content(Some(line));
            let _ = list.append_child(&item);
        }
    }
    // Which of the two buttons it is now: the first one would only ask again.
    if let Ok(Some(first)) = form.query_selector("[data-first]") {
        dom::show(&first, words.is_none());
    }
    if let Ok(Some(button)) = form.query_selector("[name=confirm]") {
        dom::show(&button, words.is_some());
        if words.is_some() {
            button.set_text_content(words);
        }
    }
}

fn control(form: &HtmlFormElement, name: &str) -> Option<Element> {
    // A name comes from the server and is still not trusted to be part of a selector.
    let plain = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let selector = format!("[name=\"{name}\"]:not([type=hidden])");
    plain
        .then(|| form.query_selector(&selector).ok().flatten())
        .flatten()
}

fn summary(form: &HtmlFormElement, errors: &FieldErrors, words: &str) -> Option<Element> {
    let summary = form.query_selector(".summary").ok()??;
    let whole = errors.of("").unwrap_or(words);
    summary.query_selector("p").ok()??.set_text_content(Some(whole));
    let list = summary.query_selector("ul").ok()??;
    list.set_text_content(None);
    for error in errors.0.iter().filter(|error| !error.field.is_empty()) {
        let item = document().create_element("li").ok()?;
        let link = document().create_element("a").ok()?;
        link.set_attribute("href", &format!("#f-{}", error.field)).ok()?;
        link.set_text_content(Some(&label(form, &error.field)));
        item.append_child(&link).ok()?;
        let message = document().create_text_node(&format!(": {}", error.message));
        item.append_child(&message).ok()?;
        list.append_child(&item).ok()?;
    }
    dom::show(&summary, true);
    Some(summary)
}

/// The words that stand beside a field.
fn label(form: &HtmlFormElement, name: &str) -> String {
    let control = control(form, name);
    let beside = control.as_ref().and_then(|control| {
        let label = form
            .query_selector(&format!("label[for=\"{}\"]", control.id()))
            .ok()
            .flatten();
        label.or_else(|| control.closest("fieldset").ok()??.query_selector("legend").ok()?)
    });
    beside
        .and_then(|label| label.text_content())
        .unwrap_or_else(|| "This form".into())
}
