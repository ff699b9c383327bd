//! Fields: label, control, help and error, tied together for everybody.
//!
//! A field's id is `f-` and its name, so that no id shadows a property of its form. The error's element is always
//! there, empty and hidden where nothing is wrong, for the browser to fill.

use leptos::prelude::*;

use super::form::Kit;
use crate::islands::check::Kind;

/// A field for one line of text.
#[derive(Clone)]
pub struct Field {
    name: &'static str,
    label: &'static str,
    help: Option<String>,
    kind: &'static str,
    check: Option<Kind>,
    optional: bool,
    complete: Option<&'static str>,
    placeholder: Option<&'static str>,
    proposed_from: Option<&'static str>,
    wide: bool,
    numeric: bool,
}

impl Field {
    /// A required text field.
    #[must_use]
    pub const fn new(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            help: None,
            kind: "text",
            check: None,
            optional: false,
            complete: None,
            placeholder: None,
            proposed_from: None,
            wide: false,
            numeric: false,
        }
    }

    /// A URL of a provider.
    #[must_use]
    pub const fn url(name: &'static str, label: &'static str) -> Self {
        let mut field = Self::new(name, label).check(Kind::Url);
        field.kind = "url";
        field
    }

    /// An email address, which is also the name of an account.
    #[must_use]
    pub const fn email(name: &'static str, label: &'static str) -> Self {
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

    /// Words below the field.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
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
        self.optional = true;
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
    pub const fn placeholder(mut self, example: &'static str) -> Self {
        self.placeholder = Some(example);
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

    /// Draws it with what was typed.
    #[must_use]
    pub fn view(self, kit: &Kit<'_>) -> AnyView {
        let error = kit.error(self.name, self.label);
        let machine = matches!(
            self.check,
            Some(Kind::LinkName | Kind::Url | Kind::Hosts | Kind::Path | Kind::Scope)
        );
        let control = view! {
            <input
                id=format!("f-{}", self.name)
                name=self.name
                type=self.kind
                class=if machine { "input machine" } else { "input" }
                value=kit.form().fields.get(self.name).to_owned()
                required=!self.optional
                autocomplete=self.complete.unwrap_or("off")
                inputmode=self.numeric.then_some("numeric")
                autocapitalize=machine.then_some("none")
                spellcheck=machine.then_some("false")
                placeholder=self.placeholder
                aria-describedby=described(self.name, self.help.is_some())
                aria-invalid=error.is_some().then_some("true")
                autofocus=kit.has_focus(self.name)
                data-check=self.check.map(Kind::word)
                data-propose=self.proposed_from
            />
        };
        Frame {
            name: self.name,
            label: self.label,
            optional: self.optional,
            wide: self.wide,
            help: self.help,
            error,
        }
        .around(control.into_any())
    }
}

/// What stands around a control.
pub struct Frame {
    /// The field.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// Says so beside the label.
    pub optional: bool,
    /// As wide as the form.
    pub wide: bool,
    /// Words below the control.
    pub help: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
}

impl Frame {
    /// Draws label, control, help and error.
    #[must_use]
    pub fn around(self, control: AnyView) -> AnyView {
        let name = self.name;
        view! {
            <div class=if self.wide { "field wide" } else { "field" }>
                <div class="label">
                    <label for=format!("f-{name}")>{self.label}</label>
                    {self.optional.then(|| view! { <span class="optional">"optional"</span> })}
                </div>
                {control}
                {error_line(name, self.error)}
                {self.help.map(|help| view! { <p class="help" id=format!("f-{name}-help")>{help}</p> })}
            </div>
        }
        .into_any()
    }
}

/// The element for what is wrong with a field.
#[must_use]
pub fn error_line(name: &str, error: Option<String>) -> AnyView {
    let name = name.to_owned();
    let right = error.is_none();
    view! {
        <p class="error" id=format!("f-{name}-error") data-error=name hidden=right>
            {error}
        </p>
    }
    .into_any()
}

/// The ids of a field's help and error, for `aria-describedby`.
#[must_use]
pub fn described(name: &str, has_help: bool) -> String {
    if has_help {
        format!("f-{name}-error f-{name}-help")
    } else {
        format!("f-{name}-error")
    }
}
