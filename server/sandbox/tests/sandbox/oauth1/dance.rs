//! The three legs, and what lies behind them.

use reqwest::Method;
use serde_json::{Value, json};

use super::{CALLBACK, Consumer, Signing, pair};
use crate::support::{answer, parameter, target, text};

/// Token credentials, by all three legs.
async fn dance(consumer: &Consumer) -> (String, String) {
    let temporary = consumer.initiate(CALLBACK).await;
    let back = target(&consumer.decide(&temporary.0, "allow").await);
    assert!(back.as_str().starts_with(CALLBACK), "{back}");
    assert_eq!(parameter(&back, "oauth_token"), Some(temporary.0.clone()));
    let verifier = parameter(&back, "oauth_verifier").unwrap();
    let signing = Signing::new("token")
        .by(&temporary)
        .with("oauth_verifier", &verifier);
    let token = pair(consumer.send(Method::POST, "/oauth1/token", &signing).await).await;
    let again = Signing::new("again")
        .by(&temporary)
        .with("oauth_verifier", &verifier);
    assert_eq!(
        consumer
            .send(Method::POST, "/oauth1/token", &again)
            .await
            .status(),
        401
    );
    token
}

#[tokio::test]
async fn three_legs_lead_to_a_token_that_signs_calls() {
    let consumer = Consumer::start(json!({})).await;
    let token = dance(&consumer).await;
    for (nonce, method) in [("1", "HMAC-SHA1"), ("2", "HMAC-SHA256"), ("3", "PLAINTEXT")] {
        let signing = Signing {
            method,
            ..Signing::new(nonce).by(&token)
        };
        let response = consumer
            .send(Method::GET, "/oauth1/api/me?a=1+2&b=%3D", &signing)
            .await;
        let (status, me) = answer(response).await;
        assert_eq!(
            (status.as_u16(), text(&me, "account"), text(&me, "consumer")),
            (200, "ada", "trello")
        );
    }
    let form = [("status", "Hello ladies + gentlemen, a signed OAuth request!")];
    let signing = Signing::new("4").by(&token);
    let response = consumer
        .send_form(Method::POST, "/oauth1/api/echo/a/b", &signing, &form)
        .await;
    let (status, echo) = answer(response).await;
    assert_eq!(
        (status.as_u16(), text(&echo, "path")),
        (200, "/oauth1/api/echo/a/b")
    );

    let story = serde_json::to_string(&consumer.provider.sandbox.ledger()).unwrap();
    for secret in [super::SECRET, &token.0, &token.1] {
        assert!(!story.contains(secret), "{story}");
    }
    let outcomes: Vec<String> = consumer
        .provider
        .sandbox
        .ledger()
        .into_iter()
        .filter_map(|entry| entry.outcome)
        .collect();
    assert_eq!(
        outcomes[..4],
        ["initiated", "allowed", "issued", "token_rejected"]
    );
}

#[tokio::test]
async fn a_signature_that_is_wrong_in_one_thing_is_refused() {
    let consumer = Consumer::start(json!({})).await;
    let token = dance(&consumer).await;
    let good = || Signing::new("n").by(&token);
    let stranger = (token.0.clone(), "another".to_owned());
    let unknown = ("another".to_owned(), token.1.clone());
    for (signing, problem) in [
        (
            Signing {
                secret: "wrong".into(),
                ..good()
            },
            "signature_invalid",
        ),
        (good().by(&stranger), "signature_invalid"),
        (good().by(&unknown), "token_rejected"),
        (Signing::new("n"), "parameter_absent"),
        (
            Signing {
                method: "HMAC-MD5",
                ..good()
            },
            "signature_method_rejected",
        ),
        (
            Signing {
                method: "RSA-SHA1",
                ..good()
            },
            "signature_invalid",
        ),
        (
            Signing {
                timestamp: super::now() - 1_000,
                ..good()
            },
            "timestamp_refused",
        ),
        (good().with("oauth_nonce", "n"), "parameter_rejected"),
    ] {
        let response = consumer.send(Method::GET, "/oauth1/api/me", &signing).await;
        assert!(response.status().is_client_error(), "{problem}");
        let body = response.text().await.unwrap();
        assert!(body.starts_with(&format!("oauth_problem={problem}")), "{body}");
        assert_eq!(consumer.last().0, problem);
    }
    let statuses = [
        consumer
            .send(Method::GET, "/oauth1/api/me", &good())
            .await
            .status()
            .as_u16(),
        consumer
            .send(Method::GET, "/oauth1/api/me", &good())
            .await
            .status()
            .as_u16(),
    ];
    assert_eq!(statuses, [200, 401], "a nonce is good once");
    assert_eq!(consumer.last().0, "nonce_used");
}

#[tokio::test]
async fn a_person_may_deny_or_carry_the_verifier_over() {
    let consumer = Consumer::start(json!({})).await;
    let temporary = consumer.initiate(CALLBACK).await;
    let page = consumer
        .provider
        .get(&format!("/oauth1/authorize?oauth_token={}", temporary.0), None)
        .await;
    let page = page.text().await.unwrap();
    assert!(
        page.contains("Boards asks for access") && page.contains("value=\"allow\">Allow</button>"),
        "{page}"
    );
    let back = target(&consumer.decide(&temporary.0, "deny").await);
    assert_eq!(
        parameter(&back, "oauth_problem").as_deref(),
        Some("permission_denied")
    );
    assert_eq!(consumer.decide(&temporary.0, "allow").await.status(), 400);

    let temporary = consumer.initiate_again("oob").await;
    let asked = consumer
        .provider
        .get(&format!("/oauth1/authorize?oauth_token={}", temporary.0), None)
        .await;
    let policy = asked.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.contains("form-action 'self';"), "{policy}");
    let shown = consumer.decide(&temporary.0, "allow").await.text().await.unwrap();
    let verifier = shown
        .split("<code>")
        .nth(1)
        .unwrap()
        .split("</code>")
        .next()
        .unwrap()
        .to_owned();
    let signing = Signing::new("oob")
        .by(&temporary)
        .with("oauth_verifier", &verifier);
    assert_eq!(
        consumer
            .send(Method::POST, "/oauth1/token", &signing)
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn without_consent_or_with_a_wrong_verifier_there_is_no_token() {
    let consumer = Consumer::start(json!({})).await;
    let temporary = consumer.initiate(CALLBACK).await;
    let redeem = async |nonce: &str, temporary: &(String, String)| {
        let signing = Signing::new(nonce).by(temporary).with("oauth_verifier", "guess");
        consumer.send(Method::POST, "/oauth1/token", &signing).await;
        consumer.last().0
    };
    assert_eq!(redeem("1", &temporary).await, "permission_unknown");
    let temporary = consumer.initiate_again(CALLBACK).await;
    consumer.decide(&temporary.0, "allow").await;
    assert_eq!(redeem("2", &temporary).await, "verifier_invalid");
    assert_eq!(redeem("3", &temporary).await, "token_rejected");
    let signing = Signing::new("4").with("oauth_callback", "http://elsewhere.example/");
    consumer.send(Method::POST, "/oauth1/initiate", &signing).await;
    assert_eq!(consumer.last().0, "parameter_rejected");
}

#[tokio::test]
async fn an_unknown_consumer_and_a_page_without_a_token_are_refused() {
    let consumer = Consumer::start(json!({})).await;
    let nobody = consumer
        .provider
        .get("/oauth1/authorize?oauth_token=x", None)
        .await;
    assert_eq!(nobody.status(), 400);
    let bare = consumer.provider.get("/oauth1/api/me", None).await;
    assert_eq!(bare.status(), 400);
    assert_eq!(consumer.last(), ("parameter_absent".to_owned(), None));
    let entry = consumer.provider.sandbox.ledger().pop().unwrap();
    assert_eq!(
        serde_json::to_value(entry.endpoint).unwrap(),
        Value::from("oauth1_resource")
    );
}
