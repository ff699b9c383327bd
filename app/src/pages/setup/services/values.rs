//! API keys and Basic: what each connection is asked for, and what is made of it.

use domain::service::values::Carrier;
use leptos::prelude::*;

use crate::{
    components::{
        Icon,
        field::Field,
        form::Kit,
        icon,
        rows::{Cell, Column, rows},
    },
    islands::check::Kind,
};

/// Rows of an API key service; without scripts three.
#[must_use]
pub fn api_key(kit: &Kit<'_>) -> AnyView {
    let columns = columns();
    let (filled, drawn) = rows(kit, "key_name", 2, 3);
    let drawn_rows = (0..drawn)
        .map(|row| {
            let cells = columns.iter().map(|column| column.view(kit, row)).collect_view();
            folded_row(
                row,
                filled.max(1),
                "Add a parameter",
                "row-card grid",
                cells.into_any(),
            )
        })
        .collect_view();
    let errors = columns.iter().map(|column| column.error(kit)).collect_view();
    view! {
        <fieldset class="rows" data-for="api_key">
            <legend>"Parameters"</legend>
            <p class="help">
                "Each connection is asked for these values. Write what is sent around {value}, such as Bearer {value}. A row without a name is ignored."
            </p>
            {drawn_rows}
            {errors}
        </fieldset>
    }
    .into_any()
}

fn columns() -> [Column; 4] {
    let places = Carrier::ALL
        .iter()
        .map(|place| (place.word().into(), place.label().into()))
        .collect();
    [
        Column::text("key_name", "Parameter name", "X-Api-Key").holding(Cell::Machine(Some(Kind::PairName))),
        Column::text("key_label", "Display name", "API key"),
        Column::text("key_param_type", "Param type", "").holding(Cell::Choice(places)),
        Column::text("key_template", "What is sent", "{value}").holding(Cell::Machine(Some(Kind::Template))),
    ]
}

/// A row of a list. What is filled is open; a spare one is a line that opens to it, and the next spare one follows.
#[must_use]
pub fn folded_row(
    row: usize,
    filled: usize,
    add: &'static str,
    class: &'static str,
    cells: AnyView,
) -> AnyView {
    if row < filled {
        return view! { <div class=class>{cells}</div> }.into_any();
    }
    view! {
        <details class="spare">
            <summary class="button small">
                {icon(Icon::Plus)}
                {add}
            </summary>
            <div class=class>{cells}</div>
        </details>
    }
    .into_any()
}

/// The fields of Basic.
#[must_use]
pub fn basic(kit: &Kit<'_>) -> AnyView {
    let username = Field::new("username_label", "Label of the first half")
        .depends()
        .placeholder("User name")
        .help("What each connection is asked for, in the provider's words.");
    let password = Field::new("password_label", "Label of the second half")
        .depends()
        .placeholder("Password");
    let template = Field::new("basic_template", "What is sent")
        .depends()
        .check(Kind::Template)
        .wide()
        .placeholder("{username}:{password}")
        .help("Both halves with a colon between, before they are encoded. A half may be fixed: {username}:X for Freshdesk, {username}: for Stripe.");
    view! {
        <div class="grid" data-for="basic">
            {username.view(kit)} {password.view(kit)} {template.view(kit)}
        </div>
    }
    .into_any()
}
