//! Services and connections: minted redirect URLs, names that two people want at once, deletions in between.

use std::sync::Arc;

use domain::{form::FieldErrors, problem::Problem};
use futures_util::future::join_all;
use serde_json::json;

use crate::common::{World, problem, world};

fn fields(problem: Problem) -> FieldErrors {
    match problem {
        Problem::Invalid(errors) => errors,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_minted_redirect_is_accepted_once_and_from_its_person_only() {
    let world = World::new().await;
    let organization = world.admin.organization();
    let colleague = world::colleague(&world.engine, &world.database, organization, "bob@example.com").await;
    let stranger = world::organization(&world.engine, &world.database, "eve@example.com").await;
    let (shown, minted) = world.engine.mint_redirect(&world.admin);
    let (id, signature) = minted.split_once('.').unwrap();
    let (_, second) = world.engine.mint_redirect(&world.admin);
    let crossed = format!("{}.{signature}", second.split_once('.').unwrap().0);
    let last = if signature.ends_with('A') { "B" } else { "A" };
    let changed = format!("{id}.{}{last}", &signature[..signature.len() - 1]);
    let input = world.input("sandbox", json!({}));
    let try_it = |admin, minted: String| {
        let (engine, input) = (Arc::clone(&world.engine), input.clone());
        async move {
            engine
                .create_service(admin, &input, &world::client_secret(), &minted)
                .await
        }
    };
    for (admin, minted) in [
        (&colleague, minted.clone()),
        (&stranger, minted.clone()),
        (&world.admin, crossed),
        (&world.admin, changed),
        (&world.admin, id.to_owned()),
        (&world.admin, String::new()),
    ] {
        let errors = fields(problem(try_it(admin, minted.clone()).await));
        assert!(errors.of("redirect_id").is_some(), "{minted}");
    }
    assert_eq!(
        world.database.value::<i64>("select count(*) from service").await,
        0
    );
    let created = try_it(&world.admin, minted.clone()).await.unwrap();
    assert_eq!(
        world.engine.redirect_url(created),
        shown,
        "what was shown is what it has"
    );
    let mut again = input.clone();
    again.link_name = world::link("again");
    let reused = world
        .engine
        .create_service(&world.admin, &again, &world::client_secret(), &minted)
        .await;
    assert!(fields(problem(reused)).of("redirect_id").is_some(), "used");
    world
        .engine
        .delete_service(&world.admin, &world::link("sandbox"))
        .await
        .unwrap();
    let after = try_it(&world.admin, minted).await;
    assert!(
        fields(problem(after)).of("redirect_id").is_some(),
        "a deletion does not give it back"
    );
}

#[tokio::test]
async fn a_refused_service_leaves_its_redirect_unused() {
    let world = World::new().await;
    world.service("sandbox", json!({})).await;
    let (_, minted) = world.engine.mint_redirect(&world.admin);
    let mut input = world.input("sandbox", json!({}));
    let refused = world
        .engine
        .create_service(&world.admin, &input, &world::client_secret(), &minted)
        .await;
    assert!(fields(problem(refused)).of("link_name").is_some());
    input.link_name = world::link("other");
    world
        .engine
        .create_service(&world.admin, &input, &world::client_secret(), &minted)
        .await
        .unwrap();
}

#[tokio::test]
async fn what_the_operator_does_not_allow_is_said_at_its_field() {
    let world = World::new().await;
    let base = world.provider.issuer.clone();
    for (field, url) in [
        ("authorize_url", "http://provider.example/authorize"),
        ("access_token_url", "https://127.0.0.1/token"),
        ("access_token_url", "https://169.254.169.254/latest"),
        ("refresh_token_url", "https://10.0.0.1/token"),
        ("revoke_token_url", "https://localhost/revoke"),
        ("identity_url", "https://[::1]/me"),
        ("api_base_url", "https://intranet/api"),
        ("access_token_url", "https://provider.example:5432/token"),
    ] {
        let mut definition = serde_json::to_value(world.input("sandbox", json!({})).definition).unwrap();
        let place = match field {
            "api_base_url" => &mut definition[field],
            "identity_url" => &mut definition["authentication"]["options"][field],
            _ => &mut definition["authentication"][field],
        };
        *place = url.into();
        let mut input = world.input("sandbox", json!({}));
        input.definition = serde_json::from_value(definition).unwrap();
        let (_, minted) = world.engine.mint_redirect(&world.admin);
        let refused = world
            .engine
            .create_service(&world.admin, &input, &world::client_secret(), &minted)
            .await;
        let errors = fields(problem(refused));
        assert_eq!(errors.0.len(), 1, "{url}: {errors:?}");
        assert!(
            errors.of(field).is_some_and(|message| message.len() > 20),
            "{url}: {errors:?}"
        );
        assert!(
            world.engine.policy_objection(&url.parse().unwrap()).is_some(),
            "said while typing, too"
        );
    }
    assert!(world.engine.policy_objection(&base.parse().unwrap()).is_none());
    assert!(
        world
            .engine
            .policy_objection(&"https://provider.example/".parse().unwrap())
            .is_none()
    );
}

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
                    .create_service(&admin, &input, &world::client_secret(), &minted)
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
            tokio::spawn(async move { engine.create_connection(&admin, service, &input).await })
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
        assert!(fields(problem(taken)).of("link_name").is_some());
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
        problem(world.engine.vend(key, &link, 60.0).await).code(),
        "not_connected"
    );
    world.consent_of(&other, &link).await;
    let (mine, theirs) = (
        world.vend("link").await.unwrap(),
        world.engine.vend(key, &link, 60.0).await.unwrap(),
    );
    assert_ne!(mine.access_token.bytes(), theirs.access_token.bytes());
    let crossed = engine::keys::FunctionKey {
        organization: other.organization(),
        id: world.key.id,
    };
    assert_eq!(
        problem(world.engine.vend(crossed, &link, 60.0).await),
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
            .delete_service(&world.admin, &world::link("sandbox"))
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
    let making = tokio::spawn(async move { engine.create_connection(&admin, service, &input).await });
    while world
        .database
        .value::<i64>("select count(*) from pg_locks where not granted")
        .await
        == 0
    {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    deletion.commit().await.unwrap();
    assert!(making.await.unwrap().unwrap_err().is_not_found());
}

/// Stored tokens and the client secret never go to an origin that was typed in later.
#[tokio::test]
async fn a_token_url_that_moves_takes_no_secret_along() {
    let world = World::connected("strict").await;
    let mut input = world.input("sandbox", json!({"rotation": "strict"}));
    let domain::service::Authentication::OAuth2(oauth2) = &mut input.definition.authentication;
    oauth2.access_token_url = "https://elsewhere.example/token".parse().unwrap();
    let name = world::link("sandbox");
    let refused = world
        .engine
        .update_service(&world.admin, &name, &input, None)
        .await;
    assert!(fields(problem(refused)).of("client_secret").is_some());
    assert_eq!(world.vend_working("link").await, 1, "nothing has changed");
    world
        .engine
        .update_service(&world.admin, &name, &input, Some(&world::client_secret()))
        .await
        .unwrap();
    assert_eq!(problem(world.vend("link").await).code(), "needs_reauthorization");
    let erased: bool = world
        .database
        .value("select refresh_token is null and access_token is null from credential")
        .await;
    assert!(erased);
}
