//! Connectors: one configuration, one connection; two configurations, two.

use std::sync::Arc;

use domain::{form::key::KeyInput, function_key::KeyScope, problem::Problem};
use engine::{actor::Registrar, connectors::ConnectorInput, import::Token, ready::KeyHash, vault::Secret};
use futures_util::future::join_all;

use crate::common::{World, fields, problem, world};

fn input(world: &World, refresh_token: &str) -> ConnectorInput {
    let base = &world.provider.issuer;
    ConnectorInput {
        client_id: sandbox::BUILT_IN_CLIENT_ID.into(),
        client_secret: world::client_secret(),
        authorize_url: format!("{base}/authorize").parse().unwrap(),
        refresh_url: format!("{base}/token").parse().unwrap(),
        refresh_token: Token::read(refresh_token.into()).unwrap(),
    }
}

async fn hash_of_key(world: &World, scope: KeyScope, connections: &[&str]) -> KeyHash {
    let input = KeyInput {
        connections: connections.iter().map(|name| world::link(name)).collect(),
        ..KeyInput::new("Connectors".parse().unwrap(), vec![scope])
    };
    let (_, text) = world.engine.create_key(&world.admin, &input).await.unwrap();
    KeyHash::of(text.as_text().unwrap()).unwrap()
}

async fn registrar(world: &World, connections: &[&str]) -> Registrar {
    let hash = hash_of_key(world, KeyScope::Connectors, connections).await;
    world.engine.registrar_by_key(hash, None).await.unwrap()
}

/// A refresh token that the sandbox gave out, of a connection that is not used any more.
async fn refresh_token(world: &World, link_name: &str) -> String {
    if world
        .engine
        .service(world.admin.member(), &world::link("donor"))
        .await
        .is_err()
    {
        world
            .service("donor", serde_json::json!({"rotation": "strict"}))
            .await;
    }
    world.connect("donor", link_name).await;
    let (generation, id): (i64, uuid::Uuid) = sqlx::query_as(
        "select k.generation, c.id from credential k join connection c on c.id = k.connection_id where c.link_name = $1",
    )
    .bind(link_name)
    .fetch_one(&world.database.superuser)
    .await
    .unwrap();
    let (sealed, data_key): (Vec<u8>, Vec<u8>) = sqlx::query_as(
        "select k.refresh_token, o.data_key from credential k join organization o on o.id = k.organization_id where k.connection_id = $1",
    )
    .bind(id)
    .fetch_one(&world.database.superuser)
    .await
    .unwrap();
    let key = world
        .engine
        .vault
        .data_key(world.admin.organization(), &data_key)
        .unwrap();
    let place = engine::vault::Place::new("credential", id, "", "refresh_token", generation);
    key.open(&place, &sealed).unwrap().as_text().unwrap().to_owned()
}

#[tokio::test]
async fn the_same_configuration_finds_its_connection_and_another_one_makes_another() {
    let world = World::new().await;
    let (first, second) = (
        refresh_token(&world, "one").await,
        refresh_token(&world, "two").await,
    );
    let (registrar, name) = (registrar(&world, &[]).await, "Zoho CRM".parse().unwrap());
    let register = async |token: &str| {
        let input = input(&world, token);
        world
            .engine
            .register_connector(&registrar, &name, &input)
            .await
            .unwrap()
    };
    let made = register(&first).await;
    assert!(made.created);
    assert_eq!(made.connection.link_name, world::link("zoho_crm"));
    assert_eq!(
        world.vend_working("zoho_crm").await,
        2,
        "fetched with the refresh token"
    );
    let again = register(&first).await;
    assert!(!again.created);
    assert_eq!(again.connection.id, made.connection.id);
    assert_eq!(
        world.vend_working("zoho_crm").await,
        2,
        "nothing was put back to its beginning"
    );
    let other = register(&second).await;
    assert!(other.created);
    assert_eq!(other.connection.link_name, world::link("zoho_crm_2"));
    assert_eq!(world.vend_working("zoho_crm_2").await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_register_the_same_at_once_get_one() {
    let world = World::new().await;
    let registrar = registrar(&world, &[]).await;
    let all = join_all((0..6).map(|_| {
        let (engine, registrar, input) = (
            Arc::clone(&world.engine),
            registrar.clone(),
            input(&world, "shared"),
        );
        tokio::spawn(async move {
            let name = "CRM".parse().unwrap();
            engine
                .register_connector(&registrar, &name, &input)
                .await
                .unwrap()
        })
    }));
    let all: Vec<_> = all.await.into_iter().map(Result::unwrap).collect();
    assert_eq!(all.iter().filter(|registered| registered.created).count(), 1);
    assert!(
        all.iter()
            .all(|registered| registered.connection.id == all[0].connection.id)
    );
    assert_eq!(
        world.database.value::<i64>("select count(*) from service").await,
        1
    );
}

#[tokio::test]
async fn a_limited_key_may_use_what_it_registers() {
    let world = World::new().await;
    world.service("sandbox", serde_json::json!({})).await;
    world.draft("sandbox", "own").await;
    let registrar = registrar(&world, &["own"]).await;
    let name = "CRM".parse().unwrap();
    for _ in 0..2 {
        world
            .engine
            .register_connector(&registrar, &name, &input(&world, "r"))
            .await
            .unwrap();
    }
    let keys = world.engine.keys(world.admin.member()).await.unwrap();
    let key = keys.iter().find(|key| key.name == "Connectors").unwrap();
    assert_eq!(key.connections, ["crm", "own"]);
}

#[tokio::test]
async fn a_new_client_secret_is_taken_over() {
    let world = World::new().await;
    let token = refresh_token(&world, "one").await;
    let (registrar, name) = (registrar(&world, &[]).await, "CRM".parse().unwrap());
    let mut wrong = input(&world, &token);
    wrong.client_secret = Secret::text("old".into());
    world
        .engine
        .register_connector(&registrar, &name, &wrong)
        .await
        .unwrap();
    assert_eq!(problem(world.vend("crm").await).code(), "provider_error");
    world
        .engine
        .register_connector(&registrar, &name, &input(&world, &token))
        .await
        .unwrap();
    world.vend_working("crm").await;
}

#[tokio::test]
async fn what_the_operator_does_not_allow_is_said_in_the_connectors_words() {
    let world = World::new().await;
    let registrar = registrar(&world, &[]).await;
    let mut odd = input(&world, "r");
    odd.refresh_url = "https://169.254.169.254/token".parse().unwrap();
    odd.authorize_url = "http://provider.example/auth".parse().unwrap();
    let refused = world
        .engine
        .register_connector(&registrar, &"CRM".parse().unwrap(), &odd)
        .await;
    let errors = fields(refused);
    assert!(
        errors.of("refresh_url").is_some() && errors.of("auth_url").is_some(),
        "{errors:?}"
    );
    assert_eq!(
        world.database.value::<i64>("select count(*) from service").await,
        0
    );
}

#[tokio::test]
async fn keys_are_taken_for_what_they_are() {
    let world = World::new().await;
    let connectors = hash_of_key(&world, KeyScope::Connectors, &[]).await;
    let manage = hash_of_key(&world, KeyScope::Manage, &[]).await;
    world.engine.manager_by_key(manage, None).await.unwrap();
    assert_eq!(
        problem(world.engine.manager_by_key(connectors, None).await),
        Problem::ForbiddenForKey("manage")
    );
    assert_eq!(
        problem(world.engine.registrar_by_key(manage, None).await),
        Problem::ForbiddenForKey("connectors")
    );
    world.service("sandbox", serde_json::json!({})).await;
    world.draft("sandbox", "own").await;
    let limited = hash_of_key(&world, KeyScope::Manage, &["own"]).await;
    assert_eq!(
        problem(world.engine.manager_by_key(limited, None).await),
        Problem::ForbiddenForKey("manage")
    );
    for end in ["expires_at = now() - interval '1 second'", "revoked_at = now()"] {
        world.database.sql(format!("update function_key set {end}")).await;
        assert_eq!(
            problem(world.engine.manager_by_key(manage, None).await),
            Problem::InvalidKey
        );
        world
            .database
            .sql("update function_key set expires_at = null, revoked_at = null".to_owned())
            .await;
    }
}
