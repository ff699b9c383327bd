//! *Activity*: who did what to the connection, when and from where.

use leptos::prelude::*;
use time::OffsetDateTime;

use crate::components::moment::moment;

/// Something that happened, in words.
#[derive(Debug, Clone)]
pub struct Event {
    /// What happened: "Connected".
    pub what: String,
    /// More of it: "as ada@example.com".
    pub detail: Option<String>,
    /// The person or the function key; None for what the server did by itself.
    pub by: Option<String>,
    /// The network address it was done from.
    pub from: Option<String>,
    /// When.
    pub when: OffsetDateTime,
}

/// The card, the newest first.
#[must_use]
pub fn card(events: &[Event], now: OffsetDateTime) -> AnyView {
    let lines = events.iter().map(|event| line(event, now)).collect_view();
    view! {
        <section class="card" aria-labelledby="activity">
            <header>
                <h2 id="activity">"Activity"</h2>
            </header>
            {if events.is_empty() {
                view! { <p class="card-in soft">"Nothing has happened yet."</p> }.into_any()
            } else {
                view! { <ol class="events">{lines}</ol> }.into_any()
            }}
        </section>
    }
    .into_any()
}

fn line(event: &Event, now: OffsetDateTime) -> impl IntoView + use<> {
    let by = event.by.as_ref().map(|by| format!("by {by}"));
    let from = event.from.as_ref().map(|from| format!("from {from}"));
    // A sentence goes on with who and where.
    let detail = event
        .detail
        .as_ref()
        .map(|detail| detail.trim_end_matches('.').to_owned());
    let about: Vec<String> = [detail, by, from].into_iter().flatten().collect();
    view! {
        <li>
            <div>
                <p>{event.what.clone()}</p>
                {(!about.is_empty()).then(|| view! { <p class="soft small">{about.join(" · ")}</p> })}
            </div>
            <span class="soft">{moment(event.when, now)}</span>
        </li>
    }
}
