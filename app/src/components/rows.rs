//! Cells of rows: inputs whose columns repeat, with one line a column for what is wrong.

use leptos::prelude::*;

use super::{
    area::content,
    choice::options,
    form::Kit,
    frame::{Word, described, error_line},
};
use crate::islands::check::Kind;

/// What is typed into a cell.
pub enum Cell {
    /// One line.
    Text,
    /// One line that machines read, and the parser that judges it.
    Machine(Option<Kind>),
    /// Several lines.
    Lines,
    /// One of these.
    Choice(Vec<(Word, Word)>),
}

/// A column.
pub struct Column {
    /// The field.
    pub name: &'static str,
    /// Its label, in every row.
    pub label: &'static str,
    /// An example inside the empty cell.
    pub example: &'static str,
    /// Words below it.
    pub help: &'static str,
    /// What it holds.
    pub cell: Cell,
}

impl Column {
    /// One line of text.
    #[must_use]
    pub const fn text(name: &'static str, label: &'static str, example: &'static str) -> Self {
        Self {
            name,
            label,
            example,
            help: "",
            cell: Cell::Text,
        }
    }

    /// With words below every cell.
    #[must_use]
    pub const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// Something else than text.
    #[must_use]
    pub fn holding(mut self, cell: Cell) -> Self {
        self.cell = cell;
        self
    }

    /// Draws the cell of a row, counted from 0. The first has the id that errors lead to, and the focus.
    #[must_use]
    pub fn view(&self, kit: &Kit<'_>, row: usize) -> AnyView {
        let name = self.name;
        let value = kit
            .form()
            .fields
            .all(name)
            .nth(row)
            .unwrap_or_default()
            .to_owned();
        let id = if row == 0 {
            format!("f-{name}")
        } else {
            format!("f-{name}-{}", row + 1)
        };
        let wrong = (row == 0 && kit.form().errors.of(name).is_some()).then_some("true");
        let focus = row == 0 && kit.has_focus(name);
        let example = (!self.example.is_empty()).then_some(self.example);
        let about = described(name, false);
        let control = match &self.cell {
            Cell::Lines => view! {
                <textarea id=id.clone() name=name rows="3" class="input" placeholder=example spellcheck="false"
                    autocomplete="off" aria-describedby=about aria-invalid=wrong autofocus=focus>
                    {content(&value)}
                </textarea>
            }
            .into_any(),
            Cell::Choice(choices) => view! {
                <select id=id.clone() name=name class="input" aria-describedby=about aria-invalid=wrong
                    autofocus=focus>
                    {options(choices, &value)}
                </select>
            }
            .into_any(),
            cell => {
                let (machine, check) = match cell {
                    Cell::Machine(check) => (true, *check),
                    _ => (false, None),
                };
                view! {
                    <input id=id.clone() name=name class=if machine { "input machine" } else { "input" } value=value
                        placeholder=example autocomplete="off" autocapitalize=machine.then_some("none")
                        spellcheck=machine.then_some("false") aria-describedby=about aria-invalid=wrong
                        autofocus=focus data-check=check.map(Kind::word) />
                }
                .into_any()
            }
        };
        let help = (!self.help.is_empty()).then(|| view! { <p class="help">{self.help}</p> });
        view! {
            <div class="field">
                <label class="label" for=id>{self.label}</label>
                {control}
                {help}
            </div>
        }
        .into_any()
    }

    /// The line for what is wrong in this column, once below all rows.
    #[must_use]
    pub fn error(&self, kit: &Kit<'_>) -> AnyView {
        error_line(self.name, kit.error(self.name, self.label))
    }
}

/// How many rows to draw: those that have a name, in their places, and spare ones.
#[must_use]
pub fn rows(kit: &Kit<'_>, name: &str, spare: usize, least: usize) -> (usize, usize) {
    let typed = kit.form().fields.all(name).collect::<Vec<_>>();
    let filled = typed
        .iter()
        .rposition(|name| !name.trim().is_empty())
        .map_or(0, |at| at + 1);
    (filled, (filled + spare).max(least))
}
