//! Keys, Basic, and the documents of discovery.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{Demanding, Form, status_and_body};
use crate::support::text;

async fn statuses(requests: Vec<RequestBuilder>) -> Vec<u16> {
    let mut statuses = Vec::new();
    for request in requests {
        statuses.push(request.send().await.unwrap().status().as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_door_opens_to_all_its_keys_in_their_places() {
    let client = Demanding::start(json!({})).await;
    let parameters = json!({"parameters": [{"in": "header", "name": "DD-API-KEY", "value": "k1"},
        {"in": "query", "name": "app", "value": "k2"}]});
    client.control("/keys/two", &parameters).await;
    let get = |path: &str| client.request(Method::GET, path);
    let requests = vec![
        get("/keys/two/me?app=k2").header("dd-api-key", "k1"),
        get("/keys/two/echo?app=k2").header("dd-api-key", "k1"),
        get("/keys/two/me").header("dd-api-key", "k1"),
        get("/keys/two/me?app=k2").header("dd-api-key", "wrong"),
        get("/keys/two/echo"),
        get("/keys/none/me"),
    ];
    assert_eq!(statuses(requests).await, [200, 200, 401, 401, 401, 404]);
    let story = serde_json::to_string(&client.provider.sandbox.ledger()).unwrap();
    assert!(
        story.contains("missing_key") && story.contains("wrong_key") && !story.contains("k1"),
        "{story}"
    );
}

#[tokio::test]
async fn a_key_may_be_a_member_of_the_body() {
    let client = Demanding::start(json!({})).await;
    let parameters = json!({"parameters": [{"in": "form", "name": "key", "value": "k"}]});
    client.control("/keys/body", &parameters).await;
    let post = |kind: &str, body: String| {
        let request = client.request(Method::POST, "/keys/body/me");
        request.header(CONTENT_TYPE, kind).body(body)
    };
    let form = Form::new(&[("key", "k"), ("more", "x")]);
    let requests = vec![
        post("application/x-www-form-urlencoded", form.urlencoded()),
        post("application/json", form.json()),
        post("application/json", "{}".into()),
        client.request(Method::POST, "/keys/body/me?key=k"),
    ];
    assert_eq!(statuses(requests).await, [200, 200, 401, 401]);
}

#[tokio::test]
async fn basic_opens_to_user_and_password() {
    let client = Demanding::start(json!({})).await;
    client
        .control(
            "/basic/jira",
            &json!({"user": "ada@example.com", "password": "t:1+%"}),
        )
        .await;
    let get = |path: &str, pair: &str| {
        let value = format!("Basic {}", STANDARD.encode(pair));
        client.request(Method::GET, path).header(AUTHORIZATION, value)
    };
    let good = "ada@example.com:t:1+%";
    let me = get("/basic/jira/me", good).send().await.unwrap();
    assert_eq!(status_and_body(me).await.1["basic"], "jira");
    let requests = vec![
        get("/basic/jira/echo", good),
        get("/basic/jira/me", "ada@example.com:wrong"),
        get("/basic/none/me", good),
        client.request(Method::GET, "/basic/jira/echo"),
    ];
    assert_eq!(statuses(requests).await, [200, 401, 404, 401]);
}

#[tokio::test]
async fn discovery_is_good_in_one_place_and_bad_in_others() {
    let client = Demanding::start(json!({})).await;
    let get = async |path: &str| client.request(Method::GET, path).send().await.unwrap();
    let issuer = client.provider.issuer.clone();
    let (_, good) = status_and_body(get("/.well-known/openid-configuration").await).await;
    assert_eq!(text(&good, "issuer"), issuer);
    assert_eq!(good["token_endpoint"], format!("{issuer}/token"));

    let at = |kind: &str| format!("/discovery/{kind}/.well-known/openid-configuration");
    let (_, wrong) = status_and_body(get(&at("wrong_issuer")).await).await;
    assert_eq!(text(&wrong, "issuer"), "https://other.example.com");
    let (_, huge) = status_and_body(get(&at("huge")).await).await;
    assert_eq!(text(&huge, "issuer"), format!("{issuer}/discovery/huge"));
    assert!(text(&huge, "padding").len() > 1_000_000);
    let redirect = get(&at("redirect")).await;
    assert_eq!(redirect.status(), 302);
    assert!(
        redirect.headers()[LOCATION]
            .to_str()
            .unwrap()
            .ends_with("openid-configuration")
    );
    let html = get(&at("html")).await;
    assert!(
        html.headers()[CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
    assert_eq!(get(&at("other")).await.status(), 404);
}
