//! What stands around the control of a field: label, help and error, tied together for everybody.
//!
//! A field's id is `f-` and its name, so that no id shadows a property of its form. The error's element is always
//! there, empty and hidden where nothing is wrong, for the browser to fill.

use std::borrow::Cow;

use leptos::prelude::*;

/// A name or a label: known here, or made of what somebody defined.
pub type Word = Cow<'static, str>;

/// Whether a field must be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Always.
    Always,
    /// It may be left empty, and says so.
    Never,
    /// It depends on another choice of the form: the server names what is missing.
    Depends,
}

/// What stands around a control.
pub struct Frame {
    name: Word,
    label: Word,
    need: Need,
    wide: bool,
    help: Option<Word>,
    error: Option<String>,
    only: Option<&'static str>,
}

impl Frame {
    /// Around a field's control, whose id is `f-` and the name.
    #[must_use]
    pub fn new(name: impl Into<Word>, label: impl Into<Word>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            need: Need::Always,
            wide: false,
            help: None,
            error: None,
            only: None,
        }
    }

    /// What may be left empty says so beside the label.
    #[must_use]
    pub const fn need(mut self, need: Need) -> Self {
        self.need = need;
        self
    }

    /// As wide as the form.
    #[must_use]
    pub const fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// Words below the control.
    #[must_use]
    pub fn help(mut self, help: Option<Word>) -> Self {
        self.help = help;
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn error(mut self, error: Option<String>) -> Self {
        self.error = error;
        self
    }

    /// Only for these authentication types.
    #[must_use]
    pub const fn only(mut self, types: Option<&'static str>) -> Self {
        self.only = types;
        self
    }

    /// Draws label, control, help and error.
    #[must_use]
    pub fn around(self, control: AnyView) -> AnyView {
        let name = self.name;
        let optional = self.need == Need::Never;
        let help_id = format!("f-{name}-help");
        view! {
            <div class=if self.wide { "field wide" } else { "field" } data-for=self.only data-field=name.to_string()>
                <div class="label">
                    <label for=format!("f-{name}")>{self.label.to_string()}</label>
                    {optional.then(|| view! { <span class="optional">"optional"</span> })}
                </div>
                {control}
                {error_line(&name, self.error)}
                {self.help.map(|help| view! { <p class="help" id=help_id>{help.to_string()}</p> })}
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
