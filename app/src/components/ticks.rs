//! Fields that are chosen where all choices are seen: boxes to tick, radio buttons.

use leptos::prelude::*;

use super::{
    form::Kit,
    frame::{described, error_line},
};

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

/// A box that is on or off, with words below.
#[must_use]
pub fn tick(
    kit: &Kit<'_>,
    name: &'static str,
    label: &'static str,
    help: &'static str,
    only: Option<&'static str>,
) -> AnyView {
    let error = kit.error(name, label);
    let ticked = kit.form().fields.has(name);
    view! {
        <div class="field" data-for=only data-field=name>
            <label class="tick">
                <input
                    id=format!("f-{name}")
                    type="checkbox"
                    name=name
                    value="on"
                    checked=ticked
                    aria-describedby=described(name, true)
                    autofocus=kit.has_focus(name)
                />
                <span>{label}</span>
            </label>
            {error_line(name, error)}
            <p class="help" id=format!("f-{name}-help")>{help}</p>
        </div>
    }
    .into_any()
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
        .map(|tick| one_of(name, tick, first.take(), std::mem::take(&mut focus)))
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

/// Further boxes of a name whose first group stands above: errors are shown there.
#[must_use]
pub fn more_ticks(name: &'static str, legend: String, help: &'static str, boxes: Vec<Tick>) -> AnyView {
    let boxes = boxes
        .into_iter()
        .map(|tick| one_of(name, tick, None, false))
        .collect_view();
    view! {
        <fieldset class="field wide">
            <legend>{legend}</legend>
            <p class="help">{help}</p>
            <div class="ticks">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

fn one_of(name: &'static str, tick: Tick, id: Option<String>, focus: bool) -> impl IntoView + use<> {
    let code = tick.code.filter(|code| *code != tick.label);
    view! {
        <label class="tick">
            <input id=id type="checkbox" name=name value=tick.value checked=tick.ticked autofocus=focus />
            <span class="tick-words">{tick.label} {code.map(|code| view! { <code>{code}</code> })}</span>
        </label>
    }
}

/// One of several, all of them seen: what is sent, what is read, and a sentence.
pub struct Radio {
    /// What is sent.
    pub value: &'static str,
    /// What is read.
    pub label: &'static str,
    /// More of it.
    pub help: Option<&'static str>,
}

/// Radio buttons under one heading; the first is chosen where nobody chose. `class` is their look.
#[must_use]
pub fn radios(
    kit: &Kit<'_>,
    name: &'static str,
    legend: &'static str,
    class: &'static str,
    choices: Vec<Radio>,
) -> AnyView {
    let error = kit.error(name, legend);
    let chosen = kit.form().fields.get(name);
    let known = choices.iter().any(|choice| choice.value == chosen);
    let mut focus = kit.has_focus(name);
    let buttons = choices
        .into_iter()
        .enumerate()
        .map(|(at, choice)| {
            let id = (at == 0).then(|| format!("f-{name}"));
            let checked = choice.value == chosen || (at == 0 && !known);
            let help = choice.help.map(|help| view! { <span class="help">{help}</span> });
            view! {
                <label class="radio">
                    <input
                        id=id
                        type="radio"
                        name=name
                        value=choice.value
                        checked=checked
                        autofocus=std::mem::take(&mut focus)
                    />
                    <span class="radio-words">{choice.label} {help}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field wide" aria-describedby=described(name, false)>
            <legend>{legend}</legend>
            <div class=class>{buttons}</div>
            {error_line(name, error)}
        </fieldset>
    }
    .into_any()
}
