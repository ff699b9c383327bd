//! A database that is not there, not the right one, or goes away in the middle.

use domain::problem::Problem;
use engine::store::{StartError, Store};

use crate::common::{Database, World, problem};

#[tokio::test]
async fn without_a_database_the_start_says_what_to_do() {
    let error = Store::connect("postgres://connections_server@127.0.0.1:9/none", 2)
        .await
        .err()
        .unwrap();
    assert!(matches!(error, StartError::Unreachable(_)));
    assert!(
        error
            .to_string()
            .contains("Start PostgreSQL, or correct DATABASE_URL"),
        "{error}"
    );
}

#[tokio::test]
async fn a_login_that_could_step_over_the_rules_is_refused() {
    let database = Database::new().await;
    for url in [database.superuser_url(), database.owner_url()] {
        let error = Store::connect(&url, 2).await.err().unwrap();
        assert!(matches!(error, StartError::TooMighty(_)), "{error}");
        assert!(
            error.to_string().contains("Use the role connections_server"),
            "{error}"
        );
    }
    Store::connect(&database.server_url(), 2)
        .await
        .unwrap()
        .ping()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_database_without_tables_is_refused() {
    let database = Database::empty().await;
    let error = Store::connect(&database.server_url(), 2).await.err().unwrap();
    assert!(matches!(error, StartError::NotMigrated), "{error}");
    assert!(error.to_string().contains("connections migrate"), "{error}");
}

#[tokio::test]
async fn the_call_after_a_restart_of_the_database_works() {
    let world = World::connected("strict").await;
    for _ in 0..3 {
        assert_eq!(world.vend_working("link").await, 1);
        assert!(
            world.database.cut_server_off().await > 0,
            "there was a connection to cut"
        );
    }
    world.expire("link").await;
    world.database.cut_server_off().await;
    assert_eq!(world.vend_working("link").await, 2);
}

#[tokio::test]
async fn while_the_database_is_away_the_server_says_so_and_comes_back_by_itself() {
    let world = World::connected("strict").await;
    world.database.reachable(false).await;
    assert_eq!(problem(world.vend("link").await), Problem::Unavailable);
    assert!(world.engine.store.ping().await.is_err());
    world.database.reachable(true).await;
    assert_eq!(world.vend_working("link").await, 1);
    world.engine.store.ping().await.unwrap();
}
