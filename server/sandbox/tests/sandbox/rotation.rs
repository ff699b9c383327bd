//! Strict rotation: a refresh token works once, and its second use ends the family.

use sandbox::{Endpoint, Fault};

use crate::support::{Provider, answer, refresh, text};

#[tokio::test]
async fn every_refresh_gives_the_next_generation() {
    let provider = Provider::start().await;
    let mut tokens = provider.connect().await;
    for generation in 2..5 {
        let (status, next) = provider.refresh(text(&tokens, "refresh_token")).await;
        assert_eq!(status, 200);
        assert_ne!(next["refresh_token"], tokens["refresh_token"]);
        assert_ne!(next["access_token"], tokens["access_token"]);
        assert_eq!(
            provider.me(text(&next, "access_token")).await.1["token_generation"],
            generation
        );
        tokens = next;
    }
    let presented: Vec<_> = provider
        .entries(Endpoint::Token)
        .iter()
        .map(|entry| entry.generation)
        .collect();
    assert_eq!(presented, [None, Some(1), Some(2), Some(3)]);
}

#[tokio::test]
async fn a_reused_token_kills_the_family() {
    let provider = Provider::start().await;
    let first = provider.connect().await;
    let (_, second) = provider.refresh(text(&first, "refresh_token")).await;
    assert_eq!(provider.me(text(&second, "access_token")).await.0, 200);
    for token in [text(&first, "refresh_token"), text(&second, "refresh_token")] {
        let (status, error) = provider.refresh(token).await;
        assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_grant"));
    }
    assert_eq!(provider.me(text(&second, "access_token")).await.0, 401);
}

#[tokio::test]
async fn another_family_is_not_touched() {
    let provider = Provider::start().await;
    let (one, other) = (provider.connect().await, provider.connect().await);
    assert_eq!(provider.refresh(text(&one, "refresh_token")).await.0, 200);
    assert_eq!(provider.refresh(text(&one, "refresh_token")).await.0, 400);
    assert_eq!(provider.refresh(text(&other, "refresh_token")).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_concurrent_refreshes_one_wins_and_its_token_is_dead() {
    let provider = std::sync::Arc::new(Provider::start().await);
    let tokens = provider.connect().await;
    provider.sandbox.set(Fault::DelayMs(100));
    let requests: Vec<_> = (0..20)
        .map(|_| {
            let (provider, token) = (provider.clone(), text(&tokens, "refresh_token").to_owned());
            tokio::spawn(async move { provider.refresh(&token).await })
        })
        .collect();
    let mut won = Vec::new();
    for request in requests {
        match request.await.unwrap() {
            (status, answer) if status == 200 => won.push(answer),
            (status, error) => assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_grant")),
        }
    }
    assert_eq!(won.len(), 1);
    assert_eq!(provider.refresh(text(&won[0], "refresh_token")).await.0, 400);
    assert_eq!(provider.me(text(&won[0], "access_token")).await.0, 401);

    let entries = provider.entries(Endpoint::Token);
    let rivals: Vec<_> = entries
        .iter()
        .filter(|entry| entry.generation == Some(1))
        .collect();
    assert_eq!(rivals.len(), 20);
    assert!(
        rivals.iter().any(|entry| entry.concurrent > 0),
        "the overlap is visible"
    );
    assert_eq!(
        rivals
            .iter()
            .filter(|entry| entry.outcome.as_deref() == Some("refreshed"))
            .count(),
        1
    );
}

#[tokio::test]
async fn a_refresh_may_narrow_the_access_token_but_never_widen_it() {
    let provider = Provider::start().await;
    let tokens = provider.connect().await;
    let with_scope = async |token: &str, scope: &str| {
        let mut form = refresh(token);
        form.push(("scope", scope));
        answer(provider.post("/token", &form).await).await
    };
    let (status, error) = with_scope(text(&tokens, "refresh_token"), "profile reports.write").await;
    assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_scope"));
    let (status, narrow) = with_scope(text(&tokens, "refresh_token"), "profile").await;
    assert_eq!((status.as_u16(), text(&narrow, "scope")), (200, "profile"));
    let (_, wide) = provider.refresh(text(&narrow, "refresh_token")).await;
    assert_eq!(text(&wide, "scope"), "profile reports.read");
}

#[tokio::test]
async fn forgotten_grants_are_unknown() {
    let provider = Provider::start_with(|settings| settings.grant_capacity = 2).await;
    let oldest = provider.connect().await;
    let kept = provider.connect().await;
    provider.connect().await;
    assert_eq!(provider.refresh(text(&oldest, "refresh_token")).await.0, 400);
    assert_eq!(provider.me(text(&oldest, "access_token")).await.0, 401);
    assert_eq!(provider.refresh(text(&kept, "refresh_token")).await.0, 200);
}
