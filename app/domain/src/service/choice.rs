//! Choices of a form: a word that is sent and stored, and a label that people read.

/// A choice in a form that is none of the offered ones.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Choose one of the offered values.")]
pub struct ChoiceError;

macro_rules! choices {
    ($($name:ident { $($variant:ident = $word:literal $label:literal),+ $(,)? })+) => {$(
        impl $name {
            /// Every value, in the order that forms show.
            pub const ALL: &[Self] = &[$(Self::$variant),+];
            /// The word used in forms and in JSON.
            #[must_use]
            pub const fn word(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// The words that people read.
            #[must_use]
            pub const fn label(self) -> &'static str { match self { $(Self::$variant => $label),+ } }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::service::choice::ChoiceError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err($crate::service::choice::ChoiceError) }
            }
        }
    )+};
}

pub(crate) use choices;
