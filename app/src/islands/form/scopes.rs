//! Rows of scopes: more of them, fewer of them, many at once.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use super::super::{dom, scope_rows::pieces};

const ROW: &str = "[data-scope]";
const SHOWN: &str = "[data-scope]:not([data-spare])";
const NAME: &str = "[name=scope_name]";
const LABEL: &str = "[name=scope_display_name]";

/// Listens for the buttons that remove a row.
pub(in super::super) fn watch(here: NodeRef<html::Div>) {
    let _ = window_event_listener_untyped("click", move |event| {
        let row = dom::around(&event, "[data-remove]").and_then(|button| button.closest(ROW).ok().flatten());
        if let (Some(row), Some(fieldset)) = (row, fieldset(here)) {
            remove(&fieldset, &row);
        }
    });
}

/// Shows one more row, with a scope in it where one is given, and puts the focus there.
pub(in super::super) fn add(here: NodeRef<html::Div>, scope: &str) {
    if let Some(name) = fieldset(here).and_then(|fieldset| one_more(&fieldset)) {
        dom::set_value(&name, scope);
        dom::focus(&name);
    }
}

/// Fills rows from the pasted text; true where there was something to take.
pub(in super::super) fn paste(here: NodeRef<html::Div>, pasted: NodeRef<html::Textarea>) -> bool {
    let (Some(fieldset), Some(area)) = (fieldset(here), pasted.get()) else {
        return false;
    };
    let found = pieces(&area.value());
    let known: Vec<String> = dom::all(&fieldset, NAME).iter().map(dom::value).collect();
    for (scope, label) in found.iter().filter(|(scope, _)| !known.contains(scope)) {
        let shown = dom::all(&fieldset, &format!("{SHOWN} {NAME}"));
        let empty = shown.into_iter().find(|name| dom::value(name).is_empty());
        if let Some(name) = empty.or_else(|| one_more(&fieldset)) {
            dom::set_value(&name, scope);
            relabel(&name, label);
        }
    }
    area.set_value("");
    !found.is_empty()
}

fn relabel(name: &Element, label: &str) {
    let row = name.closest(ROW).ok().flatten();
    let field = row.and_then(|row| row.query_selector(LABEL).ok().flatten());
    if let Some(field) = field.filter(|_| !label.is_empty()) {
        dom::set_value(&field, label);
    }
}

fn fieldset(here: NodeRef<html::Div>) -> Option<Element> {
    here.get_untracked()?.closest("fieldset").ok()?
}

/// The name field of a row that was spare until now, or of a copy of the last one.
fn one_more(fieldset: &Element) -> Option<Element> {
    if let Some(spare) = fieldset.query_selector("[data-spare]").ok()? {
        spare.remove_attribute("data-spare").ok()?;
        return spare.query_selector(NAME).ok()?;
    }
    let rows = dom::all(fieldset, ROW);
    let last = rows.last()?;
    let row: Element = Node::clone_node_with_deep(last, true).ok()?.dyn_into().ok()?;
    for field in dom::all(&row, ".field") {
        number(&field, rows.len() + 1);
    }
    last.parent_element()?.append_child(&row).ok()?;
    row.query_selector(NAME).ok()?
}

/// Gives a copied field an id of its own and empties it.
fn number(field: &Element, number: usize) -> Option<()> {
    let input = field.query_selector("input").ok()??;
    let id = format!("f-{}-{number}", input.get_attribute("name")?);
    field
        .query_selector("label")
        .ok()??
        .set_attribute("for", &id)
        .ok()?;
    input.set_id(&id);
    input.remove_attribute("value").ok()?;
    dom::set_value(&input, "");
    Some(())
}

/// The last row is only emptied: it carries the labels, and somewhere a scope must be typed.
fn remove(fieldset: &Element, row: &Element) {
    for input in dom::all(row, "input") {
        dom::set_value(&input, "");
    }
    let shown = dom::all(fieldset, SHOWN);
    let first = shown.first() == Some(row);
    let place = shown.iter().position(|other| other == row).unwrap_or_default();
    if !first {
        row.remove();
    }
    let before = shown
        .get(place.saturating_sub(1))
        .and_then(|row| row.query_selector(NAME).ok().flatten());
    if let Some(name) = before {
        dom::focus(&name);
    }
}
