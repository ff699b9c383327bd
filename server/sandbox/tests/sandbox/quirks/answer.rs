//! How the answers of the token endpoint look.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{Demanding, exchange, refresh, status_and_body};
use crate::support::text;

async fn answered(quirks: Value) -> (Demanding, Response) {
    let client = Demanding::start(json!({"answer": quirks})).await;
    let code = client.code(&[]).await;
    let response = client.post_form("/token", &exchange(&code)).await;
    (client, response)
}

#[tokio::test]
async fn members_stand_elsewhere_and_under_other_names() {
    let (client, response) = answered(json!({"within": "data.grant", "names": {"access_token": "key"},
        "extra": {"instance_url": "{base}/instances/blue", "data.open_id": 7}}))
    .await;
    let (_, tokens) = status_and_body(response).await;
    assert_eq!(tokens["access_token"], Value::Null);
    assert_eq!(
        tokens["instance_url"],
        format!("{}/instances/blue", client.provider.issuer)
    );
    assert_eq!(tokens["data"]["open_id"], 7);
    let token = text(&tokens["data"]["grant"], "key");
    assert_eq!(client.bearer("/api/me", token).await.status(), 200);
}

#[tokio::test]
async fn an_error_may_come_with_status_200() {
    let (client, response) = answered(json!({"success_member": {"ok": true}})).await;
    assert_eq!(status_and_body(response).await.1["ok"], true);
    let (status, error) = status_and_body(client.post_form("/token", &refresh("x")).await).await;
    assert_eq!(
        (status.as_u16(), &error["ok"], text(&error, "error")),
        (200, &json!(false), "invalid_grant")
    );

    let (client, response) = answered(json!({"success_member": {"code": 0}})).await;
    assert_eq!(status_and_body(response).await.1["code"], 0);
    let (status, error) = status_and_body(client.post_form("/token", &refresh("x")).await).await;
    assert_eq!((status.as_u16(), &error["code"]), (200, &json!(1)));
    assert!(text(&error, "message").contains("refresh token"), "{error}");
    assert!(error["error"].is_null(), "{error}");

    let (client, _) = answered(json!({"error_status": 418})).await;
    assert_eq!(client.post_form("/token", &refresh("x")).await.status(), 418);
}

#[tokio::test]
async fn a_form_comes_unless_json_is_asked_for() {
    let (client, response) = answered(json!({"form_encoded": true})).await;
    assert_eq!(
        response.headers()[CONTENT_TYPE],
        "application/x-www-form-urlencoded"
    );
    let body = response.text().await.unwrap();
    let token = form_urlencoded::parse(body.as_bytes())
        .find(|(name, _)| name == "access_token")
        .unwrap()
        .1
        .into_owned();
    assert_eq!(client.bearer("/api/me", &token).await.status(), 200);

    let form = exchange(&client.code(&[]).await);
    let request = client
        .request(Method::POST, "/token")
        .header(ACCEPT, "application/json");
    let request = request
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(form.urlencoded());
    let (_, tokens) = status_and_body(request.send().await.unwrap()).await;
    assert!(tokens["access_token"].is_string(), "{tokens}");
}

#[tokio::test]
async fn a_token_may_come_in_a_header() {
    let (client, response) = answered(json!({"as_header": "x-session"})).await;
    let token = response.headers()["x-session"].to_str().unwrap().to_owned();
    let (_, tokens) = status_and_body(response).await;
    assert_eq!(tokens["access_token"], Value::Null);
    assert_eq!(client.bearer("/api/me", &token).await.status(), 200);
}

#[tokio::test]
async fn the_end_is_told_in_other_units_and_may_come_sooner() {
    for (kind, member, value) in [
        ("ms", "expires_in", json!(120_000)),
        ("minutes", "expires_in", json!(2)),
        ("text", "expires_in", json!("120")),
        ("absent", "expires_in", Value::Null),
    ] {
        let (_, response) = answered(json!({"expires": kind, "lifetime_seconds": 120})).await;
        assert_eq!(status_and_body(response).await.1[member], value, "{kind}");
    }
    let (_, response) = answered(json!({"expires": "at_iso"})).await;
    let (_, tokens) = status_and_body(response).await;
    assert!(
        text(&tokens, "expires_at").ends_with('Z') && tokens["expires_in"].is_null(),
        "{tokens}"
    );
    let (_, response) = answered(json!({"expires": "at_epoch"})).await;
    assert!(status_and_body(response).await.1["expires_at"].as_u64().unwrap() > 1_700_000_000);

    let (client, response) = answered(json!({"lifetime_seconds": 0})).await;
    let (_, tokens) = status_and_body(response).await;
    assert_eq!(
        client
            .bearer("/api/me", text(&tokens, "access_token"))
            .await
            .status(),
        401
    );
}

#[tokio::test]
async fn introspection_tells_the_end() {
    let (client, response) = answered(json!({"expires": "absent"})).await;
    let (_, tokens) = status_and_body(response).await;
    let ask = async |token: &str, rules: &[&str]| {
        let form = super::Form::new(&[
            ("token", token),
            ("client_id", "acme"),
            ("client_secret", super::SECRET),
        ]);
        status_and_body(client.post_form("/introspect", &form.changed(rules)).await).await
    };
    let (status, told) = ask(text(&tokens, "access_token"), &[]).await;
    assert_eq!(
        (status.as_u16(), &told["active"], text(&told, "scope")),
        (200, &json!(true), "a:read b/write")
    );
    assert!(told["exp"].as_u64().unwrap() > 1_700_000_000);
    assert_eq!(ask("nobody's", &[]).await.1, json!({"active": false}));
    assert_eq!(ask("x", &["client_secret=wrong"]).await.0, 401);
}
