//! What came of a call that somebody tried.

use domain::organization::Role;
use leptos::prelude::*;

use super::super::detail::ConnectionPage;
use crate::components::{Icon, confirm::button, icon, note::note};
use crate::page::NoticeKind;

/// What came of it.
pub enum Outcome {
    /// The provider answered.
    Answered(Answer),
    /// There is no answer.
    Failed {
        /// Why, in sentences.
        words: String,
        /// What mends it.
        mend: Option<Mend>,
    },
}

/// What mends a failure: a button of this page, or the page where it is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// Consent once more.
    Connect,
    /// Switch it on.
    Enable,
    /// The service's definition.
    Service,
    /// The connection's own settings.
    Settings,
}

/// A provider's answer.
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// The status in words, empty for one that has none.
    pub reason: &'static str,
    /// From the press of the button to the answer's end, in milliseconds.
    pub took: u64,
    /// Bytes of the body; None for more than were read.
    pub size: Option<u64>,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Content,
}

/// A body as it can be shown.
pub enum Content {
    /// There is none.
    Nothing,
    /// Text, perhaps only its beginning.
    Text {
        /// The text; JSON with a line for each value.
        text: String,
        /// Whether more followed.
        cut: bool,
    },
    /// Something else; its media type.
    Bytes(String),
}

/// Draws it. It takes the focus, so that people see it and hear it.
pub(super) fn view(outcome: &Outcome, page: &ConnectionPage, role: Role) -> AnyView {
    let content = match outcome {
        Outcome::Answered(answer) => answered(answer),
        Outcome::Failed { words, mend } => {
            let words = words.clone();
            note(
                NoticeKind::Bad,
                view! { <p>{words}</p> },
                mend.filter(|_| role.administers()).map(|mend| way(mend, page)),
            )
        }
    };
    view! {
        <section class="tried" id="tried" tabindex="-1" autofocus=true aria-label="Answer">
            {content}
        </section>
    }
    .into_any()
}

fn way(mend: Mend, page: &ConnectionPage) -> AnyView {
    let link = |href: String, words: &'static str| {
        view! {
            <a class="button" href=href>
                {words}
            </a>
        }
        .into_any()
    };
    match mend {
        Mend::Connect => button(format!("{}/reconnect", page.path()), "Reconnect", "button"),
        Mend::Enable => button(format!("{}/enable", page.path()), "Enable", "button"),
        Mend::Service => link(
            format!("/setup/services/{}/edit", page.service.link_name),
            "Edit service",
        ),
        Mend::Settings => link(format!("{}#settings", page.path()), "Show settings"),
    }
}

fn answered(answer: &Answer) -> AnyView {
    let (tone, sign) = match answer.status {
        0..400 => ("good", Icon::Check),
        _ => ("bad", Icon::Cross),
    };
    let size = match (answer.size, &answer.body) {
        (Some(bytes), _) => weight(bytes),
        (None, _) => "more than 64 KiB".into(),
    };
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| {
            view! {
                <dt>{name.clone()}</dt>
                <dd>{value.clone()}</dd>
            }
        })
        .collect_view();
    view! {
        <p class="tried-head">
            <span class=format!("pill {tone}")>
                {icon(sign)} {format!("{} {}", answer.status, answer.reason)}
            </span>
            <span class="soft">{format!("{} ms · {size}", answer.took)}</span>
        </p>
        <details class="more">
            <summary>{format!("Headers ({})", answer.headers.len())}</summary>
            <dl class="headers">{headers}</dl>
        </details>
        {body(&answer.body)}
    }
    .into_any()
}

fn body(body: &Content) -> AnyView {
    match body {
        Content::Nothing => view! { <p class="soft">"The answer has no body."</p> }.into_any(),
        Content::Bytes(kind) => {
            let words = format!("The body is not text: {kind}.");
            view! { <p class="soft">{words}</p> }.into_any()
        }
        Content::Text { text, cut } => {
            let text = text.clone();
            view! {
                <pre tabindex="0" role="region" aria-label="Body of the answer" class="answer-body">
                    <code id="answer">{text}</code>
                </pre>
                {cut.then(|| view! { <p class="soft">"The first 64 KiB; the rest is left out."</p> })}
            }
            .into_any()
        }
    }
}

fn weight(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".into(),
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KiB", kilo(bytes)),
        _ => format!("{:.1} MiB", kilo(bytes) / 1024.0),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a size in words has two digits that count"
)]
fn kilo(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}

#[cfg(test)]
mod tests {
    use super::weight;

    #[test]
    fn sizes_as_people_say_them() {
        for (bytes, words) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1023 bytes"),
            (1536, "1.5 KiB"),
            (5_242_880, "5.0 MiB"),
        ] {
            assert_eq!(weight(bytes), words);
        }
    }
}
