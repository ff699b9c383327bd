//! The code flow, client authentication, protected resources, revocation, metadata.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use sandbox::Endpoint;
use serde_json::json;

use crate::support::{
    Provider, REDIRECT_URI, STATE, VERIFIER, answer, authorization, client, exchange, parameter, refresh,
    text, urlencoded,
};

#[tokio::test]
async fn a_code_becomes_tokens_that_say_who_calls() {
    let provider = Provider::start().await;
    let back = provider.allow(&["profile", "reports.read"]).await;
    assert!(back.as_str().starts_with(REDIRECT_URI), "{back}");
    assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
    assert_eq!(parameter(&back, "iss"), Some(provider.issuer.clone()));
    assert_eq!(parameter(&back, "error"), None);

    let response = provider
        .post("/token", &exchange(&parameter(&back, "code").unwrap(), VERIFIER))
        .await;
    assert_eq!(response.headers()[CACHE_CONTROL], "no-store");
    let (status, tokens) = answer(response).await;
    assert_eq!(status, 200);
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 300);
    assert_eq!(tokens["scope"], "profile reports.read");

    let (status, me) = provider.me(text(&tokens, "access_token")).await;
    assert_eq!(status, 200);
    let expected = json!({"email": "ada@example.com", "name": "Ada Lovelace", "account": "ada",
        "scopes": ["profile", "reports.read"], "token_generation": 1});
    assert_eq!(me, expected);
}

#[tokio::test]
async fn a_wrong_verifier_spends_the_code() {
    let provider = Provider::start().await;
    let code = provider.code().await;
    let (status, error) = provider.exchange(&code, &"x".repeat(43)).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_grant"));
    let (status, error) = provider.exchange(&code, VERIFIER).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_grant"));
}

#[tokio::test]
async fn a_code_needs_its_own_redirect_uri_and_its_time() {
    let provider = Provider::start_with(|settings| settings.code_lifetime = Duration::ZERO).await;
    let code = provider.code().await;
    assert_eq!(provider.exchange(&code, VERIFIER).await.0, 400);

    let provider = Provider::start().await;
    let code = provider.code().await;
    let mut form = exchange(&code, VERIFIER);
    form.retain(|(name, _)| *name != "redirect_uri");
    form.push(("redirect_uri", "http://localhost:3000/oauth/callback/svc_1"));
    let (status, error) = answer(provider.post("/token", &form).await).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_grant"));
}

#[tokio::test]
async fn a_replayed_code_revokes_what_it_led_to() {
    let provider = Provider::start().await;
    let code = provider.code().await;
    let (_, tokens) = provider.exchange(&code, VERIFIER).await;
    assert_eq!(provider.me(text(&tokens, "access_token")).await.0, 200);

    let (status, error) = provider.exchange(&code, VERIFIER).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_grant"));
    assert_eq!(provider.me(text(&tokens, "access_token")).await.0, 401);
    let (status, error) = provider.refresh(text(&tokens, "refresh_token")).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_grant"));
}

#[tokio::test]
async fn the_client_authenticates_in_one_way() {
    let provider = Provider::start().await;
    let tokens = provider.connect().await;
    let send = async |credentials: &str, form: &[(&str, &str)]| {
        let request = provider.http.post(format!("{}/token", provider.issuer));
        let basic = format!("Basic {}", STANDARD.encode(credentials));
        let request = request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(AUTHORIZATION, basic);
        request.body(urlencoded(form)).send().await.unwrap()
    };
    let form = refresh(text(&tokens, "refresh_token"));
    let bare: Vec<_> = form
        .iter()
        .copied()
        .filter(|(name, _)| !name.starts_with("client_"))
        .collect();

    let (status, error) = answer(send("sandbox:sandbox-secret", &form).await).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (400, "invalid_request"));

    let refused = send("sandbox:wrong", &bare).await;
    assert!(
        refused.headers()[WWW_AUTHENTICATE]
            .to_str()
            .unwrap()
            .starts_with("Basic ")
    );
    let (status, error) = answer(refused).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (401, "invalid_client"));

    let (status, error) = answer(provider.post("/token", &bare).await).await;
    assert_eq!((status.as_u16(), text(&error, "error")), (401, "invalid_client"));

    // The secret is urlencoded inside of the header: %2D is its hyphen.
    assert_eq!(send("sandbox:sandbox%2Dsecret", &bare).await.status(), 200);
}

#[tokio::test]
async fn malformed_token_requests_are_named() {
    let provider = Provider::start().await;
    let mut doubled = refresh("x");
    doubled.push(("grant_type", "refresh_token"));
    let [id, secret] = client();
    for (form, expected) in [
        (doubled, "invalid_request"),
        (vec![id, secret], "invalid_request"),
        (
            vec![id, secret, ("grant_type", "password")],
            "unsupported_grant_type",
        ),
        (
            vec![id, secret, ("grant_type", "refresh_token")],
            "invalid_request",
        ),
        (refresh("unknown"), "invalid_grant"),
    ] {
        let (status, error) = answer(provider.post("/token", &form).await).await;
        assert_eq!(
            (status.as_u16(), text(&error, "error")),
            (400, expected),
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn a_protected_resource_challenges_and_tokens_expire() {
    let provider = Provider::start_with(|settings| settings.access_token_lifetime = Duration::ZERO).await;
    let bare = provider.get("/userinfo", None).await;
    assert_eq!(
        (bare.status().as_u16(), &bare.headers()[WWW_AUTHENTICATE]),
        (401, &"Bearer realm=\"sandbox\"".parse().unwrap())
    );

    let tokens = provider.connect().await;
    let expired = provider
        .get("/userinfo", Some(text(&tokens, "access_token")))
        .await;
    assert_eq!(expired.status(), 401);
    assert!(
        expired.headers()[WWW_AUTHENTICATE]
            .to_str()
            .unwrap()
            .contains("error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn revocation_ends_a_token_or_its_family() {
    let provider = Provider::start().await;
    let tokens = provider.connect().await;
    let (access, refresh_token) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    let revoke = async |token: &str| {
        let form = [&client()[..], &[("token", token)]].concat();
        provider.post("/revoke", &form).await.status().as_u16()
    };
    assert_eq!(revoke("nobody knows it").await, 200);
    assert_eq!(provider.me(access).await.0, 200);
    assert_eq!(revoke(access).await, 200);
    assert_eq!(provider.me(access).await.0, 401);

    let (status, next) = provider.refresh(refresh_token).await;
    assert_eq!(status, 200);
    assert_eq!(revoke(text(&next, "refresh_token")).await, 200);
    assert_eq!(provider.me(text(&next, "access_token")).await.0, 401);
    assert_eq!(provider.refresh(text(&next, "refresh_token")).await.0, 400);
    assert_eq!(provider.post("/revoke", &[("token", access)]).await.status(), 401);
    let outcomes: Vec<_> = provider
        .entries(Endpoint::Revoke)
        .into_iter()
        .filter_map(|entry| entry.outcome)
        .collect();
    assert_eq!(
        outcomes,
        ["unknown_token", "revoked", "revoked", "invalid_client"]
    );
}

#[tokio::test]
async fn metadata_leads_to_the_endpoints() {
    let provider = Provider::start().await;
    let (status, metadata) = answer(
        provider
            .get("/.well-known/oauth-authorization-server", None)
            .await,
    )
    .await;
    assert_eq!(status, 200);
    assert_eq!(metadata["issuer"], provider.issuer);
    assert_eq!(metadata["token_endpoint"], format!("{}/token", provider.issuer));
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    let first_scope = metadata["scopes_supported"][0].as_str().unwrap();
    let asked = format!("/authorize?{}", urlencoded(&authorization(first_scope)));
    assert_eq!(provider.get(&asked, None).await.status(), 200);
}

#[tokio::test]
async fn echo_masks_the_authorization() {
    let provider = Provider::start().await;
    let (status, echo) = answer(provider.get("/api/echo/a/b?x=1&y=%20", Some("very-secret")).await).await;
    assert_eq!(status, 200);
    assert_eq!(echo["method"], "GET");
    assert_eq!(
        (text(&echo, "path"), text(&echo, "query")),
        ("/api/echo/a/b", "x=1&y=%20")
    );
    assert!(
        echo["headers"]
            .as_array()
            .unwrap()
            .contains(&json!(["authorization", "Bearer ***"]))
    );
    assert!(!echo.to_string().contains("very-secret"));

    let (_, posted) = answer(provider.post("/api/echo", &[("a", "b c")]).await).await;
    assert_eq!(
        (text(&posted, "method"), text(&posted, "body")),
        ("POST", "a=b+c")
    );
}

#[tokio::test]
async fn the_front_page_says_what_this_is() {
    let provider = Provider::start().await;
    let page = provider.get("/", None).await.text().await.unwrap();
    assert!(
        page.contains("<title>Sandbox provider</title>") && page.contains("stand-in"),
        "{page}"
    );
}
