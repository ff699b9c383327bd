//! A credential goes to the service's allowed hosts and nowhere else, whatever the address is built from.

use std::cell::Cell;

use domain::allowed_host::AllowedHost;
use engine::egress::{EgressPolicy, Origin, Refusal, join};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use url::Url;

/// A property each; together a million addresses.
const CASES: u32 = 500_000;

const BASES: [&str; 5] = [
    "https://api.example.com",
    "https://api.example.com/v2",
    "https://api.example.com/v2/",
    "https://a.wild.example.com/x?y=1",
    "https://api.example.com:8443/v2#f",
];

const HOSTILE: [&str; 40] = [
    "//evil.example",
    "\\\\evil.example",
    "\\evil.example",
    "/\\evil.example",
    "@evil.example",
    ":x@evil.example",
    "/..//",
    "/../",
    "..",
    "%2e%2e/",
    "%2f%2f",
    "%5c",
    "%40evil.example",
    ".evil.example",
    "evil.example",
    ":80",
    ":@",
    ":443@evil.example",
    "https://evil.example",
    "http:evil.example",
    "\t",
    "\n",
    "\r\n",
    "\0",
    " ",
    "\u{3002}evil.example",
    "\u{ff0e}evil.example",
    "\u{ff61}evil.example",
    "\u{ff0f}\u{ff0f}evil.example",
    "\u{ff20}evil.example",
    "\u{200b}",
    "\u{ad}",
    "#",
    "?",
    ";",
    "[::1]",
    "127.0.0.1",
    "\u{2024}",
    "/",
    "%00",
];

fn allowed() -> Vec<AllowedHost> {
    ["api.example.com", "*.wild.example.com", "api.example.com:8443"]
        .map(|host| host.parse().unwrap())
        .to_vec()
}

fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => prop::sample::select(&HOSTILE[..]).prop_map(str::to_owned),
        2 => "[a-z0-9/._-]{0,8}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn base_path_query() -> impl Strategy<Value = (&'static str, String, String)> {
    (prop::sample::select(&BASES[..]), hostile_text(), hostile_text())
}

/// Where the request would go, read by another parser than the one that decided: the one that the HTTP client
/// uses for the wire.
fn wire_authority(url: &Url) -> (String, String) {
    let mut plain = url.clone();
    plain.set_fragment(None);
    let uri: http::Uri = plain.as_str().parse().unwrap();
    (
        uri.scheme_str().unwrap().to_owned(),
        uri.authority().unwrap().to_string(),
    )
}

fn is_allowed_authority(authority: &str) -> bool {
    authority == "api.example.com"
        || authority == "api.example.com:8443"
        || (authority.ends_with(".wild.example.com") && !authority.contains(['@', ':', '/', '\\']))
}

#[test]
fn an_address_of_hostile_parts_is_refused_or_leads_to_an_allowed_host() {
    let (policy, hosts) = (EgressPolicy::default(), allowed());
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(ProptestConfig {
        cases: CASES,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&base_path_query(), |(base, path, query)| {
        match Url::parse(&format!("{base}{path}?{query}")) {
            Ok(url) if policy.credential_may_travel(&url, &hosts).is_ok() => {
                let (scheme, authority) = wire_authority(&url);
                prop_assert_eq!(scheme, "https");
                prop_assert!(is_allowed_authority(&authority), "{}", authority);
                accepted.set(accepted.get() + 1);
            }
            _ => refused.set(refused.get() + 1),
        }
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
    // Neither side may be empty, or the property holds for nothing.
    assert!(
        accepted.get() > CASES / 20 && refused.get() > CASES / 20,
        "{accepted:?} {refused:?}"
    );
}

#[test]
fn a_joined_path_stays_with_its_base() {
    let (policy, hosts) = (EgressPolicy::default(), allowed());
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    let mut runner = TestRunner::new(ProptestConfig {
        cases: CASES,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&base_path_query(), |(base, path, query)| {
        let base = Url::parse(base).unwrap();
        match join(&base, &format!("{path}?{query}")) {
            Ok(url) => {
                prop_assert_eq!(Origin::of(&url), Origin::of(&base));
                prop_assert_eq!(wire_authority(&url), wire_authority(&base));
                prop_assert!(url.path().starts_with(base.path()), "{}", url.path());
                prop_assert_eq!(policy.credential_may_travel(&url, &hosts), Ok(()));
                accepted.set(accepted.get() + 1);
            }
            Err(refusal) => {
                prop_assert!(matches!(refusal, Refusal::PathCharacter | Refusal::LeavesBase(_)));
                refused.set(refused.get() + 1);
            }
        }
        Ok(())
    });
    assert_eq!(outcome, Ok(()));
    assert!(
        accepted.get() > CASES / 20 && refused.get() > CASES / 20,
        "{accepted:?} {refused:?}"
    );
}

#[test]
fn default_is_to_stay() {
    let policy: EgressPolicy = "http://127.0.0.1:4000".parse().unwrap();
    let hosts: Vec<AllowedHost> = ["api.example.com", "127.0.0.1:4000", "10.0.0.1"]
        .map(|host| host.parse().unwrap())
        .to_vec();
    let travels =
        |text: &str, hosts: &[AllowedHost]| policy.credential_may_travel(&Url::parse(text).unwrap(), hosts);
    assert_eq!(travels("https://api.example.com/v2", &hosts), Ok(()));
    assert_eq!(travels("http://127.0.0.1:4000/v2", &hosts), Ok(()));
    assert!(matches!(
        travels("https://api.example.com/v2", &[]),
        Err(Refusal::HostNotAllowed(_))
    ));
    assert!(matches!(
        travels("https://evil.example/v2", &hosts),
        Err(Refusal::HostNotAllowed(_))
    ));
    // Being on the list is not enough: http, private addresses and user names stay with the operator.
    assert!(matches!(
        travels("http://api.example.com/v2", &hosts),
        Err(Refusal::PlainHttp(_))
    ));
    assert!(matches!(
        travels("https://10.0.0.1/v2", &hosts),
        Err(Refusal::Address { .. })
    ));
    assert!(matches!(
        travels("https://me@api.example.com/v2", &hosts),
        Err(Refusal::Userinfo(_))
    ));
    // Nor is the operator's exception: the service has to list the host too.
    assert!(matches!(
        travels("http://127.0.0.1:4000/", &hosts[..1]),
        Err(Refusal::HostNotAllowed(_))
    ));
}
