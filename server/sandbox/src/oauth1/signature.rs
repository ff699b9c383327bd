//! RFC 5849, 3.4: the base string, and whether a signature is that of its secrets or key.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::consumer::Consumer;
use super::message::Message;
use crate::seal;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum SignatureMethod {
    #[serde(rename = "HMAC-SHA1")]
    HmacSha1,
    #[serde(rename = "HMAC-SHA256")]
    HmacSha256,
    #[serde(rename = "RSA-SHA1")]
    RsaSha1,
    #[serde(rename = "PLAINTEXT")]
    Plaintext,
}

impl SignatureMethod {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "HMAC-SHA1" => Self::HmacSha1,
            "HMAC-SHA256" => Self::HmacSha256,
            "RSA-SHA1" => Self::RsaSha1,
            "PLAINTEXT" => Self::Plaintext,
            _ => return None,
        })
    }

    /// Whether the message is signed by this consumer and, if there is one, with the secret of its token.
    pub(crate) fn verifies(self, message: &Message, consumer: &Consumer, token_secret: &str) -> bool {
        let given = message.signature.as_deref().unwrap_or_default();
        let key = format!("{}&{}", encode(&consumer.secret), encode(token_secret));
        let decoded = || STANDARD.decode(given).unwrap_or_default();
        let hmac = |algorithm| {
            let key = hmac::Key::new(algorithm, key.as_bytes());
            hmac::verify(&key, base_string(message).as_bytes(), &decoded()).is_ok()
        };
        match self {
            Self::HmacSha1 => hmac(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
            Self::HmacSha256 => hmac(hmac::HMAC_SHA256),
            Self::Plaintext => seal::equal(given.as_bytes(), key.as_bytes()),
            Self::RsaSha1 => consumer
                .public_key
                .as_ref()
                .is_some_and(|key| key.verifies_rsa_sha1(base_string(message).as_bytes(), &decoded())),
        }
    }
}

/// 3.4.1.1
fn base_string(message: &Message) -> String {
    let encoded = |(name, value): &(String, String)| (encode(name), encode(value));
    let mut pairs: Vec<(String, String)> = message.parameters.iter().map(encoded).collect();
    pairs.sort();
    let joined: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "{}&{}&{}",
        message.method.as_str().to_ascii_uppercase(),
        encode(&message.base_uri),
        encode(&joined.join("&"))
    )
}

/// 3.6: all but letters, digits and four marks, in capital digits.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
    use axum::http::{HeaderMap, Method};

    fn message(method: Method, uri: &str, query: &str, authorization: &str, body: &[u8]) -> Message {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, authorization.parse().unwrap());
        headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        Message::read(&method, uri.into(), Some(query), &headers, body)
    }

    #[test]
    fn the_base_string_is_that_of_rfc_5849_3_4_1_1() {
        let authorization = "OAuth realm=\"Example\", oauth_consumer_key=\"9djdj82h48djs9d2\", \
            oauth_token=\"kkk9d7dh3k39sjv7\", oauth_signature_method=\"HMAC-SHA1\", \
            oauth_timestamp=\"137131201\", oauth_nonce=\"7d8f3e4a\", oauth_signature=\"bYT5CMsGcbgUdFHObYMEfcx6bsw%3D\"";
        let message = message(
            Method::POST,
            "http://example.com/request",
            "b5=%3D%253D&a3=a&c%40=&a2=r%20b",
            authorization,
            b"c2&a3=2+q",
        );
        let expected = "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D\
            %26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a\
            %26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7";
        assert_eq!(base_string(&message), expected);
    }

    /// Section 1.2: the request for a photo.
    #[test]
    fn the_signature_is_that_of_rfc_5849_1_2() {
        let authorization = "OAuth realm=\"Photos\", oauth_consumer_key=\"dpf43f3p2l4k3l03\", \
            oauth_token=\"nnch734d00sl2jdk\", oauth_signature_method=\"HMAC-SHA1\", oauth_timestamp=\"137131202\", \
            oauth_nonce=\"chapoH\", oauth_signature=\"MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D\"";
        let message = message(
            Method::GET,
            "http://photos.example.net/photos",
            "file=vacation.jpg&size=original",
            authorization,
            b"",
        );
        let consumer: Consumer = serde_json::from_str(
            r#"{"application": "Printer", "secret": "kd94hf93k423kf44", "callbacks": []}"#,
        )
        .unwrap();
        assert!(SignatureMethod::HmacSha1.verifies(&message, &consumer, "pfkkdhi9sl3r4s00"));
        assert!(!SignatureMethod::HmacSha1.verifies(&message, &consumer, "another"));
        assert!(!SignatureMethod::HmacSha256.verifies(&message, &consumer, "pfkkdhi9sl3r4s00"));
    }

    /// No library here signs with SHA-1 any more: this signature was made with OpenSSL.
    #[test]
    fn rsa_sha1_is_verified_with_the_public_key() {
        let authorization = format!(
            "OAuth oauth_consumer_key=\"jira\", oauth_nonce=\"n\", oauth_signature_method=\"RSA-SHA1\", \
             oauth_timestamp=\"1\", oauth_signature=\"{}\"",
            encode(RSA_SHA1)
        );
        let message = message(Method::GET, "http://example.com/a", "", &authorization, b"");
        let consumer =
            serde_json::json!({"application": "Jira", "secret": "x", "callbacks": [], "public_key": PEM});
        let mut consumer: Consumer = serde_json::from_value(consumer).unwrap();
        assert!(SignatureMethod::RsaSha1.verifies(&message, &consumer, "any"));
        assert!(!SignatureMethod::HmacSha1.verifies(&message, &consumer, "any"));
        consumer.public_key = None;
        assert!(!SignatureMethod::RsaSha1.verifies(&message, &consumer, "any"));
    }

    const RSA_SHA1: &str = "\
        HwWjF2hQS5c4mmQhYxj5IqreB/xNeIZUY+gc+wd6YyU3I1X3aAx18YvYOfHSFHnA8OGm+nL9ZIajueQ3/aG/c3b7\
        nXHG4cuRloHBeH0kTkPtTa5jzYwfM6MccEtUIlFJW7Q7KCBiYjzj0MjtCo9H0CfgMo8XAdv79RJO5d3WNYTePEIR\
        vu5jGvi08w//HfB5FR45NpzAeg/NYxT9i8MWLSR2Et0542+Z3udlFRAc81OlNHtSEkBBGNpIII8W4BVSCUaZDbsj\
        /ndR0g4lbPYte/ArPzBIdCETrxsARFJ2ZIewL4JIF8KrZ/r6Vq+ccUdSShhdBXqMOBNz9uZIk8+Fyg==";
    const PEM: &str = "\
        -----BEGIN PUBLIC KEY-----\n\
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkC974TXTcRLLOCWqrBeN\n\
        ifyXdTXs655/ze0pza7iLhElpTcD2Zh5XzvX1k2ZFbK3G4gIpXOuAdO6LCYg9JDU\n\
        sEn2RCLKxu+f9ddqlyEHawksW1rzeY993xsAPiPt+0oQ2HjvIbOCJwFC0EVcjaqq\n\
        /P9mPeE/XcCAunCTEMKe628x01z34Z8bs7Kjea2oJM2V6Fcctm4uE4EUWZ50tQ7U\n\
        5F49kBBdMIFRtz40OFSKJuGF4ILkRua/+N8sbDaljmuEuldKJ8KSQHOQZx8qKl1c\n\
        898Y1L96WgbkwF5qHBAVg9+0Zau162ZCn2QBFg07fFNcce3x67kFDTtF6QKSb1e4\n\
        rQIDAQAB\n\
        -----END PUBLIC KEY-----";
}
