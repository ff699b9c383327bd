//! Demands on the authorization request, and what the callback looks like.

use aws_lc_rs::hmac;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{CALLBACK, Demanding, SECRET, asked, exchange};
use crate::support::{VERIFIER, parameter, target};

/// Quirks, the changes that meet the demand, and its name.
fn demands() -> Vec<(Value, &'static [&'static str], &'static str)> {
    vec![
        (
            json!({"client_id_parameter": "client_key"}),
            &["client_id>client_key"],
            "client_id_parameter",
        ),
        (
            json!({"redirect_uri_parameter": "redirect_url"}),
            &["redirect_uri>redirect_url"],
            "redirect_uri_parameter",
        ),
        (
            json!({"pkce": "refused"}),
            &["-code_challenge", "-code_challenge_method"],
            "pkce",
        ),
        (json!({"pkce": "plain"}), &["code_challenge_method=plain"], "pkce"),
        (
            json!({"resource": "https://r.example"}),
            &["resource=https://r.example"],
            "resource",
        ),
        (
            json!({"authorize": {"no_response_type": true}}),
            &["-response_type"],
            "authorize.no_response_type",
        ),
        (
            json!({"authorize": {"response_type": "code id_token"}}),
            &["response_type=code id_token"],
            "authorize.response_type",
        ),
        (
            json!({"authorize": {"scope_delimiter": ","}}),
            &["scope=a:read,b/write"],
            "authorize.scope_delimiter",
        ),
        (
            json!({"authorize": {"scope_delimiter": "+"}}),
            &["scope=a:read+b/write"],
            "authorize.scope_delimiter",
        ),
        (
            json!({"authorize": {"scope_parameter": "perms"}}),
            &["scope>perms"],
            "authorize.scope_parameter",
        ),
        (
            json!({"authorize": {"second_scope_parameter": "user_scope"}}),
            &["scope=a:read", "user_scope=b/write"],
            "authorize.second_scope_parameter",
        ),
        (
            json!({"authorize": {"parameters": {"access_type": "offline"}}}),
            &["access_type=offline"],
            "authorize.parameters",
        ),
        (
            json!({"authorize": {"nonce": true}}),
            &["nonce=n1"],
            "authorize.nonce",
        ),
        (
            json!({"authorize": {"audience": "api"}}),
            &["audience=api"],
            "authorize.audience",
        ),
        (
            json!({"authorize": {"redirect_value": "Acme-RuName"}}),
            &["redirect_uri=Acme-RuName"],
            "authorize.redirect_value",
        ),
        (
            json!({"authorize": {"via_fragment": true}}),
            &["via=spa"],
            "authorize.via_fragment",
        ),
    ]
}

#[tokio::test]
async fn what_meets_the_demand_is_asked_and_allowed_and_the_plain_request_is_refused() {
    for (quirks, rules, demand) in demands() {
        let client = Demanding::start(quirks).await;
        let page = |rules: &[&str]| format!("/authorize?{}", asked().changed(rules).urlencoded());
        let shown = client.request(Method::GET, &page(rules)).send().await.unwrap();
        assert_eq!(shown.status(), 200, "{demand}");
        let back = client.allow(rules).await;
        assert!(back.as_str().starts_with(CALLBACK), "{demand}: {back}");
        assert!(parameter(&back, "code").is_some(), "{demand}: {back}");

        for refused in [
            client.request(Method::GET, &page(&[])).send().await.unwrap(),
            client.decide(&[]).await,
        ] {
            assert_eq!(client.unmet().as_deref(), Some(demand));
            if refused.status() == StatusCode::SEE_OTHER {
                let error = parameter(&target(&refused), "error");
                assert_eq!(error.as_deref(), Some("invalid_request"), "{demand}");
            } else {
                assert_eq!(refused.status(), 400, "{demand}");
            }
        }
    }
}

#[tokio::test]
async fn a_query_must_be_written_as_agreed() {
    let plain = asked().without("scope").urlencoded();
    let raw_comma = json!({"raw_scope": true, "scope_delimiter": ","});
    let raw_plus = json!({"raw_scope": true, "scope_delimiter": "+"});
    for (quirks, good, bad, demand) in [
        (
            raw_comma,
            "&scope=a:read,b/write",
            "&scope=a%3Aread%2Cb%2Fwrite",
            "authorize.raw_scope",
        ),
        (
            raw_plus.clone(),
            "&scope=a:read+b/write",
            "&scope=a:read%2Bb/write",
            "authorize.raw_scope",
        ),
        (
            raw_plus,
            "&scope=a:read+b/write",
            "&scope=a:read%20b/write",
            "authorize.raw_scope",
        ),
        (
            json!({"no_empty": true}),
            "&scope=a:read",
            "&scope=a:read&prompt=",
            "authorize.no_empty",
        ),
    ] {
        let client = Demanding::start(json!({"authorize": quirks})).await;
        let ask = async |more: &str| {
            let path = format!("/authorize?{plain}{more}");
            client.request(Method::GET, &path).send().await.unwrap()
        };
        assert_eq!(ask(good).await.status(), 200, "{demand} {good}");
        assert_eq!(ask(bad).await.status(), 303, "{demand} {bad}");
        assert_eq!(client.unmet().as_deref(), Some(demand));
    }
}

#[tokio::test]
async fn a_nonce_is_never_good_twice() {
    let client = Demanding::start(json!({"authorize": {"nonce": true}})).await;
    let page = format!("/authorize?{}", asked().with("nonce", "n").urlencoded());
    let ask = async || client.request(Method::GET, &page).send().await.unwrap().status();
    assert_eq!(ask().await, 200);
    assert_eq!(ask().await, 303);
    assert_eq!(client.unmet().as_deref(), Some("authorize.nonce"));
    assert!(parameter(&client.allow(&["nonce=n"]).await, "code").is_some());
    assert!(parameter(&client.allow(&["nonce=n"]).await, "code").is_none());
    assert_eq!(client.unmet().as_deref(), Some("authorize.nonce"));
}

#[tokio::test]
async fn pkce_follows_the_client_to_the_token_endpoint() {
    let without: &[&str] = &["-code_challenge", "-code_challenge_method"];
    for (pkce, ask, redeem, refused) in [
        ("refused", without, &["-code_verifier"][..], &[][..]),
        ("optional", without, &["-code_verifier"], &[]),
        ("optional", &[], &[], &["code_verifier=wrong"]),
        (
            "plain",
            &["code_challenge_method=plain", "code_challenge=clear"],
            &["code_verifier=clear"],
            &[],
        ),
        ("required", &[], &[], &["-code_verifier"]),
    ] {
        let client = Demanding::start(json!({"pkce": pkce})).await;
        for (rules, good) in [(redeem, true), (refused, false)] {
            let form = exchange(&client.code(ask).await).changed(rules);
            let status = client.post_form("/token", &form).await.status();
            assert_eq!(status == 200, good, "{pkce} {rules:?}");
        }
    }
    assert_eq!(VERIFIER.len(), 43);
}

#[tokio::test]
async fn the_callback_has_other_names_more_values_and_a_signature() {
    let quirks = json!({"code_parameter": "spapi_oauth_code", "callback_parameters": {"realmId": "9 1"}, "callback_hmac": true});
    let client = Demanding::start(json!({"authorize": quirks})).await;
    let back = client.allow(&[]).await;
    assert!(parameter(&back, "spapi_oauth_code").is_some() && parameter(&back, "code").is_none());
    assert_eq!(parameter(&back, "realmId").as_deref(), Some("9 1"));

    let given = parameter(&back, "hmac").unwrap();
    let mut others: Vec<String> = back
        .query_pairs()
        .filter(|(name, _)| name != "hmac")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    others.sort();
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, others.join("&").as_bytes());
    let expected: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(given, expected);
}

#[tokio::test]
async fn a_redirect_value_is_repeated_at_the_token_endpoint() {
    let client = Demanding::start(json!({"authorize": {"redirect_value": "Acme-RuName"}})).await;
    let ask: &[&str] = &["redirect_uri=Acme-RuName"];
    let good = exchange(&client.code(ask).await).changed(ask);
    assert_eq!(client.post_form("/token", &good).await.status(), 200);
    let plain = exchange(&client.code(ask).await);
    assert_eq!(client.post_form("/token", &plain).await.status(), 400);
}

#[tokio::test]
async fn the_fragment_page_may_run_its_own_script_and_nothing_else() {
    let client = Demanding::start(json!({})).await;
    let response = client.request(Method::GET, "/spa").send().await.unwrap();
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("; script-src 'sha256-"),
        "{policy}"
    );
    let page = response.text().await.unwrap();
    assert!(page.contains("<script>") && page.contains("via=spa"), "{page}");
}

#[tokio::test]
async fn a_second_list_is_granted_with_the_first() {
    let client = Demanding::start(json!({"authorize": {"second_scope_parameter": "user_scope"}})).await;
    let code = client.code(&["scope=a:read", "user_scope=b/write"]).await;
    let response = client.post_form("/token", &exchange(&code)).await;
    let (_, tokens) = super::status_and_body(response).await;
    assert_eq!(tokens["scope"], "a:read b/write");
}
