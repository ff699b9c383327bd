//! Servers that were killed, databases that went away, providers that never answer: what is true afterwards.

use domain::principal::Principal;
use std::{sync::Arc, time::Duration};

use domain::{
    connection::{Cause, CredentialState, Status},
    problem::Problem,
};
use sandbox::{Fault, Switch};

use crate::common::{World, problem, until, world};

use {Cause as C, CredentialState as S};

const LOST: Problem = Problem::NotServing(Status::NeedsReauthorization, Some(C::LostRotation));

#[tokio::test]
async fn after_a_crash_a_token_that_may_be_sent_again_is_sent_once() {
    for rotation in ["never", "unknown", "grace"] {
        let world = World::connected(rotation).await;
        world.expire("link").await;
        world.crash("link", "intent").await;
        assert_eq!(world.vend_working("link").await, 2, "{rotation}");
        assert_eq!(world.outcomes().await, ["lost", "refreshed"], "{rotation}");
        assert!(!world.stored("link").await.attempt, "{rotation}");
    }
}

#[tokio::test]
async fn after_a_crash_a_strict_providers_token_is_not_sent() {
    let world = World::connected("strict").await;
    world.age("link", 30).await;
    world.crash("link", "intent").await;
    let vended = world.vend("link").await.unwrap();
    assert_eq!(vended.version, 1, "what is left is served");
    assert_eq!(world.state("link").await, (S::Uncertain, Some(C::LostRotation)));
    world.expire("link").await;
    assert_eq!(problem(world.vend("link").await), LOST);
    assert_eq!(world.provider.refreshes().len(), 0);
    assert_eq!(world.outcomes().await, ["lost"]);
}

#[tokio::test]
async fn after_a_crash_with_an_ended_token_a_strict_provider_needs_consent() {
    let world = World::connected("strict").await;
    world.expire("link").await;
    world.crash("link", "intent").await;
    assert_eq!(problem(world.vend("link").await), LOST);
    assert_eq!(world.state("link").await, (S::NeedsReauth, Some(C::LostRotation)));
    assert_eq!(world.provider.refreshes().len(), 0);
}

#[tokio::test]
async fn a_crash_during_the_retry_is_not_retried() {
    for rotation in ["unknown", "grace"] {
        let world = World::connected(rotation).await;
        world.expire("link").await;
        world.crash("link", "recovery").await;
        assert_eq!(problem(world.vend("link").await), LOST, "{rotation}");
        assert_eq!(world.provider.refreshes().len(), 0, "{rotation}");
    }
    let world = World::connected("never").await;
    world.expire("link").await;
    world.crash("link", "recovery").await;
    assert_eq!(
        world.vend_working("link").await,
        2,
        "a token that never changes is sent as often as it takes"
    );
}

#[tokio::test]
async fn a_provider_that_had_rotated_before_the_crash_says_so() {
    let world = World::connected("unknown").await;
    world
        .database
        .sql("create table before as select * from credential")
        .await;
    world.expire("link").await;
    world.vend_working("link").await;
    world
        .database
        .sql("delete from credential; insert into credential select * from before")
        .await;
    world.expire("link").await;
    world.crash("link", "intent").await;
    assert_eq!(problem(world.vend("link").await), LOST);
}

/// The page shows what is true, not what was true before the crash.
#[tokio::test]
async fn the_connections_page_settles_what_a_crash_left() {
    let world = World::connected("strict").await;
    world.expire("link").await;
    world.crash("link", "intent").await;
    let page = world
        .engine
        .connection(world.admin.member(), &world::link("link"))
        .await
        .unwrap();
    assert_eq!(page.connection.status(), Status::NeedsReauthorization);
    assert_eq!(page.connection.cause(), Some(C::LostRotation));
}

#[tokio::test]
async fn a_living_lease_is_waited_for_and_not_taken() {
    let world = World::connected("never").await;
    world.expire("link").await;
    world.crash("link", "intent").await;
    let begun = std::time::Instant::now();
    world
        .database
        .sql("update credential set lease_until = clock_timestamp() + interval '700 milliseconds'")
        .await;
    assert_eq!(world.vend_working("link").await, 2);
    assert!(begun.elapsed() >= Duration::from_millis(600));
    assert_eq!(world.provider.refreshes().len(), 1);
}

/// The lease was taken over while the answer was on its way: the late answer does not overwrite anything.
#[tokio::test]
async fn a_late_answer_is_fenced() {
    let world = World::connected("unknown").await;
    world.expire("link").await;
    world
        .provider
        .sandbox
        .set(Switch::times(Fault::DelayAfterCommitMs(1_200), 1));
    let (engine, key) = (Arc::clone(&world.engine), world.key);
    let late = tokio::spawn(async move {
        engine
            .vend(key, &world::link("link"), &Principal::Organization, 60.0)
            .await
    });
    until("the refresh begins", async || {
        !world.provider.refreshes().is_empty()
    })
    .await;
    world.consent(&world::link("link")).await;
    assert_eq!(
        late.await.unwrap().unwrap().version,
        2,
        "the late caller gets what the consent brought"
    );
    until("the late answer is there", async || {
        world.outcomes().await == ["fenced"]
    })
    .await;
    assert_eq!(world.stored("link").await.generation, 2);
    assert_eq!(world.vend_working("link").await, 2);
}

#[tokio::test]
async fn a_rotation_outlives_a_database_that_goes_away_meanwhile() {
    let world = World::connected("strict").await;
    world.expire("link").await;
    world
        .provider
        .sandbox
        .set(Switch::times(Fault::DelayAfterCommitMs(600), 1));
    let (engine, key) = (Arc::clone(&world.engine), world.key);
    let caller = tokio::spawn(async move {
        engine
            .vend(key, &world::link("link"), &Principal::Organization, 60.0)
            .await
    });
    until("the refresh begins", async || {
        !world.provider.refreshes().is_empty()
    })
    .await;
    world.database.reachable(false).await;
    tokio::time::sleep(Duration::from_millis(1_000)).await;
    assert_eq!(
        problem(world.vend("link").await),
        Problem::Unavailable,
        "meanwhile the server says so"
    );
    world.database.reachable(true).await;
    // Whether the first caller was answered depends on the moment; nobody's token is lost.
    let _answered = caller.await.unwrap();
    until("the rotation is stored", async || {
        world.stored("link").await.generation == 2
    })
    .await;
    assert_eq!(world.vend_working("link").await, 2);
    world.expire("link").await;
    assert_eq!(
        world.vend_working("link").await,
        3,
        "the rotated refresh token was kept in memory and stored"
    );
    world.provider.assert_every_token_was_presented_once();
}

/// The two that take their time wait together: a provider that never answers is given up after 15 s, and a
/// request whose lease took longer than 10 s to get is not sent at all.
#[tokio::test]
async fn whoever_never_answers_is_given_up_and_whoever_comes_too_late_does_not_send() {
    let (silent, slow) = (World::connected("strict").await, World::connected("strict").await);
    silent.age("link", 60).await;
    silent.provider.sandbox.set(Switch::times(Fault::NeverAnswer, 1));
    slow.expire("link").await;
    slow.database
        .sql(
            "create function dawdle() returns trigger language plpgsql as 'begin perform pg_sleep(10.3); return null; end';
             create constraint trigger dawdle after insert on refresh_attempt deferrable initially deferred
               for each row execute function dawdle()",
        )
        .await;
    let link = world::link("link");
    let (unanswered, unsent) = tokio::join!(
        silent
            .engine
            .vend(silent.key, &link, &Principal::Organization, 120.0),
        slow.vend("link")
    );
    assert_eq!(unanswered.unwrap().version, 1);
    assert_eq!(silent.state("link").await, (S::Uncertain, Some(C::LostRotation)));
    let latency: i32 = silent
        .database
        .value("select latency_ms from refresh_attempt")
        .await;
    assert!((13_000..=19_000).contains(&latency), "{latency} ms");
    assert_eq!(problem(unsent).code(), "provider_unavailable");
    assert_eq!(slow.provider.refreshes().len(), 0);
    assert_eq!(
        slow.state("link").await,
        (S::Backoff, Some(C::ProviderUnavailable))
    );
    slow.database.sql("drop trigger dawdle on refresh_attempt").await;
    slow.expire("link").await;
    assert_eq!(slow.vend_working("link").await, 2);
}
