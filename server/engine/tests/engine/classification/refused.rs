//! The grant, the client or the address is refused.

use domain::principal::Principal;
use domain::{
    connection::{Cause as C, CredentialState as S, Status},
    problem::Problem,
};
use serde_json::json;

use super::{error, meet};
use crate::common::{World, problem, world};

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
            .update_service(&world.admin, &name, &input, Some(&secret), None)
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
        .update_service(&world.admin, &name, &input, Some(&wrong), None)
        .await
        .unwrap();
    world.expire("link").await;
    assert_eq!(
        problem(world.vend("link").await),
        Problem::NotServing(Status::Error, Some(C::ClientRefused))
    );
    world
        .engine
        .update_service(&world.admin, &name, &input, Some(&world::client_secret()), None)
        .await
        .unwrap();
    assert_eq!(world.vend_working("link").await, 2);
}

#[tokio::test]
async fn an_address_that_the_operator_does_not_allow_is_never_asked() {
    let world = World::connected("strict").await;
    world.expire("link").await;
    let strict = world::engine(&world.database, &["https://elsewhere.example"], world::RING).await;
    let refused = strict
        .vend(world.key, &world::link("link"), &Principal::Organization, 60.0)
        .await;
    assert_eq!(
        problem(refused),
        Problem::NotServing(Status::Error, Some(C::AddressRefused))
    );
    assert_eq!(world.provider.refreshes().len(), 0);
}
