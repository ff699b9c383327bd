//! What an edit of a service does to its connections.

use domain::{link_name::LinkName, when::count};
use leptos::prelude::*;

use crate::{components::note::note, page::NoticeKind};

/// A connection whose credential an edit makes useless.
#[derive(Debug, Clone)]
pub struct MustReconnect {
    /// What people read.
    pub name: String,
    /// What functions write.
    pub link_name: LinkName,
    /// Why, in a sentence.
    pub why: String,
}

/// What saving would do.
#[derive(Debug, Clone)]
pub struct EditImpact {
    /// The connections that somebody must connect again.
    pub must_reconnect: Vec<MustReconnect>,
    /// How many others go on.
    pub unaffected: usize,
}

impl EditImpact {
    /// Why connections must be connected again, each reason once with the connections that it concerns.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |(why, hit): (&str, Vec<&MustReconnect>)| {
            let names: Vec<&str> = hit.iter().map(|one| one.name.as_str()).collect();
            format!("{}: {why}", names.join(", "))
        };
        by_reason(&self.must_reconnect).into_iter().map(line).collect()
    }

    /// The words of the button that saves all the same.
    #[must_use]
    pub fn verb(&self) -> String {
        format!(
            "Save and let {} reconnect",
            connections(self.must_reconnect.len())
        )
    }
}

fn connections(number: usize) -> String {
    count(i64::try_from(number).unwrap_or(i64::MAX), "connection")
}

/// Above the form, before it is saved.
#[must_use]
pub fn warning(impact: &EditImpact) -> AnyView {
    let number = impact.must_reconnect.len();
    let verb = if number == 1 { "stops" } else { "stop" };
    let others = match impact.unaffected {
        0 => String::new(),
        1 => " 1 other goes on as it is.".into(),
        other => format!(" {other} others go on as they are."),
    };
    let words = format!(
        "Nothing is saved yet. With this change {} {verb} working until somebody connects again.{others} The button that saves all the same stands below the form.",
        connections(number)
    );
    let body = view! {
        <p>{words}</p>
        {list(&impact.must_reconnect)}
    };
    view! { <div role="alert" class="medium">{note(NoticeKind::Warn, body, None)}</div> }.into_any()
}

/// After it was saved: what waits to be connected again.
#[must_use]
pub fn waiting(connections: &[MustReconnect]) -> Option<AnyView> {
    if connections.is_empty() {
        return None;
    }
    let body = view! {
        <p>"The service was edited, and what these connections had does not fit it any more. Connect them again."</p>
        {list(connections)}
    };
    Some(note(NoticeKind::Warn, body, None))
}

/// The connections of each reason, in the order of their first.
fn by_reason(connections: &[MustReconnect]) -> Vec<(&str, Vec<&MustReconnect>)> {
    let mut reasons: Vec<(&str, Vec<&MustReconnect>)> = Vec::new();
    for one in connections {
        match reasons.iter_mut().find(|(why, _)| *why == one.why) {
            Some((_, known)) => known.push(one),
            None => reasons.push((&one.why, vec![one])),
        }
    }
    reasons
}

fn list(connections: &[MustReconnect]) -> AnyView {
    let lines = by_reason(connections).into_iter().map(|(why, hit)| {
        let names = hit.into_iter().enumerate().map(|(at, one)| {
            let between = if at == 0 { "" } else { ", " };
            view! {
                {between}
                <a href=format!("/setup/connections/{}", one.link_name)>{one.name.clone()}</a>
            }
        });
        let names = names.collect_view();
        view! { <li>{names} {format!(": {why}")}</li> }
    });
    view! { <ul class="note-list">{lines.collect_view()}</ul> }.into_any()
}
