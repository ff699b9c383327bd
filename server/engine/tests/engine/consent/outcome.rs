//! What a no, a failed exchange or a browser that goes away does to what was there: nothing.

use std::sync::Arc;

use engine::connect::finish::Finished;
use sandbox::{Fault, Switch};

use super::Away;
use crate::common::{SESSION, World, until, world};

#[tokio::test]
async fn a_no_is_noted_in_the_providers_words_and_costs_nothing() {
    let world = World::connected("strict").await;
    let link = world::link("link");
    let id = world.engine.begin_consent(&world.admin, &link).await.unwrap();
    let url = world
        .engine
        .start_consent(&world.admin, &SESSION, id)
        .await
        .unwrap()
        .url()
        .unwrap();
    let service = world
        .engine
        .consent_preview(&world.admin, id)
        .await
        .unwrap()
        .service
        .id;
    let query = world.provider.deny(&url).await;
    let finished = world
        .engine
        .finish_consent(&world.admin, &SESSION, service, &query)
        .await
        .unwrap();
    assert!(matches!(finished, Finished::See(_)));
    let page = world
        .engine
        .connection(world.admin.member(), &link)
        .await
        .unwrap();
    assert_eq!(
        page.trouble.unwrap().words.as_deref(),
        Some("The person pressed Deny.")
    );
    assert_eq!(
        world.provider.token_requests().len(),
        1,
        "the one of the first consent"
    );
    assert_eq!(world.vend_working("link").await, 1, "what was there serves on");
}

#[tokio::test]
async fn a_failed_exchange_keeps_what_was_there() {
    let world = World::connected("strict").await;
    let refusal = |code: &str| Fault::Error {
        code: code.into(),
        status: None,
    };
    let html = Fault::Body(sandbox::BodyFault::Html);
    for fault in [
        refusal("invalid_grant"),
        refusal("invalid_client"),
        html,
        Fault::CommitThenDrop,
    ] {
        let (service, query) = world.depart(&world.admin, &world::link("link")).await;
        world.provider.sandbox.set(Switch::times(fault.clone(), 1));
        let finished = world
            .engine
            .finish_consent(&world.admin, &SESSION, service, &query)
            .await
            .unwrap();
        assert!(matches!(finished, Finished::See(_)), "{fault:?}");
        let page = world
            .engine
            .connection(world.admin.member(), &world::link("link"))
            .await
            .unwrap();
        assert!(
            page.trouble.is_some_and(|trouble| trouble.words.is_some()),
            "{fault:?} is said"
        );
        assert_eq!(world.vend_working("link").await, 1, "{fault:?}");
    }
    world.consent(&world::link("link")).await;
    assert_eq!(world.vend_working("link").await, 2);
    let page = world
        .engine
        .connection(world.admin.member(), &world::link("link"))
        .await
        .unwrap();
    assert!(page.trouble.is_none(), "an old failure is no trouble any more");
}

#[tokio::test]
async fn a_browser_that_goes_away_during_the_exchange_loses_nothing() {
    let away = Away::new().await;
    away.world.provider.sandbox.set(Fault::DelayAfterCommitMs(150));
    let (engine, admin) = (Arc::clone(&away.world.engine), away.world.admin.clone());
    let (service, query) = (away.service, away.query.clone());
    let browser = tokio::spawn(async move { engine.finish_consent(&admin, &SESSION, service, &query).await });
    until("the exchange begins", async || {
        !away.world.provider.token_requests().is_empty()
    })
    .await;
    browser.abort();
    until("the exchange ends", async || {
        away.world.vend("link").await.is_ok()
    })
    .await;
    assert_eq!(away.world.vend_working("link").await, 1);
}
