//! What a failed attempt leaves behind. Pure.

use domain::{
    connection::{Cause, CredentialState},
    service::oauth2::Rotation,
};

use crate::{
    store::credentials::{CredentialRow, Setback},
    token::Verdict,
};

use super::lease::lost_state;

/// The setback for a verdict that is no success. `chance` in 0..1 spreads retries.
pub(super) fn setback<'a>(
    verdict: &'a Verdict,
    row: &CredentialRow,
    rotation: Rotation,
    recovers: bool,
    chance: f64,
) -> Setback<'a> {
    let words = Some(verdict.words());
    let cause = verdict.cause().unwrap_or(Cause::ProviderUnavailable);
    let plain = |state, retry_in| Setback {
        state,
        cause,
        words,
        retry_in,
        // The retry of a lost attempt that was turned away has settled nothing: what was lost stays lost.
        unresolved: recovers,
    };
    match verdict {
        Verdict::GrantRefused(_) if recovers => Setback {
            cause: Cause::LostRotation,
            unresolved: false,
            ..plain(CredentialState::NeedsReauth, 0.0)
        },
        Verdict::GrantRefused(_) if deserves_confirmation(row, rotation) => {
            plain(CredentialState::Backoff, 60.0 + 10.0 * chance)
        }
        Verdict::GrantRefused(_) => plain(CredentialState::NeedsReauth, 0.0),
        Verdict::ClientRefused(_) | Verdict::AddressRefused(_) => plain(CredentialState::Blocked, 0.0),
        Verdict::Throttled(seconds, _) => plain(CredentialState::Backoff, *seconds),
        Verdict::Uncertain(_) if must_not_be_sent_again(rotation, recovers) => Setback {
            cause: Cause::LostRotation,
            unresolved: false,
            ..plain(lost_state(row), 0.0)
        },
        Verdict::Uncertain(_) => Setback {
            unresolved: true,
            ..plain(CredentialState::Uncertain, backoff(row.fail_count, chance))
        },
        Verdict::Unavailable(_) | Verdict::Success(_) => {
            plain(CredentialState::Backoff, backoff(row.fail_count, chance))
        }
    }
}

/// After a lost answer: never with a strict provider, once with every other that may rotate.
pub(super) const fn must_not_be_sent_again(rotation: Rotation, recovers: bool) -> bool {
    match rotation {
        Rotation::Strict => true,
        Rotation::Never => false,
        Rotation::Unknown | Rotation::Grace => recovers,
    }
}

/// Providers that keep their refresh tokens answer `invalid_grant` during outages, too: asked once more, a minute
/// later, before a person is called. A provider that rotates means it.
fn deserves_confirmation(row: &CredentialRow, rotation: Rotation) -> bool {
    let keeps = rotation == Rotation::Never || (rotation == Rotation::Unknown && !row.rotates);
    keeps && row.cause != Some(Cause::RevokedOrExpired)
}

/// 1, 2, 4 … 300 seconds, with full jitter above one second.
fn backoff(failures: i32, chance: f64) -> f64 {
    let most = f64::from(2i32.saturating_pow(u32::try_from(failures.clamp(0, 9)).unwrap_or(9))).min(300.0);
    1.0 + (most - 1.0) * chance
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::{Duration, OffsetDateTime, macros::datetime};

    const NOW: OffsetDateTime = datetime!(2026-11-21 12:00 UTC);

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
            expires_at: Some(NOW + Duration::seconds(left)),
            refresh_after: None,
            born_at: NOW,
            rotates: false,
            renews_alone: false,
            kept: domain::service::Values::new(),
            principal: domain::principal::Principal::Organization,
            fail_count: 0,
            next_try_at: NOW,
            lease_until: None,
            attempt: None,
            attempt_recovers: false,
            now: NOW,
        }
    }
    fn after(
        verdict: &Verdict,
        row: &CredentialRow,
        rotation: Rotation,
        recovers: bool,
    ) -> (CredentialState, Cause, bool) {
        let setback = setback(verdict, row, rotation, recovers, 0.5);
        (setback.state, setback.cause, setback.unresolved)
    }

    #[test]
    fn table() {
        use {CredentialState as S, Rotation as R, Verdict as V};
        let grant = V::GrantRefused("gone".into());
        let asked_before = CredentialRow {
            cause: Some(Cause::RevokedOrExpired),
            ..row(60)
        };
        let rotating = CredentialRow {
            rotates: true,
            ..row(60)
        };
        for (verdict, row, rotation, recovers, expected) in [
            (
                &grant,
                &row(60),
                R::Strict,
                false,
                (S::NeedsReauth, Cause::RevokedOrExpired, false),
            ),
            (
                &grant,
                &row(60),
                R::Never,
                false,
                (S::Backoff, Cause::RevokedOrExpired, false),
            ),
            (
                &grant,
                &asked_before,
                R::Never,
                false,
                (S::NeedsReauth, Cause::RevokedOrExpired, false),
            ),
            (
                &grant,
                &row(60),
                R::Unknown,
                false,
                (S::Backoff, Cause::RevokedOrExpired, false),
            ),
            (
                &grant,
                &rotating,
                R::Unknown,
                false,
                (S::NeedsReauth, Cause::RevokedOrExpired, false),
            ),
            (
                &grant,
                &row(60),
                R::Unknown,
                true,
                (S::NeedsReauth, Cause::LostRotation, false),
            ),
            (
                &V::ClientRefused(String::new()),
                &row(60),
                R::Strict,
                false,
                (S::Blocked, Cause::ClientRefused, false),
            ),
            (
                &V::AddressRefused(String::new()),
                &row(60),
                R::Strict,
                false,
                (S::Blocked, Cause::AddressRefused, false),
            ),
            (
                &V::Throttled(7.0, String::new()),
                &row(60),
                R::Strict,
                false,
                (S::Backoff, Cause::Throttled, false),
            ),
            (
                &V::Unavailable(String::new()),
                &row(60),
                R::Strict,
                false,
                (S::Backoff, Cause::ProviderUnavailable, false),
            ),
            (
                &V::Uncertain(String::new()),
                &row(60),
                R::Strict,
                false,
                (S::Uncertain, Cause::LostRotation, false),
            ),
            (
                &V::Uncertain(String::new()),
                &row(-1),
                R::Strict,
                false,
                (S::NeedsReauth, Cause::LostRotation, false),
            ),
            (
                &V::Uncertain(String::new()),
                &row(60),
                R::Unknown,
                false,
                (S::Uncertain, Cause::AnswerUnreadable, true),
            ),
            (
                &V::Uncertain(String::new()),
                &row(60),
                R::Grace,
                true,
                (S::Uncertain, Cause::LostRotation, false),
            ),
            (
                &V::Uncertain(String::new()),
                &row(60),
                R::Never,
                true,
                (S::Uncertain, Cause::AnswerUnreadable, true),
            ),
            (
                &V::Unavailable(String::new()),
                &row(60),
                R::Unknown,
                true,
                (S::Backoff, Cause::ProviderUnavailable, true),
            ),
        ] {
            assert_eq!(
                after(verdict, row, rotation, recovers),
                expected,
                "{verdict:?} {rotation:?} {recovers}"
            );
        }
    }

    #[test]
    fn backoff_grows_and_stays_bounded() {
        assert_eq!(backoff(0, 0.9), 1.0);
        assert!(backoff(3, 1.0) > backoff(2, 1.0));
        assert_eq!(backoff(1_000, 1.0), 300.0);
    }
}
