//! A field for several lines of text.

use leptos::prelude::*;

use super::{
    field::{Frame, described},
    form::Kit,
};

/// A field for several lines; it may be left empty.
pub struct Area {
    /// The field.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// Words below it.
    pub help: &'static str,
    /// How many lines are seen at once.
    pub rows: u8,
}

impl Area {
    /// Draws it with what was typed.
    #[must_use]
    pub fn view(self, kit: &Kit<'_>) -> AnyView {
        let name = self.name;
        let error = kit.error(name, self.label);
        let control = view! {
            <textarea
                id=format!("f-{name}")
                name=name
                rows=self.rows.to_string()
                class="input"
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described(name, true)
                aria-invalid=error.is_some().then_some("true")
                autofocus=kit.has_focus(name)
            >
                {lines(kit.form().fields.get(name))}
            </textarea>
        };
        Frame {
            name,
            label: self.label,
            optional: true,
            wide: true,
            help: Some(self.help.to_owned()),
            error,
        }
        .around(control.into_any())
    }
}

/// A parser drops the first line break of a text area, so one that was typed needs another in front.
fn lines(text: &str) -> String {
    if text.starts_with('\n') || text.starts_with("\r\n") {
        format!("\n{text}")
    } else {
        text.to_owned()
    }
}
