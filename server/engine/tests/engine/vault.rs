//! Ciphertexts that were swapped, moved, changed or put back in the database: never served, always said.

use domain::principal::Principal;
use domain::{
    connection::{Cause, CredentialState, Status},
    problem::Problem,
};
use engine::{error::EngineError, vault::VaultError};
use serde_json::json;
use sqlx::Row as _;

use crate::common::{
    World, problem,
    stored::set,
    world::{self, RING, engine},
};

const UNREADABLE: Problem = Problem::NotServing(Status::Error, Some(Cause::VaultUnreadable));
const STATE: (CredentialState, Option<Cause>) = (CredentialState::VaultError, Some(Cause::VaultUnreadable));

/// Two connections `link` and `twin` of one organization, and a `link` of another.
async fn three() -> World {
    let world = World::connected("strict").await;
    world.connect("sandbox", "twin").await;
    let other = world::organization(&world.engine, &world.database, "grace@example.com").await;
    world.service_of(&other, &world.input("sandbox", json!({}))).await;
    world.connect_of(&other, "sandbox", "foreign").await;
    world
}

/// Puts a column of one connection's credential into a column of another's.
async fn copy(world: &World, from: (&str, &str), to: (&str, &str)) {
    let source = format!(
        "{} = (select x.{} from credential x join connection d on d.organization_id = x.organization_id
           and d.id = x.connection_id where d.link_name = '{}')",
        to.1, from.1, from.0
    );
    set(&world.database, to.0, &source).await;
}

#[tokio::test]
async fn a_moved_access_token_is_not_served() {
    for (from, to) in [
        (("twin", "access_token"), ("link", "access_token")),
        (("link", "refresh_token"), ("link", "access_token")),
        (("foreign", "access_token"), ("link", "access_token")),
    ] {
        let world = three().await;
        world.vend_working("link").await;
        copy(&world, from, to).await;
        assert_eq!(
            problem(world.vend("link").await),
            UNREADABLE,
            "{from:?} to {to:?}"
        );
        assert_eq!(world.state("link").await, STATE);
        assert_eq!(problem(world.vend("link").await), UNREADABLE, "and it stays so");
        assert_eq!(world.vend_working("twin").await, 1, "its neighbour works");
    }
}

#[tokio::test]
async fn a_moved_refresh_token_is_not_sent() {
    for (from, to) in [
        (("twin", "refresh_token"), ("link", "refresh_token")),
        (("link", "access_token"), ("link", "refresh_token")),
        (("foreign", "refresh_token"), ("link", "refresh_token")),
    ] {
        let world = three().await;
        world.expire("link").await;
        copy(&world, from, to).await;
        assert_eq!(
            problem(world.vend("link").await),
            UNREADABLE,
            "{from:?} to {to:?}"
        );
        assert_eq!(world.state("link").await, STATE);
        assert_eq!(world.provider.refreshes().len(), 0, "nothing went out");
    }
}

#[tokio::test]
async fn an_old_ciphertext_does_not_open_under_a_newer_generation() {
    let world = World::connected("strict").await;
    let old = world
        .database
        .row("select access_token, refresh_token from credential")
        .await;
    world.expire("link").await;
    assert_eq!(world.vend_working("link").await, 2);
    for column in ["access_token", "refresh_token"] {
        let blob: Vec<u8> = old.get(column);
        let put = format!("update credential set {column} = $1");
        let put = sqlx::query(sqlx::AssertSqlSafe(put))
            .bind(blob)
            .execute(&world.database.superuser);
        put.await.unwrap();
        world.expire("link").await;
    }
    assert_eq!(problem(world.vend("link").await), UNREADABLE);
    assert_eq!(
        world.provider.refreshes().len(),
        1,
        "the old refresh token was not sent"
    );
}

#[tokio::test]
async fn any_flipped_bit_is_noticed() {
    let world = World::connected("strict").await;
    let good: Vec<u8> = world.database.value("select access_token from credential").await;
    for place in 0..good.len() {
        let mut bad = good.clone();
        bad[place] ^= 1 << (place % 8);
        let put =
            sqlx::query("update credential set access_token = $1, state = 'active', cause = null").bind(bad);
        put.execute(&world.database.superuser).await.unwrap();
        assert_eq!(problem(world.vend("link").await), UNREADABLE, "byte {place}");
    }
    let cut = sqlx::query("update credential set access_token = $1, state = 'active'")
        .bind(&good[..good.len() / 2]);
    cut.execute(&world.database.superuser).await.unwrap();
    assert_eq!(problem(world.vend("link").await), UNREADABLE);
    let restored =
        sqlx::query("update credential set access_token = $1, state = 'active', cause = null").bind(good);
    restored.execute(&world.database.superuser).await.unwrap();
    assert_eq!(world.vend_working("link").await, 1);
}

#[tokio::test]
async fn consent_mends_an_unreadable_credential() {
    let world = World::connected("strict").await;
    set(
        &world.database,
        "link",
        "access_token = '\\x00', refresh_token = '\\x00'",
    )
    .await;
    assert_eq!(problem(world.vend("link").await), UNREADABLE);
    world.consent(&world::link("link")).await;
    assert_eq!(world.vend_working("link").await, 2);
}

/// The vault binds a ciphertext to its generation, and the generation is part of the row: a whole row from a
/// backup opens. What notices is the provider, at the next refresh, where it accepts a refresh token only once.
#[tokio::test]
async fn a_whole_row_put_back_is_noticed_by_a_strict_provider_only() {
    let world = World::connected("strict").await;
    world
        .database
        .sql("create table backup as select * from credential")
        .await;
    world.expire("link").await;
    assert_eq!(world.vend_working("link").await, 2);
    world
        .database
        .sql("delete from credential; insert into credential select * from backup")
        .await;
    let served = world.vend("link").await.unwrap();
    assert_eq!(served.version, 1, "the vault does not see it");
    world.expire("link").await;
    let refused = Problem::NotServing(Status::NeedsReauthorization, Some(Cause::RevokedOrExpired));
    assert_eq!(problem(world.vend("link").await), refused);
    let last = world.provider.refreshes().pop().unwrap();
    assert_eq!(
        (last.generation, last.outcome.as_deref()),
        (Some(1), Some("invalid_grant"))
    );
}

#[tokio::test]
async fn other_root_keys_are_noticed_at_the_start() {
    const OTHER: &str = "IAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let world = World::connected("strict").await;
    world.engine.check_vault().await.unwrap();
    let ring = |ring: String| {
        let world = &world;
        async move { engine(&world.database, &[&world.provider.issuer], &ring).await }
    };
    let same_name = ring(format!("k1:{OTHER}")).await;
    let error = same_name.check_vault().await.unwrap_err();
    assert!(
        matches!(error, EngineError::Vault(VaultError::Unreadable)),
        "{error}"
    );
    let missing = ring(format!("k2:{OTHER}")).await;
    let error = missing.check_vault().await.unwrap_err();
    assert!(
        matches!(&error, EngineError::Vault(VaultError::UnknownKey(id)) if id == "k1"),
        "{error}"
    );
    let link = world::link("link");
    assert_eq!(
        problem(
            missing
                .vend(world.key, &link, &Principal::Organization, 60.0)
                .await
        ),
        Problem::Unavailable
    );
    assert_eq!(
        world.state("link").await.0,
        CredentialState::Active,
        "the right keys find everything as it was"
    );
    let rotated = ring(format!("k2:{OTHER},{RING}")).await;
    rotated.check_vault().await.unwrap();
    assert_eq!(
        rotated
            .vend(world.key, &link, &Principal::Organization, 60.0)
            .await
            .unwrap()
            .version,
        1
    );
}
