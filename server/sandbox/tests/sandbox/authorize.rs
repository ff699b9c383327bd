//! The authorize endpoint: what is refused, what is shown, what comes back.

use reqwest::header::CONTENT_SECURITY_POLICY;
use sandbox::{Fault, IssFault, Switch};

use crate::support::{Provider, STATE, authorization, parameter, target, urlencoded};

fn changed<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form = authorization("profile");
    form.retain(|(known, _)| *known != name);
    form.push((name, value));
    form
}

async fn ask(provider: &Provider, form: &[(&str, &str)]) -> reqwest::Response {
    provider
        .get(&format!("/authorize?{}", urlencoded(form)), None)
        .await
}

#[tokio::test]
async fn the_page_asks_plainly_and_may_lead_to_the_client_only() {
    let provider = Provider::start().await;
    let response = ask(&provider, &changed("state", "\"><script>")).await;
    assert_eq!(response.status(), 200);
    let policy = response.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert!(
        policy.contains("form-action 'self' http://localhost:3000;"),
        "{policy}"
    );
    let page = response.text().await.unwrap();
    for part in [
        "<title>Sandbox provider</title>",
        "Sign in as",
        "ada@example.com",
        "grace@example.com",
        "Read your profile",
        "value=\"allow\">Allow</button>",
        "value=\"deny\">Deny</button>",
        "value=\"&quot;&gt;&lt;script&gt;\"",
    ] {
        assert!(page.contains(part), "{part} is missing in {page}");
    }
    assert!(
        !page.contains("Read reports") && !page.contains("<script"),
        "{page}"
    );
}

#[tokio::test]
async fn without_a_trusted_address_nothing_is_redirected() {
    let provider = Provider::start().await;
    for form in [
        changed("client_id", "nobody"),
        changed("redirect_uri", "http://localhost:3001/oauth/callback/svc_1"),
        changed("redirect_uri", "http://localhost:3000/elsewhere"),
        changed("redirect_uri", ""),
        [
            authorization("profile"),
            vec![("redirect_uri", "http://localhost:3000/oauth/callback/x")],
        ]
        .concat(),
    ] {
        assert_eq!(ask(&provider, &form).await.status(), 400, "{form:?}");
        assert_eq!(provider.post("/authorize", &form).await.status(), 400, "{form:?}");
    }
}

#[tokio::test]
async fn other_errors_go_back_to_the_client() {
    let provider = Provider::start().await;
    for (form, error) in [
        (changed("response_type", "token"), "unsupported_response_type"),
        (changed("response_type", ""), "invalid_request"),
        (changed("scope", "profile everything"), "invalid_scope"),
        (changed("code_challenge_method", "plain"), "invalid_request"),
        (changed("code_challenge", "short"), "invalid_request"),
        (
            [authorization("profile"), vec![("scope", "profile")]].concat(),
            "invalid_request",
        ),
    ] {
        let back = target(&ask(&provider, &form).await);
        assert_eq!(parameter(&back, "error").as_deref(), Some(error), "{form:?}");
        assert_eq!(parameter(&back, "state").as_deref(), Some(STATE));
        assert_eq!(parameter(&back, "iss"), Some(provider.issuer.clone()));
        assert_eq!(parameter(&back, "code"), None);
    }
}

#[tokio::test]
async fn a_person_may_deny_and_may_grant_less_but_not_more() {
    let provider = Provider::start().await;
    let denied = target(
        &provider
            .post(
                "/authorize",
                &[authorization("profile"), vec![("decision", "deny")]].concat(),
            )
            .await,
    );
    assert_eq!(parameter(&denied, "error").as_deref(), Some("access_denied"));
    assert_eq!(parameter(&denied, "state").as_deref(), Some(STATE));
    assert!(parameter(&denied, "error_description").is_some() && parameter(&denied, "code").is_none());

    let decision = [("decision", "allow"), ("account", "grace@example.com")];
    let nothing_ticked = [authorization("profile"), decision.to_vec()].concat();
    assert_eq!(provider.post("/authorize", &nothing_ticked).await.status(), 422);

    let more = vec![("grant", "profile"), ("grant", "reports.write")];
    let ticked_more = [authorization("profile reports.read"), decision.to_vec(), more].concat();
    let back = target(&provider.post("/authorize", &ticked_more).await);
    let (_, tokens) = provider
        .exchange(&parameter(&back, "code").unwrap(), crate::support::VERIFIER)
        .await;
    assert_eq!(tokens["scope"], "profile");
    assert_eq!(
        provider.me(tokens["access_token"].as_str().unwrap()).await.1["email"],
        "grace@example.com"
    );
}

#[tokio::test]
async fn another_site_cannot_press_the_button() {
    let provider = Provider::start().await;
    let form = [authorization("profile"), vec![("decision", "deny")]].concat();
    let request = provider
        .http
        .post(format!("{}/authorize", provider.issuer))
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        request.body(urlencoded(&form)).send().await.unwrap().status(),
        403
    );
}

#[tokio::test]
async fn switches_spoil_state_iss_and_description() {
    let provider = Provider::start().await;
    provider.sandbox.set(Switch::times(Fault::OmitState, 1));
    assert_eq!(parameter(&provider.allow(&["profile"]).await, "state"), None);
    assert_eq!(
        parameter(&provider.allow(&["profile"]).await, "state").as_deref(),
        Some(STATE)
    );

    for (fault, iss) in [
        (IssFault::Drop, None),
        (IssFault::TrailingSlash, Some(format!("{}/", provider.issuer))),
        (IssFault::Other, Some("https://other.example.com".to_owned())),
    ] {
        provider.sandbox.set(Fault::Iss(fault));
        assert_eq!(parameter(&provider.allow(&["profile"]).await, "iss"), iss);
    }
    provider.sandbox.set_all(vec![Fault::HostileDescription.into()]);
    let back = provider.allow(&["profile"]).await;
    let description = parameter(&back, "error_description").unwrap();
    assert!(
        description.starts_with("<script>") && description.len() > 3_000,
        "{description}"
    );
    assert_eq!(parameter(&back, "code"), None);
}
