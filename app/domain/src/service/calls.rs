//! What every call of a service carries beside the credential, and what its answers mean.

use serde::{Deserialize, Serialize};

use super::choice::choices;
use crate::{
    pairs::{PairName, Pairs},
    template::Template,
};

/// Options of calls.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CallOptions {
    /// Headers of every call (`Notion-Version`, `xero-tenant-id`); `{access_token}` may stand in them.
    pub headers: Pairs<Template>,
    /// Query parameters of every call.
    pub parameters: Pairs<Template>,
    /// Statuses that mean "this token has ended" beside 401.
    pub refused_statuses: Vec<u16>,
    /// The header that tells when a limit ends, where it is not `Retry-After`.
    pub limit_header: Option<PairName>,
    /// What stands in it.
    pub limit_kind: LimitKind,
}

/// What a header about a limit says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Seconds from now.
    #[default]
    Seconds,
    /// Seconds since 1970 (GitHub, Okta).
    Epoch,
    /// Milliseconds since 1970.
    EpochMilliseconds,
}

choices! {
    LimitKind {
        Seconds = "seconds" "Seconds from now",
        Epoch = "epoch" "Seconds since 1970",
        EpochMilliseconds = "epoch_milliseconds" "Milliseconds since 1970",
    }
}
