//! Demands on calls with an access token.

use reqwest::Method;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};

use super::{Demanding, status_and_body};
use crate::support::text;

/// Quirks, a path and headers that meet the demand (`{}` is the token), and its name.
type Demand = (
    Value,
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

fn demands() -> Vec<Demand> {
    const BEARER: (&str, &str) = ("authorization", "Bearer {}");
    vec![
        (
            json!({"token_header": {"name": "X-Shopify-Access-Token"}}),
            "/api/me",
            &[("x-shopify-access-token", "{}")],
            "call.token_header",
        ),
        (
            json!({"token_header": {"name": "Authorization", "prefix": "Zoho-oauthtoken "}}),
            "/api/me",
            &[("authorization", "Zoho-oauthtoken {}")],
            "call.token_header",
        ),
        (
            json!({"token_header": {"name": "Authorization", "prefix": "token="}}),
            "/api/me",
            &[("authorization", "token={}")],
            "call.token_header",
        ),
        (
            json!({"token_query": "key"}),
            "/api/me?key={}",
            &[],
            "call.token_query",
        ),
        (
            json!({"extra_headers": {"Notion-Version": "2022-06-28"}}),
            "/api/me",
            &[BEARER, ("notion-version", "2022-06-28")],
            "call.extra_headers",
        ),
        (
            json!({"instance": "blue"}),
            "/instances/blue/api/me",
            &[BEARER],
            "call.instance",
        ),
    ]
}

#[tokio::test]
async fn what_meets_the_demand_is_served_and_the_plain_call_is_refused() {
    for (quirks, path, headers, demand) in demands() {
        let client = Demanding::start(json!({"call": quirks})).await;
        let tokens = client.tokens().await;
        let token = text(&tokens, "access_token");
        for endpoint in ["me", "echo"] {
            let path = path
                .replace("/api/me", &format!("/api/{endpoint}"))
                .replace("{}", token);
            let mut request = client.request(Method::GET, &path);
            for (name, value) in headers {
                request = request.header(*name, value.replace("{}", token));
            }
            assert_eq!(request.send().await.unwrap().status(), 200, "{demand} {path}");

            let plain = client.bearer(&format!("/api/{endpoint}"), token).await;
            assert!(plain.status().is_client_error(), "{demand} {endpoint}");
            assert_eq!(client.unmet().as_deref(), Some(demand));
        }
    }
}

#[tokio::test]
async fn another_instance_serves_nobody_else() {
    let client = Demanding::start(json!({"call": {"instance": "blue"}})).await;
    let tokens = client.tokens().await;
    let token = text(&tokens, "access_token");
    assert_eq!(client.bearer("/instances/red/api/me", token).await.status(), 404);
    assert_eq!(
        client
            .bearer("/instances/blue/api/echo/a/b", token)
            .await
            .status(),
        200
    );
    let plain = client.provider.connect().await;
    let other = client
        .bearer("/instances/blue/api/me", text(&plain, "access_token"))
        .await;
    assert_eq!(other.status(), 404);
}

#[tokio::test]
async fn identity_tells_where_the_instance_is() {
    let client = Demanding::start(json!({"call": {"instance": "us1"}})).await;
    let tokens = client.tokens().await;
    let identity = client.bearer("/identity", text(&tokens, "access_token")).await;
    let (status, identity) = status_and_body(identity).await;
    let base = format!("{}/instances/us1", client.provider.issuer);
    assert_eq!(status, 200);
    assert_eq!(
        (text(&identity, "dc"), text(&identity, "api_endpoint")),
        ("us1", base.as_str())
    );
    assert_eq!(identity["accounts"][0]["base_uri"], base);
    assert_eq!(
        client
            .request(Method::GET, "/identity")
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    assert_eq!(
        client
            .bearer("/userinfo", text(&tokens, "access_token"))
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn an_ended_token_has_a_status_of_its_own() {
    let quirks = json!({"answer": {"lifetime_seconds": 0}, "call": {"expired_status": 403}});
    let client = Demanding::start(quirks).await;
    let tokens = client.tokens().await;
    for path in ["/api/me", "/api/echo"] {
        assert_eq!(
            client.bearer(path, text(&tokens, "access_token")).await.status(),
            403
        );
        assert_eq!(client.outcome(), "invalid_token");
    }
}

#[tokio::test]
async fn the_first_call_may_be_too_many() {
    for (kind, at_least) in [
        ("seconds", 7),
        ("epoch", 1_700_000_000),
        ("epoch_ms", 1_700_000_000_000_u64),
    ] {
        let limit = json!({"status": 403, "header": "x-ratelimit-reset", "kind": kind, "seconds": 7});
        let client = Demanding::start(json!({"call": {"rate_limit": limit}})).await;
        let tokens = client.tokens().await;
        let call = async || client.bearer("/api/me", text(&tokens, "access_token")).await;
        let who = client.bearer("/userinfo", text(&tokens, "access_token")).await;
        assert_eq!(who.status(), 200);
        let limited = call().await;
        let header: u64 = limited.headers()["x-ratelimit-reset"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert!(limited.status() == 403 && header >= at_least, "{kind} {header}");
        assert_eq!(client.outcome(), "rate_limited");
        assert_eq!(call().await.status(), 200);
    }
}

#[tokio::test]
async fn a_plain_clients_token_is_not_looked_for_elsewhere() {
    let client = Demanding::start(json!({})).await;
    let tokens = client.tokens().await;
    let token = text(&tokens, "access_token");
    let elsewhere = client.request(Method::GET, "/api/me").header("x-token", token);
    assert_eq!(elsewhere.send().await.unwrap().status(), 401);
    assert_eq!(client.outcome(), "no_token");
    let echo = client
        .request(Method::GET, "/api/echo")
        .header(AUTHORIZATION, "Bearer whatever");
    assert_eq!(echo.send().await.unwrap().status(), 200);
}
