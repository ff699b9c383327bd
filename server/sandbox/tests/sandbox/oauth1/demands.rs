//! Every demand of a consumer, met and unmet.

use reqwest::Method;
use serde_json::json;

use super::{CALLBACK, Consumer, Signing, now};
use crate::support::answer;

async fn initiate(consumer: &Consumer, method: Method, signing: &Signing) -> u16 {
    let signing = signing.clone().with("oauth_callback", CALLBACK);
    let response = consumer.send(method, "/oauth1/initiate", &signing).await;
    response.status().as_u16()
}

#[tokio::test]
async fn what_meets_the_demand_is_answered_and_the_plain_request_is_refused() {
    let signed = |method| Signing {
        method,
        ..Signing::new("good")
    };
    let realm = Signing {
        realm: Some("123_SB1"),
        ..Signing::new("good")
    };
    let fresh = Signing::new("good");
    let stale = Signing {
        timestamp: now() - 60,
        ..Signing::new("plain")
    };
    let plain = Signing::new("plain");
    for (demands, method, good, bad, demand) in [
        (
            json!({"methods": ["HMAC-SHA256"]}),
            "POST",
            signed("HMAC-SHA256"),
            &plain,
            "methods",
        ),
        (
            json!({"methods": ["PLAINTEXT"]}),
            "POST",
            signed("PLAINTEXT"),
            &plain,
            "methods",
        ),
        (json!({"realm": "123_SB1"}), "POST", realm, &plain, "realm"),
        (
            json!({"initiate_method": "GET"}),
            "GET",
            fresh.clone(),
            &plain,
            "initiate_method",
        ),
        (json!({"skew_seconds": 20}), "POST", fresh, &stale, "skew_seconds"),
    ] {
        let consumer = Consumer::start(demands).await;
        assert_eq!(
            initiate(&consumer, method.parse().unwrap(), &good).await,
            200,
            "{demand}"
        );
        assert!(initiate(&consumer, Method::POST, bad).await >= 400, "{demand}");
        assert_eq!(consumer.last().1.as_deref(), Some(demand));
    }
}

#[tokio::test]
async fn the_token_leg_has_a_method_of_its_own() {
    let consumer = Consumer::start(json!({"token_method": "GET"})).await;
    let temporary = consumer.initiate(CALLBACK).await;
    let back = crate::support::target(&consumer.decide(&temporary.0, "allow").await);
    let verifier = crate::support::parameter(&back, "oauth_verifier").unwrap();
    let signing = Signing::new("t").by(&temporary).with("oauth_verifier", &verifier);
    assert_eq!(
        consumer
            .send(Method::POST, "/oauth1/token", &signing)
            .await
            .status(),
        405
    );
    assert_eq!(consumer.last().1.as_deref(), Some("token_method"));
    assert_eq!(
        consumer
            .send(Method::GET, "/oauth1/token", &signing)
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn the_authorize_address_has_further_parameters() {
    let consumer =
        Consumer::start(json!({"authorize_parameters": {"name": "Boards", "expiration": "never"}})).await;
    let (token, _) = consumer.initiate(CALLBACK).await;
    let plain = format!("/oauth1/authorize?oauth_token={token}");
    assert_eq!(consumer.provider.get(&plain, None).await.status(), 400);
    assert_eq!(consumer.last().1.as_deref(), Some("authorize_parameters"));
    let good = format!("{plain}&name=Boards&expiration=never");
    let page = consumer.provider.get(&good, None).await;
    assert_eq!(page.status(), 200);
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("name=\"expiration\" value=\"never\"")
    );
}

#[tokio::test]
async fn the_confirmation_may_be_left_out() {
    for (confirmed, there) in [(true, true), (false, false)] {
        let consumer = Consumer::start(json!({"callback_confirmed": confirmed})).await;
        let signing = Signing::new("n").with("oauth_callback", CALLBACK);
        let response = consumer.send(Method::POST, "/oauth1/initiate", &signing).await;
        let body = response.text().await.unwrap();
        assert_eq!(body.contains("oauth_callback_confirmed=true"), there, "{body}");
    }
}

#[tokio::test]
async fn a_fixed_pair_needs_no_dance() {
    let fixed = json!({"fixed_token": {"token": "t1", "secret": "ts1"}});
    let token = ("t1".to_owned(), "ts1".to_owned());
    let consumer = Consumer::start(fixed).await;
    let response = consumer
        .send(Method::GET, "/oauth1/api/me", &Signing::new("n").by(&token))
        .await;
    assert_eq!(answer(response).await.1["account"], "ada");
    let plain = Consumer::start(json!({})).await;
    let response = plain
        .send(Method::GET, "/oauth1/api/me", &Signing::new("n").by(&token))
        .await;
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn a_late_timestamp_is_told_which_ones_would_do() {
    let consumer = Consumer::start(json!({})).await;
    let signing = Signing {
        timestamp: now() + 3_600,
        ..Signing::new("n")
    };
    let signing = signing.with("oauth_callback", CALLBACK);
    let response = consumer.send(Method::POST, "/oauth1/initiate", &signing).await;
    assert_eq!(response.status(), 401);
    let body = response.text().await.unwrap();
    assert!(
        body.starts_with("oauth_problem=timestamp_refused&oauth_acceptable_timestamps="),
        "{body}"
    );
}
