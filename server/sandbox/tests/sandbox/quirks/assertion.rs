//! Clients that sign: to prove themselves, and as a grant.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{Demanding, Form, exchange, refresh, status_and_body};
use crate::support::text;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

enum Signer {
    Rsa(Box<RsaKeyPair>, &'static str),
    Ec(Box<EcdsaKeyPair>),
}

impl Signer {
    fn new(algorithm: &'static str) -> Self {
        if algorithm == "ES256" {
            return Self::Ec(Box::new(
                EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap(),
            ));
        }
        Self::Rsa(
            Box::new(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
            algorithm,
        )
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_, algorithm) => algorithm,
            Self::Ec(_) => "ES256",
        }
    }

    fn pem(&self) -> String {
        let der = match self {
            Self::Rsa(pair, _) => pair.public_key().as_der().unwrap(),
            Self::Ec(pair) => pair.public_key().as_der().unwrap(),
        };
        let text = STANDARD.encode(der.as_ref());
        format!("-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n")
    }

    fn jwt(&self, header: Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&header), encode(claims));
        format!(
            "{message}.{}",
            URL_SAFE_NO_PAD.encode(self.sign(message.as_bytes()))
        )
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Ec(pair) => pair.sign(&random, message).unwrap().as_ref().to_vec(),
            Self::Rsa(pair, algorithm) => {
                let padding: &'static dyn aws_lc_rs::signature::RsaEncoding = if *algorithm == "PS256" {
                    &RSA_PSS_SHA256
                } else {
                    &RSA_PKCS1_SHA256
                };
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(padding, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "an assertion says until when it is good"
)]
fn now() -> u64 {
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

fn claims(audience: &str, id: &str) -> Value {
    json!({"iss": "acme", "sub": "acme", "aud": audience, "exp": now() + 60, "jti": id})
}

fn signed(form: Form, assertion: &str) -> Form {
    form.without("client_secret")
        .with("client_assertion_type", ASSERTION_TYPE)
        .with("client_assertion", assertion)
}

#[tokio::test]
async fn a_client_proves_itself_with_each_kind_of_key() {
    for algorithm in ["RS256", "PS256", "ES256"] {
        let signer = Signer::new(algorithm);
        let key = json!({"public_key": signer.pem(), "algorithm": algorithm, "kid": "k1", "x5t": "t1"});
        let client = Demanding::start(json!({"token": {"auth": "private_key_jwt", "key": key}})).await;
        let audience = format!("{}/token", client.provider.issuer);
        let header = json!({"alg": algorithm, "kid": "k1", "x5t": "t1"});
        let code = client.code(&[]).await;
        let plain = client.post_form("/token", &exchange(&code)).await;
        assert_eq!(plain.status(), 401);
        assert_eq!(client.unmet().as_deref(), Some("token.auth"));

        let assertion = signer.jwt(header.clone(), &claims(&audience, "1"));
        let response = client
            .post_form("/token", &signed(exchange(&code), &assertion))
            .await;
        let (status, tokens) = status_and_body(response).await;
        assert_eq!(status, 200, "{algorithm}: {tokens}");

        // The assertion names the client well enough, and the issuer is an audience as well.
        let assertion = signer.jwt(header, &claims(&client.provider.issuer, "2"));
        let form = signed(refresh(text(&tokens, "refresh_token")), &assertion).without("client_id");
        assert_eq!(
            client.post_form("/token", &form).await.status(),
            200,
            "{algorithm}"
        );
        assert_eq!(
            client.post_form("/token", &form).await.status(),
            401,
            "the same jti again"
        );
        assert_eq!(client.unmet().as_deref(), Some("token.key"));
    }
}

#[tokio::test]
async fn an_assertion_that_is_wrong_in_one_thing_is_refused() {
    let signer = Signer::new("RS256");
    let key = json!({"public_key": signer.pem(), "algorithm": "RS256", "kid": "k1", "x5t": "t1"});
    let client = Demanding::start(json!({"token": {"auth": "private_key_jwt", "key": key}})).await;
    let audience = format!("{}/token", client.provider.issuer);
    let good_header = json!({"alg": "RS256", "kid": "k1", "x5t": "t1"});
    let stranger = Signer::new("RS256");
    let mut wrong = vec![
        stranger.jwt(good_header.clone(), &claims(&audience, "0")),
        "no.jwt.at-all".to_owned(),
    ];
    for (name, value) in [
        ("alg", "none"),
        ("alg", "PS256"),
        ("kid", "other"),
        ("x5t", "other"),
    ] {
        let mut header = good_header.clone();
        header[name] = json!(value);
        wrong.push(signer.jwt(header, &claims(&audience, name)));
    }
    for (name, value) in [
        ("iss", json!("other")),
        ("sub", json!("other")),
        ("aud", json!("https://other.example")),
        ("aud", json!([audience])),
        ("exp", json!(now() - 1)),
        ("exp", json!(now() + 7_200)),
        ("exp", Value::Null),
        ("jti", Value::Null),
    ] {
        let mut claims = claims(&audience, "x");
        claims[name] = value;
        wrong.push(signer.jwt(good_header.clone(), &claims));
    }
    for assertion in wrong {
        let response = client
            .post_form("/token", &signed(exchange("x"), &assertion))
            .await;
        let (status, error) = status_and_body(response).await;
        assert_eq!(
            (status.as_u16(), text(&error, "error")),
            (401, "invalid_client"),
            "{assertion}"
        );
        assert_eq!(client.unmet().as_deref(), Some("token.key"), "{error}");
    }
}

#[tokio::test]
async fn an_assertion_is_a_grant() {
    let signer = Signer::new("RS256");
    let bearer = json!({"key": {"public_key": signer.pem()}, "issuer": "svc@acme.example", "subject": "ada@example.com"});
    let client = Demanding::start(json!({"token": {"jwt_bearer": bearer}})).await;
    let audience = format!("{}/token", client.provider.issuer);
    let grant = |change: &dyn Fn(&mut Value)| {
        let mut claims = json!({"iss": "svc@acme.example", "sub": "ada@example.com", "aud": audience,
            "exp": now() + 60, "scope": "a:read"});
        change(&mut claims);
        let jwt = signer.jwt(json!({"alg": signer.algorithm()}), &claims);
        Form::new(&[("grant_type", JWT_BEARER), ("assertion", &jwt)])
    };
    let (status, tokens) = status_and_body(client.post_form("/token", &grant(&|_| {})).await).await;
    assert_eq!((status.as_u16(), text(&tokens, "scope")), (200, "a:read"));
    let me = client.bearer("/api/me", text(&tokens, "access_token")).await;
    assert_eq!(status_and_body(me).await.1["account"], "ada");

    for (name, value, error) in [
        ("sub", json!("grace@example.com"), "invalid_grant"),
        ("aud", json!("other"), "invalid_grant"),
        ("iss", json!("other"), "invalid_client"),
        ("scope", json!("everything"), "invalid_scope"),
    ] {
        let form = grant(&|claims| claims[name] = value.clone());
        let (_, told) = status_and_body(client.post_form("/token", &form).await).await;
        assert_eq!(text(&told, "error"), error, "{name}");
    }
}
