//! Answers that may hide a rotation. A strict provider's token is not sent again: the rest of the access token's
//! life is served, then consent is needed. Others are asked once more.

use domain::{
    connection::{Cause as C, CredentialState as S, Status},
    problem::Problem,
};
use sandbox::{BodyFault, Fault, Switch};

use super::{meet, status};
use crate::common::{World, problem, world};

const OVER: Problem = Problem::NotServing(Status::NeedsReauthorization, Some(C::LostRotation));

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
        assert_eq!(problem(world.vend("link").await), OVER, "{fault:?}");
        assert_eq!(world.provider.refreshes().len(), 1, "{fault:?}: sent once");
        world.consent(&world::link("link")).await;
        assert_eq!(world.vend_working("link").await, 2, "{fault:?}: consent mends it");
    }
}

#[tokio::test]
async fn with_a_strict_provider_and_an_ended_token_it_is_over_at_once() {
    let world = World::connected("strict").await;
    let told = meet(&world, Fault::CommitThenDrop).await;
    assert_eq!(told, OVER);
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
    assert_eq!(
        problem(world.vend("link").await),
        OVER,
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
    assert_eq!(
        problem(world.vend("link").await),
        OVER,
        "the cause is the rotation, not a withdrawal"
    );
}
