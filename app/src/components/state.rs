//! The status of a connection, why, and what comes next for it.

use domain::connection::{Cause, CredentialFacts, Status, cause, status};
use leptos::prelude::*;
use time::OffsetDateTime;

use super::{Icon, icon, moment::moment};

/// What is known of a connection's credential, as the server stores it.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    /// Whether an administrator switched the connection off.
    pub disabled: bool,
    /// The credential, where there ever was one.
    pub credential: Option<CredentialFacts>,
}

impl Condition {
    /// The status at a moment.
    #[must_use]
    pub fn status(&self, now: OffsetDateTime) -> Status {
        status(self.disabled, self.credential.as_ref(), now)
    }

    /// Why, where there is a why.
    #[must_use]
    pub fn cause(&self, now: OffsetDateTime) -> Option<Cause> {
        cause(self.status(now), self.credential.as_ref())
    }

    /// What comes next.
    #[must_use]
    pub fn next(&self, now: OffsetDateTime) -> Next {
        let status = self.status(now);
        let Some(facts) = &self.credential else {
            return Next::Nothing;
        };
        match (status, facts.expires_at) {
            (Status::Disabled | Status::Revoked | Status::NotConnected | Status::Error, _) => Next::Nothing,
            (Status::NeedsReauthorization, Some(end)) if end <= now => Next::Stopped(end),
            (Status::NeedsReauthorization, _) => Next::Nothing,
            (Status::Expiring, Some(end)) => Next::Stops(end),
            (_, None) => Next::Endless,
            (_, Some(_)) if facts.refreshing => Next::Refreshing,
            (_, Some(end)) => match facts.refresh_after.unwrap_or(end) {
                due if due <= now => Next::Due,
                due => Next::Refreshes(due),
            },
        }
    }
}

/// What comes next for a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing that time alone brings.
    Nothing,
    /// The provider names no end.
    Endless,
    /// It renews itself then.
    Refreshes(OffsetDateTime),
    /// It renews itself at the next use or the next look of the worker.
    Due,
    /// It renews itself now.
    Refreshing,
    /// It cannot renew itself and ends then.
    Stops(OffsetDateTime),
    /// It ended then.
    Stopped(OffsetDateTime),
}

impl Next {
    /// The words.
    #[must_use]
    pub fn view(self, now: OffsetDateTime) -> AnyView {
        let timed = |words: &'static str, at, tone: &'static str| {
            view! { <span class=tone>{words} " " {moment(at, now)}</span> }.into_any()
        };
        match self {
            Self::Nothing => view! { <span class="soft" aria-label="nothing">"–"</span> }.into_any(),
            Self::Endless => view! { <span>"works until withdrawn"</span> }.into_any(),
            Self::Refreshes(at) => timed("refreshes", at, "next"),
            Self::Due => view! { <span>"refreshes at the next use"</span> }.into_any(),
            Self::Refreshing => view! { <span>"refreshes now"</span> }.into_any(),
            Self::Stops(at) => timed("stops working", at, "next warn"),
            Self::Stopped(at) => timed("stopped", at, "next bad"),
        }
    }
}

/// The status as a coloured pill with an icon and a word.
#[must_use]
pub fn pill(status: Status) -> AnyView {
    let (tone, sign) = match status {
        Status::Connected => ("good", Icon::Check),
        Status::Expiring => ("warn", Icon::Clock),
        Status::NeedsReauthorization => ("bad", Icon::Alert),
        Status::Error => ("bad", Icon::Cross),
        Status::Disabled => ("off", Icon::Pause),
        Status::NotConnected | Status::Revoked => ("off", Icon::Dash),
    };
    view! {
        <span class=format!("pill {tone}")>
            {icon(sign)}
            {status.label()}
        </span>
    }
    .into_any()
}

/// What stands in its place where only people have accounts: the connection as such has nothing to be connected with.
#[must_use]
pub fn personal() -> AnyView {
    view! { <span class="soft">"Each person's own account"</span> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::connection::CredentialState;
    use time::{Duration, macros::datetime};

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    fn condition(state: CredentialState, renews: bool, minutes: i64) -> Condition {
        let facts = CredentialFacts {
            state,
            cause: None,
            provider_words: None,
            generation: 1,
            expires_at: Some(NOW + Duration::minutes(minutes)),
            renews,
            refresh_after: Some(NOW + Duration::minutes(minutes - 10)),
            refreshing: false,
        };
        Condition {
            disabled: false,
            credential: Some(facts),
        }
    }

    #[test]
    fn what_comes_next_of_every_kind() {
        use CredentialState::{Active, NeedsReauth};
        let minutes = |minutes| NOW + Duration::minutes(minutes);
        assert_eq!(
            condition(Active, true, 60).next(NOW),
            Next::Refreshes(minutes(50))
        );
        assert_eq!(condition(Active, true, 5).next(NOW), Next::Due);
        assert_eq!(condition(Active, false, 60).next(NOW), Next::Stops(minutes(60)));
        assert_eq!(
            condition(Active, false, -60).next(NOW),
            Next::Stopped(minutes(-60))
        );
        assert_eq!(condition(NeedsReauth, true, 60).next(NOW), Next::Nothing);
        assert_eq!(Condition::default().next(NOW), Next::Nothing);
        let mut endless = condition(Active, true, 60);
        endless.credential.as_mut().unwrap().expires_at = None;
        assert_eq!(endless.next(NOW), Next::Endless);
        let mut off = condition(Active, true, 60);
        off.disabled = true;
        assert_eq!(off.next(NOW), Next::Nothing);
    }
}
