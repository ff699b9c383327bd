//! JWTs that a client signs (RFC 7519, RFC 7523): to prove itself, or as a grant.

use aws_lc_rs::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::service::oauth2::options::Algorithm;
use serde_json::{Map, Value, json};
use url::Url;

use super::{Client, Unsendable};
use crate::{clock, pem, random, vault::Secret};

/// How long an assertion is good for, in seconds. Providers refuse more than an hour, some more than five minutes.
const LIFE: i64 = 300;

impl Client<'_> {
    /// The assertion that proves the client to this endpoint (RFC 7523 section 2.2). Its audience is the issuer, where
    /// the service names one, and never somebody else's token endpoint.
    pub(super) fn client_assertion(&self, endpoint: &Url) -> Result<String, Unsendable> {
        let id = &self.oauth2.client_id;
        self.sign(json!({"iss": id, "sub": id, "aud": self.audience(endpoint)?}))
    }

    /// The assertion that is itself the grant (RFC 7523 section 2.1).
    pub(crate) fn grant_assertion(&self, endpoint: &Url) -> Result<String, Unsendable> {
        let options = &self.oauth2.options.assertion;
        let own = |name: &str, template: Option<&domain::template::Template>| {
            template.map(|template| self.filled(name, template)).transpose()
        };
        let issuer = own("iss", options.issuer.as_ref())?.unwrap_or_else(|| self.oauth2.client_id.clone());
        let subject = own("sub", options.subject.as_ref())?.unwrap_or_else(|| issuer.clone());
        let mut claims = json!({"iss": issuer, "sub": subject, "aud": self.audience(endpoint)?});
        if let Some(scopes) = self.known.get("scopes").filter(|scopes| !scopes.is_empty()) {
            claims["scope"] = scopes.into();
        }
        self.sign(claims)
    }

    fn audience(&self, endpoint: &Url) -> Result<String, Unsendable> {
        let options = &self.oauth2.options;
        match (&options.assertion.audience, &options.issuer) {
            (Some(template), _) => self.filled("aud", template),
            (None, Some(issuer)) => Ok(issuer.clone()),
            (None, None) => Ok(endpoint.to_string()),
        }
    }

    /// A JWT of these claims with the times and the id that each has.
    fn sign(&self, mut claims: Value) -> Result<String, Unsendable> {
        let now = clock::now().unix_timestamp();
        claims["iat"] = now.into();
        claims["exp"] = (now + LIFE).into();
        claims["jti"] = random::token().into();
        let options = &self.oauth2.options.assertion;
        let mut header = Map::new();
        header.insert("alg".into(), options.algorithm.word().into());
        header.insert("typ".into(), "JWT".into());
        for (name, value) in [("kid", &options.key_id), ("x5t", &options.thumbprint)] {
            if let Some(value) = value {
                header.insert(name.into(), value.as_str().into());
            }
        }
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&Value::Object(header)), part(&claims));
        let key = self
            .secret
            .ok_or_else(|| Unsendable::Key("there is none".into()))?;
        let signature = signature(options.algorithm, key, signed.as_bytes())?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Whether a private key can sign in this way: asked when it is stored.
pub(crate) fn check_key(algorithm: Algorithm, key: &Secret) -> Result<(), String> {
    match signature(algorithm, key, b"") {
        Ok(_) => Ok(()),
        Err(Unsendable::Key(why)) => Err(why),
        Err(other) => Err(other.to_string()),
    }
}

fn signature(algorithm: Algorithm, key: &Secret, message: &[u8]) -> Result<Vec<u8>, Unsendable> {
    let wrong = |what: &str| Unsendable::Key(what.to_owned());
    let text = key.as_text().ok_or_else(|| wrong("it is no text"))?;
    let pem = pem::read(text).ok_or_else(|| wrong("it is no PEM"))?;
    let random = SystemRandom::new();
    let encoding: &dyn aws_lc_rs::signature::RsaEncoding = match algorithm {
        Algorithm::Es256 => {
            let key = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, pem.der.bytes())
                .map_err(|_| wrong("ES256 needs a key of the curve P-256"))?;
            let signed = key.sign(&random, message);
            return signed
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| wrong("it does not sign"));
        }
        Algorithm::Rs256 => &RSA_PKCS1_SHA256,
        Algorithm::Ps256 => &RSA_PSS_SHA256,
    };
    let key = match pem.label.as_str() {
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(pem.der.bytes()),
        _ => RsaKeyPair::from_pkcs8(pem.der.bytes()),
    };
    let key = key.map_err(|_| wrong("it is no RSA key of at least 2048 bits"))?;
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(encoding, &random, message, &mut signature)
        .map_err(|_| wrong("it does not sign"))?;
    Ok(signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::known::Known;
    use aws_lc_rs::{
        encoding::AsDer,
        rsa::KeySize,
        signature::{
            ECDSA_P256_SHA256_FIXED, KeyPair, RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256,
            UnparsedPublicKey, VerificationAlgorithm,
        },
    };
    use base64::engine::general_purpose::STANDARD;
    use domain::service::Definition;

    fn pem(label: &str, der: &[u8]) -> Secret {
        Secret::text(format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            STANDARD.encode(der)
        ))
    }
    fn definition(options: &str) -> Definition {
        serde_json::from_str(&format!(
            r#"{{"authentication": {{"type": "oauth2", "client_id": "c", "grant_type": "jwt_bearer",
                "access_token_url": "https://a.example/t", "options": {options}}}}}"#
        ))
        .unwrap()
    }
    fn client<'a>(
        definition: &'a Definition,
        key: Option<&'a Secret>,
        scopes: &'a [domain::scope::ScopeName],
    ) -> Client<'a> {
        let known = Known::default().with("user", "ada");
        let redirect = Url::parse("https://c.example/").unwrap();
        Client::new(
            definition,
            definition.oauth2().unwrap(),
            key,
            &known,
            redirect,
            scopes,
        )
    }
    fn read(part: &str) -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    }

    #[test]
    fn every_algorithm_verifies_with_the_public_key() {
        let rsa = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'_>>::as_der(&rsa).unwrap();
        let rsa_pem = pem("PRIVATE KEY", der.as_ref());
        let ec = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let ec_der =
            AsDer::<aws_lc_rs::encoding::EcPrivateKeyRfc5915Der<'_>>::as_der(&ec.private_key()).unwrap();
        let ec_pem = pem("EC PRIVATE KEY", ec_der.as_ref());
        let cases: [(&str, &Secret, &dyn VerificationAlgorithm, &[u8]); 3] = [
            (
                "RS256",
                &rsa_pem,
                &RSA_PKCS1_2048_8192_SHA256,
                rsa.public_key().as_ref(),
            ),
            (
                "PS256",
                &rsa_pem,
                &RSA_PSS_2048_8192_SHA256,
                rsa.public_key().as_ref(),
            ),
            (
                "ES256",
                &ec_pem,
                &ECDSA_P256_SHA256_FIXED,
                ec.public_key().as_ref(),
            ),
        ];
        for (algorithm, key, verification, public) in cases {
            let definition = definition(&format!(
                r#"{{"assertion": {{"algorithm": "{algorithm}", "key_id": "k1", "subject": "{{user}}"}}}}"#
            ));
            let endpoint = Url::parse("https://a.example/t").unwrap();
            let scopes = ["r".parse().unwrap()];
            let client = client(&definition, Some(key), &scopes);
            let jwt = client.grant_assertion(&endpoint).unwrap();
            let (signed, signature) = jwt.rsplit_once('.').unwrap();
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            UnparsedPublicKey::new(verification, public)
                .verify(signed.as_bytes(), &signature)
                .unwrap();
            let (header, claims) = signed.split_once('.').unwrap();
            let (header, claims) = (read(header), read(claims));
            assert_eq!(
                (header["alg"].as_str(), header["kid"].as_str()),
                (Some(algorithm), Some("k1"))
            );
            assert_eq!(
                (
                    claims["iss"].as_str(),
                    claims["sub"].as_str(),
                    claims["aud"].as_str(),
                    claims["scope"].as_str()
                ),
                (Some("c"), Some("ada"), Some("https://a.example/t"), Some("r"))
            );
            assert_eq!(
                claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
                LIFE
            );
        }
    }

    #[test]
    fn a_key_of_another_kind_is_refused_in_words() {
        for (algorithm, key) in [
            (Algorithm::Rs256, Secret::text("no pem".into())),
            (Algorithm::Rs256, pem("PRIVATE KEY", b"x")),
            (Algorithm::Es256, pem("EC PRIVATE KEY", b"x")),
        ] {
            assert!(!check_key(algorithm, &key).unwrap_err().is_empty());
        }
    }

    #[test]
    fn the_audience_is_the_issuer_where_it_is_known() {
        let endpoint = Url::parse("https://a.example/t").unwrap();
        for (options, expected) in [
            ("{}", "https://a.example/t"),
            (r#"{"issuer": "https://a.example"}"#, "https://a.example"),
            (
                r#"{"issuer": "https://a.example", "assertion": {"audience": "urn:{client_id}"}}"#,
                "urn:c",
            ),
        ] {
            let definition = definition(options);
            let client = client(&definition, None, &[]);
            assert_eq!(client.audience(&endpoint).unwrap(), expected);
        }
    }
}
