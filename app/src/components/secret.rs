//! Secrets: typed, stored sealed, never shown again.

use leptos::prelude::*;

use super::{
    form::Kit,
    frame::{Frame, Need, Word, described},
};
use crate::islands::check::Kind;

/// What is said below a secret.
pub const SEALED: &str = "Stored sealed, never shown again.";

/// A field for a secret; always empty, and after a refusal it says why.
pub struct Secret {
    name: Word,
    label: Word,
    help: Word,
    complete: &'static str,
    check: Option<Kind>,
    need: Need,
    lines: Option<&'static str>,
    only: Option<&'static str>,
}

impl Secret {
    /// A secret of one line that must be typed.
    #[must_use]
    pub fn new(name: impl Into<Word>, label: impl Into<Word>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: SEALED.into(),
            complete: "off",
            check: None,
            need: Need::Always,
            lines: None,
            only: None,
        }
    }

    /// Words below it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Word>) -> Self {
        self.help = help.into();
        self
    }

    /// What the browser may fill in.
    #[must_use]
    pub const fn complete(mut self, what: &'static str) -> Self {
        self.complete = what;
        self
    }

    /// The parser that judges it: for new passwords, whose rule is known here.
    #[must_use]
    pub const fn check(mut self, kind: Kind) -> Self {
        self.check = Some(kind);
        self
    }

    /// Whether it must be typed.
    #[must_use]
    pub const fn need(mut self, need: Need) -> Self {
        self.need = need;
        self
    }

    /// Of several lines, such as a private key; with what it looks like.
    #[must_use]
    pub const fn lines(mut self, example: &'static str) -> Self {
        self.lines = Some(example);
        self
    }

    /// Only for these authentication types.
    #[must_use]
    pub const fn only(mut self, types: &'static str) -> Self {
        self.only = Some(types);
        self
    }

    /// Draws it, empty.
    #[must_use]
    pub fn view(self, kit: &Kit<'_>) -> AnyView {
        let error = kit.error(&self.name, &self.label);
        let again = kit.form().was_refused() && error.is_none() && self.need != Need::Never;
        let help = if again {
            "Type it again: it was not kept.".into()
        } else {
            self.help.clone()
        };
        let control = self.control(kit, error.is_some());
        let frame = Frame::new(self.name, self.label).need(self.need).only(self.only);
        let frame = if self.lines.is_some() { frame.wide() } else { frame };
        frame.help(Some(help)).error(error).around(control)
    }

    fn control(&self, kit: &Kit<'_>, wrong: bool) -> AnyView {
        let (name, id) = (self.name.to_string(), format!("f-{}", self.name));
        let focus = kit.has_focus(&self.name);
        let describedby = described(&self.name, true);
        let invalid = wrong.then_some("true");
        let required = self.need == Need::Always;
        match self.lines {
            Some(example) => view! {
                <textarea
                    id=id
                    name=name
                    rows="4"
                    class="input"
                    required=required
                    placeholder=example
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=describedby
                    aria-invalid=invalid
                    autofocus=focus
                ></textarea>
            }
            .into_any(),
            // Nobody's login: a password manager must neither offer to keep it nor fill something in, and browsers take a
            // form with several passwords for several forms.
            None if self.complete == "off" => view! {
                <input
                    id=id
                    name=name
                    type="text"
                    class="input machine covered"
                    required=required
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=describedby
                    aria-invalid=invalid
                    autofocus=focus
                    data-check=self.check.map(Kind::word)
                />
            }
            .into_any(),
            None => view! {
                <input
                    id=id
                    name=name
                    type="password"
                    class="input"
                    required=required
                    autocomplete=self.complete
                    aria-describedby=describedby
                    aria-invalid=invalid
                    autofocus=focus
                    data-check=self.check.map(Kind::word)
                />
            }
            .into_any(),
        }
    }
}
