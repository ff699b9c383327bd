//! What the switches mean for one token request.

use std::time::Duration;

use url::Url;

use crate::fault::{BodyFault, ExpiresInFault, Fault, Switch};

/// The course of one token request.
#[derive(Default)]
pub(crate) struct Plan {
    pub(crate) delay_before: Duration,
    pub(crate) delay_after: Duration,
    pub(crate) shape: Shape,
    pub(crate) delivery: Delivery,
    commits: Option<bool>,
}

/// How what is granted differs from what was asked.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shape {
    pub(crate) fewer_scopes: bool,
    pub(crate) omit_refresh_token: bool,
    pub(crate) refresh_kills_access: bool,
    pub(crate) omit_expires_in: bool,
    pub(crate) expires_in: Option<ExpiresInFault>,
}

/// How the answer travels.
#[derive(Default)]
pub(crate) enum Delivery {
    #[default]
    Plain,
    Status {
        code: u16,
        retry_after: Option<u32>,
    },
    Error {
        code: String,
        status: u16,
    },
    Redirect(Url),
    Never,
    Drop,
    Body(BodyFault),
}

impl Plan {
    pub(crate) fn new(switches: Vec<Switch>) -> Self {
        let mut plan = Self::default();
        for switch in switches {
            plan.add(switch);
        }
        plan
    }

    /// Whether the request is acted on.
    pub(crate) fn commits(&self) -> bool {
        let replaced = matches!(
            self.delivery,
            Delivery::Status { .. } | Delivery::Error { .. } | Delivery::Redirect(_) | Delivery::Never
        );
        self.commits.unwrap_or(!replaced)
    }

    fn add(&mut self, switch: Switch) {
        let commits = switch.commits;
        match switch.fault {
            Fault::DelayMs(ms) => self.delay_before = Duration::from_millis(ms),
            Fault::DelayAfterCommitMs(ms) => self.delay_after = Duration::from_millis(ms),
            Fault::FewerScopes => self.shape.fewer_scopes = true,
            Fault::OmitRefreshToken => self.shape.omit_refresh_token = true,
            Fault::RefreshKillsAccess => self.shape.refresh_kills_access = true,
            Fault::OmitExpiresIn => self.shape.omit_expires_in = true,
            Fault::ExpiresIn(kind) => self.shape.expires_in = Some(kind),
            Fault::Status { code, retry_after } => {
                self.deliver(Delivery::Status { code, retry_after }, commits)
            }
            Fault::Error { code, status } => {
                self.deliver(
                    Delivery::Error {
                        code,
                        status: status.unwrap_or(400),
                    },
                    commits,
                );
            }
            Fault::Redirect(to) => self.deliver(Delivery::Redirect(to), commits),
            Fault::NeverAnswer => self.deliver(Delivery::Never, commits),
            Fault::CommitThenDrop => self.deliver(Delivery::Drop, commits),
            Fault::Body(kind) => self.deliver(Delivery::Body(kind), commits),
            Fault::OmitState | Fault::Iss(_) | Fault::HostileDescription | Fault::UserinfoStatus(_) => {}
        }
    }

    fn deliver(&mut self, delivery: Delivery, commits: Option<bool>) {
        if matches!(self.delivery, Delivery::Plain) {
            self.delivery = delivery;
            self.commits = commits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_whole_answer_wins_and_decides_whether_to_act() {
        let status = Fault::Status {
            code: 500,
            retry_after: None,
        };
        let plan = Plan::new(vec![status.clone().into(), Fault::CommitThenDrop.into()]);
        assert!(matches!(plan.delivery, Delivery::Status { code: 500, .. }));
        assert!(!plan.commits());
        assert!(Plan::new(vec![Fault::CommitThenDrop.into(), status.clone().into()]).commits());
        assert!(
            Plan::new(vec![Switch {
                fault: status,
                times: None,
                commits: Some(true)
            }])
            .commits()
        );
        assert!(Plan::new(vec![Fault::Body(BodyFault::Html).into()]).commits());
    }
}
