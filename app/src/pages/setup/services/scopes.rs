//! The scopes of a service: rows of name and display name.

use domain::scope::ScopeDelimiter;
use leptos::prelude::*;

use crate::{
    components::{choice::select, form::Kit, frame::error_line},
    islands::{check::Kind, scope_rows::ScopeRows},
};

/// The group of the form.
#[must_use]
pub fn group(kit: &Kit<'_>) -> AnyView {
    let error = kit.error("scope_name", "Scope name");
    let label_error = kit.error("scope_display_name", "Scope display name");
    let delimiters = [ScopeDelimiter::Space, ScopeDelimiter::Comma, ScopeDelimiter::Plus];
    let words = ["Space", "Comma", "Plus"];
    let delimiters = delimiters.iter().map(|d| d.word()).zip(words).collect();
    view! {
        <div class="group" data-for="oauth2 oauth1">
            <h2>"Scopes"</h2>
            <p class="soft">"What a connection may ask for; each one picks its own. Empty rows are ignored."</p>
            <fieldset class="scopes">
                <legend class="hidden">"Scopes"</legend>
                <div class="scope-rows">{rows(kit)}</div>
                {error_line("scope_name", error)}
                {error_line("scope_display_name", label_error)}
                <ScopeRows />
            </fieldset>
            <div class="grid">
                {select(
                    kit,
                    "scope_delimiter",
                    "Scope delimiter",
                    delimiters,
                    Some("What stands between scopes in a request."),
                )}
            </div>
        </div>
    }
    .into_any()
}

/// The rows that were typed, and spare ones for a browser without scripts; with them, one spare row is shown.
fn rows(kit: &Kit<'_>) -> AnyView {
    let fields = &kit.form().fields;
    let labels: Vec<&str> = fields.all("scope_display_name").collect();
    let mut typed: Vec<(String, String)> = fields
        .all("scope_name")
        .enumerate()
        .map(|(at, name)| {
            (
                name.to_owned(),
                labels.get(at).copied().unwrap_or_default().to_owned(),
            )
        })
        .filter(|(name, label)| !(name.is_empty() && label.is_empty()))
        .collect();
    let filled = typed.len();
    typed.resize((filled + 2).max(5), Default::default());
    let (wrong, focus) = (
        kit.form().errors.of("scope_name").is_some(),
        kit.has_focus("scope_name"),
    );
    typed
        .into_iter()
        .enumerate()
        .map(|(at, (name, label))| row(at, name, label, at > filled, (wrong && at == 0, focus && at == 0)))
        .collect_view()
        .into_any()
}

fn row(at: usize, name: String, label: String, spare: bool, (wrong, focus): (bool, bool)) -> impl IntoView {
    let number = at + 1;
    // The first row has the label that everybody sees; the others repeat it for those who do not.
    let class = if at == 0 { "label" } else { "label repeated" };
    let id = if at == 0 {
        "f-scope_name".to_owned()
    } else {
        format!("f-scope_name-{number}")
    };
    let label_id = format!("f-scope_display_name-{number}");
    view! {
        <div class="scope-row" data-scope data-spare=spare.then_some("")>
            <div class="field">
                <label class=class for=id.clone()>"Scope name"</label>
                <input
                    id=id
                    name="scope_name"
                    class="input machine"
                    value=name
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    data-check=Kind::Scope.word()
                    aria-describedby="f-scope_name-error"
                    aria-invalid=wrong.then_some("true")
                    autofocus=focus
                />
            </div>
            <div class="field">
                <label class=class for=label_id.clone()>"Scope display name"</label>
                <input id=label_id name="scope_display_name" class="input" value=label autocomplete="off" />
            </div>
            <button type="button" class="button quiet small with-script" data-remove aria-label="Remove this scope">
                "Remove"
            </button>
        </div>
    }
}
