//! The fields under *Advanced* as a table: what each is called, what it is for, and what it holds where nobody set it.

use domain::form::Fields;
use leptos::prelude::*;

use crate::{
    components::{
        area::Area,
        choice::{Choices, Select},
        field::Field,
        form::Kit,
        frame::Need,
        ticks::tick,
    },
    islands::check::Kind,
};

/// Fields that change the same thing.
pub struct Group {
    /// Its heading.
    pub title: &'static str,
    /// What it is about, in a sentence.
    pub about: &'static str,
    /// The authentication types that it is for, between spaces.
    pub types: &'static str,
    /// Its fields.
    pub knobs: &'static [Knob],
}

/// A field.
pub struct Knob {
    /// Its name in the form.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    help: &'static str,
    holds: Holds,
    usual: &'static str,
    only: Option<&'static str>,
}

enum Holds {
    Line(&'static str, Option<Kind>),
    Lines(&'static str, Kind),
    Choice(fn() -> Choices),
    Tick,
}

impl Knob {
    const fn new(name: &'static str, label: &'static str, help: &'static str, holds: Holds) -> Self {
        Self {
            name,
            label,
            help,
            holds,
            usual: "",
            only: None,
        }
    }

    /// One line of text, with an example.
    pub const fn line(
        name: &'static str,
        label: &'static str,
        help: &'static str,
        example: &'static str,
    ) -> Self {
        Self::new(name, label, help, Holds::Line(example, None))
    }

    /// One line that a parser judges.
    pub const fn checked(
        name: &'static str,
        label: &'static str,
        help: &'static str,
        example: &'static str,
        kind: Kind,
    ) -> Self {
        Self::new(name, label, help, Holds::Line(example, Some(kind)))
    }

    /// A list, one pair a line.
    pub const fn lines(
        name: &'static str,
        label: &'static str,
        help: &'static str,
        example: &'static str,
        kind: Kind,
    ) -> Self {
        Self::new(name, label, help, Holds::Lines(example, kind))
    }

    /// One of some words; the first is the usual one.
    pub const fn choice(
        name: &'static str,
        label: &'static str,
        help: &'static str,
        choices: fn() -> Choices,
    ) -> Self {
        Self::new(name, label, help, Holds::Choice(choices))
    }

    /// On or off, usually off.
    pub const fn tick(name: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(name, label, help, Holds::Tick)
    }

    /// What it holds where nobody set it.
    pub const fn usually(mut self, value: &'static str) -> Self {
        self.usual = value;
        self
    }

    /// For these authentication types only, in a group that is for more.
    pub const fn only(mut self, types: &'static str) -> Self {
        self.only = Some(types);
        self
    }

    /// Whether it says something else than the standard.
    #[must_use]
    pub fn is_set(&self, fields: &Fields) -> bool {
        let value = fields.get(self.name).trim();
        let usual = match &self.holds {
            Holds::Choice(choices) => choices().first().map_or("", |(word, _)| *word),
            _ => self.usual,
        };
        !value.is_empty() && value != usual
    }

    /// What it says, in words.
    #[must_use]
    pub fn words(&self, fields: &Fields) -> String {
        let value = fields.get(self.name).trim();
        match &self.holds {
            Holds::Tick => "yes".into(),
            Holds::Choice(choices) => {
                let chosen = choices().into_iter().find(|(word, _)| *word == value);
                chosen.map_or(value, |(_, words)| words).to_owned()
            }
            Holds::Line(..) | Holds::Lines(..) => value.to_owned(),
        }
    }

    /// Whether its words are those of a machine.
    #[must_use]
    pub const fn is_code(&self) -> bool {
        matches!(self.holds, Holds::Line(..) | Holds::Lines(..))
    }

    /// Draws it.
    #[must_use]
    pub fn view(&self, kit: &Kit<'_>) -> AnyView {
        match &self.holds {
            Holds::Line(example, check) => {
                let field = Field::new(self.name, self.label).depends().machine();
                let field = field.placeholder(*example).help(self.help);
                let field = check.map_or(field.clone(), |kind| field.check(kind));
                self.only
                    .map_or(field.clone(), |types| field.only(types))
                    .view(kit)
            }
            Holds::Lines(example, kind) => Area {
                name: self.name,
                label: self.label,
                help: self.help,
                example,
                rows: 2,
                check: Some(*kind),
                need: Need::Depends,
                only: self.only,
            }
            .view(kit),
            Holds::Choice(choices) => {
                let select = Select::new(self.name, self.label, choices()).help(self.help);
                match self.only {
                    Some(types) => select.only(types).view(kit),
                    None => select.view(kit),
                }
            }
            Holds::Tick => tick(kit, self.name, self.label, self.help, self.only),
        }
    }
}

impl Group {
    /// Those of its fields that are set.
    pub fn set<'a>(&'a self, fields: &'a Fields) -> impl Iterator<Item = &'a Knob> {
        self.knobs.iter().filter(|knob| knob.is_set(fields))
    }

    /// The names of its fields.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        self.knobs.iter().map(|knob| knob.name)
    }
}

/// The words of a choice of the domain.
macro_rules! words_of {
    ($kind:ty) => {
        || {
            <$kind>::ALL
                .iter()
                .map(|choice| (choice.word(), choice.label()))
                .collect()
        }
    };
}
pub(super) use words_of;
