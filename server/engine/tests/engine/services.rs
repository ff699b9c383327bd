//! Services: minted redirect URLs, the operator's rules, and where a client secret may go.

use std::sync::Arc;

use serde_json::json;

use crate::common::{World, fields, problem, world};

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
                .create_service(admin, &input, Some(&world::client_secret()), &minted, None)
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
        let errors = fields(try_it(admin, minted.clone()).await);
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
        .create_service(&world.admin, &again, Some(&world::client_secret()), &minted, None)
        .await;
    assert!(fields(reused).of("redirect_id").is_some(), "used");
    world
        .engine
        .delete_service(&world.admin, &world::link("sandbox"), None)
        .await
        .unwrap();
    let after = try_it(&world.admin, minted).await;
    assert!(
        fields(after).of("redirect_id").is_some(),
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
        .create_service(&world.admin, &input, Some(&world::client_secret()), &minted, None)
        .await;
    assert!(fields(refused).of("link_name").is_some());
    input.link_name = world::link("other");
    world
        .engine
        .create_service(&world.admin, &input, Some(&world::client_secret()), &minted, None)
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
            .create_service(&world.admin, &input, Some(&world::client_secret()), &minted, None)
            .await;
        let errors = fields(refused);
        assert!(
            errors.0.iter().all(|error| error.field == field),
            "{url}: {errors:?}"
        );
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

/// Stored tokens and the client secret never go to an origin that was typed in later.
#[tokio::test]
async fn a_token_url_that_moves_takes_no_secret_along() {
    let world = World::connected("strict").await;
    let mut input = world.input("sandbox", json!({"rotation": "strict"}));
    let domain::service::Authentication::OAuth2(oauth2) = &mut input.definition.authentication else {
        panic!("OAuth 2.0")
    };
    oauth2.access_token_url = "https://elsewhere.example/token".parse().unwrap();
    let name = world::link("sandbox");
    let refused = world
        .engine
        .update_service(&world.admin, &name, &input, None, None)
        .await;
    assert!(fields(refused).of("client_secret").is_some());
    assert_eq!(world.vend_working("link").await, 1, "nothing has changed");
    world
        .engine
        .update_service(&world.admin, &name, &input, Some(&world::client_secret()), None)
        .await
        .unwrap();
    assert_eq!(problem(world.vend("link").await).code(), "needs_reauthorization");
    let erased: bool = world
        .database
        .value("select refresh_token is null and access_token is null from credential")
        .await;
    assert!(erased);
}
