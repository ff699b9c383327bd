//! Demands on the revocation of a token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::{Value, json};

use super::{Demanding, Form, SECRET};
use crate::support::text;

/// What is sent: method, path, `Authorization` and rules for the form; `{}` is the token.
struct Way(
    &'static str,
    &'static str,
    Option<String>,
    &'static [&'static str],
    &'static str,
);

fn demands() -> Vec<(Value, Way, &'static str)> {
    const ALONE: &[&str] = &["-client_id", "-client_secret"];
    let basic = || Some(format!("Basic {}", STANDARD.encode("acme:s3cret")));
    vec![
        (
            json!({"method": "DELETE"}),
            Way("DELETE", "/revoke", None, &[], "form"),
            "revoke.method",
        ),
        (
            json!({"method": "GET", "body": "query"}),
            Way("GET", "/revoke", None, &[], "query"),
            "revoke.method",
        ),
        (
            json!({"auth": "bearer"}),
            Way(
                "POST",
                "/revoke",
                Some("Bearer {}".into()),
                &["-client_id", "-client_secret", "-token"],
                "form",
            ),
            "revoke.auth",
        ),
        (
            json!({"auth": "bearer", "parameter": "token"}),
            Way("POST", "/revoke", Some("Bearer {}".into()), ALONE, "form"),
            "revoke.auth",
        ),
        (
            json!({"auth": "basic"}),
            Way("POST", "/revoke", basic(), ALONE, "form"),
            "revoke.auth",
        ),
        (
            json!({"auth": "none"}),
            Way("POST", "/revoke", None, ALONE, "form"),
            "revoke.auth",
        ),
        (
            json!({"auth": {"header": "Client {secret}"}}),
            Way("POST", "/revoke", Some(format!("Client {SECRET}")), ALONE, "form"),
            "revoke.auth",
        ),
        (
            json!({"body": "json"}),
            Way("POST", "/revoke", None, &[], "json"),
            "revoke.body",
        ),
        (
            json!({"body": "query"}),
            Way("POST", "/revoke", None, &[], "query"),
            "revoke.body",
        ),
        (
            json!({"body": "path", "method": "DELETE", "auth": "none"}),
            Way(
                "DELETE",
                "/revoke/{}",
                None,
                &["-client_id", "-client_secret", "-token"],
                "form",
            ),
            "revoke.method",
        ),
        (
            json!({"body": "path"}),
            Way("POST", "/revoke/{}", None, &["-token"], "form"),
            "revoke.body",
        ),
        (
            json!({"parameter": "access_token"}),
            Way("POST", "/revoke", None, &["token>access_token"], "form"),
            "revoke.parameter",
        ),
        (
            json!({"no_hint": true}),
            Way("POST", "/revoke", None, &["-token_type_hint"], "form"),
            "revoke.no_hint",
        ),
        (
            json!({"method": "DELETE", "auth": "basic", "body": "json", "parameter": "access_token"}),
            Way(
                "DELETE",
                "/revoke",
                basic(),
                &["-client_id", "-client_secret", "token>access_token"],
                "json",
            ),
            "revoke.method",
        ),
    ]
}

async fn send(client: &Demanding, way: &Way, token: &str) -> reqwest::StatusCode {
    let Way(method, path, authorization, rules, carrier) = way;
    let form = Form::new(&[
        ("token", token),
        ("token_type_hint", "access_token"),
        ("client_id", "acme"),
        ("client_secret", SECRET),
    ]);
    let form = form.changed(rules);
    let mut path = path.replace("{}", token);
    if *carrier == "query" {
        path = format!("{path}?{}", form.urlencoded());
    }
    let method: Method = method.parse().unwrap();
    let mut request = client.request(method, &path);
    request = match *carrier {
        "form" => request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.urlencoded()),
        "json" => request.header(CONTENT_TYPE, "application/json").body(form.json()),
        _ => request,
    };
    if let Some(value) = authorization {
        request = request.header(AUTHORIZATION, value.replace("{}", token));
    }
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn what_meets_the_demand_ends_the_token_and_the_plain_request_does_not() {
    let plain = Way("POST", "/revoke", None, &[], "form");
    for (quirks, way, demand) in demands() {
        let shown = quirks.to_string();
        let client = Demanding::start(json!({"revoke": quirks})).await;
        let tokens = client.tokens().await;
        let token = text(&tokens, "access_token");
        assert!(send(&client, &plain, token).await.is_client_error(), "{shown}");
        assert_eq!(client.unmet().as_deref(), Some(demand), "{shown}");
        assert_eq!(client.bearer("/api/me", token).await.status(), 200, "{shown}");
        assert_eq!(send(&client, &way, token).await, 200, "{shown}");
        assert_eq!(client.outcome(), "revoked", "{shown}");
        assert_eq!(client.bearer("/api/me", token).await.status(), 401, "{shown}");
    }
}

#[tokio::test]
async fn the_usual_client_may_send_a_hint_and_must_keep_to_the_rfc() {
    let client = Demanding::start(json!({})).await;
    let tokens = client.tokens().await;
    let token = text(&tokens, "access_token");
    for way in [
        Way("DELETE", "/revoke", None, &[], "form"),
        Way("POST", "/revoke/{}", None, &[], "form"),
        Way("POST", "/revoke", None, &["client_secret=wrong"], "form"),
    ] {
        assert!(send(&client, &way, token).await.is_client_error());
    }
    assert_eq!(
        send(&client, &Way("POST", "/revoke", None, &[], "form"), token).await,
        200
    );
}
