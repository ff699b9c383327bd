//! Grants that are not those of the code, and what a refresh leaves behind.

use reqwest::Method;
use serde_json::{Value, json};

use super::token::{PLAIN, Way};
use super::{Demanding, Form, SECRET, refresh, status_and_body};
use crate::support::text;

#[tokio::test]
async fn a_client_may_ask_for_itself_under_the_agreed_name() {
    let ask = |name: &str| {
        Form::new(&[
            ("grant_type", name),
            ("client_id", "acme"),
            ("client_secret", SECRET),
            ("scope", "a:read"),
        ])
    };
    let plain = Demanding::start(json!({})).await;
    let (_, error) = status_and_body(plain.post_form("/token", &ask("client_credentials")).await).await;
    assert_eq!(text(&error, "error"), "unsupported_grant_type");

    for name in ["client_credentials", "account_credentials"] {
        let client = Demanding::start(json!({"token": {"client_credentials": name}})).await;
        let (status, tokens) = status_and_body(client.post_form("/token", &ask(name)).await).await;
        assert_eq!((status.as_u16(), text(&tokens, "scope")), (200, "a:read"));
        assert_eq!(tokens["refresh_token"], Value::Null);
        let me = client.bearer("/api/me", text(&tokens, "access_token")).await;
        assert_eq!(status_and_body(me).await.1["account"], "application");
        let other = ask(if name == "client_credentials" {
            "password"
        } else {
            "client_credentials"
        });
        assert_eq!(client.post_form("/token", &other).await.status(), 400);
    }
}

#[tokio::test]
async fn an_access_token_may_renew_itself() {
    let quirks = json!({"refresh_by_access_token": "ig_refresh_token", "refresh_method": "GET", "refresh_auth": "none"});
    let client = Demanding::start(json!({"token": quirks})).await;
    let tokens = client.tokens().await;
    assert_eq!(tokens["refresh_token"], Value::Null);
    let token = text(&tokens, "access_token");
    let form = |name| Form::new(&[("grant_type", name), ("access_token", token)]);
    let get = Way {
        method: "GET",
        carrier: "query",
        ..PLAIN
    };
    let (status, next) = status_and_body(get.send(&client, form("ig_refresh_token")).await).await;
    assert_eq!(status, 200, "{next}");
    assert_ne!(text(&next, "access_token"), token);
    assert_eq!(next["refresh_token"], Value::Null);
    assert_eq!(get.send(&client, form("refresh_token")).await.status(), 400);
    assert_eq!(client.unmet().as_deref(), Some("token.refresh_by_access_token"));
}

#[tokio::test]
async fn a_first_token_must_be_exchanged() {
    let quirks = json!({"long_lived": {"grant_type": "fb_exchange_token", "parameter": "fb_exchange_token"}});
    let client = Demanding::start(quirks).await;
    let first = client.tokens().await;
    assert_eq!(first["refresh_token"], Value::Null);
    let token = text(&first, "access_token");
    for path in ["/api/me", "/api/echo"] {
        assert_eq!(client.bearer(path, token).await.status(), 401);
        assert_eq!(client.unmet().as_deref(), Some("long_lived"));
    }
    let get = async |rules: &[&str]| {
        let form = Form::new(&[
            ("grant_type", "fb_exchange_token"),
            ("client_secret", SECRET),
            ("fb_exchange_token", token),
        ]);
        let path = format!("/exchange?{}", form.changed(rules).urlencoded());
        status_and_body(client.request(Method::GET, &path).send().await.unwrap()).await
    };
    assert_eq!(get(&["client_secret=wrong"]).await.0, 401);
    assert_eq!(get(&["grant_type=other"]).await.0, 400);
    assert_eq!(client.unmet().as_deref(), Some("long_lived"));
    let (status, real) = get(&[]).await;
    assert_eq!(status, 200, "{real}");
    assert_eq!(
        client
            .bearer("/api/me", text(&real, "access_token"))
            .await
            .status(),
        200
    );
    assert_eq!(client.bearer("/api/me", token).await.status(), 401);
    assert_eq!(get(&[]).await.0, 400, "once");
}

#[tokio::test]
async fn a_refresh_token_may_go_on_or_have_a_time_of_grace() {
    let again = async |quirks: Value| {
        let client = Demanding::start(json!({"token": quirks})).await;
        let tokens = client.tokens().await;
        let form = refresh(text(&tokens, "refresh_token"));
        let (_, next) = status_and_body(client.post_form("/token", &form).await).await;
        let status = client.post_form("/token", &form).await.status().as_u16();
        (next["refresh_token"].is_string(), status)
    };
    assert_eq!(again(json!({})).await, (true, 400));
    assert_eq!(again(json!({"keeps_refresh_token": true})).await, (false, 200));
    assert_eq!(again(json!({"reuse_seconds": 60})).await, (true, 200));
}

#[tokio::test]
async fn the_time_of_grace_ends() {
    let client = Demanding::start(json!({"token": {"reuse_seconds": 1}})).await;
    let tokens = client.tokens().await;
    let form = refresh(text(&tokens, "refresh_token"));
    assert_eq!(client.post_form("/token", &form).await.status(), 200);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    assert_eq!(client.post_form("/token", &form).await.status(), 400);
}
