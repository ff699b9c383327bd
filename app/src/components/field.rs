//! Fields for one line of text.

use leptos::prelude::*;

use super::{
    form::Kit,
    frame::{Frame, Need, Word, described},
};
use crate::islands::check::Kind;

/// A field for one line of text.
#[derive(Clone)]
pub struct Field {
    name: Word,
    label: Word,
    help: Option<Word>,
    kind: &'static str,
    check: Option<Kind>,
    need: Need,
    complete: Option<&'static str>,
    placeholder: Option<Word>,
    proposed_from: Option<&'static str>,
    wide: bool,
    numeric: bool,
    machine: bool,
    pattern: Option<String>,
    affixes: (String, String),
    only: Option<&'static str>,
}

impl Field {
    /// A required text field.
    #[must_use]
    pub fn new(name: impl Into<Word>, label: impl Into<Word>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            help: None,
            kind: "text",
            check: None,
            need: Need::Always,
            complete: None,
            placeholder: None,
            proposed_from: None,
            wide: false,
            numeric: false,
            machine: false,
            pattern: None,
            affixes: Default::default(),
            only: None,
        }
    }

    /// A URL of a provider, perhaps with places for a connection's values. Not of the type `url`: browsers refuse braces
    /// there.
    #[must_use]
    pub fn url(name: impl Into<Word>, label: impl Into<Word>) -> Self {
        let mut field = Self::new(name, label).check(Kind::UrlTemplate);
        field.complete = Some("off");
        field
    }

    /// An email address, which is also the name of an account.
    #[must_use]
    pub fn email(name: impl Into<Word>, label: impl Into<Word>) -> Self {
        let mut field = Self::new(name, label).check(Kind::Email).complete("username");
        field.kind = "email";
        field
    }

    /// A whole number.
    #[must_use]
    pub const fn number(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// Something that machines read, in their letters.
    #[must_use]
    pub const fn machine(mut self) -> Self {
        self.machine = true;
        self
    }

    /// Words below the field.
    #[must_use]
    pub fn help(mut self, help: impl Into<Word>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The parser that judges it while somebody types.
    #[must_use]
    pub const fn check(mut self, kind: Kind) -> Self {
        self.check = Some(kind);
        self
    }

    /// May be left empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.need = Need::Never;
        self
    }

    /// Must be filled in where another choice of the form asks for it.
    #[must_use]
    pub const fn depends(mut self) -> Self {
        self.need = Need::Depends;
        self
    }

    /// What the browser may fill in.
    #[must_use]
    pub const fn complete(mut self, what: &'static str) -> Self {
        self.complete = Some(what);
        self
    }

    /// An example inside the empty field.
    #[must_use]
    pub fn placeholder(mut self, example: impl Into<Word>) -> Self {
        self.placeholder = Some(example.into());
        self
    }

    /// A link name that follows another field until somebody types into it.
    #[must_use]
    pub const fn proposed_from(mut self, field: &'static str) -> Self {
        self.proposed_from = Some(field);
        self
    }

    /// As wide as the form.
    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// An expression that the browser itself compares it with.
    #[must_use]
    pub fn pattern(mut self, pattern: Option<String>) -> Self {
        self.pattern = pattern;
        self
    }

    /// What is shown before and behind what is typed.
    #[must_use]
    pub fn between(mut self, before: &str, behind: &str) -> Self {
        self.affixes = (before.to_owned(), behind.to_owned());
        self
    }

    /// Only for these authentication types, in a form that has several.
    #[must_use]
    pub const fn only(mut self, types: &'static str) -> Self {
        self.only = Some(types);
        self
    }

    /// Draws it with what was typed.
    #[must_use]
    pub fn view(self, kit: &Kit<'_>) -> AnyView {
        let error = kit.error(&self.name, &self.label);
        let control = self.control(kit, error.is_some());
        let frame = Frame::new(self.name, self.label).need(self.need).only(self.only);
        let frame = if self.wide { frame.wide() } else { frame };
        frame.help(self.help).error(error).around(control)
    }

    fn control(&self, kit: &Kit<'_>, wrong: bool) -> AnyView {
        let machine = self.machine || self.check.is_some_and(Kind::is_for_machines);
        let input = view! {
            <input
                id=format!("f-{}", self.name)
                name=self.name.to_string()
                type=self.kind
                class=if machine { "input machine" } else { "input" }
                value=kit.form().fields.get(&self.name).to_owned()
                required=self.need == Need::Always
                autocomplete=self.complete.unwrap_or("off")
                inputmode=self.numeric.then_some("numeric")
                autocapitalize=machine.then_some("none")
                spellcheck=machine.then_some("false")
                placeholder=self.placeholder.as_deref().map(str::to_owned)
                pattern=self.pattern.clone()
                aria-describedby=described(&self.name, self.help.is_some())
                aria-invalid=wrong.then_some("true")
                autofocus=kit.has_focus(&self.name)
                data-check=self.check.map(Kind::word)
                data-propose=self.proposed_from
            />
        }
        .into_any();
        let (before, behind) = &self.affixes;
        if before.is_empty() && behind.is_empty() {
            return input;
        }
        let affix =
            |text: &str| (!text.is_empty()).then(|| view! { <span class="affix">{text.to_owned()}</span> });
        view! { <span class="affixed">{affix(before)} {input} {affix(behind)}</span> }.into_any()
    }
}
