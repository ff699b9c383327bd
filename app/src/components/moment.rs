//! Moments in words: the server's words now, refined by the browser while the page stays open.

use domain::when;
use leptos::prelude::*;
use time::OffsetDateTime;

use crate::islands::when::When;

/// Somebody did something at some time.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// When.
    pub at: OffsetDateTime,
    /// The person's name.
    pub by: String,
}

/// A moment: distance or date to read, the exact time on hover, the machine's form for programs.
#[must_use]
pub fn moment(at: OffsetDateTime, now: OffsetDateTime) -> impl IntoView + use<> {
    view! {
        <time datetime=when::machine(at) title=when::exact(at) data-words="">
            {when::words(at, now)}
        </time>
    }
}

/// A date: `3 Nov`, exact on hover.
#[must_use]
pub fn date(at: OffsetDateTime, now: OffsetDateTime) -> impl IntoView + use<> {
    view! {
        <time datetime=when::machine(at) title=when::exact(at)>
            {when::date(at, now)}
        </time>
    }
}

/// `3 Nov by Ada`.
#[must_use]
pub fn stamp(stamp: &Stamp, now: OffsetDateTime) -> impl IntoView + use<> {
    let by = format!(" by {}", stamp.by);
    view! {
        {date(stamp.at, now)}
        {by}
    }
}

/// Wakes the moments of a page. Stands once on every page that has some.
#[must_use]
pub fn clock(now: OffsetDateTime) -> impl IntoView {
    view! { <When now=now.unix_timestamp() /> }
}
