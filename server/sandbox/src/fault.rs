//! The switches: how the provider misbehaves. All are off until somebody sets them.
//!
//! As JSON a switch reads `{"fault": "commit_then_drop", "times": 1}` or
//! `{"fault": {"status": {"code": 429, "retry_after": 2}}}`.

use std::mem::discriminant;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::ledger::Endpoint;

/// One kind of misbehaviour. Where several decide about the whole answer, the one set first wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// Token endpoint: wait before acting. A caller who hangs up meanwhile has changed nothing.
    DelayMs(u64),
    /// Token endpoint: act, then wait. A caller who hangs up meanwhile has lost the answer.
    DelayAfterCommitMs(u64),
    /// Token endpoint: this status and no word of OAuth. A code outside 200..=599 counts as 500.
    Status { code: u16, retry_after: Option<u32> },
    /// Token endpoint: this OAuth error, with status 400 unless another is named (200 is a real one).
    Error { code: String, status: Option<u16> },
    /// Token endpoint: 307 to somewhere else.
    Redirect(Url),
    /// Token endpoint: keep the line open and say nothing.
    NeverAnswer,
    /// Token endpoint: act, then close the line without a byte.
    CommitThenDrop,
    /// Token endpoint: act, then spoil the answer.
    Body(BodyFault),
    /// Token endpoint: grant all asked scopes but the last one (a lone one stays).
    FewerScopes,
    /// Token endpoint: no refresh token in the answer; one that was used stays valid.
    OmitRefreshToken,
    /// Token endpoint: no `expires_in` in the answer.
    OmitExpiresIn,
    /// Token endpoint: an `expires_in` of an unusual kind.
    ExpiresIn(ExpiresInFault),
    /// Token endpoint: a refresh ends the access tokens issued before it.
    RefreshKillsAccess,
    /// Authorize endpoint: answer without `state`.
    OmitState,
    /// Authorize endpoint: answer with a wrong `iss`.
    Iss(IssFault),
    /// Authorize endpoint: answer with an error whose description is long and full of markup.
    HostileDescription,
    /// Userinfo endpoint: this status instead of an answer.
    UserinfoStatus(u16),
}

/// What becomes of the body of a token answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFault {
    /// A page for people, with status 200.
    Html,
    Empty,
    /// The first half of the JSON.
    Truncated,
    /// 256 random bytes that call themselves JSON.
    Garbage,
    /// Valid JSON of more than 2 MiB.
    Oversized,
    /// The same members, urlencoded.
    FormUrlencoded,
}

/// The shape of `expires_in`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiresInFault {
    String,
    Float,
    Negative,
    /// The largest number of 64 bits.
    Huge,
}

/// What becomes of `iss` (RFC 9207).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IssFault {
    Drop,
    TrailingSlash,
    Other,
}

/// A fault that is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    pub fault: Fault,
    /// For so many requests; without it, until it is turned off.
    #[serde(default)]
    pub times: Option<u32>,
    /// Whether the token endpoint acts on the request before the fault shows. Without it, faults that
    /// replace the answer (`status`, `error`, `redirect`, `never_answer`) do not act, all others do.
    #[serde(default)]
    pub commits: Option<bool>,
}

impl Switch {
    /// On for the next `times` requests.
    #[must_use]
    pub fn times(fault: Fault, times: u32) -> Self {
        Self {
            fault,
            times: Some(times),
            commits: None,
        }
    }
}

impl From<Fault> for Switch {
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            times: None,
            commits: None,
        }
    }
}

impl Fault {
    fn endpoint(&self) -> Endpoint {
        match self {
            Self::OmitState | Self::Iss(_) | Self::HostileDescription => Endpoint::Authorize,
            Self::UserinfoStatus(_) => Endpoint::Userinfo,
            _ => Endpoint::Token,
        }
    }

    /// The name by which the ledger mentions it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::DelayMs(_) => "delay_ms",
            Self::DelayAfterCommitMs(_) => "delay_after_commit_ms",
            Self::Status { .. } => "status",
            Self::Error { .. } => "error",
            Self::Redirect(_) => "redirect",
            Self::NeverAnswer => "never_answer",
            Self::CommitThenDrop => "commit_then_drop",
            Self::Body(_) => "body",
            Self::FewerScopes => "fewer_scopes",
            Self::OmitRefreshToken => "omit_refresh_token",
            Self::OmitExpiresIn => "omit_expires_in",
            Self::ExpiresIn(_) => "expires_in",
            Self::RefreshKillsAccess => "refresh_kills_access",
            Self::OmitState => "omit_state",
            Self::Iss(_) => "iss",
            Self::HostileDescription => "hostile_description",
            Self::UserinfoStatus(_) => "userinfo_status",
        }
    }
}

/// The switches that are on.
#[derive(Default)]
pub(crate) struct Switches(Vec<Switch>);

impl Switches {
    pub(crate) fn set(&mut self, switch: Switch) {
        self.0
            .retain(|known| discriminant(&known.fault) != discriminant(&switch.fault));
        self.0.push(switch);
    }

    pub(crate) fn replace(&mut self, switches: Vec<Switch>) {
        self.0.clear();
        for switch in switches {
            self.set(switch);
        }
    }

    /// What goes wrong with one request at this endpoint; counts it.
    pub(crate) fn take(&mut self, endpoint: Endpoint) -> Vec<Switch> {
        self.0.retain(|switch| switch.times != Some(0));
        let mut taken = Vec::new();
        for switch in self
            .0
            .iter_mut()
            .filter(|switch| switch.fault.endpoint() == endpoint)
        {
            switch.times = switch.times.map(|left| left.saturating_sub(1));
            taken.push(switch.clone());
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counted_switch_goes_off_and_others_stay() {
        let mut switches = Switches::default();
        switches.set(Switch::times(Fault::NeverAnswer, 2));
        switches.set(Fault::FewerScopes.into());
        switches.set(Switch::times(Fault::OmitState, 0));
        assert_eq!(switches.take(Endpoint::Authorize).len(), 0);
        let counts: Vec<_> = (0..3).map(|_| switches.take(Endpoint::Token).len()).collect();
        assert_eq!(counts, [2, 2, 1]);
    }

    #[test]
    fn a_kind_is_set_once() {
        let mut switches = Switches::default();
        switches.set(Fault::Body(BodyFault::Html).into());
        switches.set(Fault::Body(BodyFault::Empty).into());
        let faults: Vec<_> = switches
            .take(Endpoint::Token)
            .into_iter()
            .map(|switch| switch.fault)
            .collect();
        assert_eq!(faults, [Fault::Body(BodyFault::Empty)]);
    }

    #[test]
    fn the_json_is_the_documented_one() {
        let read = |text| serde_json::from_str::<Switch>(text);
        let drop = read(r#"{"fault":"commit_then_drop","times":1}"#).unwrap();
        assert_eq!(drop, Switch::times(Fault::CommitThenDrop, 1));
        let status = read(r#"{"fault":{"status":{"code":429,"retry_after":2}}}"#).unwrap();
        assert_eq!(
            status,
            Fault::Status {
                code: 429,
                retry_after: Some(2)
            }
            .into()
        );
        assert!(read(r#"{"fault":"no_such_fault"}"#).is_err());
        assert!(read(r#"{"fault":"fewer_scopes","time":1}"#).is_err());
    }

    #[test]
    fn the_ledger_mentions_a_fault_by_its_json_name() {
        for fault in [
            Fault::DelayAfterCommitMs(1),
            Fault::OmitExpiresIn,
            Fault::Iss(IssFault::Drop),
        ] {
            let json = serde_json::to_string(&fault).unwrap();
            assert!(json.contains(&format!("\"{}\"", fault.name())), "{json}");
        }
    }
}
