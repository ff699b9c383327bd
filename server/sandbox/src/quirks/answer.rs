//! How the answers of the token endpoint differ from RFC 6749, 5.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

/// RFC 6749, 5, as this client's provider has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerQuirks {
    /// The path, with dots, under which the members stand.
    pub within: Option<String>,
    /// Other names for the members of a good answer.
    pub names: BTreeMap<String, String>,
    /// Members of a good answer. In a bad one `true` is `false`, a number is 1 beside a `message` and nothing
    /// else, a text is `error`, and its status is 200.
    pub success_member: Map<String, Value>,
    /// The status of errors.
    pub error_status: Option<u16>,
    /// Urlencoded unless `Accept` names JSON.
    pub form_encoded: bool,
    /// The access token stands in this header and not in the body.
    pub as_header: Option<String>,
    pub expires: Expires,
    /// How long an access token works, where it is not as long as all others.
    pub lifetime_seconds: Option<u64>,
    /// Further members by their path from the top; in a text `{base}` is the sandbox's own address.
    pub extra: BTreeMap<String, Value>,
}

/// How the end of an access token is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expires {
    /// `expires_in` in seconds.
    #[default]
    Seconds,
    /// `expires_in` in milliseconds.
    Ms,
    /// `expires_in` in minutes.
    Minutes,
    /// `expires_in` in seconds, as a text.
    Text,
    /// Not at all.
    Absent,
    /// `expires_at` as RFC 3339 writes it.
    AtIso,
    /// `expires_at` in seconds since 1970.
    AtEpoch,
}
