//! A sentence in a coloured box, with what to do about it.

use leptos::prelude::*;

use super::{Icon, icon};
use crate::page::NoticeKind;

impl NoticeKind {
    /// The class of its colour.
    #[must_use]
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }

    /// Its icon: colour alone says nothing to many people.
    #[must_use]
    pub const fn icon(self) -> Icon {
        match self {
            Self::Good => Icon::Check,
            Self::Info => Icon::Info,
            Self::Warn => Icon::Alert,
            Self::Bad => Icon::Cross,
        }
    }
}

/// A note with its words and, where something can be done, its buttons.
#[must_use]
pub fn note(kind: NoticeKind, words: impl IntoView + 'static, actions: Option<AnyView>) -> AnyView {
    view! {
        <div class=format!("note {}", kind.tone())>
            {icon(kind.icon())}
            <div class="note-words">{words.into_any()}</div>
            {actions.map(|actions| view! { <div class="note-actions">{actions}</div> })}
        </div>
    }
    .into_any()
}
