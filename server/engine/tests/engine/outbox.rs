//! The outbox of revocations: sealed, tried again, worked off once, and given up in writing.

use std::sync::Arc;

use domain::{connection::Status, service::Authentication};
use engine::Engine;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use crate::common::{World, until, world};

/// An origin at which nobody listens.
const DEAD: &str = "http://127.0.0.1:9";

/// How many tokens wait.
pub(crate) async fn waiting(world: &World) -> i64 {
    world
        .database
        .value("select count(*) from revocation_outbox")
        .await
}

/// Waits for the outbox to be worked off.
pub(crate) async fn settled(world: &World) {
    until("the outbox is empty", async || waiting(world).await == 0).await;
}

/// What was written down about revocations.
pub(crate) async fn actions(world: &World) -> Vec<String> {
    let query = "select action from audit_event where action like 'connection.revo%' order by id";
    sqlx::query_scalar(query)
        .fetch_all(&world.database.superuser)
        .await
        .unwrap()
}

/// The service's revoke URL, changed below the application.
async fn point_to(world: &World, origin: &str) {
    let set = format!(
        "update service set definition = jsonb_set(definition, '{{authentication,revoke_token_url}}', '\"{origin}/revoke\"')"
    );
    assert_eq!(world.database.sql(set).await, 1);
}

/// A world in which `link` is revoked and its provider at `origin` has failed once to take the token back.
async fn failed_once(origin: &str) -> (World, Arc<Engine>) {
    let world = World::connected("strict").await;
    point_to(&world, origin).await;
    let engine = world::engine(&world.database, &[&world.provider.issuer, origin], world::RING).await;
    engine
        .revoke_connection(&world.admin, &world::link("link"))
        .await
        .unwrap();
    let failed = "select exists (select from revocation_outbox where last_error is not null)";
    until("the first try fails", async || {
        world.database.value::<bool>(failed).await
    })
    .await;
    (world, engine)
}

/// A provider that answers 503 and nothing else.
async fn busy() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 8192];
            let _read = stream.read(&mut request).await;
            let answer =
                b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let _written = stream.write_all(answer).await;
        }
    });
    origin
}

#[tokio::test]
async fn a_provider_that_is_out_of_order_is_asked_again() {
    let (world, engine) = failed_once(&busy().await).await;
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
        .value("select extract(epoch from next_try_at - clock_timestamp())::float8 from revocation_outbox")
        .await;
    assert!(
        (-5.0..=2.0).contains(&wait),
        "{wait} s, two at most after the first try"
    );
    world
        .database
        .sql("update revocation_outbox set next_try_at = now() + interval '30 seconds'")
        .await;
    point_to(&world, &world.provider.issuer).await;
    engine.run_revocations().await;
    assert_eq!(world.provider.revocations().len(), 0, "not before its time");
    world
        .database
        .sql("update revocation_outbox set next_try_at = now()")
        .await;
    engine.run_revocations().await;
    assert_eq!(waiting(&world).await, 0);
    let taken_back = world.provider.revocations().pop().unwrap();
    assert_eq!(
        (taken_back.generation, taken_back.outcome.as_deref()),
        (Some(1), Some("revoked"))
    );
    assert_eq!(
        actions(&world).await,
        ["connection.revoked", "connection.revoked_at_provider"]
    );
}

#[tokio::test]
async fn after_a_day_of_tries_the_failure_is_written_down() {
    let (world, engine) = failed_once(DEAD).await;
    let aged = "update revocation_outbox set next_try_at = now(), created_at = now() - interval '25 hours'";
    world.database.sql(aged).await;
    engine.run_revocations().await;
    assert_eq!(waiting(&world).await, 0);
    assert_eq!(
        actions(&world).await,
        ["connection.revoked", "connection.revocation_failed"]
    );
}

#[tokio::test]
async fn a_waiting_token_is_sealed_for_its_place() {
    let (world, engine) = failed_once(DEAD).await;
    let waits: Vec<u8> = world.database.value("select token from revocation_outbox").await;
    // The sandbox's tokens are base64url with a dot; the blob is binary from its nonce on.
    assert!(std::str::from_utf8(&waits).is_err(), "not the token itself");
    point_to(&world, &world.provider.issuer).await;
    world
        .database
        .sql("update revocation_outbox set id = gen_random_uuid(), next_try_at = now()")
        .await;
    engine.run_revocations().await;
    assert_eq!(
        world.provider.revocations().len(),
        0,
        "a token that was moved to another row is not sent"
    );
    assert_eq!(
        actions(&world).await,
        ["connection.revoked", "connection.revocation_failed"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_withdraw_a_token_once() {
    let (world, engine) = failed_once(DEAD).await;
    let other = world.replica().await;
    point_to(&world, &world.provider.issuer).await;
    world
        .database
        .sql("update revocation_outbox set next_try_at = now()")
        .await;
    tokio::join!(
        engine.run_revocations(),
        other.run_revocations(),
        other.run_revocations()
    );
    settled(&world).await;
    assert_eq!(world.provider.revocations().len(), 1);
}

/// Whoever moves the revoke URL does not get the tokens that wait for the earlier one.
#[tokio::test]
async fn a_waiting_token_does_not_follow_to_another_provider() {
    let (world, engine) = failed_once(DEAD).await;
    let mut input = world.input("sandbox", json!({"rotation": "strict"}));
    let Authentication::OAuth2(oauth2) = &mut input.definition.authentication else {
        panic!("OAuth 2.0")
    };
    oauth2.revoke_token_url = Some("https://elsewhere.example/revoke".parse().unwrap());
    let name = world::link("sandbox");
    engine
        .update_service(&world.admin, &name, &input, Some(&world::client_secret()), None)
        .await
        .unwrap();
    assert_eq!(waiting(&world).await, 0, "given up");
    engine.run_revocations().await;
    assert_eq!(world.provider.revocations().len(), 0);
    let told: String = world
        .database
        .value("select detail from audit_event where action = 'service.changed'")
        .await;
    assert!(told.contains("1 token not withdrawn any more"), "{told}");
}

/// Its client is needed to ask: the service stays until the provider has answered.
#[tokio::test]
async fn a_service_outlives_its_withdrawals() {
    let (world, engine) = failed_once(DEAD).await;
    engine
        .delete_connection(&world.admin, &world::link("link"), None)
        .await
        .unwrap();
    let refused = engine
        .delete_service(&world.admin, &world::link("sandbox"), None)
        .await;
    assert_eq!(crate::common::problem(refused).code(), "in_use");
    assert_eq!(waiting(&world).await, 1);
    point_to(&world, &world.provider.issuer).await;
    world
        .database
        .sql("update revocation_outbox set next_try_at = now()")
        .await;
    engine.run_revocations().await;
    engine
        .delete_service(&world.admin, &world::link("sandbox"), None)
        .await
        .unwrap();
    assert_eq!(world.provider.revocations().len(), 1);
}
