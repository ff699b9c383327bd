//! *Fill in from the provider's discovery document*: one address instead of five.

use leptos::prelude::*;

use crate::{
    components::{field::Field, form::Kit, note::note},
    islands::check::Kind,
    page::NoticeKind,
};

/// What came of asking the provider. Its form carries the button `intent` with the value `discover`.
#[derive(Debug, Clone)]
pub struct Discovery {
    /// How it went.
    pub kind: NoticeKind,
    /// What was found, or why nothing was, in a sentence or two.
    pub words: String,
    /// The labels of the fields that were filled in.
    pub filled: Vec<String>,
}

/// Closed until somebody wants it; open with what came of it.
#[must_use]
pub fn details(kit: &Kit<'_>, found: Option<&Discovery>) -> AnyView {
    let field = Field::new("discovery_url", "Discovery URL or issuer")
        .check(Kind::Url)
        .depends()
        .placeholder("https://accounts.example.com")
        .help("Asks the provider at /.well-known/openid-configuration. What you typed elsewhere stays, but for the secret.");
    let open = found.is_some() || kit.any_wrong(["discovery_url"]);
    // The answer is this page with more in it, so the browser posts by itself.
    view! {
        <details class="more wide" data-for="oauth2" open=open>
            <summary>"Fill in from the provider's discovery document…"</summary>
            <div class="more-fields">
                <div class="discover">
                    {field.view(kit)}
                    <button type="submit" class="button" name="intent" value="discover" data-plain="">
                        "Fill in"
                    </button>
                </div>
                {found.map(said)}
            </div>
        </details>
    }
    .into_any()
}

fn said(found: &Discovery) -> AnyView {
    let filled = (!found.filled.is_empty()).then(|| {
        let words = format!("Filled in: {}.", found.filled.join(", "));
        view! { <p class="note-quote">{words}</p> }
    });
    let words = found.words.clone();
    let words = view! {
        <p>{words}</p>
        {filled}
    };
    view! { <div role="status">{note(found.kind, words, None)}</div> }.into_any()
}
