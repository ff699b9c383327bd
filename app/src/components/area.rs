//! A field for several lines of text.

use leptos::prelude::*;

use super::{
    form::Kit,
    frame::{Frame, Need, described},
};
use crate::islands::check::Kind;

/// A field for several lines; it may be left empty.
pub struct Area {
    /// The field.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// Words below it.
    pub help: &'static str,
    /// An example inside the empty field.
    pub example: &'static str,
    /// How many lines are seen at once.
    pub rows: u8,
    /// The parser that judges it.
    pub check: Option<Kind>,
    /// Whether it says that it may be left empty; where everything around may, no word is needed.
    pub need: Need,
    /// For these authentication types only, in a form that has several.
    pub only: Option<&'static str>,
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
                placeholder=(!self.example.is_empty()).then_some(self.example)
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described(name, true)
                aria-invalid=error.is_some().then_some("true")
                autofocus=kit.has_focus(name)
                data-check=self.check.map(Kind::word)
            >
                {content(kit.form().fields.get(name))}
            </textarea>
        };
        Frame::new(name, self.label)
            .need(self.need)
            .only(self.only)
            .wide()
            .help(Some(self.help.into()))
            .error(error)
            .around(control.into_any())
    }
}

/// The content of a text area as HTML. The renderer writes it as it is, as if it were a script's; and a parser drops the
/// first line break, so that one that was typed needs another in front.
#[must_use]
pub fn content(text: &str) -> String {
    let escaped = text
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    if escaped.starts_with('\n') || escaped.starts_with("\r\n") {
        format!("\n{escaped}")
    } else {
        escaped
    }
}
