//! The ledger, and control over HTTP where it is on.

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use sandbox::{Endpoint, Entry, Scope};
use serde_json::{Value, json};

use crate::support::{
    Provider, REDIRECT_URI, VERIFIER, answer, authorization, exchange, parameter, target, text,
};

async fn send(provider: &Provider, method: Method, path: &str, body: Value) -> (u16, String) {
    let request = provider
        .http
        .request(method, format!("{}{path}", provider.issuer));
    let request = request
        .header(CONTENT_TYPE, "application/json")
        .body(body.to_string());
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn controlled() -> Provider {
    Provider::start_with(|settings| settings.control = true).await
}

#[tokio::test]
async fn without_the_setting_there_is_no_control() {
    let provider = Provider::start().await;
    for (method, path) in [
        (Method::GET, "/ledger"),
        (Method::DELETE, "/ledger"),
        (Method::PUT, "/switches"),
        (Method::PUT, "/clients/x"),
    ] {
        assert_eq!(send(&provider, method, path, json!([])).await.0, 404, "{path}");
    }
}

#[tokio::test]
async fn the_ledger_is_bounded() {
    let provider = Provider::start_with(|settings| settings.ledger_capacity = 5).await;
    for _ in 0..8 {
        provider.get("/api/echo", None).await;
    }
    let sequences: Vec<_> = provider
        .sandbox
        .ledger()
        .iter()
        .map(|entry| entry.sequence)
        .collect();
    assert_eq!(sequences, [4, 5, 6, 7, 8]);
}

#[tokio::test]
async fn the_ledger_tells_the_story_without_a_secret() {
    let provider = controlled().await;
    let tokens = provider.connect().await;
    provider.refresh(text(&tokens, "refresh_token")).await;
    provider.me(text(&tokens, "access_token")).await;
    let (status, story) = send(&provider, Method::GET, "/ledger", Value::Null).await;
    assert_eq!(status, 200);
    for secret in [
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
        "sandbox-secret",
        VERIFIER,
    ] {
        assert!(!story.contains(secret), "{story}");
    }
    let entries: Vec<Entry> = serde_json::from_str(&story).unwrap();
    assert_eq!(entries, provider.sandbox.ledger());
    let seen: Vec<_> = entries
        .iter()
        .map(|entry| (entry.endpoint, entry.outcome.as_deref().unwrap()))
        .collect();
    let expected = [
        (Endpoint::Authorize, "allowed"),
        (Endpoint::Token, "issued"),
        (Endpoint::Token, "refreshed"),
        (Endpoint::Userinfo, "served"),
    ];
    assert_eq!(seen, expected);
    let refreshed = &entries[2];
    assert_eq!(
        (refreshed.client_id.as_deref(), refreshed.grant_type.as_deref()),
        (Some("sandbox"), Some("refresh_token"))
    );
    assert_eq!(
        (refreshed.generation, refreshed.concurrent, refreshed.answered),
        (Some(1), 0, true)
    );
    assert!(
        entries
            .iter()
            .all(|entry| entry.ended_ms.is_some_and(|end| end >= entry.started_ms))
    );
    assert!(
        entries[1..]
            .windows(2)
            .all(|pair| pair[0].grant == pair[1].grant && pair[0].fingerprint != pair[1].fingerprint)
    );

    assert_eq!(
        send(&provider, Method::DELETE, "/ledger", Value::Null).await.0,
        204
    );
    assert_eq!(provider.sandbox.ledger(), []);
}

#[tokio::test]
async fn switches_are_replaced_as_a_list() {
    let provider = controlled().await;
    let tokens = provider.connect().await;
    let token = text(&tokens, "refresh_token");
    let on = json!([{"fault": {"status": {"code": 503}}}, {"fault": {"iss": "drop"}, "times": 1}]);
    assert_eq!(send(&provider, Method::PUT, "/switches", on).await.0, 204);
    assert_eq!(provider.refresh(token).await.0, 503);
    let (status, reason) = send(&provider, Method::PUT, "/switches", json!([{"fault": "no_such"}])).await;
    assert!(status == 422 && reason.contains("no_such"), "{status} {reason}");
    assert_eq!(provider.refresh(token).await.0, 503);
    assert_eq!(send(&provider, Method::PUT, "/switches", json!([])).await.0, 204);
    assert_eq!(provider.refresh(token).await.0, 200);
}

#[tokio::test]
async fn a_registered_client_has_its_own_name_scopes_and_addresses() {
    let provider = controlled().await;
    let scope = Scope {
        name: "things:read".into(),
        display_name: "Read <things>".into(),
    };
    let registration = json!({"application": "Acme & Co", "secret": "s3cret", "redirect_uris": [REDIRECT_URI], "scopes": [scope]});
    assert_eq!(
        send(&provider, Method::PUT, "/clients/acme", registration.clone())
            .await
            .0,
        204
    );
    assert_eq!(
        send(&provider, Method::PUT, "/clients/sandbox", registration.clone())
            .await
            .0,
        409
    );
    let mut wrong = registration;
    wrong["redirect_uris"] = json!(["javascript:alert(1)"]);
    assert_eq!(send(&provider, Method::PUT, "/clients/acme", wrong).await.0, 422);

    let as_acme = |redirect_uri| {
        let mut form = authorization("things:read");
        form.retain(|(known, _)| *known != "client_id" && *known != "redirect_uri");
        let decision = [
            ("decision", "allow"),
            ("account", "ada@example.com"),
            ("grant", "things:read"),
        ];
        form.extend(
            [("client_id", "acme"), ("redirect_uri", redirect_uri)]
                .into_iter()
                .chain(decision),
        );
        form
    };
    let elsewhere = as_acme("http://localhost:3000/oauth/callback/x");
    assert_eq!(provider.post("/authorize", &elsewhere).await.status(), 400);
    let form = as_acme(REDIRECT_URI);
    let code = parameter(&target(&provider.post("/authorize", &form).await), "code").unwrap();

    assert_eq!(
        provider.exchange(&code, VERIFIER).await.0,
        400,
        "the built-in client may not have it"
    );
    let mut mine = exchange(&code, VERIFIER);
    mine.retain(|(name, _)| !name.starts_with("client_"));
    mine.extend([("client_id", "acme"), ("client_secret", "s3cret")]);
    let (status, tokens) = answer(provider.post("/token", &mine).await).await;
    assert_eq!((status.as_u16(), text(&tokens, "scope")), (200, "things:read"));
    let (status, error) = provider.refresh(text(&tokens, "refresh_token")).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_grant"));
}
