use super::*;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

fn answer(status: u16, kind: &str, body: &[u8]) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        body: Bytes::copy_from_slice(body),
        remote: None,
    }
}
const NOW: OffsetDateTime = time::macros::datetime!(2026-11-25 12:00 UTC);

fn plain(delimiter: &str) -> OAuth2 {
    with(&format!(r#", "scope_delimiter": "{delimiter}""#))
}
fn with(more: &str) -> OAuth2 {
    serde_json::from_str(&format!(
        r#"{{"client_id": "c", "authorize_url": "https://a.example/a", "access_token_url": "https://a.example/t"{more}}}"#
    ))
    .unwrap()
}
fn json(status: u16, body: &str) -> Verdict {
    let answer = answer(status, "application/json", body.as_bytes());
    judge(Ok(&answer), &plain("space"), &[], NOW)
}
fn mapped(options: &str, body: &str) -> Verdict {
    let answer = answer(200, "application/json", body.as_bytes());
    judge(
        Ok(&answer),
        &with(&format!(r#", "options": {{"answer": {options}}}"#)),
        &[],
        NOW,
    )
}
fn name(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Success(_) => "success",
        Verdict::GrantRefused(_) => "grant",
        Verdict::ClientRefused(_) => "client",
        Verdict::Throttled(..) => "throttled",
        Verdict::Unavailable(_) => "unavailable",
        Verdict::Uncertain(_) => "uncertain",
        Verdict::AddressRefused(_) => "address",
    }
}

#[test]
fn table_of_answers() {
    for (status, body, expected) in [
        (
            200,
            r#"{"access_token":"a","token_type":"Bearer","expires_in":3600}"#,
            "success",
        ),
        (200, r#"{"access_token":"a"}"#, "success"),
        (201, r#"{"access_token":"a","unknown":{"x":[1]}}"#, "success"),
        (200, "\u{feff}{\"access_token\":\"a\"}", "success"),
        (400, r#"{"error":"invalid_grant"}"#, "grant"),
        (401, r#"{"error":"invalid_grant"}"#, "grant"),
        (200, r#"{"ok":false,"error":"invalid_refresh_token"}"#, "grant"),
        (200, r#"{"error":"bad_refresh_token"}"#, "grant"),
        (200, r#"{"error":"invalid_code"}"#, "grant"),
        (401, r#"{"error":"invalid_client"}"#, "client"),
        (400, r#"{"error":"unauthorized_client"}"#, "client"),
        (400, r#"{"error":"invalid_scope"}"#, "client"),
        (200, r#"{"error":"invalid_client_secret"}"#, "client"),
        (
            400,
            r#"{"error":"Access Denied","status":"failure"}"#,
            "throttled",
        ),
        (429, r#"{"error":"rate"}"#, "throttled"),
        (429, "slow", "throttled"),
        (503, r#"{"error":"temporarily_unavailable"}"#, "unavailable"),
        (500, "oops", "unavailable"),
        (502, "<html>", "unavailable"),
        (408, "", "unavailable"),
        (404, "not here", "unavailable"),
        (302, "", "unavailable"),
        (307, "", "unavailable"),
        (401, "", "client"),
        (200, "<html>", "uncertain"),
        (200, "", "uncertain"),
        (204, "", "uncertain"),
        (200, r#"{"access_token":"a"#, "uncertain"),
        (200, r#"{"access_token":""}"#, "uncertain"),
        (200, r#"{"access_token":7}"#, "uncertain"),
        (200, "{\"access_token\":\"a\\u0000b\"}", "uncertain"),
        (200, "{\"access_token\":\"a\\r\\nX: y\"}", "uncertain"),
        (
            200,
            r#"{"access_token":"a","refresh_token":{"x":1}}"#,
            "uncertain",
        ),
        (200, r#"["access_token"]"#, "uncertain"),
    ] {
        assert_eq!(name(&json(status, body)), expected, "{status} {body}");
    }
}

#[test]
fn lives_in_every_spelling() {
    for (text, expected) in [
        ("3600", Some(3600.0)),
        ("\"3600\"", Some(3600.0)),
        ("3.6e3", Some(3600.0)),
        ("0", None),
        ("-1", None),
        ("1e18", None),
        ("null", None),
        ("\"soon\"", None),
        ("[]", None),
    ] {
        let Verdict::Success(tokens) = json(200, &format!(r#"{{"access_token":"a","expires_in":{text}}}"#))
        else {
            panic!("{text}")
        };
        assert_eq!(tokens.expires_in, expected, "{text}");
    }
}

#[test]
fn answers_of_another_shape_are_read_by_the_services_rules() {
    let tokens = |options: &str, body: &str| match mapped(options, body) {
        Verdict::Success(tokens) => tokens,
        other => panic!("{options} {body}: {other:?}"),
    };
    let nested = tokens(
        r#"{"access_token": "data.token", "refresh_token": "data.renew", "scope": "data.scopes", "keep": {"base": "data.url"}}"#,
        r#"{"data": {"token": "t", "renew": "r", "scopes": ["a", "b"], "url": "https://x.example"}}"#,
    );
    assert_eq!(
        (
            nested.access.as_text(),
            nested.refresh.and_then(|r| r.as_text().map(str::to_owned))
        ),
        (Some("t"), Some("r".into()))
    );
    assert_eq!(
        (nested.scopes.map(|s| s.len()), nested.kept["base"].as_str()),
        (Some(2), "https://x.example")
    );
    for (options, body, life) in [
        (
            r#"{"expires_unit": "milliseconds"}"#,
            r#"{"access_token": "t", "expires_in": 60000}"#,
            Some(60.0),
        ),
        (
            r#"{"expires_unit": "minutes"}"#,
            r#"{"access_token": "t", "expires_in": "2"}"#,
            Some(120.0),
        ),
        (
            r#"{"expires_at": "end"}"#,
            r#"{"access_token": "t", "end": "2026-11-25T12:01:00Z"}"#,
            Some(60.0),
        ),
        (
            r#"{"expires_at": "end"}"#,
            r#"{"access_token": "t", "end": 1795608060}"#,
            Some(60.0),
        ),
        (
            r#"{"expires_at": "end"}"#,
            r#"{"access_token": "t", "end": "1795608060000"}"#,
            Some(60.0),
        ),
        (r#"{"lifetime": 7}"#, r#"{"access_token": "t"}"#, Some(7.0)),
        (
            r#"{"lifetime": 7}"#,
            r#"{"access_token": "t", "expires_in": 9}"#,
            Some(9.0),
        ),
        (
            r#"{"expires_at": "end"}"#,
            r#"{"access_token": "t", "end": "soon"}"#,
            None,
        ),
    ] {
        assert_eq!(tokens(options, body).expires_in, life, "{options} {body}");
    }
}

#[test]
fn success_and_errors_as_the_provider_says_them() {
    let slack = r#"{"success": "ok=true"}"#;
    assert_eq!(
        name(&mapped(slack, r#"{"ok": false, "error": "invalid_grant"}"#)),
        "grant"
    );
    assert_eq!(name(&mapped(slack, r#"{"ok": false}"#)), "client");
    assert_eq!(
        name(&mapped(slack, r#"{"ok": true, "access_token": "t"}"#)),
        "success"
    );
    let tiktok = r#"{"success": "code=0", "error": "code", "error_description": "message"}"#;
    let failed = mapped(tiktok, r#"{"code": 40001, "message": "no such advertiser"}"#);
    assert_eq!((name(&failed), failed.words()), ("client", "no such advertiser"));
    assert_eq!(
        name(&mapped(
            tiktok,
            r#"{"code": 0, "message": "OK", "access_token": "t"}"#
        )),
        "success"
    );
}

#[test]
fn a_token_is_not_lost_for_a_value_that_is_not_there() {
    let keep = r#"{"keep": {"base": "instance_url"}}"#;
    for body in [
        r#"{"access_token": "t"}"#,
        r#"{"access_token": "t", "instance_url": "a\nb"}"#,
    ] {
        let Verdict::Success(tokens) = mapped(keep, body) else {
            panic!("{body}")
        };
        assert!(tokens.kept.is_empty(), "{body}");
    }
}

#[test]
fn a_refresh_token_is_kept_where_it_is_used() {
    for (by, kept) in [("refresh_token", true), ("access_token", true), ("never", false)] {
        let oauth2 = with(&format!(r#", "options": {{"refresh": {{"by": "{by}"}}}}"#));
        let body = br#"{"access_token": "t", "refresh_token": "r"}"#;
        let verdict = judge(Ok(&answer(200, "application/json", body)), &oauth2, &[], NOW);
        let Verdict::Success(tokens) = verdict else {
            panic!("{by}")
        };
        assert_eq!(tokens.refresh.is_some(), kept, "{by}");
    }
}

#[test]
fn a_token_may_stand_in_a_header() {
    let mut answer = answer(200, "application/json", b"{}");
    answer.headers.insert("b1session", HeaderValue::from_static("t"));
    let oauth2 = with(r#", "options": {"answer": {"access_token": "header:B1SESSION"}}"#);
    assert_eq!(name(&judge(Ok(&answer), &oauth2, &[], NOW)), "success");
}

#[test]
fn form_encoded_answers_are_read() {
    let verdict = judge(
        Ok(&answer(
            200,
            "application/x-www-form-urlencoded; charset=utf-8",
            b"access_token=a%2Bb&expires_in=60&scope=x,y",
        )),
        &plain("comma"),
        &[],
        NOW,
    );
    let Verdict::Success(tokens) = verdict else {
        panic!("{verdict:?}")
    };
    assert_eq!(tokens.access.as_text(), Some("a+b"));
    assert_eq!(tokens.expires_in, Some(60.0));
    assert_eq!(tokens.scopes.map(|s| s.len()), Some(2));
}

#[test]
fn the_provider_words_are_bounded_and_clean() {
    let long = format!(
        r#"{{"error":"invalid_grant","error_description":"<script>{}\u0007"}}"#,
        "x".repeat(5000)
    );
    let verdict = json(400, &long);
    assert!(verdict.words().chars().count() <= WORDS + 1);
    assert!(
        verdict.words().starts_with("<script>"),
        "escaping is the page's work"
    );
    assert!(!format!("{:?}", json(200, r#"{"access_token":"t0psecret"}"#)).contains("t0psecret"));
}

#[test]
fn a_secret_that_the_provider_repeats_is_masked() {
    let (token, client) = (Secret::text("1//0abc+def".into()), Secret::text("s3cret".into()));
    let body = br#"{"error":"invalid_grant","error_description":"unknown 1//0abc+def (1%2F%2F0abc%2Bdef) for s3cret"}"#;
    let verdict = judge(
        Ok(&answer(400, "application/json", body)),
        &plain("space"),
        &[&token, &client],
        NOW,
    );
    assert_eq!(verdict.words(), "unknown … (…) for …");
}

#[test]
fn an_empty_error_is_none() {
    assert_eq!(name(&json(200, r#"{"error":"","access_token":"a"}"#)), "success");
}

/// What is kept is no secret: it stands on pages and in answers of the API.
#[test]
fn a_token_is_not_kept_as_a_value() {
    let body = r#"{"access_token": "access-1", "refresh_token": "refresh-1", "x": "see refresh-1", "y": "access-1", "z": "1"}"#;
    let paths = r#"{"keep": {"r": "refresh_token", "x": "x", "y": "y", "z": "z"}}"#;
    let Verdict::Success(tokens) = mapped(paths, body) else {
        panic!("the tokens themselves are good")
    };
    let kept: Vec<&str> = tokens.kept.keys().map(String::as_str).collect();
    assert_eq!(kept, ["z"]);
}

proptest! {
    #[test]
    fn no_body_makes_it_panic(status in 100u16..600, kind in "[ -~]{0,40}", body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let verdict = judge(Ok(&answer(status, &kind, &body)), &plain("plus"), &[], NOW);
        prop_assert!(!name(&verdict).is_empty());
    }
}
