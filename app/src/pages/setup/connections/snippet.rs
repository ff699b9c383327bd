//! *Use it*: code that uses the connection, in every language that there is a renderer for.

use domain::{
    organization::Role,
    snippet::{Use, curl},
};
use leptos::prelude::*;

use crate::islands::copy_button::CopyButton;

/// A language: its name and how its snippet is written. The tabs follow this list.
const LANGUAGES: &[Language] = &[("curl", curl::render)];

type Language = (&'static str, fn(&Use) -> String);

/// The card with the tabs. A tab is a radio button that the style sheet reads, so it works without scripts.
#[must_use]
pub fn card(usage: &Use, role: Role) -> AnyView {
    let tabs = LANGUAGES
        .iter()
        .enumerate()
        .map(|(at, (language, _))| {
            view! {
                <label class="tab">
                    <input class="hidden" type="radio" name="language" value=*language checked=at == 0 />
                    {*language}
                </label>
            }
        })
        .collect_view();
    let panels = LANGUAGES
        .iter()
        .map(|(language, write)| panel(language, write(usage)))
        .collect_view();
    let key = role.administers().then(|| {
        let href = format!("/setup/keys?connection={}", usage.link_name);
        view! { <a href=href>"Create a key for this connection"</a> }
    });
    view! {
        <section class="card use-it" aria-labelledby="use-it">
            <header>
                <h2 id="use-it">"Use it"</h2>
                <fieldset class="code-tabs">
                    <legend class="hidden">"Language"</legend>
                    {tabs}
                </fieldset>
            </header>
            {panels}
            <p class="card-foot soft">
                <span>"Runs as it stands once " <code>"CONNECTIONS_KEY"</code> " is set."</span>
                {key}
            </p>
        </section>
    }
    .into_any()
}

fn panel(language: &'static str, code: String) -> impl IntoView {
    let id = format!("snippet-{language}");
    view! {
        <div class="code-panel">
            <pre tabindex="0" role="region" aria-label=format!("{language} snippet")>
                <code id=id.clone()>{code}</code>
            </pre>
            <CopyButton of=id what=format!("the {language} snippet") />
        </div>
    }
}
