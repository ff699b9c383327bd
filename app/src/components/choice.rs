//! Fields that are chosen, not typed: selects, check boxes, and secrets, which are typed and never shown.

use leptos::prelude::*;

use super::{
    field::{Frame, described, error_line},
    form::Kit,
};
use crate::islands::check::Kind;

/// A choice among words: each with what is sent and what is read.
#[must_use]
pub fn select(
    kit: &Kit<'_>,
    name: &'static str,
    label: &'static str,
    choices: Vec<(&'static str, &'static str)>,
    help: Option<&str>,
) -> AnyView {
    let error = kit.error(name, label);
    let chosen = kit.form().fields.get(name).to_owned();
    let options = choices
        .into_iter()
        .map(|(word, words)| {
            view! {
                <option value=word selected=chosen == word>
                    {words}
                </option>
            }
        })
        .collect_view();
    let control = view! {
        <select
            id=format!("f-{name}")
            name=name
            class="input"
            aria-describedby=described(name, help.is_some())
            aria-invalid=error.is_some().then_some("true")
            autofocus=kit.has_focus(name)
        >
            {options}
        </select>
    };
    Frame {
        name,
        label,
        optional: false,
        wide: false,
        help: help.map(str::to_owned),
        error,
    }
    .around(control.into_any())
}

/// A secret: stored sealed, never shown again. `kind` is for new passwords, whose rule is known here.
pub struct Secret {
    /// The field.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// Words below it.
    pub help: String,
    /// What the browser may fill in.
    pub complete: &'static str,
    /// The parser that judges it.
    pub check: Option<Kind>,
    /// Whether leaving it empty means something.
    pub optional: bool,
}

impl Secret {
    /// Draws it, always empty; after a refusal it says why it is.
    #[must_use]
    pub fn view(self, kit: &Kit<'_>) -> AnyView {
        let name = self.name;
        let error = kit.error(name, self.label);
        let again = kit.form().was_refused() && error.is_none() && !self.optional;
        let help = if again {
            "Type it again: it was not kept.".to_owned()
        } else {
            self.help
        };
        let control = view! {
            <input
                id=format!("f-{name}")
                name=name
                type="password"
                class="input"
                required=!self.optional
                autocomplete=self.complete
                aria-describedby=described(name, true)
                aria-invalid=error.is_some().then_some("true")
                autofocus=kit.has_focus(name)
                data-check=self.check.map(Kind::word)
            />
        };
        Frame {
            name,
            label: self.label,
            optional: self.optional,
            wide: false,
            help: Some(help),
            error,
        }
        .around(control.into_any())
    }
}

/// A box to tick: what is sent, what is read, and its own words below.
pub struct Tick {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// The exact word behind the label, where that says more.
    pub code: Option<String>,
    /// Whether it is ticked.
    pub ticked: bool,
}

/// Boxes of one name under one heading.
#[must_use]
pub fn ticks(
    kit: &Kit<'_>,
    name: &'static str,
    legend: &'static str,
    help: Option<&'static str>,
    boxes: Vec<Tick>,
) -> AnyView {
    let error = kit.error(name, legend);
    let mut first = Some(format!("f-{name}"));
    let mut focus = kit.has_focus(name);
    let boxes = boxes
        .into_iter()
        .map(|tick| {
            let code = tick.code.filter(|code| *code != tick.label);
            view! {
                <label class="tick">
                    <input
                        id=first.take()
                        type="checkbox"
                        name=name
                        value=tick.value
                        checked=tick.ticked
                        autofocus=std::mem::take(&mut focus)
                    />
                    <span class="tick-words">
                        {tick.label} {code.map(|code| view! { <code>{code}</code> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field wide" aria-describedby=described(name, help.is_some())>
            <legend>{legend}</legend>
            {help.map(|help| view! { <p class="help" id=format!("f-{name}-help")>{help}</p> })}
            <div class="ticks">{boxes}</div>
            {error_line(name, error)}
        </fieldset>
    }
    .into_any()
}
