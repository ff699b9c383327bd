//! What came of *Test connection*.

use leptos::prelude::*;
use time::OffsetDateTime;

use super::detail::ConnectionPage;
use crate::{
    components::{moment::moment, note::note},
    page::NoticeKind,
};

/// A test that was made.
#[derive(Debug, Clone)]
pub struct Tested {
    /// What was asked: "GET /users/me".
    pub request: String,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
    /// Milliseconds that it took.
    pub took: Option<u64>,
    /// Whether it shows that the connection works.
    pub works: bool,
    /// Why it failed and what to do, in at most three short sentences; empty where it works.
    pub words: String,
    /// The provider's own words, cut and cleaned (`domain::text::quoted`).
    pub quote: Option<String>,
    /// When.
    pub at: OffsetDateTime,
}

/// The result, above the page.
#[must_use]
pub fn note_of(tested: &Tested, page: &ConnectionPage) -> AnyView {
    let service = page.service.name.clone();
    let first = match (tested.works, tested.status) {
        (true, _) => format!("The connection works: {service} answered the test request."),
        (false, Some(status)) => format!("{service} refused the test request with status {status}."),
        (false, None) => format!("{service} did not answer the test request."),
    };
    let took = tested.took.map(|took| format!(" in {took} ms"));
    let status = tested.status.map(|status| format!(": {status}"));
    let about = view! {
        <p class="note-quote">
            <code>{tested.request.clone()}</code> {status} {took} ", " {moment(tested.at, page.now)}
        </p>
    };
    let words = (!tested.words.is_empty()).then(|| view! { <p>{tested.words.clone()}</p> });
    let quote = tested.quote.clone().map(|words| {
        view! { <p class="note-quote">{format!("{service} says: ")} <q>{words}</q></p> }
    });
    let kind = if tested.works {
        NoticeKind::Good
    } else {
        NoticeKind::Bad
    };
    let body = view! {
        <p>{first}</p>
        {words}
        {quote}
        {about}
    };
    view! { <div role="status" id="tested" tabindex="-1">{note(kind, body, None)}</div> }.into_any()
}
