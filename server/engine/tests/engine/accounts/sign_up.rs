//! Who comes first, and who comes twice.

use std::sync::Arc;

use domain::{form::account::SignUp, problem::Problem};
use engine::{Engine, Settings, SignUpPolicy, error::EngineError};

use super::{PASSWORD, email, secret, signed_up};
use crate::common::{Database, World, fields, world};

fn owner(address: &str) -> SignUp {
    SignUp {
        organization: "Owl".parse().unwrap(),
        name: "Olga".parse().unwrap(),
        email: email(address),
    }
}

async fn organizations(database: &Database) -> i64 {
    database.value("select count(*) from organization").await
}

#[tokio::test]
async fn an_address_has_one_account() {
    let (world, ..) = signed_up().await;
    let again = world
        .engine
        .sign_up(&owner("Olga@Example.com"), &secret(PASSWORD), None)
        .await;
    assert!(fields(again).of("email").is_some());
    assert_eq!(
        organizations(&world.database).await,
        2,
        "nothing half-way: the world's own and Olga's first"
    );
}

#[tokio::test]
async fn a_weak_password_is_refused_before_anything_is_made() {
    let world = World::new().await;
    for weak in ["", "short", "password1234", "aaaaaaaaaaaaaaaa"] {
        let refused = world
            .engine
            .sign_up(&owner("olga@example.com"), &secret(weak), None)
            .await;
        assert!(fields(refused).of("password").is_some(), "{weak}");
    }
    assert_eq!(organizations(&world.database).await, 1);
}

/// A fresh server lets the first organization in and nobody after it, also where two come at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_first_organizations_one_is_made() {
    let database = Database::new().await;
    let (one, two) = (first_only(&database).await, first_only(&database).await);
    assert!(one.sign_up_is_open().await.unwrap());
    let (ada, eve) = (owner("ada@example.com"), owner("eve@example.com"));
    let password = secret(PASSWORD);
    let (here, there) = tokio::join!(
        one.sign_up(&ada, &password, None),
        two.sign_up(&eve, &password, None)
    );
    assert_ne!(here.is_ok(), there.is_ok());
    for refused in [here, there].into_iter().filter_map(Result::err) {
        assert!(
            matches!(
                refused,
                EngineError::Problem(Problem::Invalid(_)) | EngineError::Fields(_)
            ),
            "{refused}"
        );
    }
    assert_eq!(organizations(&database).await, 1);
    assert!(!one.sign_up_is_open().await.unwrap());
}

async fn first_only(database: &Database) -> Arc<Engine> {
    let Some(open) = Arc::into_inner(world::engine(database, &[], world::RING).await) else {
        panic!("nobody else has it")
    };
    let settings = Settings {
        sign_up: SignUpPolicy::First,
        ..open.settings
    };
    Engine::new(open.store, open.vault, open.egress, settings)
}
