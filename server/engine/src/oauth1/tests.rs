//! Signatures that others have published, and what holds for all.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{rsa_key::tests::published_key, *};

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}
fn value<'a>(signed: &'a Signed, name: &str) -> &'a str {
    let mut found = signed.parameters().iter().filter(|(other, _)| other == name);
    let (_, value) = found.next().unwrap();
    assert!(found.next().is_none(), "{name} stands there once");
    value
}

/// The signature of section 1.2's client, which sends no `oauth_version`.
fn of_section_1_2(method: &str, url: &str, token: (&str, &str), further: &[(&str, &str)]) -> String {
    let url = Url::parse(url).unwrap();
    let request = Request {
        method,
        url: &url,
        form: &[],
    };
    let client = Client {
        key: "dpf43f3p2l4k3l03",
        secret: &Secret::text("kd94hf93k423kf44".into()),
    };
    let token = Token {
        token: token.0,
        secret: &Secret::text(token.1.into()),
    };
    let mut parameters = vec![
        ("oauth_consumer_key", client.key),
        ("oauth_token", token.token),
        ("oauth_signature_method", "HMAC-SHA1"),
    ];
    parameters.extend(further);
    let signed = finish(&request, &client, Some(token), Method::HmacSha1, &parameters).unwrap();
    value(&signed, "oauth_signature").to_owned()
}

/// That of the request for temporary credentials is left out: it does not follow from what the RFC shows.
#[test]
fn the_signatures_of_section_1_2() {
    let token = of_section_1_2(
        "POST",
        "https://photos.example.net/token",
        ("hh5s93j4hdidpola", "hdhd0244k9j7ao03"),
        &[
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "walatlh"),
            ("oauth_verifier", "hfdp7dh39dks9884"),
        ],
    );
    assert_eq!(token, "gKgrFCywp7rO0OXSjdot/IHF7IU=");
    let photos = of_section_1_2(
        "GET",
        "http://photos.example.net/photos?file=vacation.jpg&size=original",
        ("nnch734d00sl2jdk", "pfkkdhi9sl3r4s00"),
        &[("oauth_timestamp", "137131202"), ("oauth_nonce", "chapoH")],
    );
    assert_eq!(photos, "MdpQcU8iPSUjWoN/UDMsK2sui9I=");
}

/// *Creating a signature*, in Twitter's documentation.
#[test]
fn the_signature_in_twitters_documentation() {
    let url = Url::parse("https://api.twitter.com/1.1/statuses/update.json?include_entities=true").unwrap();
    let request = Request {
        method: "post",
        url: &url,
        form: &pairs(&[("status", "Hello Ladies + Gentlemen, a signed OAuth request!")]),
    };
    let client = Client {
        key: "xvz1evFS4wEEPTGEFPHBog",
        secret: &Secret::text("kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw".into()),
    };
    let token = Token {
        token: "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb",
        secret: &Secret::text("LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE".into()),
    };
    let stamp = Stamp {
        nonce: "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg",
        timestamp: 1_318_622_958,
    };
    let signed = sign(&request, &client, Some(token), Method::HmacSha1, &stamp, &[]).unwrap();
    assert_eq!(value(&signed, "oauth_signature"), "hCtSmYh+iHYCEqBWrE7C7hYmtUk=");
    assert_eq!(
        signed.header(None).as_text().unwrap(),
        "OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", \
         oauth_token=\"370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb\", \
         oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"1318622958\", \
         oauth_nonce=\"kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg\", oauth_version=\"1.0\", \
         oauth_signature=\"hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D\""
    );
}

/// The test case of the OAuth wiki for RSA-SHA1, which libraries in many languages repeat.
#[test]
fn the_signature_of_the_wiki_for_rsa() {
    let url = Url::parse("http://photos.example.net/photos?file=vacaction.jpg&size=original").unwrap();
    let request = Request {
        method: "GET",
        url: &url,
        form: &[],
    };
    let client = Client {
        key: "dpf43f3p2l4k3l03",
        secret: &published_key(),
    };
    let stamp = Stamp {
        nonce: "13917289812797014437",
        timestamp: 1_196_666_512,
    };
    let signed = sign(&request, &client, None, Method::RsaSha1, &stamp, &[]).unwrap();
    assert_eq!(
        value(&signed, "oauth_signature"),
        "jvTp/wX1TYtByB1m+Pbyo0lnCOLIsyGCH7wke8AUs3BpnwZJtAuEJkvQL2/9n4s5wUmUl4aCI4BwpraNx4RtEXMe5qg5T1LVTGliMRpKas\
         KsW//e+RinhejgCuzoH26dyF8iY2ZZ/5D1ilgeijhV/vBka5twt399mXwaYdCwFYE="
    );
}

fn signed(method: Method, client: &str, token: Option<&str>) -> Result<Signed, SignError> {
    let url = Url::parse("https://a.example/x").unwrap();
    let request = Request {
        method: "GET",
        url: &url,
        form: &[],
    };
    let client = Secret::text(client.to_owned());
    let client = Client {
        key: "key",
        secret: &client,
    };
    let secret = token.map(|secret| Secret::text(secret.to_owned()));
    let token = secret.as_ref().map(|secret| Token {
        token: "token",
        secret,
    });
    let stamp = Stamp {
        nonce: "n",
        timestamp: 1,
    };
    sign(&request, &client, token, method, &stamp, &[])
}

/// Section 3.4.4: both secrets encoded, and the `&` also where one is missing.
#[test]
fn plaintext_is_the_secrets() {
    for (client, token, expected) in [
        (
            "djr9rjt0jd78jf88",
            Some("jjd999tj88uiths3"),
            "djr9rjt0jd78jf88&jjd999tj88uiths3",
        ),
        (
            "djr9rjt0jd78jf88",
            Some("jjd99$tj88uiths3"),
            "djr9rjt0jd78jf88&jjd99%24tj88uiths3",
        ),
        ("djr9rjt0jd78jf88", None, "djr9rjt0jd78jf88&"),
        ("", Some("a&b"), "&a%26b"),
        ("", None, "&"),
    ] {
        let signed = signed(Method::Plaintext, client, token).unwrap();
        assert_eq!(value(&signed, "oauth_signature"), expected);
    }
}

#[test]
fn methods_differ_and_have_words() {
    let signatures: HashSet<String> = [Method::HmacSha1, Method::HmacSha256, Method::Plaintext]
        .map(|method| value(&signed(method, "secret", None).unwrap(), "oauth_signature").to_owned())
        .into();
    assert_eq!(signatures.len(), 3);
    for method in Method::ALL {
        assert_eq!(Method::of_word(method.word()), Some(*method));
        assert_eq!(method.word().replace('_', "-").to_uppercase(), method.name());
    }
    assert_eq!(Method::of_word("HMAC-SHA1"), None);
    assert_eq!(
        signed(Method::RsaSha1, "", None).unwrap_err(),
        SignError::Key(KeyError::Missing)
    );
}

#[test]
fn the_parameters_of_the_signature_are_the_servers() {
    let client = Client {
        key: "key",
        secret: &Secret::text("secret".into()),
    };
    let stamp = Stamp {
        nonce: "n",
        timestamp: 1,
    };
    let try_out = |url: &str, form: &[(&str, &str)]| {
        let (url, form) = (Url::parse(url).unwrap(), pairs(form));
        let request = Request {
            method: "POST",
            url: &url,
            form: &form,
        };
        sign(&request, &client, None, Method::HmacSha1, &stamp, &[]).map(|_| ())
    };
    assert_eq!(
        try_out("https://a.example/?oauth=1&oauth_foo=2", &[("OAUTH_TOKEN", "x")]),
        Ok(())
    );
    assert_eq!(
        try_out("https://a.example/?oauth%5Ftoken=mine", &[]),
        Err(SignError::Taken("oauth_token"))
    );
    let taken = try_out("https://a.example/", &[("oauth_signature", "forged")]).unwrap_err();
    assert_eq!(
        taken.to_string(),
        "The parameter oauth_signature belongs to the signature and is set by the server. Leave it out."
    );
    assert_eq!(try_out("ftp://a.example/", &[]), Err(SignError::Url));
}

proptest! {
    /// Nothing that is asked for can be changed without another signature.
    #[test]
    fn every_part_is_signed(
        path in "(/[a-z]{1,4}){1,3}", name in "[a-z]{1,5}", first in "\\PC{0,8}", second in "\\PC{0,8}",
        nonce in "[a-zA-Z0-9]{1,20}", timestamp in 1i64..4_000_000_000, callback in "https://[a-z]{1,8}\\.example/",
    ) {
        prop_assume!(first != second);
        let signature = |method: &str, path: &str, text: &str, nonce: &str, timestamp: i64, secret: &str| {
            let mut url = Url::parse("https://a.example").unwrap();
            url.set_path(path);
            let request = Request { method, url: &url, form: &pairs(&[(name.as_str(), text)]) };
            let client = Client { key: "key", secret: &Secret::text(secret.to_owned()) };
            let stamp = Stamp { nonce, timestamp };
            let extra = [("oauth_callback", callback.as_str())];
            let signed = sign(&request, &client, None, Method::HmacSha256, &stamp, &extra).unwrap();
            value(&signed, "oauth_signature").to_owned()
        };
        let longer = format!("{path}x");
        let all = [
            signature("POST", &path, &first, &nonce, timestamp, "secret"),
            signature("PUT", &path, &first, &nonce, timestamp, "secret"),
            signature("POST", &longer, &first, &nonce, timestamp, "secret"),
            signature("POST", &path, &second, &nonce, timestamp, "secret"),
            signature("POST", &path, &first, &format!("{nonce}0"), timestamp, "secret"),
            signature("POST", &path, &first, &nonce, timestamp + 1, "secret"),
            signature("POST", &path, &first, &nonce, timestamp, "secrets"),
        ];
        let different: HashSet<&String> = all.iter().collect();
        prop_assert_eq!(different.len(), all.len());
    }

    /// Whatever is signed, the header is one that can be sent, and holds each parameter once.
    #[test]
    fn every_header_can_be_sent(
        key in "\\PC{0,12}", token in "\\PC{0,12}", nonce in "\\PC{0,12}", verifier in "\\PC{0,12}",
        realm in any::<String>(),
    ) {
        let url = Url::parse("https://a.example/").unwrap();
        let request = Request { method: "GET", url: &url, form: &[] };
        let secret = Secret::text("secret".into());
        let client = Client { key: &key, secret: &secret };
        let token = Token { token: &token, secret: &secret };
        let stamp = Stamp { nonce: &nonce, timestamp: 1 };
        let extra = [("oauth_verifier", verifier.as_str())];
        let signed = sign(&request, &client, Some(token), Method::HmacSha1, &stamp, &extra).unwrap();
        prop_assert!(http::HeaderValue::from_bytes(signed.header(Some(&realm)).bytes()).is_ok());
        let header = signed.header(None);
        let read: Vec<(&str, String)> = header.as_text().unwrap()["OAuth ".len()..].split(", ").map(|part| {
            let (name, value) = part.split_once('=').unwrap();
            let value = encode::unpercent(value.trim_matches('"'));
            (name, String::from_utf8(value).unwrap())
        }).collect();
        let expected: Vec<(&str, String)> =
            signed.parameters().iter().map(|(name, value)| (name.as_str(), value.clone())).collect();
        prop_assert_eq!(read, expected);
    }
}
