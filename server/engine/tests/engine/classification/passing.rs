//! What passes is tried again by itself, after a while, and then works.

use domain::{
    connection::{Cause as C, CredentialState as S},
    problem::Problem,
};
use sandbox::{Fault, Switch};

use super::{error, meet, status};
use crate::common::{
    World, problem,
    stored::{Stored, set},
};

/// Seconds that a busy machine may take between a write and a look at it.
const SLOW: i64 = 5;
const LATER: &str = "next_try_at = clock_timestamp() + interval '30 seconds'";

#[tokio::test]
async fn what_passes_costs_a_wait_and_nothing_else() {
    for (fault, cause, longest) in [
        (status(500, None), C::ProviderUnavailable, 1),
        (status(503, Some(30)), C::ProviderUnavailable, 1),
        (status(408, None), C::ProviderUnavailable, 1),
        (status(429, Some(7)), C::Throttled, 7),
        (status(429, None), C::Throttled, 60),
        (status(429, Some(86_400)), C::Throttled, 3600),
        (error("temporarily_unavailable"), C::ProviderUnavailable, 1),
        (error("server_error"), C::ProviderUnavailable, 1),
        (error("slow_down"), C::Throttled, 600),
        (
            Fault::Redirect("http://127.0.0.1:9/".parse().unwrap()),
            C::ProviderUnavailable,
            1,
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
            (longest - SLOW..=longest).contains(&wait),
            "{fault:?} waits {wait} s"
        );
        assert!(
            (1..=longest.unsigned_abs()).contains(&retry_after),
            "{fault:?}: {retry_after} s are told"
        );
        set(&world.database, "link", LATER).await;
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
    let (mut most, mut longest) = (1, 0);
    for failure in 0..12 {
        world.expire("link").await;
        assert_eq!(problem(world.vend("link").await).code(), "provider_unavailable");
        let wait = world.stored("link").await.wait;
        assert!(
            (-SLOW..=most).contains(&wait),
            "failure {failure} waits {wait} s of at most {most}"
        );
        (most, longest) = ((most * 2).min(300), longest.max(wait));
    }
    assert!(
        longest > 10,
        "{longest} s at most, with a chance in millions that this is an accident"
    );
    assert_eq!(world.provider.refreshes().len(), 12);
    assert_eq!(
        world
            .database
            .value::<i32>("select fail_count from credential")
            .await,
        12
    );
}

#[tokio::test]
async fn a_provider_that_never_rotates_is_asked_again_with_growing_pauses() {
    let world = World::connected("never").await;
    world.provider.sandbox.set(Switch {
        fault: status(200, None),
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
