//! Link names: what people who write functions type.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// `[a-z][a-z0-9_]{0,49}`, never `new` (that word is a page). Unique in its organization, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LinkName(String);

/// Why a link name was refused; each message says what to type instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LinkNameError {
    /// Nothing was typed.
    #[error("Type a link name, such as zoom_meeting.")]
    Empty,
    /// More than 50 characters.
    #[error("A link name has at most 50 characters.")]
    TooLong,
    /// The first character is not a to z.
    #[error("A link name starts with a letter a to z.")]
    Start,
    /// A character outside the rule, look-alikes of other alphabets included.
    #[error("A link name has only the letters a to z, digits and _; `{0}` is not one of them.")]
    Character(char),
    /// The word `new` leads to a page.
    #[error("`new` is reserved. Choose another link name.")]
    Reserved,
}

impl LinkName {
    /// Most characters in a link name.
    pub const MAX: usize = 50;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A link name made from a display name: "Zoom Meeting" gives `zoom_meeting`. None where no letter is left.
    #[must_use]
    pub fn propose(name: &str) -> Option<Self> {
        let mut text = String::new();
        for c in name.chars() {
            let c = c.to_ascii_lowercase();
            if c.is_ascii_lowercase() || (c.is_ascii_digit() && !text.is_empty()) {
                text.push(c);
            } else if !text.is_empty() && !text.ends_with('_') {
                text.push('_');
            }
        }
        text.truncate(Self::MAX);
        let text = text.trim_end_matches('_');
        let text = if text == "new" { "new_1" } else { text };
        text.parse().ok()
    }

    /// The same name with a number behind it, still within the length: `zoom`, 2 gives `zoom_2`.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let suffix = format!("_{number}");
        let stem: String = self.0.chars().take(Self::MAX - suffix.len()).collect();
        Self(format!("{stem}{suffix}"))
    }
}

impl FromStr for LinkName {
    type Err = LinkNameError;
    fn from_str(text: &str) -> Result<Self, LinkNameError> {
        let first = text.chars().next().ok_or(LinkNameError::Empty)?;
        if let Some(odd) = text.chars().find(|c| !matches!(c, 'a'..='z' | '0'..='9' | '_')) {
            return Err(LinkNameError::Character(odd));
        }
        match text {
            _ if !first.is_ascii_lowercase() => Err(LinkNameError::Start),
            _ if text.len() > Self::MAX => Err(LinkNameError::TooLong),
            "new" => Err(LinkNameError::Reserved),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for LinkName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for LinkName {
    type Error = LinkNameError;
    fn try_from(text: String) -> Result<Self, LinkNameError> {
        text.parse()
    }
}
impl From<LinkName> for String {
    fn from(name: LinkName) -> String {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accepts_the_rule_and_refuses_the_rest() {
        for good in ["z", "zoom", "zoom_meeting_2", "a".repeat(50).as_str()] {
            assert!(good.parse::<LinkName>().is_ok(), "{good}");
        }
        assert_eq!("".parse::<LinkName>(), Err(LinkNameError::Empty));
        assert_eq!("new".parse::<LinkName>(), Err(LinkNameError::Reserved));
        assert_eq!("2zoom".parse::<LinkName>(), Err(LinkNameError::Start));
        assert_eq!("_zoom".parse::<LinkName>(), Err(LinkNameError::Start));
        assert_eq!("a".repeat(51).parse::<LinkName>(), Err(LinkNameError::TooLong));
        for hostile in [
            "zооm",
            "Zoom",
            "zoom-1",
            "zoom\n",
            "zo om",
            "zoom/../x",
            "zoom\0",
            "ｚoom",
        ] {
            assert!(
                matches!(hostile.parse::<LinkName>(), Err(LinkNameError::Character(_))),
                "{hostile:?}"
            );
        }
    }

    #[test]
    fn proposes_from_a_name() {
        assert_eq!(
            LinkName::propose("Zoom Meeting").map(String::from),
            Some("zoom_meeting".into())
        );
        assert_eq!(
            LinkName::propose("  2nd -- Try! ").map(String::from),
            Some("nd_try".into())
        );
        assert_eq!(LinkName::propose("New").map(String::from), Some("new_1".into()));
        assert_eq!(LinkName::propose("東京"), None);
    }

    proptest! {
        #[test]
        fn a_proposal_is_always_valid(name in "\\PC{0,80}", number in 2u32..99_999) {
            if let Some(proposed) = LinkName::propose(&name) {
                prop_assert!(proposed.as_str().parse::<LinkName>().is_ok());
                prop_assert!(proposed.numbered(number).as_str().parse::<LinkName>().is_ok());
            }
        }
    }
}
