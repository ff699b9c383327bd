//! Demands on calls with an access token.

use serde::Deserialize;

use super::Wanted;

/// RFC 6750, 2, as this client's provider has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallQuirks {
    pub token_header: Option<TokenHeader>,
    /// The name of the query parameter that the token stands in.
    pub token_query: Option<String>,
    /// Headers with these values.
    pub extra_headers: Wanted,
    /// `/api/…` is refused; `/instances/{name}/api/…` is good.
    pub instance: Option<String>,
    /// The status with which a token is refused that has ended, in place of 401.
    pub expired_status: Option<u16>,
    pub rate_limit: Option<RateLimit>,
}

/// A header, and what stands before the token in it, its space included.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenHeader {
    pub name: String,
    #[serde(default)]
    pub prefix: String,
}

/// The first calls of `/api/…` after the registration are too many.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimit {
    pub status: u16,
    pub header: String,
    pub kind: RateLimitKind,
    /// How long the client is told to wait. Nobody checks that it does.
    #[serde(default = "one")]
    pub seconds: u64,
    /// How many calls.
    #[serde(default = "one")]
    pub times: u64,
}

/// What the header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateLimitKind {
    Seconds,
    Epoch,
    EpochMs,
}

fn one() -> u64 {
    1
}
