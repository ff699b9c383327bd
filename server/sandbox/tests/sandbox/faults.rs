//! The switches of the token and userinfo endpoints, and what the ledger says of them.

use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use sandbox::{BodyFault, Endpoint, ExpiresInFault, Fault, Switch};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{Provider, refresh, text, urlencoded};

async fn connected() -> (Provider, String) {
    let provider = Provider::start().await;
    let tokens = provider.connect().await;
    let token = text(&tokens, "refresh_token").to_owned();
    (provider, token)
}

#[tokio::test]
async fn a_status_is_answered_so_many_times_and_nothing_is_done() {
    let (provider, token) = connected().await;
    provider.sandbox.set(Switch::times(
        Fault::Status {
            code: 429,
            retry_after: Some(7),
        },
        2,
    ));
    for _ in 0..2 {
        let response = provider.post("/token", &refresh(&token)).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()[RETRY_AFTER]),
            (429, &"7".parse().unwrap())
        );
    }
    assert_eq!(provider.refresh(&token).await.0, 200);
    let refused = &provider.entries(Endpoint::Token)[1];
    assert_eq!((refused.outcome.as_deref(), refused.generation), (None, Some(1)));
    assert_eq!(refused.faults, ["status"]);
}

#[tokio::test]
async fn a_status_may_hide_a_rotation() {
    let (provider, token) = connected().await;
    let fault = Fault::Status {
        code: 500,
        retry_after: None,
    };
    provider.sandbox.set(Switch {
        fault,
        times: Some(1),
        commits: Some(true),
    });
    assert_eq!(provider.refresh(&token).await.0, 500);
    assert_eq!(
        provider.entries(Endpoint::Token)[1].outcome.as_deref(),
        Some("refreshed")
    );
    assert_eq!(provider.refresh(&token).await.0, 400);
}

#[tokio::test]
async fn an_error_may_come_with_any_status() {
    let (provider, token) = connected().await;
    for (status, expected) in [(None, 400), (Some(200), 200), (Some(7), 500)] {
        provider.sandbox.set(Fault::Error {
            code: "invalid_grant".into(),
            status,
        });
        let (status, error) = provider.refresh(&token).await;
        assert_eq!(
            (status.as_u16(), text(&error, "error")),
            (expected, "invalid_grant")
        );
    }
}

#[tokio::test]
async fn a_redirect_leads_away() {
    let (provider, token) = connected().await;
    provider
        .sandbox
        .set(Fault::Redirect("http://127.0.0.1:9/steal".parse().unwrap()));
    let response = provider.post("/token", &refresh(&token)).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()[LOCATION]),
        (307, &"http://127.0.0.1:9/steal".parse().unwrap())
    );
}

#[tokio::test]
async fn bodies_are_spoiled_after_the_rotation() {
    for (kind, content_type, fits) in [
        (
            BodyFault::Html,
            "text/html; charset=utf-8",
            (|body| body.starts_with(b"<!doctype html>")) as fn(&[u8]) -> bool,
        ),
        (BodyFault::Empty, "application/json", |body| body.is_empty()),
        (BodyFault::Truncated, "application/json", |body| {
            body.starts_with(b"{") && !body.ends_with(b"}")
        }),
        (BodyFault::Garbage, "application/json", |body| body.len() == 256),
        (BodyFault::Oversized, "application/json", |body| {
            body.len() > 2 * 1024 * 1024 && body.ends_with(b"}")
        }),
        (
            BodyFault::FormUrlencoded,
            "application/x-www-form-urlencoded",
            |body| {
                form_urlencoded::parse(body).any(|(name, value)| name == "token_type" && value == "Bearer")
            },
        ),
    ] {
        let (provider, token) = connected().await;
        provider.sandbox.set(Switch::times(Fault::Body(kind), 1));
        let response = provider.post("/token", &refresh(&token)).await;
        assert_eq!(
            (response.status().as_u16(), &response.headers()[CONTENT_TYPE]),
            (200, &content_type.parse().unwrap())
        );
        let body = response.bytes().await.unwrap();
        assert!(fits(&body), "{kind:?}: {} bytes", body.len());
        assert_eq!(
            provider.refresh(&token).await.0,
            400,
            "{kind:?}: the token was used"
        );
    }
}

#[tokio::test]
async fn members_change_their_shape_or_go() {
    let (provider, mut token) = connected().await;
    for (kind, expected) in [
        (ExpiresInFault::String, Value::from("300")),
        (ExpiresInFault::Float, Value::from(299.5)),
        (ExpiresInFault::Negative, Value::from(-1)),
        (ExpiresInFault::Huge, Value::from(u64::MAX)),
    ] {
        provider.sandbox.set(Fault::ExpiresIn(kind));
        let (_, tokens) = provider.refresh(&token).await;
        assert_eq!(tokens["expires_in"], expected);
        token = text(&tokens, "refresh_token").to_owned();
    }
    provider
        .sandbox
        .set_all(vec![Fault::OmitExpiresIn.into(), Fault::FewerScopes.into()]);
    let (_, tokens) = provider.refresh(&token).await;
    assert_eq!(
        (tokens.get("expires_in"), text(&tokens, "scope")),
        (None, "profile")
    );
    assert_eq!(
        provider.me(text(&tokens, "access_token")).await.1["scopes"],
        serde_json::json!(["profile"])
    );
}

#[tokio::test]
async fn without_a_new_refresh_token_the_old_one_stays() {
    let (provider, token) = connected().await;
    provider.sandbox.set(Fault::OmitRefreshToken);
    for generation in [2, 3] {
        let (status, tokens) = provider.refresh(&token).await;
        assert_eq!((status.as_u16(), tokens.get("refresh_token")), (200, None));
        assert_eq!(
            provider.me(text(&tokens, "access_token")).await.1["token_generation"],
            generation
        );
    }
    assert_eq!(provider.connect().await.get("refresh_token"), None);
}

#[tokio::test]
async fn a_refresh_may_kill_the_old_access_token() {
    let provider = Provider::start().await;
    let old = provider.connect().await;
    let (_, new) = provider.refresh(text(&old, "refresh_token")).await;
    assert_eq!(provider.me(text(&old, "access_token")).await.0, 200);
    provider.sandbox.set(Fault::RefreshKillsAccess);
    let (_, newest) = provider.refresh(text(&new, "refresh_token")).await;
    assert_eq!(provider.me(text(&old, "access_token")).await.0, 401);
    assert_eq!(provider.me(text(&new, "access_token")).await.0, 401);
    assert_eq!(provider.me(text(&newest, "access_token")).await.0, 200);
}

/// Sends the request on a line of its own and reads until the other side closes it.
async fn raw(provider: &Provider, token: &str) -> Vec<u8> {
    let body = urlencoded(&refresh(token));
    let mut line = tokio::net::TcpStream::connect(provider.address).await.unwrap();
    let head = format!(
        "POST /token HTTP/1.1\r\nhost: sandbox\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    line.write_all((head + &body).as_bytes()).await.unwrap();
    let mut received = Vec::new();
    line.read_to_end(&mut received).await.unwrap();
    received
}

#[tokio::test]
async fn commit_then_drop_closes_the_line_without_a_byte() {
    let (provider, token) = connected().await;
    provider.sandbox.set(Switch::times(Fault::CommitThenDrop, 1));
    assert_eq!(raw(&provider, &token).await, b"");
    let lost = &provider.entries(Endpoint::Token)[1];
    assert_eq!(
        (lost.outcome.as_deref(), lost.answered),
        (Some("refreshed"), false)
    );
    assert!(lost.ended_ms.is_some());
    assert_eq!(provider.refresh(&token).await.0, 400);
}

#[tokio::test]
async fn a_caller_who_hangs_up_before_the_commit_changes_nothing_and_after_it_loses_the_answer() {
    let (provider, token) = connected().await;
    let hang_up = async |fault: Fault| {
        provider.sandbox.set_all(vec![Switch::times(fault, 1)]);
        let form = refresh(&token);
        let sent = tokio::time::timeout(Duration::from_millis(300), provider.try_post("/token", &form)).await;
        assert!(sent.is_err(), "it was answered");
        let waiting = Instant::now();
        while provider
            .entries(Endpoint::Token)
            .iter()
            .any(|entry| entry.ended_ms.is_none())
        {
            assert!(waiting.elapsed() < Duration::from_secs(5), "the entry stays open");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let entries = provider.entries(Endpoint::Token);
        let last = entries.last().unwrap();
        assert!(!last.answered);
        last.outcome.clone()
    };
    assert_eq!(hang_up(Fault::DelayMs(60_000)).await, None);
    assert_eq!(hang_up(Fault::NeverAnswer).await, None);
    assert_eq!(
        hang_up(Fault::DelayAfterCommitMs(60_000)).await.as_deref(),
        Some("refreshed")
    );
    assert_eq!(provider.refresh(&token).await.0, 400);
}

#[tokio::test]
async fn a_request_held_open_does_not_hold_up_the_stop() {
    let (provider, token) = connected().await;
    provider.sandbox.set(Fault::NeverAnswer);
    let form = urlencoded(&refresh(&token));
    let request = provider
        .http
        .post(format!("{}/token", provider.issuer))
        .body(form)
        .send();
    let held = tokio::spawn(request);
    while provider.entries(Endpoint::Token).len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    provider.stop.send(()).unwrap();
    let stopped = tokio::time::timeout(Duration::from_secs(5), provider.server).await;
    assert!(stopped.unwrap().unwrap().is_ok());
    held.abort();
}

#[tokio::test]
async fn userinfo_may_fail() {
    let provider = Provider::start().await;
    let tokens = provider.connect().await;
    provider.sandbox.set(Switch::times(Fault::UserinfoStatus(500), 1));
    assert_eq!(provider.me(text(&tokens, "access_token")).await.0, 500);
    assert_eq!(provider.me(text(&tokens, "access_token")).await.0, 200);
}
