use super::*;

fn definition(options: &str) -> Definition {
    serde_json::from_str(&format!(
        r#"{{"authentication": {{"type": "oauth2", "client_id": "id with space", "authorize_url": "https://a.example/a",
            "access_token_url": "https://a.example/t", "options": {options}}}}}"#
    ))
    .unwrap()
}
fn sent(options: &str, verb: Verb) -> Outbound {
    let (definition, secret) = (definition(options), Secret::text("s+c:r%t".into()));
    let oauth2 = definition.oauth2().unwrap();
    let redirect = Url::parse("https://c.example/oauth/callback/x").unwrap();
    let known = Known::default().with("dc", "eu");
    let client = Client::new(&definition, oauth2, Some(&secret), &known, redirect, &[]);
    let url = oauth2.access_token_url.plain().unwrap().clone();
    let grant = [("grant_type", "refresh_token"), ("scope", "")];
    client
        .request(url, verb, &grant, &oauth2.options.token.parameters)
        .unwrap()
}
fn body(outbound: &Outbound) -> String {
    String::from_utf8(outbound.body.clone().unwrap_or_default().to_vec()).unwrap()
}
fn authorization(outbound: &Outbound) -> Option<&str> {
    outbound
        .headers
        .get(header::AUTHORIZATION)
        .map(|value| value.to_str().unwrap())
}

#[test]
fn every_way_of_client_authentication() {
    let both = format!("Basic {}", STANDARD.encode("id+with+space:s%2Bc%3Ar%25t"));
    let alone = format!("Basic {}", STANDARD.encode("s+c:r%t:"));
    let in_body = "grant_type=refresh_token&client_id=id+with+space&client_secret=s%2Bc%3Ar%25t";
    for (way, header, expected) in [
        ("post", None, in_body),
        ("basic", Some(both.as_str()), "grant_type=refresh_token"),
        ("both", Some(both.as_str()), in_body),
        ("basic_secret", Some(alone.as_str()), "grant_type=refresh_token"),
        ("none", None, "grant_type=refresh_token&client_id=id+with+space"),
    ] {
        let outbound = sent(&format!(r#"{{"client_authentication": "{way}"}}"#), Verb::Post);
        assert_eq!(
            (authorization(&outbound), body(&outbound).as_str()),
            (header, expected),
            "{way}"
        );
        assert!(
            !format!("{:?}", outbound.headers).contains("Basic"),
            "not printed"
        );
    }
}

#[test]
fn parameters_as_the_provider_wants_them() {
    let named = sent(
        r#"{"parameter_names": {"client_id": "client_key", "grant_type": ""},
            "token": {"parameters": {"region": "{dc}", "x": "1"}, "headers": {"X-Dc": "{dc}"}}, "audience": "urn:{dc}"}"#,
        Verb::Post,
    );
    assert_eq!(
        body(&named),
        "audience=urn%3Aeu&client_key=id+with+space&client_secret=s%2Bc%3Ar%25t&region=eu&x=1"
    );
    assert_eq!(named.headers["x-dc"], "eu");
    let json = sent(r#"{"token": {"body": "json"}}"#, Verb::Put);
    assert_eq!(
        body(&json),
        r#"{"client_id":"id with space","client_secret":"s+c:r%t","grant_type":"refresh_token"}"#
    );
    assert_eq!(
        (json.method.as_str(), &json.headers[header::CONTENT_TYPE]),
        ("PUT", &HeaderValue::from_static("application/json"))
    );
    let get = sent(r#"{"client_authentication": "none"}"#, Verb::Get);
    assert_eq!(
        get.url.as_str(),
        "https://a.example/t?grant_type=refresh_token&client_id=id+with+space"
    );
    assert!(get.body.is_none());
}

#[test]
fn a_host_that_the_provider_names_must_be_allowed() {
    let definition: Definition = serde_json::from_str(
        r#"{"authentication": {"type": "oauth2", "client_id": "c", "authorize_url": "https://a.example/a",
            "access_token_url": "{home}/t", "options": {"authorize": {"keep": {"home": "accounts-server"}}}},
            "allowed_hosts": ["*.zoho.eu"]}"#,
    )
    .unwrap();
    let oauth2 = definition.oauth2().unwrap();
    let url = |home: &str| {
        let known = Known::default().with("home", home);
        let client = Client::new(
            &definition,
            oauth2,
            None,
            &known,
            Url::parse("https://c.example/").unwrap(),
            &[],
        );
        client
            .url("access token URL", &oauth2.access_token_url)
            .map(|url| url.to_string())
    };
    assert_eq!(
        url("https://accounts.zoho.eu").unwrap(),
        "https://accounts.zoho.eu/t"
    );
    for hostile in [
        "https://evil.example",
        "https://zoho.eu.evil.example",
        "http://127.0.0.1",
        "https://zoho.eu",
    ] {
        assert!(url(hostile).is_err(), "{hostile}");
    }
}

#[test]
fn a_private_key_never_travels() {
    let definition: Definition = serde_json::from_str(
        r#"{"authentication": {"type": "oauth2", "client_id": "c", "grant_type": "jwt_bearer", "access_token_url": "https://a.example/t"}}"#,
    )
    .unwrap();
    let key = Secret::text("-----BEGIN PRIVATE KEY-----".into());
    let oauth2 = definition.oauth2().unwrap();
    let client = Client::new(
        &definition,
        oauth2,
        Some(&key),
        &Known::default(),
        Url::parse("https://c.example/").unwrap(),
        &[],
    );
    let url = oauth2.access_token_url.plain().unwrap().clone();
    let request = client
        .request(url, Verb::Post, &[("assertion", "x")], &Pairs::default())
        .unwrap();
    assert_eq!(
        (body(&request).as_str(), authorization(&request)),
        ("assertion=x", None)
    );
}

#[test]
fn a_missing_value_is_named() {
    let definition = definition(r#"{"token": {"parameters": {"account": "{account}"}}}"#);
    let oauth2 = definition.oauth2().unwrap();
    let redirect = Url::parse("https://c.example/").unwrap();
    let client = Client::new(&definition, oauth2, None, &Known::default(), redirect, &[]);
    let url = oauth2.access_token_url.plain().unwrap().clone();
    let wrong = client
        .request(url, Verb::Post, &[], &oauth2.options.token.parameters)
        .unwrap_err();
    assert!(wrong.to_string().contains("account"), "{wrong}");
}

#[test]
fn two_lists_of_scopes() {
    let definition = definition(r#"{"authorize": {"second_scope_parameter": "user_scope"}}"#);
    let oauth2 = definition.oauth2().unwrap();
    let scopes: Vec<ScopeName> = ["chat:write", "user_scope=search:read"]
        .iter()
        .map(|s| s.parse().unwrap())
        .collect();
    assert_eq!(first_list(oauth2, &scopes), vec!["chat:write".parse().unwrap()]);
    assert_eq!(second_list(oauth2, &scopes), vec!["search:read".parse().unwrap()]);
}

#[test]
fn what_was_granted_of_two_lists() {
    let names = |text: &str| -> Vec<ScopeName> { text.split(' ').filter_map(|s| s.parse().ok()).collect() };
    let asked = names("chat:write files:read user_scope=search:read user_scope=stars:read");
    let granted = |options: &str, told: &str| {
        let definition = definition(options);
        let redirect = Url::parse("https://c.example/").unwrap();
        let oauth2 = definition.oauth2().unwrap();
        Client::new(&definition, oauth2, None, &Known::default(), redirect, &asked).granted(names(told))
    };
    let slack = r#"{"authorize": {"second_scope_parameter": "user_scope"}}"#;
    for (told, expected) in [
        (
            "chat:write",
            "chat:write user_scope=search:read user_scope=stars:read",
        ),
        ("search:read", "chat:write files:read user_scope=search:read"),
        (
            "chat:write search:read incoming-webhook",
            "chat:write user_scope=search:read incoming-webhook",
        ),
    ] {
        assert_eq!(granted(slack, told), names(expected), "{told}");
    }
    assert_eq!(granted("{}", "chat:write x"), names("chat:write x"), "one list");
}

/// What follows a token request has what is left of its deadline, and never one of its own.
#[test]
fn a_round_of_requests_has_one_deadline() {
    let ago = |seconds| left(Instant::now() - Duration::from_secs(seconds));
    assert!(ago(0) <= DEADLINE && ago(0) > DEADLINE - Duration::from_secs(1));
    assert!(ago(10) <= Duration::from_secs(5), "{:?}", ago(10));
    assert_eq!(ago(20), Duration::ZERO);
}
