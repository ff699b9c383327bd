//! Import: tokens that were obtained elsewhere.

use domain::connection::Status;
use domain::principal::Principal;
use engine::error::EngineError;
use engine::import::{Import, Token, Tokens};
use serde_json::json;

use crate::common::{World, world};

fn import(tokens: Tokens) -> Import {
    Import {
        tokens,
        expires_in: Some(600),
        scopes: Some(vec!["profile".parse().unwrap()]),
        account: Some("ada@example.com".into()),
    }
}

fn token(text: &str) -> Token {
    Token::read(text.into()).unwrap()
}

async fn status(world: &World) -> Status {
    let link = world::link("link");
    world
        .engine
        .connection(world.admin.member(), &link)
        .await
        .unwrap()
        .connection
        .status()
}

#[tokio::test]
async fn an_access_token_serves_at_once() {
    let world = World::new().await;
    world.service("sandbox", json!({})).await;
    let link = world.draft("sandbox", "link").await;
    let both = Tokens::Both {
        access: token("access"),
        refresh: token("refresh"),
    };
    world
        .engine
        .import_credential(&world.admin, &link, &Principal::Organization, &import(both))
        .await
        .unwrap();
    let vended = world.vend("link").await.unwrap();
    assert_eq!(
        (vended.access_token.as_ref().unwrap().as_text(), vended.version),
        (Some("access"), 1)
    );
    assert_eq!(vended.account.as_deref(), Some("ada@example.com"));
    assert!(vended.expires_in.is_some_and(|left| (590..=600).contains(&left)));
    assert_eq!(status(&world).await, Status::Connected);
    world
        .engine
        .import_credential(
            &world.admin,
            &link,
            &Principal::Organization,
            &import(Tokens::Access(token("second"))),
        )
        .await
        .unwrap();
    let vended = world.vend("link").await.unwrap();
    assert_eq!(
        (vended.access_token.as_ref().unwrap().as_text(), vended.version),
        (Some("second"), 2)
    );
    assert_eq!(status(&world).await, Status::Expiring, "it cannot renew itself");
}

#[tokio::test]
async fn a_refresh_token_alone_is_tried_at_once() {
    let world = World::new().await;
    world.service("sandbox", json!({"rotation": "strict"})).await;
    let link = world.draft("sandbox", "link").await;
    let wrong = import(Tokens::Refresh(token("nobody-gave-this")));
    world
        .engine
        .import_credential(&world.admin, &link, &Principal::Organization, &wrong)
        .await
        .unwrap();
    assert_eq!(status(&world).await, Status::NeedsReauthorization);
    assert_eq!(world.outcomes().await.len(), 1, "the provider was asked");
}

#[tokio::test]
async fn a_refresh_token_that_nothing_is_renewed_with_is_refused() {
    let world = World::new().await;
    for by in ["never", "access_token"] {
        world.service(by, json!({"refresh": {"by": by}})).await;
        let link = world.draft(by, &format!("link_{by}")).await;
        let both = || Tokens::of(Some(token("access")), Some(token("refresh"))).unwrap();
        let put = async |tokens| {
            let import = import(tokens);
            world
                .engine
                .import_credential(&world.admin, &link, &Principal::Organization, &import)
                .await
        };
        let Err(EngineError::Fields(errors)) = put(both()).await else {
            panic!("{by}: a refresh token was taken");
        };
        assert!(errors.of("refresh_token").is_some(), "{by}");
        put(Tokens::Access(token("access"))).await.unwrap();
    }
}

/// A consent that was begun before must not put its tokens over the imported ones.
#[tokio::test]
async fn an_import_ends_open_consents() {
    let world = World::new().await;
    world.service("sandbox", json!({})).await;
    let link = world.draft("sandbox", "link").await;
    let (service, query) = world.depart(&world.admin, &link).await;
    let tokens = import(Tokens::Access(token("imported")));
    world
        .engine
        .import_credential(&world.admin, &link, &Principal::Organization, &tokens)
        .await
        .unwrap();
    world
        .engine
        .finish_consent(&world.admin, &world::SESSION, service, &query)
        .await
        .unwrap();
    let vended = world.vend("link").await.unwrap();
    assert_eq!(vended.access_token.as_ref().unwrap().as_text(), Some("imported"));
}
