//! Many callers, one expired credential, a provider that kills the grant at the first double use.

use domain::principal::Principal;
use std::{sync::Arc, time::Duration};

use engine::Engine;
use futures_util::future::join_all;
use sandbox::{Fault, Switch};

use crate::common::{World, world::link};

/// Asks so many times at once; the versions that came back.
async fn ask(world: &World, engine: &Arc<Engine>, callers: usize) -> Vec<i64> {
    let tasks = (0..callers).map(|_| {
        let (engine, key) = (Arc::clone(engine), world.key);
        tokio::spawn(async move {
            engine
                .vend(key, &link("link"), &Principal::Organization, 60.0)
                .await
                .map(|vended| vended.version)
        })
    });
    join_all(tasks)
        .await
        .into_iter()
        .map(|version| version.unwrap().unwrap())
        .collect()
}

async fn storm(callers: usize) {
    let world = World::connected("strict").await;
    world.provider.sandbox.set(Fault::DelayMs(100));
    world.expire("link").await;
    let versions = ask(&world, &world.engine, callers).await;
    assert_eq!(versions, vec![2; callers], "one version for all");
    assert_eq!(world.provider.refreshes().len(), 1);
    world.expire("link").await;
    assert_eq!(
        world.vend_working("link").await,
        3,
        "the rotated refresh token works"
    );
    world.provider.assert_every_token_was_presented_once();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_callers_cause_one_refresh() {
    storm(200).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_callers_cause_one_refresh() {
    storm(1_000).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_with_a_hundred_callers_each_cause_one_refresh() {
    let world = World::connected("strict").await;
    let other = world.replica().await;
    world.provider.sandbox.set(Fault::DelayMs(100));
    for round in 2..=4 {
        world.expire("link").await;
        let (here, there) = tokio::join!(ask(&world, &world.engine, 100), ask(&world, &other, 100));
        assert_eq!([here, there].concat(), vec![round; 200]);
    }
    assert_eq!(world.provider.refreshes().len(), 3);
    world.provider.assert_every_token_was_presented_once();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_who_leave_lose_nothing() {
    const ROUNDS: i64 = 20;
    let world = World::connected("strict").await;
    world.provider.sandbox.set_all(vec![
        Fault::DelayMs(10).into(),
        Fault::DelayAfterCommitMs(10).into(),
    ]);
    for round in 0..ROUNDS {
        world.expire("link").await;
        let callers = (0..30u64).map(|caller| {
            let (engine, key) = (Arc::clone(&world.engine), world.key);
            let call = tokio::spawn(async move {
                engine
                    .vend(key, &link("link"), &Principal::Organization, 60.0)
                    .await
            });
            async move {
                let random = u64::from(engine::random::bytes::<1>()[0]);
                tokio::time::sleep(Duration::from_micros(300 * ((random + caller) % 128))).await;
                call.abort();
            }
        });
        join_all(callers).await;
        assert_eq!(world.vend_working("link").await, round + 2);
    }
    assert_eq!(world.provider.refreshes().len(), 20);
    world.provider.assert_every_token_was_presented_once();
}

#[tokio::test]
async fn an_answer_without_refresh_token_keeps_the_old_one() {
    let world = World::connected("never").await;
    world
        .provider
        .sandbox
        .set(Switch::times(Fault::OmitRefreshToken, 2));
    for version in 2..=4 {
        world.expire("link").await;
        assert_eq!(world.vend_working("link").await, version);
    }
    let presented: Vec<_> = world
        .provider
        .refreshes()
        .iter()
        .map(|entry| entry.generation)
        .collect();
    assert_eq!(
        presented,
        [Some(1), Some(1), Some(1)],
        "the first one, kept and used again"
    );
}

#[tokio::test]
async fn a_provider_that_names_no_life_is_asked_once() {
    let world = World::connected("strict").await;
    world
        .provider
        .sandbox
        .set(Fault::ExpiresIn(sandbox::ExpiresInFault::Negative));
    world.expire("link").await;
    assert_eq!(world.vend_working("link").await, 2);
    assert_eq!(
        world.vend_working("link").await,
        2,
        "it names no end, so there is none to run from"
    );
    assert_eq!(world.provider.refreshes().len(), 1);
}
