//! From a stored credential to the next step. Pure.

use domain::connection::{Cause, CredentialState};
use time::{Duration, OffsetDateTime};

use crate::store::credentials::CredentialRow;

/// What a caller does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Use it.
    Serve,
    /// Use it, and renew it meanwhile.
    ServeAndRefresh,
    /// Renew it first.
    Refresh,
    /// Somebody else renews it now.
    Wait,
    /// Not usable; the next try is not due for so many seconds.
    Later(u64),
    /// Not usable, and renewing would not help.
    Stop,
}

/// The least life that a served token has, where its whole life allows.
const LEAST: f64 = 5.0;
/// A shorter life is over before anybody can use it.
const LEAST_LIFE: f64 = 0.5;

/// Decides. `kills` says that a refresh ends the access token before it; `renewed` says that the credential was renewed since the caller asked: then it is used whatever is
/// left, since another refresh would bring nothing better.
#[must_use]
pub fn decide(row: &CredentialRow, kills: bool, min_ttl: f64, renewed: bool) -> Next {
    if !matches!(
        row.state,
        CredentialState::Active | CredentialState::Backoff | CredentialState::Uncertain
    ) || (row.access_token.is_none() && !row.renews())
    {
        return Next::Stop;
    }
    // Imported with a refresh token alone: the first access token is still to be fetched.
    let end = match (row.expires_at, row.access_token.is_some()) {
        (Some(end), true) => end,
        (None, true) => return Next::Serve,
        (_, false) => row.born_at - Duration::SECOND,
    };
    let left = (end - row.now).as_seconds_f64();
    let life = (end - row.born_at).as_seconds_f64().max(0.0);
    // A provider whose tokens hardly live would be asked again at every look: what it just gave is used.
    if renewed && life < LEAST_LIFE {
        return Next::Serve;
    }
    // A token that never lives as long as asked for must not be renewed at every call: half its life is enough.
    let least = LEAST.min(life / 2.0);
    let wanted = if renewed {
        f64::MIN_POSITIVE
    } else {
        min_ttl.max(LEAST).min(life / 2.0)
    };
    if !row.renews() || is_lost(row) {
        return if left >= least { Next::Serve } else { Next::Stop };
    }
    let (leased, allowed) = (
        row.lease_until.is_some_and(|until| until > row.now),
        row.next_try_at <= row.now,
    );
    if left >= wanted {
        return early(row, kills, leased, allowed);
    }
    match (leased, allowed) {
        (true, _) => Next::Wait,
        (false, true) => Next::Refresh,
        (false, false) if left >= least => Next::Serve,
        (false, false) => Next::Later(seconds_until(row.next_try_at, row.now)),
    }
}

/// Whether [`decide`] would say [`Next::Serve`] at `now`, as far as a row tells that was read a while ago: nothing is
/// due, nothing under way, nothing unresolved.
#[must_use]
pub fn is_quiet(row: &CredentialRow, now: OffsetDateTime, min_ttl: f64) -> bool {
    if row.state != CredentialState::Active || row.attempt.is_some() || row.lease_until.is_some() {
        return false;
    }
    let Some(end) = row.expires_at else { return true };
    let left = (end - now).as_seconds_f64();
    let life = (end - row.born_at).as_seconds_f64().max(0.0);
    let due = row.renews() && row.refresh_after.is_some_and(|at| at <= now);
    left >= min_ttl.max(LEAST).min(life / 2.0) && left > 0.0 && !due
}

/// A token with enough life left: renewed in the background once its refresh is due. Where the provider ends the
/// old access token when it hands out a new one, callers wait instead of getting a token that dies in their hands.
fn early(row: &CredentialRow, kills: bool, leased: bool, allowed: bool) -> Next {
    let due = row.refresh_after.is_some_and(|at| at <= row.now) || is_unresolved(row);
    let waits = kills || row.rotates;
    match (due, leased, allowed) {
        (false, ..) | (_, false, false) => Next::Serve,
        (true, true, _) => {
            if waits {
                Next::Wait
            } else {
                Next::Serve
            }
        }
        (true, false, true) => {
            if waits {
                Next::Refresh
            } else {
                Next::ServeAndRefresh
            }
        }
    }
}

/// A refresh was sent, its sender is gone and its answer never came.
#[must_use]
pub fn is_unresolved(row: &CredentialRow) -> bool {
    row.attempt.is_some() && row.lease_until.is_none_or(|until| until <= row.now)
}

/// The refresh token may have been used up at the provider and must not be sent again.
#[must_use]
pub fn is_lost(row: &CredentialRow) -> bool {
    row.state == CredentialState::Uncertain && row.cause == Some(Cause::LostRotation)
}

fn seconds_until(at: OffsetDateTime, now: OffsetDateTime) -> u64 {
    ((at - now).max(Duration::SECOND)).whole_seconds().unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::id::AttemptId;
    use time::macros::datetime;
    use uuid::Uuid;

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

    fn seconds(seconds: i64) -> OffsetDateTime {
        NOW + Duration::seconds(seconds)
    }
    /// One hour of life, `left` seconds of it left, refresh due a minute before the end.
    fn row(left: i64) -> CredentialRow {
        CredentialRow {
            state: CredentialState::Active,
            cause: None,
            generation: 1,
            access_token: Some(vec![1]),
            refresh_token: Some(vec![1]),
            token_type: "Bearer".into(),
            granted: vec![],
            account: None,
            expires_at: Some(seconds(left)),
            refresh_after: Some(seconds(left - 60)),
            born_at: seconds(left - 3600),
            rotates: false,
            renews_alone: false,
            kept: domain::service::Values::new(),
            principal: domain::principal::Principal::Organization,
            fail_count: 0,
            next_try_at: seconds(-1),
            lease_until: None,
            attempt: None,
            attempt_recovers: false,
            now: NOW,
        }
    }

    #[test]
    fn a_young_token_is_served_and_an_old_one_renewed() {
        let plain = false;
        assert_eq!(decide(&row(3000), plain, 60.0, false), Next::Serve);
        assert_eq!(decide(&row(60), plain, 60.0, false), Next::ServeAndRefresh);
        assert_eq!(decide(&row(59), plain, 60.0, false), Next::Refresh);
        assert_eq!(decide(&row(-10), plain, 60.0, false), Next::Refresh);
        assert_eq!(
            decide(
                &CredentialRow {
                    expires_at: None,
                    ..row(0)
                },
                plain,
                60.0,
                false
            ),
            Next::Serve
        );
    }

    #[test]
    fn callers_wait_where_a_refresh_ends_the_old_token() {
        assert_eq!(decide(&row(60), true, 60.0, false), Next::Refresh);
        let rotating = CredentialRow {
            rotates: true,
            ..row(60)
        };
        assert_eq!(decide(&rotating, false, 60.0, false), Next::Refresh);
        let leased = CredentialRow {
            lease_until: Some(seconds(5)),
            ..rotating
        };
        assert_eq!(decide(&leased, false, 60.0, false), Next::Wait);
    }

    #[test]
    fn one_sends_and_the_others_wait() {
        let leased = CredentialRow {
            lease_until: Some(seconds(5)),
            ..row(-10)
        };
        assert_eq!(decide(&leased, false, 60.0, false), Next::Wait);
        let over = CredentialRow {
            lease_until: Some(seconds(-1)),
            attempt: Some(AttemptId::from_uuid(Uuid::nil())),
            ..row(-10)
        };
        assert!(is_unresolved(&over));
        assert_eq!(decide(&over, false, 60.0, false), Next::Refresh);
    }

    #[test]
    fn a_short_lived_token_is_not_renewed_at_every_call() {
        let short = CredentialRow {
            born_at: seconds(-1),
            expires_at: Some(seconds(4)),
            refresh_after: Some(seconds(2)),
            ..row(0)
        };
        assert_eq!(decide(&short, false, 60.0, false), Next::Serve);
        let shorter = CredentialRow {
            born_at: seconds(-4),
            expires_at: Some(seconds(1)),
            refresh_after: Some(seconds(-1)),
            ..row(0)
        };
        assert_eq!(decide(&shorter, false, 60.0, false), Next::Refresh);
        assert_eq!(
            decide(&shorter, false, 60.0, true),
            Next::ServeAndRefresh,
            "just renewed: nothing better comes"
        );
    }

    #[test]
    fn a_life_of_an_instant_is_renewed_once_a_call() {
        let fleeting = CredentialRow {
            born_at: NOW - Duration::milliseconds(300),
            expires_at: Some(NOW - Duration::milliseconds(100)),
            ..row(0)
        };
        assert_eq!(decide(&fleeting, false, 60.0, false), Next::Refresh);
        assert_eq!(decide(&fleeting, false, 60.0, true), Next::Serve);
    }

    #[test]
    fn backoff_serves_what_lives_and_names_the_time_otherwise() {
        let backoff = |left| CredentialRow {
            state: CredentialState::Backoff,
            next_try_at: seconds(30),
            ..row(left)
        };
        assert_eq!(decide(&backoff(20), false, 60.0, false), Next::Serve);
        assert_eq!(decide(&backoff(2), false, 60.0, false), Next::Later(30));
    }

    #[test]
    fn what_cannot_renew_itself_is_served_to_its_end() {
        let single = |left| CredentialRow {
            refresh_token: None,
            ..row(left)
        };
        assert_eq!(decide(&single(20), false, 60.0, false), Next::Serve);
        assert_eq!(decide(&single(-1), false, 60.0, false), Next::Stop);
        let lost = |left| CredentialRow {
            state: CredentialState::Uncertain,
            cause: Some(Cause::LostRotation),
            ..row(left)
        };
        assert_eq!(
            decide(&lost(20), false, 60.0, false),
            Next::Serve,
            "its refresh token is never sent again"
        );
        assert_eq!(decide(&lost(-1), false, 60.0, false), Next::Stop);
    }

    #[test]
    fn nothing_else_is_served() {
        for state in [
            CredentialState::NeedsReauth,
            CredentialState::Blocked,
            CredentialState::Revoked,
            CredentialState::VaultError,
        ] {
            assert_eq!(
                decide(&CredentialRow { state, ..row(3000) }, false, 60.0, false),
                Next::Stop,
                "{state:?}"
            );
        }
        let imported = CredentialRow {
            access_token: None,
            ..row(3000)
        };
        assert_eq!(
            decide(&imported, false, 60.0, false),
            Next::Refresh,
            "its first access token is still to be fetched"
        );
        let erased = CredentialRow {
            refresh_token: None,
            ..imported
        };
        assert_eq!(decide(&erased, false, 60.0, false), Next::Stop);
    }
}
