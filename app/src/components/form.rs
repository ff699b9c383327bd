//! Forms: one frame for all of them, which says above the fields what is wrong and leads to each.

use std::cell::{Cell, RefCell};

use leptos::prelude::*;

use super::{Icon, icon};
use crate::page::Form;

/// Where a form posts to, and how.
pub struct Target {
    path: Option<String>,
    class: &'static str,
    plain: bool,
}

impl Target {
    /// The page's own URL, its query included.
    #[must_use]
    pub const fn here() -> Self {
        Self {
            path: None,
            class: "form",
            plain: false,
        }
    }

    /// Another path.
    #[must_use]
    pub const fn to(path: String) -> Self {
        Self {
            path: Some(path),
            class: "form",
            plain: false,
        }
    }

    /// Another look.
    #[must_use]
    pub const fn class(mut self, class: &'static str) -> Self {
        self.class = class;
        self
    }

    /// Always posted by the browser itself: the answer shows something once, as a page of its own.
    #[must_use]
    pub const fn plain(mut self) -> Self {
        self.plain = true;
        self
    }
}

/// What the fields of a form need to know about it.
pub struct Kit<'a> {
    form: &'a Form,
    labels: RefCell<Vec<(String, String)>>,
    focused: Cell<bool>,
}

impl Kit<'_> {
    /// The form.
    #[must_use]
    pub const fn form(&self) -> &Form {
        self.form
    }

    /// The sentence for a field, where it is wrong; notes the field's label for the summary.
    #[must_use]
    pub fn error(&self, name: &str, label: &str) -> Option<String> {
        self.labels.borrow_mut().push((name.to_owned(), label.to_owned()));
        self.form.errors.of(name).map(str::to_owned)
    }

    /// Whether the page opens with the focus on this field: the first on the page that is wrong. Each field asks once,
    /// in the order of the page.
    #[must_use]
    pub fn has_focus(&self, name: &str) -> bool {
        self.form.errors.of(name).is_some() && !self.focused.replace(true)
    }

    /// Where a field stands on the page, and its label.
    fn place(&self, name: &str) -> (usize, String) {
        let labels = self.labels.borrow();
        let found = labels.iter().enumerate().find(|(_, (known, _))| known == name);
        found.map_or((usize::MAX, "This form".to_owned()), |(at, (_, label))| {
            (at, label.clone())
        })
    }

    /// Whether something is wrong with any of these fields: what holds them must not be folded away.
    #[must_use]
    pub fn any_wrong<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> bool {
        names.into_iter().any(|name| self.form.errors.of(name).is_some())
    }
}

/// A form. `fields` draws what is in it, its buttons included.
#[must_use]
pub fn form(model: &Form, target: Target, fields: impl FnOnce(&Kit<'_>) -> AnyView) -> AnyView {
    let kit = Kit {
        form: model,
        labels: RefCell::default(),
        focused: Cell::new(false),
    };
    // Drawn first: the summary takes its words from the fields.
    let content = fields(&kit);
    let summary = summary(&kit);
    view! {
        <form
            method="post"
            action=target.path
            class=target.class
            novalidate
            data-plain=target.plain.then_some("")
        >
            {summary}
            {content}
        </form>
    }
    .into_any()
}

/// Always there, so that the browser can fill it too.
fn summary(kit: &Kit<'_>) -> impl IntoView + use<> {
    let form = kit.form;
    let words = form.message.clone().or_else(|| {
        let whole = form.errors.of("").map(str::to_owned);
        whole.or_else(|| (!form.errors.is_empty()).then(|| "Some fields need another value.".into()))
    });
    let mut errors: Vec<_> = form
        .errors
        .0
        .iter()
        .filter(|error| !error.field.is_empty())
        .collect();
    errors.sort_by_key(|error| kit.place(&error.field).0);
    let lines = errors
        .into_iter()
        .map(|error| {
            let label = kit.place(&error.field).1;
            let message = error.message.clone();
            view! {
                <li>
                    <a href=format!("#f-{}", error.field)>{label}</a>
                    {format!(": {message}")}
                </li>
            }
        })
        .collect_view();
    let quiet = words.is_none();
    view! {
        <div class="note bad summary" role="alert" tabindex="-1" hidden=quiet>
            {icon(Icon::Cross)}
            <div class="note-words">
                <p>{words}</p>
                <ul>{lines}</ul>
            </div>
        </div>
    }
}
