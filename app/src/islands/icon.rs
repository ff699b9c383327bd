//! Icons: one path each on a grid of 16, drawn as a line in the colour of the text beside it.

use leptos::prelude::*;

/// An icon. It never stands alone for a meaning: a word is beside it, or the control has a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// Done, works.
    Check,
    /// A time that comes.
    Clock,
    /// Needs attention.
    Alert,
    /// Failed.
    Cross,
    /// Switched off.
    Pause,
    /// Not there yet.
    Dash,
    /// To be known.
    Info,
    /// Two sheets: copy.
    Copy,
    /// Two chain links: connections.
    Link,
    /// Boxes: services.
    Grid,
    /// A key.
    Key,
    /// Three lines: the menu.
    Menu,
    /// Away from here, to another site.
    Away,
    /// One more.
    Plus,
    /// A magnifying glass.
    Search,
    /// A lock: sealed.
    Lock,
    /// Three dots: more.
    More,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Check => "M3.5 8.5l3 3 6-7",
            Self::Clock => "M8 4.5V8l2.5 1.5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
            Self::Alert => {
                "M8 6v3.2M8 11.4v.1M7.1 2.6 1.7 12a1 1 0 0 0 .9 1.5h10.8a1 1 0 0 0 .9-1.5L8.9 2.6a1 1 0 0 0-1.8 0z"
            }
            Self::Cross => "M5.8 5.8l4.4 4.4m0-4.4-4.4 4.4M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
            Self::Pause => "M6.3 5.8v4.4m3.4-4.4v4.4M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
            Self::Dash => "M5.5 8h5M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
            Self::Info => "M8 7.4v3.4M8 5.2v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
            Self::Copy => {
                "M5.5 5.5h7a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1zM10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2"
            }
            Self::Link => {
                "M6.6 9.4a2.8 2.8 0 0 0 4 0l2.2-2.2a2.8 2.8 0 0 0-4-4l-.9.9M9.4 6.6a2.8 2.8 0 0 0-4 0L3.2 8.8a2.8 2.8 0 0 0 4 4l.9-.9"
            }
            Self::Grid => {
                "M2.5 2.5h4.2v4.2H2.5zM9.3 2.5h4.2v4.2H9.3zM2.5 9.3h4.2v4.2H2.5zM9.3 9.3h4.2v4.2H9.3z"
            }
            Self::Key => "M8.6 7.4 13.5 2.5M11.5 4.5l1.8 1.8M9.6 10A3.3 3.3 0 1 1 3 10a3.3 3.3 0 0 1 6.6 0z",
            Self::Menu => "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
            Self::Away => {
                "M9.5 2.5h4v4M13.2 2.8 7.5 8.5M11.5 9.5v3a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1h3"
            }
            Self::Plus => "M8 3v10M3 8h10",
            Self::Search => "M11.6 7A4.6 4.6 0 1 1 2.4 7a4.6 4.6 0 0 1 9.2 0zM10.3 10.3l3.2 3.2",
            Self::More => "M3.5 8h.1M8 8h.1M12.5 8h.1",
            Self::Lock => {
                "M4 7.5h8a.8.8 0 0 1 .8.8v4.4a.8.8 0 0 1-.8.8H4a.8.8 0 0 1-.8-.8V8.3a.8.8 0 0 1 .8-.8zM5.3 7.5V5.2a2.7 2.7 0 0 1 5.4 0v2.3"
            }
        }
    }
}

/// Draws an icon; the size is the style sheet's.
#[must_use]
pub fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=icon.path() />
        </svg>
    }
}
