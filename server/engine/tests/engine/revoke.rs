//! Revocation: unusable here at once, withdrawn at the provider from an outbox that does not give up easily.

use std::{sync::Arc, time::Duration};

use domain::{connection::Status, problem::Problem};
use engine::Engine;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::common::{World, problem, world};

const REVOKED: Problem = Problem::NotServing(Status::Revoked, None);

/// Waits for the outbox to be worked off.
async fn settled(world: &World) {
    while world
        .database
        .value::<i64>("select count(*) from revocation_outbox")
        .await
        > 0
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn actions(world: &World) -> Vec<String> {
    let query = "select action from audit_event where action like 'connection.revo%' order by id";
    sqlx::query_scalar(query)
        .fetch_all(&world.database.superuser)
        .await
        .unwrap()
}

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
    let erased: bool = world
        .database
        .value("select access_token is null and refresh_token is null and state = 'revoked' from credential")
        .await;
    assert!(erased);
    settled(&world).await;
    assert_eq!(
        world.provider.who(token.as_text().unwrap()).await,
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
        "revoking counts as a version"
    );
}

#[tokio::test]
async fn the_token_in_the_outbox_is_sealed_for_its_place() {
    let world = World::connected("strict").await;
    // Nobody answers at this address, so the row stays.
    point_revocations_to(&world, "http://127.0.0.1:9/revoke").await;
    let plain = world.vend("link").await.unwrap().access_token;
    let sealed: Vec<u8> = world.database.value("select refresh_token from credential").await;
    world
        .engine
        .revoke_connection(&world.admin, &world::link("link"))
        .await
        .unwrap();
    let waiting: Vec<u8> = world.database.value("select token from revocation_outbox").await;
    assert_ne!(waiting, sealed, "sealed again, for the outbox");
    assert!(
        !waiting
            .windows(plain.bytes().len())
            .any(|part| part == plain.bytes())
    );
    world
        .database
        .sql("update revocation_outbox set id = gen_random_uuid(), next_try_at = now()")
        .await;
    restored_engine(&world).await.run_revocations().await;
    assert_eq!(
        world.provider.revocations().len(),
        0,
        "a token that was moved to another row is not sent"
    );
    assert_eq!(
        actions(&world).await.last().map(String::as_str),
        Some("connection.revocation_failed")
    );
}

/// The service's revoke URL, as the superuser changes it.
async fn point_revocations_to(world: &World, url: &str) {
    world
        .database
        .sql(format!("update service set definition = jsonb_set(definition, '{{authentication,revoke_token_url}}', '\"{url}\"')"))
        .await;
}

/// An engine on the same database that may go everywhere that a test needs, to try the outbox by hand.
async fn restored_engine(world: &World) -> Arc<Engine> {
    point_revocations_to(world, &format!("{}/revoke", world.provider.issuer)).await;
    world.replica().await
}

#[tokio::test]
async fn a_provider_that_is_out_of_order_is_asked_again() {
    let world = World::connected("strict").await;
    let busy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", busy.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = busy.accept().await {
            let mut request = vec![0; 8192];
            let _read = stream.read(&mut request).await;
            let answer =
                b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _written = stream.write_all(answer).await;
        }
    });
    let token = world.vend("link").await.unwrap().access_token;
    let mut input = world.input("sandbox", json!({"rotation": "strict"}));
    let domain::service::Authentication::OAuth2(oauth2) = &mut input.definition.authentication;
    oauth2.revoke_token_url = Some(format!("{origin}/revoke").parse().unwrap());
    point_revocations_to(&world, &format!("{origin}/revoke")).await;
    let engine = world::engine(&world.database, &[&world.provider.issuer, &origin], world::RING).await;
    engine
        .revoke_connection(&world.admin, &world::link("link"))
        .await
        .unwrap();
    while world
        .database
        .value::<i64>("select count(*) from revocation_outbox where last_error is not null")
        .await
        == 0
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let page = engine
        .connection(world.admin.member(), &world::link("link"))
        .await
        .unwrap();
    let pending = page.revocation.expect("the page says that it waits");
    assert!(pending.last_error.is_some_and(|words| words.starts_with("503")));
    assert_eq!(
        page.connection.status(),
        Status::Revoked,
        "here it is over all the same"
    );
    let wait: f64 = world
        .database
        .value("select extract(epoch from next_try_at - now())::float8 from revocation_outbox")
        .await;
    assert!((0.5..=2.0).contains(&wait), "{wait}");
    let again = restored_engine(&world).await;
    again.run_revocations().await;
    assert_eq!(world.provider.revocations().len(), 0, "not before its time");
    world
        .database
        .sql("update revocation_outbox set next_try_at = now()")
        .await;
    again.run_revocations().await;
    settled(&world).await;
    assert_eq!(world.provider.who(token.as_text().unwrap()).await, Err(401));
}

#[tokio::test]
async fn after_a_day_of_tries_the_failure_is_written_down() {
    let world = World::connected("strict").await;
    let address = "http://127.0.0.1:9";
    point_revocations_to(&world, &format!("{address}/revoke")).await;
    let engine = world::engine(&world.database, &[&world.provider.issuer, address], world::RING).await;
    engine
        .revoke_connection(&world.admin, &world::link("link"))
        .await
        .unwrap();
    while world
        .database
        .value::<i64>("select count(*) from revocation_outbox where last_error is not null")
        .await
        == 0
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    world
        .database
        .sql("update revocation_outbox set next_try_at = now(), created_at = now() - interval '25 hours'")
        .await;
    engine.run_revocations().await;
    assert_eq!(
        world
            .database
            .value::<i64>("select count(*) from revocation_outbox")
            .await,
        0
    );
    assert_eq!(
        actions(&world).await,
        ["connection.revoked", "connection.revocation_failed"]
    );
}

#[tokio::test]
async fn a_service_without_revoke_url_is_revoked_here_alone() {
    let world = World::new().await;
    let mut input = world.input("sandbox", json!({}));
    let domain::service::Authentication::OAuth2(oauth2) = &mut input.definition.authentication;
    oauth2.revoke_token_url = None;
    world.service_of(&world.admin, &input).await;
    let link = world.connect("sandbox", "link").await;
    world.engine.revoke_connection(&world.admin, &link).await.unwrap();
    assert_eq!(problem(world.vend("link").await), REVOKED);
    assert_eq!(
        world
            .database
            .value::<i64>("select count(*) from revocation_outbox")
            .await,
        0
    );
    assert_eq!(world.provider.revocations().len(), 0);
}

#[tokio::test]
async fn a_deleted_connection_is_withdrawn_all_the_same() {
    let world = World::connected("strict").await;
    let token = world.vend("link").await.unwrap().access_token;
    world
        .engine
        .delete_connection(&world.admin, &world::link("link"))
        .await
        .unwrap();
    assert_eq!(
        problem(world.vend("link").await),
        Problem::UnknownConnection("link".into())
    );
    world.engine.run_revocations().await;
    settled(&world).await;
    assert_eq!(world.provider.who(token.as_text().unwrap()).await, Err(401));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_withdraw_a_token_once() {
    let world = World::connected("strict").await;
    let other = world.replica().await;
    point_revocations_to(&world, "http://127.0.0.1:9/revoke").await;
    world
        .engine
        .delete_connection(&world.admin, &world::link("link"))
        .await
        .unwrap();
    world.engine.run_revocations().await;
    let due = world
        .database
        .value::<i64>("select count(*) from revocation_outbox")
        .await;
    if due == 0 {
        panic!("a refused address must not be taken for a withdrawal");
    }
    point_revocations_to(&world, &format!("{}/revoke", world.provider.issuer)).await;
    world
        .database
        .sql("update revocation_outbox set next_try_at = now()")
        .await;
    tokio::join!(
        world.engine.run_revocations(),
        other.run_revocations(),
        other.run_revocations()
    );
    settled(&world).await;
    assert_eq!(world.provider.revocations().len(), 1);
}

/// The provider hands out new tokens while the connection is being revoked: they must not stay alive.
#[tokio::test]
async fn tokens_that_come_back_after_the_revocation_are_withdrawn_too() {
    let world = World::connected("strict").await;
    world.expire("link").await;
    world
        .provider
        .sandbox
        .set(sandbox::Switch::times(sandbox::Fault::DelayAfterCommitMs(300), 1));
    let (engine, key) = (Arc::clone(&world.engine), world.key);
    let caller = tokio::spawn(async move { engine.vend(key, &world::link("link"), 60.0).await });
    while world.provider.refreshes().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
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
    while world.outcomes().await != ["fenced"] {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    settled(&world).await;
    assert!(!world.provider.revocations().is_empty());
    let stored: bool = world
        .database
        .value("select access_token is null and refresh_token is null from credential")
        .await;
    assert!(stored, "nothing was put back");
}
