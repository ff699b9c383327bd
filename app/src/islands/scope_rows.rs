//! Adds and removes rows of scopes, and takes a pasted list apart.

use leptos::{html, prelude::*};

use super::icon::{Icon, icon};

/// Stands below the rows (`[data-scope]`) in the same fieldset.
#[island]
pub fn ScopeRows() -> impl IntoView {
    let here = NodeRef::<html::Div>::new();
    let pasted = NodeRef::<html::Textarea>::new();
    let open = RwSignal::new(false);
    #[cfg(feature = "hydrate")]
    Effect::new(move |_| super::form::scopes::watch(here));
    let add = move |_| {
        #[cfg(feature = "hydrate")]
        super::form::scopes::add(here, "");
    };
    let take = move |_| {
        #[cfg(feature = "hydrate")]
        if super::form::scopes::paste(here, pasted) {
            open.set(false);
        }
    };
    view! {
        <div class="rows-tools" node_ref=here>
            <button type="button" class="button small" on:click=add>
                {icon(Icon::Plus)}
                "Add scope"
            </button>
            <button
                type="button"
                class="button small"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                "Paste many…"
            </button>
            <div class="paste" hidden=move || !open.get()>
                <label for="pasted-scopes">"Scopes between spaces, commas or line breaks; or one a line with its display name behind it"</label>
                <textarea id="pasted-scopes" rows="4" spellcheck="false" node_ref=pasted></textarea>
                <button type="button" class="button small" on:click=take>
                    "Add these scopes"
                </button>
            </div>
        </div>
    }
}

/// The scopes in a pasted list, in order, each once, with the display name where a line has one behind its scope. A plus
/// divides only where nothing else does, since it may be part of a scope.
#[must_use]
pub fn pieces(text: &str) -> Vec<(String, String)> {
    let text = text.trim();
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let (scopes, label) = labelled(line).unwrap_or((line, ""));
        for piece in divided(scopes, text) {
            if !piece.is_empty() && !found.iter().any(|(known, _)| known == piece) {
                found.push((piece.to_owned(), label.to_owned()));
            }
        }
    }
    found
}

fn divided<'a>(line: &'a str, text: &'a str) -> impl Iterator<Item = &'a str> {
    let usual = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let plus = !text.contains(usual);
    line.split(move |c: char| usual(c) || (c == '+' && plus))
        .map(|piece| piece.trim_matches(['"', '\'', '`', '[', ']']))
}

/// A scope and its display name, as documentation lists them: `reports.read Read the reports`. Plain words behind a
/// scope that looks like one; a tab always divides the two.
fn labelled(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let (scope, label) = line.split_once('\t').or_else(|| line.split_once(' '))?;
    let label = label.trim().trim_start_matches(['-', '–', ':']).trim_start();
    let marked = |word: &str| word.contains(['.', ':', '/', '_']);
    let words = label.starts_with(char::is_uppercase) && !label.trim_end_matches('.').split(' ').any(marked);
    (!scope.contains([',', ';']) && (line.contains('\t') || (marked(scope) && words)))
        .then_some((scope, label))
}

#[cfg(test)]
mod tests {
    use super::pieces;

    fn names(text: &str) -> Vec<String> {
        pieces(text).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn takes_any_delimiter() {
        for list in [
            "a:read b:write",
            "a:read, b:write,",
            "a:read\n b:write\r\na:read",
            r#"["a:read", "b:write"]"#,
            "a:read+b:write",
            "a:read;b:write",
        ] {
            assert_eq!(names(list), ["a:read", "b:write"], "{list}");
        }
        assert_eq!(names("c++ d"), ["c++", "d"], "a plus inside a scope stays");
        assert_eq!(names("User.Read Mail.Read"), ["User.Read", "Mail.Read"]);
        assert!(pieces(" \n").is_empty());
    }

    #[test]
    fn the_rest_of_a_line_is_the_display_name() {
        let pair = |name: &str, label: &str| (name.to_owned(), label.to_owned());
        for text in [
            "reports.read Read the reports\nopenid",
            "reports.read\tRead the reports\nopenid",
            "reports.read - Read the reports\nopenid",
        ] {
            assert_eq!(
                pieces(text),
                [pair("reports.read", "Read the reports"), pair("openid", "")],
                "{text}"
            );
        }
    }
}
