//! Sessions end when idle, at last, and with the password. Times are moved in the row, not waited for.

use domain::id::{OrganizationId, UserId};
use domain::organization::Role;
use engine::{
    accounts::NewMember,
    error::EngineError,
    store::{Store, doors::StoredSession},
};
use time::Duration;

use super::{FOREIGN, PASSWORD, email, secret, sign_in, signed_up};
use crate::common::{World, problem};

const IDLE: Duration = Duration::hours(12);

async fn begin_session(store: &Store, user: UserId, organization: OrganizationId, hash: &[u8]) -> bool {
    let session = StoredSession {
        user: Some(user),
        organization: Some(organization),
        expires_at: engine::clock::now(),
        stale: false,
    };
    store
        .session_create(hash, &session, Duration::days(14))
        .await
        .unwrap()
}

#[tokio::test]
async fn another_password_ends_every_session_and_the_old_password() {
    let (world, organization, user) = signed_up().await;
    let store = &world.engine.store;
    for hash in [b"one", b"two"] {
        assert!(begin_session(store, user, organization, hash).await);
    }
    let other = world.admin.member();
    assert!(begin_session(store, other.user, other.organization, b"other").await);
    assert!(
        !begin_session(store, user, organization, b"one").await,
        "an id is taken once"
    );
    let address = email("olga@example.com");
    assert_eq!(
        problem(world.engine.reset_password(&address, &secret("short")).await).code(),
        "invalid"
    );
    assert!(
        store.session_load(b"one", IDLE).await.unwrap().is_some(),
        "a refused password ends nothing"
    );
    world
        .engine
        .reset_password(&address, &secret("otter brass candle"))
        .await
        .unwrap();
    for hash in [b"one", b"two"] {
        assert!(store.session_load(hash, IDLE).await.unwrap().is_none());
    }
    assert!(store.session_load(b"other", IDLE).await.unwrap().is_some());
    assert_eq!(
        problem(sign_in(&world, "olga@example.com", PASSWORD, &FOREIGN).await).code(),
        "invalid"
    );
    assert_eq!(
        sign_in(&world, "olga@example.com", "otter brass candle", &FOREIGN)
            .await
            .unwrap(),
        user
    );
    let unknown = world
        .engine
        .reset_password(&email("nobody@example.com"), &secret(PASSWORD))
        .await;
    assert_eq!(problem(unknown).code(), "invalid");
}

#[tokio::test]
async fn a_new_member_signs_in_to_the_organization_of_somebody() {
    let (world, organization, user) = signed_up().await;
    let member = |address: &str| NewMember {
        name: "Grace Hopper".parse().unwrap(),
        email: email(address),
        role: Role::Developer,
    };
    let (olga, grace) = (email("olga@example.com"), member("grace@example.com"));
    let engine = &world.engine;
    let password = secret("otter brass candle");
    let nobody = engine
        .add_member(&email("nobody@example.com"), &grace, &password)
        .await;
    assert!(matches!(nobody, Err(EngineError::Fields(errors)) if errors.of("organization_of").is_some()));
    let weak = engine.add_member(&olga, &grace, &secret("short")).await;
    assert!(matches!(weak, Err(EngineError::Fields(errors)) if errors.of("password").is_some()));
    let added = engine.add_member(&olga, &grace, &password).await.unwrap();
    assert_ne!(added, user);
    let again = engine
        .add_member(&olga, &member("olga@example.com"), &password)
        .await;
    assert!(matches!(again, Err(EngineError::Fields(errors)) if errors.of("email").is_some()));
    let known = sign_in(&world, "grace@example.com", "otter brass candle", &FOREIGN).await;
    assert_eq!(known.unwrap(), added);
    let of = engine.store.user(&grace.email).await.unwrap();
    assert_eq!(of, Some((added, organization)));
}

#[tokio::test]
async fn a_session_ends_when_idle_and_at_last() {
    let world = World::new().await;
    let (store, member) = (&world.engine.store, world.admin.member());
    assert!(begin_session(store, member.user, member.organization, b"s").await);
    let loaded = || async { store.session_load(b"s", IDLE).await.unwrap() };
    let fresh = loaded().await.unwrap();
    assert_eq!(
        (fresh.user, fresh.organization, fresh.stale),
        (Some(member.user), Some(member.organization), false)
    );
    world
        .database
        .sql("update session set touched_at = now() - interval '11 hours'")
        .await;
    assert!(loaded().await.unwrap().stale, "worth a write");
    store.session_touch(b"s").await.unwrap();
    assert!(!loaded().await.unwrap().stale);
    world
        .database
        .sql("update session set touched_at = now() - interval '12 hours 1 second'")
        .await;
    assert!(loaded().await.is_none(), "idle");
    world
        .database
        .sql("update session set touched_at = now(), expires_at = now() - interval '1 second'")
        .await;
    assert!(loaded().await.is_none(), "in use, and over all the same");
    store.session_touch(b"s").await.unwrap();
    assert!(loaded().await.is_none(), "touching does not prolong it");
    store.sessions_expired_delete(IDLE).await.unwrap();
    assert_eq!(
        world.database.value::<i64>("select count(*) from session").await,
        0
    );
}

#[tokio::test]
async fn a_session_that_was_ended_does_not_come_back() {
    let world = World::new().await;
    let (store, member) = (&world.engine.store, world.admin.member());
    assert!(begin_session(store, member.user, member.organization, b"s").await);
    let before = store.session_load(b"s", IDLE).await.unwrap().unwrap();
    store.session_delete(b"s").await.unwrap();
    store.session_save(b"s", &before).await.unwrap();
    assert!(store.session_load(b"s", IDLE).await.unwrap().is_none());
}

#[tokio::test]
async fn whoever_is_no_member_any_more_is_nobody() {
    let world = World::new().await;
    let member = world.admin.member();
    world.database.sql("delete from membership").await;
    assert!(
        world
            .engine
            .member(member.organization, member.user, None)
            .await
            .unwrap()
            .is_none()
    );
}
