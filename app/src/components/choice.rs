//! Fields that are chosen from a list that folds out.

use leptos::prelude::*;

use super::{
    form::Kit,
    frame::{Frame, Need, Word, described},
};

/// Words to choose among: each with what is sent and what is read.
pub type Choices = Vec<(&'static str, &'static str)>;

/// A choice among words, in a list that folds out.
pub struct Select {
    name: Word,
    label: Word,
    choices: Vec<(Word, Word)>,
    help: Option<Word>,
    need: Need,
    only: Option<&'static str>,
    usual: String,
}

impl Select {
    /// The first choice is what nobody chose.
    #[must_use]
    pub fn new<V: Into<Word>, L: Into<Word>>(
        name: impl Into<Word>,
        label: impl Into<Word>,
        choices: impl IntoIterator<Item = (V, L)>,
    ) -> Self {
        let choices = choices.into_iter();
        Self {
            name: name.into(),
            label: label.into(),
            choices: choices.map(|(word, words)| (word.into(), words.into())).collect(),
            help: None,
            need: Need::Always,
            only: None,
            usual: String::new(),
        }
    }

    /// What is chosen until somebody chooses; the first where this is none of the words.
    #[must_use]
    pub fn usually(mut self, word: String) -> Self {
        self.usual = word;
        self
    }

    /// Words below it.
    #[must_use]
    pub fn help(mut self, help: impl Into<Word>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Whether it says that nothing need be chosen.
    #[must_use]
    pub const fn need(mut self, need: Need) -> Self {
        self.need = need;
        self
    }

    /// Only for these authentication types.
    #[must_use]
    pub const fn only(mut self, types: &'static str) -> Self {
        self.only = Some(types);
        self
    }

    /// Draws it with what was chosen.
    #[must_use]
    pub fn view(self, kit: &Kit<'_>) -> AnyView {
        let error = kit.error(&self.name, &self.label);
        let fields = &kit.form().fields;
        let chosen = if fields.has(&self.name) {
            fields.get(&self.name)
        } else {
            &self.usual
        };
        let options = options(&self.choices, chosen);
        let control = view! {
            <select
                id=format!("f-{}", self.name)
                name=self.name.to_string()
                class="input"
                aria-describedby=described(&self.name, self.help.is_some())
                aria-invalid=error.is_some().then_some("true")
                autofocus=kit.has_focus(&self.name)
            >
                {options}
            </select>
        };
        Frame::new(self.name, self.label)
            .need(self.need)
            .only(self.only)
            .help(self.help)
            .error(error)
            .around(control.into_any())
    }
}

/// The options of a list, one of them chosen.
#[must_use]
pub fn options(choices: &[(Word, Word)], chosen: &str) -> AnyView {
    choices
        .iter()
        .map(|(word, words)| {
            view! {
                <option value=word.to_string() selected=chosen == *word>
                    {words.to_string()}
                </option>
            }
        })
        .collect_view()
        .into_any()
}

/// A choice among words with a sentence below.
#[must_use]
pub fn select(
    kit: &Kit<'_>,
    name: &'static str,
    label: &'static str,
    choices: Choices,
    help: Option<&'static str>,
) -> AnyView {
    let select = Select::new(name, label, choices);
    match help {
        Some(help) => select.help(help).view(kit),
        None => select.view(kit),
    }
}
