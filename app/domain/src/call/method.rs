//! HTTP methods that calls use.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A method of a call (RFC 9110 section 9; PATCH: RFC 5789).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    #[default]
    Get,
    /// Creates, or whatever the provider makes of it.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Removes.
    Delete,
    /// Reads the headers alone.
    Head,
}

/// Not a method that calls use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Use one of GET, POST, PUT, PATCH, DELETE and HEAD.")]
pub struct MethodError;

impl Method {
    /// Every method, in the order that forms show.
    pub const ALL: [Self; 6] = [
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Head,
    ];

    /// The method as sent.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Head => "HEAD",
        }
    }

    /// Whether parameters belong into the query, as Deluge's `invokeurl` has it, and not into a form.
    #[must_use]
    pub const fn asks_by_query(self) -> bool {
        matches!(self, Self::Get | Self::Delete | Self::Head)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Case does not matter: Deluge writes `get` as gladly as `GET`.
impl FromStr for Method {
    type Err = MethodError;
    fn from_str(text: &str) -> Result<Self, MethodError> {
        Self::ALL
            .into_iter()
            .find(|method| method.word().eq_ignore_ascii_case(text))
            .ok_or(MethodError)
    }
}
