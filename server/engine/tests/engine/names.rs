//! Names that two want at once, and deletions in between.

use std::collections::BTreeMap;

use domain::principal::Principal;
use std::sync::Arc;

use domain::problem::Problem;
use futures_util::future::join_all;
use serde_json::json;

use crate::common::{World, fields, problem, until, world};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_want_a_link_name_one_gets_it() {
    let world = World::new().await;
    for round in 0..5 {
        let name = format!("name{round}");
        let services = join_all((0..2).map(|_| {
            let (engine, admin, input) = (
                Arc::clone(&world.engine),
                world.admin.clone(),
                world.input(&name, json!({})),
            );
            let (_, minted) = engine.mint_redirect(&admin);
            tokio::spawn(async move {
                engine
                    .create_service(&admin, &input, Some(&world::client_secret()), &minted, None)
                    .await
            })
        }));
        let service = one_ok_and_one_taken(services.await);
        let connections = join_all((0..2).map(|_| {
            let (engine, admin, input) = (
                Arc::clone(&world.engine),
                world.admin.clone(),
                world::connection_input(&name),
            );
            tokio::spawn(async move {
                engine
                    .create_connection(&admin, service, &input, &BTreeMap::new())
                    .await
            })
        }));
        one_ok_and_one_taken(connections.await);
    }
}

fn one_ok_and_one_taken<T: std::fmt::Debug, E: std::fmt::Debug>(
    results: Vec<Result<Result<T, engine::error::EngineError>, E>>,
) -> T {
    let (good, bad): (Vec<_>, Vec<_>) = results.into_iter().map(Result::unwrap).partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (1, 1));
    for taken in bad {
        assert!(fields(taken).of("link_name").is_some());
    }
    good.into_iter().map(Result::unwrap).next().unwrap()
}

#[tokio::test]
async fn the_same_link_name_in_two_organizations_is_two_things() {
    let world = World::connected("strict").await;
    let other = world::organization(&world.engine, &world.database, "grace@example.com").await;
    world.service_of(&other, &world.input("sandbox", json!({}))).await;
    let key = world::key(&world.engine, &other, &[]).await;
    let link = world.draft_of(&other, "sandbox", "link").await;
    assert_eq!(
        problem(
            world
                .engine
                .vend(key, &link, &Principal::Organization, 60.0)
                .await
        )
        .code(),
        "not_connected"
    );
    world.consent_of(&other, &link).await;
    let (mine, theirs) = (
        world.vend("link").await.unwrap(),
        world
            .engine
            .vend(key, &link, &Principal::Organization, 60.0)
            .await
            .unwrap(),
    );
    assert_ne!(
        mine.access_token.as_ref().unwrap().bytes(),
        theirs.access_token.as_ref().unwrap().bytes()
    );
    let crossed = engine::keys::FunctionKey {
        organization: other.organization(),
        id: world.key.id,
    };
    assert_eq!(
        problem(
            world
                .engine
                .vend(crossed, &link, &Principal::Organization, 60.0)
                .await
        ),
        Problem::InvalidKey
    );
}

#[tokio::test]
async fn a_service_in_use_stays() {
    let world = World::connected("strict").await;
    world.draft("sandbox", "second").await;
    let told = problem(
        world
            .engine
            .delete_service(&world.admin, &world::link("sandbox"), None)
            .await,
    );
    let Problem::InUse(by) = told else {
        panic!("{told:?}")
    };
    assert!(
        by.contains("Connection link") && by.contains("Connection second"),
        "{by}"
    );
    assert_eq!(world.vend_working("link").await, 1);
}

/// A deletion that is not yet committed: whoever makes a connection meanwhile waits, and is then told the truth.
#[tokio::test]
async fn a_connection_to_a_service_that_is_just_being_deleted_is_not_found() {
    let world = World::new().await;
    let service = world.service("sandbox", json!({})).await;
    let mut deletion = world.database.superuser.begin().await.unwrap();
    sqlx::query("delete from service")
        .execute(&mut *deletion)
        .await
        .unwrap();
    let (engine, admin) = (Arc::clone(&world.engine), world.admin.clone());
    let input = world::connection_input("link");
    let making = tokio::spawn(async move {
        engine
            .create_connection(&admin, service, &input, &BTreeMap::new())
            .await
    });
    let blocked = "select exists (select from pg_locks where not granted and locktype = 'transactionid')";
    until("the insertion waits", async || {
        world.database.value::<bool>(blocked).await
    })
    .await;
    deletion.commit().await.unwrap();
    assert!(making.await.unwrap().unwrap_err().is_not_found());
}
