//! What is decided when the provider is made.

use std::time::Duration;

use url::Url;

/// Settings of one sandbox. [`Settings::new`] fills in the defaults; every field may be changed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address under which browsers and clients reach the provider; a trailing slash is dropped.
    pub issuer: Url,
    /// The built-in client may return to any address on the origin and below the path of one of these.
    pub redirect_prefixes: Vec<String>,
    /// How long an access token works. Default: 300 s.
    pub access_token_lifetime: Duration,
    /// How long an authorization code works. Default: 60 s.
    pub code_lifetime: Duration,
    /// Serves ledger, switches and client registration over HTTP, to anybody who can connect. Default: off.
    pub control: bool,
    /// How many ledger entries are kept; the oldest go first. Never more than 10,000.
    pub ledger_capacity: usize,
    /// How many grants and how many codes are kept; the oldest go first. Default: 10,000.
    pub grant_capacity: usize,
}

impl Settings {
    /// The largest ledger that is kept.
    pub const MAX_LEDGER: usize = 10_000;

    /// Defaults for a provider at `issuer`.
    #[must_use]
    pub fn new(issuer: Url) -> Self {
        Self {
            issuer,
            redirect_prefixes: Vec::new(),
            access_token_lifetime: Duration::from_secs(300),
            code_lifetime: Duration::from_secs(60),
            control: false,
            ledger_capacity: Self::MAX_LEDGER,
            grant_capacity: 10_000,
        }
    }

    /// The issuer identifier as it appears in metadata and in `iss`.
    pub(crate) fn issuer(&self) -> &str {
        self.issuer.as_str().trim_end_matches('/')
    }
}
