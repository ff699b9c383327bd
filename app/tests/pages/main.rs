//! What every page of the console must keep, over the whole gallery.
//!
//! # Layout
//! - [`safety`]: text stays text, secrets stay unseen, nothing that the strictest policy would stop
//! - [`forms`]: labels, errors that are seen and linked, what was typed
//! - [`kinds`], [`connections`]: services and connections of every kind; [`mod@posted`]: what a browser would post
//! - [`states`]: landmarks, order, and what each state offers

#![expect(
    clippy::unwrap_used,
    reason = "a made-up value that does not parse is a mistake made here"
)]

use app::{Assets, Page, render};

mod connections;
mod forms;
mod kinds;
#[path = "../../examples/gallery/models/mod.rs"]
mod models;
#[path = "../../examples/gallery/pages/mod.rs"]
mod pages;
mod posted;
mod safety;
mod states;

const NONCE: &str = "n0nce";

fn html(page: Page) -> String {
    let assets = Assets {
        script: "/assets/connections.abc.js".into(),
        wasm: "/assets/connections.abc.wasm".into(),
        style: "/assets/main.abc.css".into(),
    };
    render(page, &assets, NONCE)
}

fn named(name: &str) -> String {
    let (_, page) = pages::all()
        .into_iter()
        .find(|(known, _)| *known == name)
        .unwrap();
    html(page)
}

/// The tags of a document, each from `<` to `>`; attribute values have their `>` escaped or quoted here.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or(rest))
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}
