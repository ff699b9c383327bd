//! *What each connection is asked for*: a Slack workspace, a Zoho data centre, a Shopify shop.

use domain::service::field::FieldKind;
use leptos::prelude::*;

use super::values::folded_row;
use crate::{
    components::{
        form::Kit,
        frame::{Word, error_line},
        rows::{Cell, Column, rows},
    },
    islands::check::Kind,
};

/// The group of the form: cards, and a line that opens to one more.
#[must_use]
pub fn group(kit: &Kit<'_>) -> AnyView {
    let (filled, drawn) = rows(kit, "field_name", 2, 2);
    let (main, more) = (main(), more());
    let cards = (0..drawn)
        .map(|row| card(kit, row, filled, &main, &more))
        .collect_view();
    let errors = main
        .iter()
        .chain(&more)
        .map(|column| column.error(kit))
        .collect_view();
    view! {
        <div class="group">
            <h2>"Connection fields"</h2>
            <p class="soft">
                "What each connection is asked for: a Slack workspace, a Zoho data centre, a Shopify shop. Its value can stand in every URL as {name}."
            </p>
            <fieldset class="rows" id="f-fields">
                <legend class="hidden">"Connection fields"</legend>
                {cards}
                {error_line("fields", kit.error("fields", "Connection fields"))}
                {errors}
            </fieldset>
        </div>
    }
    .into_any()
}

fn card(kit: &Kit<'_>, row: usize, filled: usize, main: &[Column], more: &[Column]) -> AnyView {
    let first = main.iter().map(|column| column.view(kit, row)).collect_view();
    let rest = more.iter().map(|column| column.view(kit, row)).collect_view();
    let fields = &kit.form().fields;
    let set = more.iter().filter(|column| {
        let value = fields.all(column.name).nth(row).unwrap_or_default().trim();
        !value.is_empty() && value != "off"
    });
    let set = set.count();
    // Which row is wrong is not known: all that hold something are opened.
    let open = row < filled.max(1) && kit.any_wrong(more.iter().map(|column| column.name));
    let words = if set == 0 {
        String::new()
    } else {
        format!("{set} set")
    };
    let cells = view! {
        {first}
        <details class="more wide" open=open>
            <summary>
                <span>"Help, choices and form"</span>
                <span class="soft">{words}</span>
            </summary>
            <div class="more-fields">
                <div class="grid">{rest}</div>
            </div>
        </details>
    };
    folded_row(row, filled, "Add a field", "row-card thirds", cells.into_any())
}

fn main() -> [Column; 3] {
    let kinds = FieldKind::ALL
        .iter()
        .map(|kind| (kind.word().into(), kind.label().into()))
        .collect();
    [
        Column::text("field_name", "Name in templates", "workspace")
            .holding(Cell::Machine(Some(Kind::FieldName)))
            .help("A field without one is ignored."),
        Column::text("field_label", "Field label", "Slack workspace"),
        Column::text("field_kind", "Kind of value", "").holding(Cell::Choice(kinds)),
    ]
}

fn more() -> [Column; 8] {
    let choice = |off: &'static str, on: &'static str| -> Cell {
        let words: Vec<(Word, Word)> = vec![("off".into(), off.into()), ("on".into(), on.into())];
        Cell::Choice(words)
    };
    [
        Column::text("field_help", "Help below it", "The part before .slack.com"),
        Column::text("field_default", "Default", "com").help("Taken where nobody types a value."),
        Column::text("field_prefix", "Shown before it", "https://")
            .help("Taken off a value that was pasted with it."),
        Column::text("field_suffix", "Shown behind it", ".slack.com"),
        Column::text("field_secret", "Secrecy", "")
            .holding(choice("Shown to administrators", "Stored sealed, never shown")),
        Column::text("field_optional", "Need", "").holding(choice("Must be filled in", "May be left empty")),
        Column::text("field_pattern", "Pattern", "[a-z0-9-]+")
            .holding(Cell::Machine(None))
            .help("A regular expression that the whole value must match."),
        Column::text("field_choices", "Choices", "eu=Europe")
            .holding(Cell::Lines)
            .help("One a line, value=words. Then nothing else can be chosen."),
    ]
}
