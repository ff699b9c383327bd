//! *Advanced*: what providers need that differ from the standard, grouped by what it changes.
//!
//! # Layout
//! - [`GROUPS`] and how they are drawn: this file
//! - [`knob`]: what a field is
//! - [`requests`], [`answers`], [`signed`]: the fields

use domain::{form::Fields, when::count};
use leptos::prelude::*;

use crate::components::form::Kit;

mod answers;
pub mod knob;
mod requests;
mod signed;

use knob::Group;

/// Every group, in the order of the page.
pub const GROUPS: [&Group; 10] = [
    &requests::AUTHORIZE,
    &requests::TOKEN,
    &answers::ANSWER,
    &requests::REFRESH,
    &requests::REVOKE,
    &signed::SIGNED_LEGS,
    &answers::ACCOUNT,
    &answers::PLACEMENT,
    &answers::LIMITS,
    &signed::ASSERTION,
];

/// All of them, closed where nothing in them is wrong or set.
#[must_use]
pub fn group(kit: &Kit<'_>) -> AnyView {
    let open = GROUPS.iter().any(|group| is_open(kit, group));
    let groups = GROUPS.map(|group| one(kit, group)).collect_view();
    let set: usize = GROUPS
        .iter()
        .map(|group| group.set(&kit.form().fields).count())
        .sum();
    let words = if set == 0 {
        "what differs from the standard".to_owned()
    } else {
        format!("{set} set")
    };
    view! {
        <details class="group advanced" open=open>
            <summary>"Advanced" <span class="soft">{format!(" · {words}")}</span></summary>
            <p class="soft small">"Leave empty what the provider does as the standard says."</p>
            <div class="advanced-groups">{groups}</div>
        </details>
    }
    .into_any()
}

fn is_open(kit: &Kit<'_>, group: &Group) -> bool {
    group.set(&kit.form().fields).next().is_some() || kit.any_wrong(group.names())
}

fn one(kit: &Kit<'_>, group: &'static Group) -> AnyView {
    let set = i64::try_from(group.set(&kit.form().fields).count()).unwrap_or(i64::MAX);
    let wrong = kit.any_wrong(group.names());
    let words = match (set, wrong) {
        (_, true) => "needs another value".to_owned(),
        (0, false) => String::new(),
        _ => format!("{set} set"),
    };
    let knobs = group.knobs.iter().map(|knob| knob.view(kit)).collect_view();
    view! {
        <details class="more" data-for=group.types open=is_open(kit, group)>
            <summary>
                <span>{group.title}</span>
                <span class="soft">{words}</span>
            </summary>
            <div class="more-fields">
                <p class="soft small">{group.about}</p>
                <div class="grid">{knobs}</div>
            </div>
        </details>
    }
    .into_any()
}

/// What differs from the standard, in words: one definition list a group, and how much it is altogether. None where all
/// is usual.
#[must_use]
pub fn in_words(fields: &Fields) -> Option<(String, AnyView)> {
    let set: usize = GROUPS.iter().map(|group| group.set(fields).count()).sum();
    let groups = GROUPS
        .iter()
        .filter(|group| group.set(fields).next().is_some())
        .map(|group| {
            let lines = group
                .set(fields)
                .map(|knob| {
                    let words = knob.words(fields);
                    let words = if knob.is_code() {
                        view! { <code class="lines">{words}</code> }.into_any()
                    } else {
                        words.into_any()
                    };
                    view! { <dt>{knob.label}</dt> <dd>{words}</dd> }
                })
                .collect_view();
            view! {
                <h3>{group.title}</h3>
                <dl class="facts wide">{lines}</dl>
            }
        })
        .collect_view();
    let number = i64::try_from(set).unwrap_or(i64::MAX);
    (set > 0).then(|| (count(number, "option"), groups.into_any()))
}
