//! Revocation: unusable here at once, and withdrawn at the provider.

use domain::principal::Principal;
use std::sync::Arc;

use domain::{connection::Status, problem::Problem, service::Authentication};
use sandbox::{Fault, Switch};
use serde_json::json;

use crate::{
    common::{SESSION, World, problem, until, world},
    outbox::{actions, settled, waiting},
};

const REVOKED: Problem = Problem::NotServing(Status::Revoked, None);

#[tokio::test]
async fn a_revoked_credential_is_gone_here_and_at_the_provider() {
    let world = World::connected("strict").await;
    let token = world.vend("link").await.unwrap().access_token;
    world
        .engine
        .revoke_connection(&world.admin, &world::link("link"))
        .await
        .unwrap();
    assert_eq!(problem(world.vend("link").await), REVOKED, "at once");
    assert!(is_erased(&world).await);
    settled(&world).await;
    assert_eq!(
        world
            .provider
            .who(token.as_ref().unwrap().as_text().unwrap())
            .await,
        Err(401),
        "the grant has ended there"
    );
    assert_eq!(
        actions(&world).await,
        ["connection.revoked", "connection.revoked_at_provider"]
    );
    world.consent(&world::link("link")).await;
    assert_eq!(
        world.vend_working("link").await,
        3,
        "a revocation counts as a version"
    );
}

async fn is_erased(world: &World) -> bool {
    let query = "select access_token is null and refresh_token is null and state = 'revoked' from credential";
    world.database.value(query).await
}

#[tokio::test]
async fn a_service_without_revoke_url_is_revoked_here_alone() {
    let world = World::new().await;
    let mut input = world.input("sandbox", json!({}));
    let Authentication::OAuth2(oauth2) = &mut input.definition.authentication else {
        panic!("OAuth 2.0")
    };
    oauth2.revoke_token_url = None;
    world.service_of(&world.admin, &input).await;
    let link = world.connect("sandbox", "link").await;
    world.engine.revoke_connection(&world.admin, &link).await.unwrap();
    assert_eq!(problem(world.vend("link").await), REVOKED);
    assert_eq!(waiting(&world).await, 0);
    assert_eq!(world.provider.revocations().len(), 0);
}

#[tokio::test]
async fn a_deleted_connection_is_withdrawn_all_the_same() {
    let world = World::connected("strict").await;
    let token = world.vend("link").await.unwrap().access_token;
    world
        .engine
        .delete_connection(&world.admin, &world::link("link"), None)
        .await
        .unwrap();
    assert_eq!(
        problem(world.vend("link").await),
        Problem::UnknownConnection("link".into())
    );
    settled(&world).await;
    assert_eq!(
        world
            .provider
            .who(token.as_ref().unwrap().as_text().unwrap())
            .await,
        Err(401)
    );
}

/// The provider hands out new tokens while the connection is being revoked: they must not stay alive.
#[tokio::test]
async fn tokens_that_come_back_after_the_revocation_are_withdrawn_too() {
    let world = World::connected("strict").await;
    world.expire("link").await;
    world
        .provider
        .sandbox
        .set(Switch::times(Fault::DelayAfterCommitMs(1_000), 1));
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
    world
        .engine
        .revoke_connection(&world.admin, &world::link("link"))
        .await
        .unwrap();
    assert_eq!(
        problem(caller.await.unwrap()),
        REVOKED,
        "the caller gets nothing either"
    );
    until("the refresh ends", async || world.outcomes().await == ["fenced"]).await;
    world.engine.run_revocations().await;
    settled(&world).await;
    let withdrawn: Vec<_> = world
        .provider
        .revocations()
        .iter()
        .map(|entry| entry.generation)
        .collect();
    assert_eq!(
        withdrawn,
        [Some(1), Some(2)],
        "what was stored, and what came too late"
    );
    assert!(is_erased(&world).await, "nothing was put back");
}

#[tokio::test]
async fn a_consent_that_is_under_way_ends_with_the_revocation() {
    let world = World::connected("strict").await;
    let link = world::link("link");
    let (service, query) = world.depart(&world.admin, &link).await;
    world
        .provider
        .sandbox
        .set(Switch::times(Fault::DelayAfterCommitMs(1_000), 1));
    let (engine, admin) = (Arc::clone(&world.engine), world.admin.clone());
    let browser = tokio::spawn(async move { engine.finish_consent(&admin, &SESSION, service, &query).await });
    until("the exchange begins", async || {
        world.provider.token_requests().len() == 2
    })
    .await;
    world.engine.revoke_connection(&world.admin, &link).await.unwrap();
    browser.await.unwrap().unwrap();
    assert_eq!(problem(world.vend("link").await), REVOKED);
    world.engine.run_revocations().await;
    settled(&world).await;
    assert_eq!(
        world.provider.revocations().len(),
        2,
        "the old grant and the new one"
    );
}
