//! What each answer of a token endpoint does to a credential, and what callers get meanwhile.

use domain::{
    connection::{Cause, CredentialState, Status},
    problem::Problem,
};
use sandbox::{BodyFault, Fault, Switch};
use serde_json::json;

use crate::common::{World, problem, stored::Stored, world};

use {Cause as C, CredentialState as S};

fn error(code: &str) -> Fault {
    Fault::Error {
        code: code.into(),
        status: None,
    }
}

fn status(code: u16, retry_after: Option<u32>) -> Fault {
    Fault::Status { code, retry_after }
}

/// A refresh that meets this, once, with an access token that has ended; what the caller is told.
async fn meet(world: &World, fault: Fault) -> Problem {
    world.expire("link").await;
    world.provider.sandbox.set(Switch::times(fault, 1));
    problem(world.vend("link").await)
}

/// What passes is tried again by itself, after a while, and then works.
#[tokio::test]
async fn what_passes_costs_a_wait_and_nothing_else() {
    for (fault, cause, waits) in [
        (status(500, None), C::ProviderUnavailable, 1..=1),
        (status(503, Some(30)), C::ProviderUnavailable, 1..=1),
        (status(408, None), C::ProviderUnavailable, 1..=1),
        (status(429, Some(7)), C::Throttled, 6..=7),
        (status(429, None), C::Throttled, 59..=60),
        (status(429, Some(86_400)), C::Throttled, 3599..=3600),
        (error("temporarily_unavailable"), C::ProviderUnavailable, 1..=1),
        (error("server_error"), C::ProviderUnavailable, 1..=1),
        (error("slow_down"), C::Throttled, 599..=600),
        (
            Fault::Redirect("http://127.0.0.1:9/".parse().unwrap()),
            C::ProviderUnavailable,
            1..=1,
        ),
    ] {
        let world = World::connected("strict").await;
        let told = meet(&world, fault.clone()).await;
        let Problem::ProviderUnavailable { retry_after } = told else {
            panic!("{fault:?}: {told:?}")
        };
        let Stored {
            state,
            cause: stored,
            generation,
            attempt,
            wait,
        } = world.stored("link").await;
        assert_eq!(
            (state, stored, generation, attempt),
            (S::Backoff, Some(cause), 1, false),
            "{fault:?}"
        );
        assert!(
            waits.contains(&wait) || wait == waits.start() - 1,
            "{fault:?} waits {wait} s"
        );
        assert!(
            retry_after.abs_diff(wait.unsigned_abs()) <= 1,
            "{fault:?}: {retry_after} s are told, {wait} s are waited"
        );
        assert_eq!(problem(world.vend("link").await).code(), "provider_unavailable");
        assert_eq!(
            world.provider.refreshes().len(),
            1,
            "{fault:?}: not before its time"
        );
        world.expire("link").await;
        assert_eq!(world.vend_working("link").await, 2, "{fault:?}");
        assert_eq!(world.state("link").await, (S::Active, None));
    }
}

#[tokio::test]
async fn a_living_token_is_served_while_the_provider_is_out_of_order() {
    let world = World::connected("strict").await;
    world.provider.sandbox.set(status(500, None));
    world.age("link", 30).await;
    assert_eq!(
        world.vend_working("link").await,
        1,
        "30 s are less than the 60 s asked for, and better than nothing"
    );
    assert_eq!(
        world.state("link").await,
        (S::Backoff, Some(C::ProviderUnavailable))
    );
    assert_eq!(world.outcomes().await, ["provider_unavailable"]);
}

#[tokio::test]
async fn failures_in_a_row_wait_longer_and_longer() {
    let world = World::connected("strict").await;
    world.provider.sandbox.set(status(502, None));
    let mut most = 1;
    for failure in 0..12 {
        world.expire("link").await;
        assert_eq!(problem(world.vend("link").await).code(), "provider_unavailable");
        let wait = world.stored("link").await.wait;
        assert!(
            (0..=most).contains(&wait),
            "failure {failure} waits {wait} s of at most {most}"
        );
        most = (most * 2).min(300);
    }
    assert_eq!(world.provider.refreshes().len(), 12);
    assert_eq!(
        world
            .database
            .value::<i32>("select fail_count from credential")
            .await,
        12
    );
}

/// Answers that may hide a rotation. A strict provider's token is not sent again; the rest of the access token's
/// life is served, then consent is needed.
#[tokio::test]
async fn with_a_strict_provider_an_unreadable_answer_ends_in_consent() {
    for fault in [
        Fault::Body(BodyFault::Html),
        Fault::Body(BodyFault::Empty),
        Fault::Body(BodyFault::Truncated),
        Fault::Body(BodyFault::Garbage),
        Fault::Body(BodyFault::Oversized),
        Fault::CommitThenDrop,
    ] {
        let world = World::connected("strict").await;
        world.age("link", 30).await;
        world.provider.sandbox.set(Switch::times(fault.clone(), 1));
        assert_eq!(
            world.vend("link").await.unwrap().version,
            1,
            "{fault:?}: what lives is served"
        );
        assert_eq!(
            world.state("link").await,
            (S::Uncertain, Some(C::LostRotation)),
            "{fault:?}"
        );
        let vended = world.vend("link").await.unwrap();
        assert_eq!(
            (vended.version, vended.status),
            (1, Status::Expiring),
            "{fault:?}"
        );
        world.expire("link").await;
        let over = Problem::NotServing(Status::NeedsReauthorization, Some(C::LostRotation));
        assert_eq!(problem(world.vend("link").await), over, "{fault:?}");
        assert_eq!(world.provider.refreshes().len(), 1, "{fault:?}: sent once");
        world.consent(&world::link("link")).await;
        assert_eq!(world.vend_working("link").await, 2, "{fault:?}: consent mends it");
    }
}

#[tokio::test]
async fn with_a_strict_provider_and_an_ended_token_it_is_over_at_once() {
    let world = World::connected("strict").await;
    let told = meet(&world, Fault::CommitThenDrop).await;
    assert_eq!(
        told,
        Problem::NotServing(Status::NeedsReauthorization, Some(C::LostRotation))
    );
    assert_eq!(world.state("link").await, (S::NeedsReauth, Some(C::LostRotation)));
    assert_eq!(world.outcomes().await, ["lost_rotation"]);
}

#[tokio::test]
async fn an_unknown_provider_is_asked_once_more() {
    let world = World::connected("unknown").await;
    // The answer is spoiled and nothing was rotated: the retry finds the token still good.
    let spoiled = Switch {
        commits: Some(false),
        ..Switch::times(status(200, None), 1)
    };
    world.provider.sandbox.set(spoiled);
    world.expire("link").await;
    assert_eq!(problem(world.vend("link").await).code(), "provider_unavailable");
    let stored = world.stored("link").await;
    assert_eq!(
        (stored.state, stored.cause, stored.attempt),
        (S::Uncertain, Some(C::AnswerUnreadable), true)
    );
    world.expire("link").await;
    assert_eq!(world.vend_working("link").await, 2);
    assert_eq!(world.outcomes().await, ["lost", "refreshed"]);
}

#[tokio::test]
async fn an_unknown_provider_that_turns_out_strict_ends_in_consent() {
    let world = World::connected("unknown").await;
    assert_eq!(
        meet(&world, Fault::CommitThenDrop).await.code(),
        "provider_unavailable"
    );
    world.expire("link").await;
    let over = Problem::NotServing(Status::NeedsReauthorization, Some(C::LostRotation));
    assert_eq!(
        problem(world.vend("link").await),
        over,
        "the one retry told the truth"
    );
    assert_eq!(world.provider.refreshes().len(), 2);
}

#[tokio::test]
async fn an_unknown_provider_is_not_asked_a_third_time() {
    for rotation in ["unknown", "grace"] {
        let world = World::connected(rotation).await;
        world.provider.sandbox.set(Switch {
            fault: status(200, None),
            times: None,
            commits: Some(false),
        });
        for _ in 0..4 {
            world.expire("link").await;
            assert!(world.vend("link").await.is_err());
        }
        assert_eq!(
            world.provider.refreshes().len(),
            2,
            "{rotation}: the attempt and its one retry"
        );
        assert_eq!(
            world.state("link").await,
            (S::NeedsReauth, Some(C::LostRotation)),
            "{rotation}"
        );
    }
}

#[tokio::test]
async fn a_retry_that_was_turned_away_leaves_the_lost_attempt_lost() {
    let world = World::connected("unknown").await;
    meet(&world, Fault::CommitThenDrop).await;
    assert_eq!(
        meet(&world, status(503, None)).await.code(),
        "provider_unavailable"
    );
    let stored = world.stored("link").await;
    assert_eq!((stored.state, stored.attempt), (S::Backoff, true));
    world.expire("link").await;
    let over = Problem::NotServing(Status::NeedsReauthorization, Some(C::LostRotation));
    assert_eq!(
        problem(world.vend("link").await),
        over,
        "the cause is the rotation, not a withdrawal"
    );
}

#[tokio::test]
async fn a_provider_that_never_rotates_is_asked_again_with_growing_pauses() {
    let world = World::connected("never").await;
    world.provider.sandbox.set(Switch {
        fault: Fault::Body(BodyFault::Html),
        times: Some(6),
        commits: Some(false),
    });
    for _ in 0..6 {
        world.expire("link").await;
        assert_eq!(problem(world.vend("link").await).code(), "provider_unavailable");
        assert_eq!(
            world.state("link").await,
            (S::Uncertain, Some(C::AnswerUnreadable))
        );
    }
    assert_eq!(
        world
            .database
            .value::<i32>("select fail_count from credential")
            .await,
        6
    );
    world.expire("link").await;
    assert_eq!(world.vend_working("link").await, 2);
}

#[tokio::test]
async fn a_refused_grant_is_final_where_the_provider_rotates() {
    for code in ["invalid_grant", "invalid_refresh_token", "bad_refresh_token"] {
        let world = World::connected("strict").await;
        let over = Problem::NotServing(Status::NeedsReauthorization, Some(C::RevokedOrExpired));
        assert_eq!(meet(&world, error(code)).await, over, "{code}");
        assert_eq!(
            world.state("link").await,
            (S::NeedsReauth, Some(C::RevokedOrExpired))
        );
        assert_eq!(problem(world.vend("link").await), over);
        assert_eq!(world.provider.refreshes().len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_refused_grant_is_confirmed_first_where_the_provider_keeps_its_tokens() {
    let world = World::connected("never").await;
    assert_eq!(
        meet(&world, error("invalid_grant")).await.code(),
        "provider_unavailable"
    );
    let stored = world.stored("link").await;
    assert_eq!(
        (stored.state, stored.cause),
        (S::Backoff, Some(C::RevokedOrExpired))
    );
    assert!((59..=70).contains(&stored.wait), "{} s", stored.wait);
    world.expire("link").await;
    assert_eq!(world.vend_working("link").await, 2, "a false alarm");
    meet(&world, error("invalid_grant")).await;
    let over = Problem::NotServing(Status::NeedsReauthorization, Some(C::RevokedOrExpired));
    assert_eq!(
        meet(&world, error("invalid_grant")).await,
        over,
        "twice in a row is meant"
    );
}

#[tokio::test]
async fn a_refused_client_blocks_until_the_service_is_edited() {
    for code in ["invalid_client", "unauthorized_client", "invalid_scope"] {
        let world = World::connected("strict").await;
        let blocked = Problem::NotServing(Status::Error, Some(C::ClientRefused));
        assert_eq!(meet(&world, error(code)).await, blocked, "{code}");
        assert_eq!(world.state("link").await, (S::Blocked, Some(C::ClientRefused)));
        assert_eq!(problem(world.vend("link").await), blocked);
        assert_eq!(
            world.provider.refreshes().len(),
            1,
            "{code}: the provider is left alone"
        );
        let input = world.input("sandbox", json!({"rotation": "strict"}));
        let (name, secret) = (world::link("sandbox"), world::client_secret());
        world
            .engine
            .update_service(&world.admin, &name, &input, Some(&secret))
            .await
            .unwrap();
        assert_eq!(world.vend_working("link").await, 2, "{code}");
    }
}

#[tokio::test]
async fn a_wrong_client_secret_is_replaced_in_the_service() {
    let world = World::connected("strict").await;
    let input = world.input("sandbox", json!({"rotation": "strict"}));
    let (name, wrong) = (
        world::link("sandbox"),
        engine::vault::Secret::text("wrong".into()),
    );
    world
        .engine
        .update_service(&world.admin, &name, &input, Some(&wrong))
        .await
        .unwrap();
    world.expire("link").await;
    assert_eq!(
        problem(world.vend("link").await),
        Problem::NotServing(Status::Error, Some(C::ClientRefused))
    );
    world
        .engine
        .update_service(&world.admin, &name, &input, Some(&world::client_secret()))
        .await
        .unwrap();
    assert_eq!(world.vend_working("link").await, 2);
}

#[tokio::test]
async fn an_address_that_the_operator_does_not_allow_is_never_asked() {
    let world = World::connected("strict").await;
    world.expire("link").await;
    let strict = world::engine(&world.database, &["https://elsewhere.example"], world::RING).await;
    let refused = strict.vend(world.key, &world::link("link"), 60.0).await;
    assert_eq!(
        problem(refused),
        Problem::NotServing(Status::Error, Some(C::AddressRefused))
    );
    assert_eq!(world.provider.refreshes().len(), 0);
}
