//! *Use it*: code that makes a request through the connection, in every language that there is a renderer for.

use domain::{
    function_key::KeyScope,
    organization::Role,
    snippet::{Use, curl, deluge, javascript, python, rust},
};
use leptos::prelude::*;

use crate::islands::copy_button::CopyButton;

/// A language: its id, its name, and how its snippet is written. The tabs follow this list, and the style sheet counts
/// as far as it goes.
type Language = (&'static str, &'static str, fn(&Use) -> String);

const LANGUAGES: [Language; 7] = [
    ("curl", "curl", curl::render),
    ("javascript", "JavaScript", javascript::fetch),
    ("javascript-sdk", "JavaScript SDK", javascript::sdk),
    ("python", "Python", python::requests),
    ("python-sdk", "Python SDK", python::sdk),
    ("rust", "Rust", rust::render),
    ("deluge", "Deluge", deluge::render),
];

/// The card with the tabs. A tab is a radio button that the style sheet reads, so it works without scripts.
#[must_use]
pub fn card(usage: &Use, tried: bool, serves: bool, role: Role) -> AnyView {
    let tabs = LANGUAGES
        .iter()
        .enumerate()
        .map(|(at, (id, language, _))| {
            view! {
                <label class="tab">
                    <input class="hidden" type="radio" name="language" value=*id checked=at == 0 />
                    {*language}
                </label>
            }
        })
        .collect_view();
    let panels = LANGUAGES
        .iter()
        .map(|(id, language, write)| panel(id, language, write(usage)))
        .collect_view();
    let key = role.administers().then(|| {
        let href = key_page(usage);
        view! { <a href=href>"Create a key for this connection"</a> }
    });
    let what = match (tried, serves) {
        (true, _) => "The request that you tried. It runs as it stands once ",
        (false, true) => "Runs as it stands once ",
        (false, false) => "Runs as it stands once the connection works and ",
    };
    view! {
        <section class="card use-it" aria-labelledby="use-it">
            <header>
                <h2 id="use-it">"Use it"</h2>
                <fieldset class="code-tabs">
                    <legend class="hidden">"Language"</legend>
                    {tabs}
                </fieldset>
            </header>
            <div class="code-panels">{panels}</div>
            <p class="card-foot soft">
                <span>{what} <code>"CONNECTIONS_KEY"</code> " holds a function key."</span>
                {key}
            </p>
        </section>
    }
    .into_any()
}

fn panel(id: &'static str, language: &'static str, code: String) -> impl IntoView {
    let id = format!("snippet-{id}");
    view! {
        <div class="code-panel">
            <pre tabindex="0" role="region" aria-label=format!("{language} snippet")>
                <code id=id.clone()>{code}</code>
            </pre>
            <CopyButton of=id what=format!("the {language} snippet") />
        </div>
    }
}

/// The page that makes a key, with what this snippet needs filled in. Link names and scopes need no encoding.
fn key_page(usage: &Use) -> String {
    let scope = match usage.call {
        Some(_) => KeyScope::Invoke,
        None => KeyScope::CredentialsRead,
    };
    let name = &usage.link_name;
    format!(
        "/setup/keys?connection={name}&name=Key+for+{name}&scope={}",
        scope.word()
    )
}
