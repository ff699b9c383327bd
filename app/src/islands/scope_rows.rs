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
                <label for="pasted-scopes">"Scopes between spaces, commas, semicolons or line breaks"</label>
                <textarea id="pasted-scopes" rows="4" spellcheck="false" node_ref=pasted></textarea>
                <button type="button" class="button small" on:click=take>
                    "Add these scopes"
                </button>
            </div>
        </div>
    }
}

/// The scopes in a pasted list, in order, each once. A plus divides only where nothing else does, since it may
/// be part of a scope.
#[must_use]
pub fn pieces(text: &str) -> Vec<String> {
    let usual = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let text = text.trim();
    let divider = |c: char| usual(c) || (c == '+' && !text.contains(usual));
    let mut found: Vec<String> = Vec::new();
    for piece in text.split(divider) {
        let piece = piece.trim_matches(['"', '\'', '`', '[', ']']);
        if !piece.is_empty() && !found.iter().any(|known| known == piece) {
            found.push(piece.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::pieces;

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
            assert_eq!(pieces(list), ["a:read", "b:write"], "{list}");
        }
        assert_eq!(pieces("c++ d"), ["c++", "d"], "a plus inside a scope stays");
        assert!(pieces(" \n").is_empty());
    }
}
