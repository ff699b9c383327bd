//! Token requests: how they are built, and what their answers mean.
//!
//! # Layout
//! - this file: the request, with the client's authentication (RFC 6749 section 2.3.1)
//! - [`answer`]: from an HTTP answer, or its absence, to a decision

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::service::{OAuth2, oauth2::ClientAuthentication};
use form_urlencoded::Serializer;
use http::{HeaderName, HeaderValue, Method, header};
use url::Url;

use crate::{
    Engine,
    egress::{Answer, EgressError, Outbound},
    vault::Secret,
};

pub mod answer;

pub use answer::{Tokens, Verdict};

/// The client at its provider.
pub(crate) struct Client<'a> {
    pub(crate) oauth2: &'a OAuth2,
    pub(crate) secret: &'a Secret,
}

impl Client<'_> {
    /// A POST of these parameters with the client's authentication: in the header or in the body, never both.
    fn request(&self, url: &Url, parameters: &[(&str, &str)]) -> Outbound {
        let mut body = Serializer::new(String::new());
        body.extend_pairs(parameters);
        let secret = self.secret.as_text().unwrap_or_default();
        let mut outbound = Outbound::new(Method::POST, url.clone())
            .header(
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/x-www-form-urlencoded"),
            )
            .header(header::ACCEPT, HeaderValue::from_static("application/json"));
        match self.oauth2.options.client_authentication {
            ClientAuthentication::Post => {
                body.append_pair("client_id", &self.oauth2.client_id)
                    .append_pair("client_secret", secret);
            }
            ClientAuthentication::Basic => {
                outbound = sensitive(
                    outbound,
                    header::AUTHORIZATION,
                    &basic(&self.oauth2.client_id, secret),
                );
            }
        }
        outbound.body(body.finish())
    }
}

/// HTTP Basic with both halves form-encoded first (RFC 6749 section 2.3.1).
fn basic(id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)))
    )
}

/// Adds a header that holds a secret. A value that cannot stand in a header is left out, and the provider says so.
pub(crate) fn sensitive(outbound: Outbound, name: HeaderName, value: &str) -> Outbound {
    match HeaderValue::from_str(value) {
        Ok(mut value) => {
            value.set_sensitive(true);
            outbound.header(name, value)
        }
        Err(_) => outbound,
    }
}

/// How long a token request may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(15);

impl Engine {
    /// Sends a token request (RFC 6749 sections 4.1.3 and 6).
    pub(crate) async fn token_request(
        &self,
        client: &Client<'_>,
        url: &Url,
        parameters: &[(&str, &str)],
        deadline: Duration,
    ) -> Result<Answer, EgressError> {
        let outbound = Outbound {
            deadline,
            ..client.request(url, parameters)
        };
        self.egress.send(outbound).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oauth2(authentication: &str) -> OAuth2 {
        serde_json::from_str(&format!(
            r#"{{"client_id": "id with space", "authorize_url": "https://a.example/a", "access_token_url": "https://a.example/t",
                "options": {{"client_authentication": "{authentication}"}}}}"#
        ))
        .unwrap()
    }

    #[test]
    fn one_way_of_client_authentication_a_request() {
        let secret = Secret::text("s+c:r%t".into());
        let url = Url::parse("https://a.example/t").unwrap();
        let post = oauth2("post");
        let sent = Client {
            oauth2: &post,
            secret: &secret,
        }
        .request(&url, &[("grant_type", "refresh_token")]);
        let body = String::from_utf8(sent.body.unwrap().to_vec()).unwrap();
        assert_eq!(
            body,
            "grant_type=refresh_token&client_id=id+with+space&client_secret=s%2Bc%3Ar%25t"
        );
        assert!(!sent.headers.contains_key(header::AUTHORIZATION));
        let basic = oauth2("basic");
        let sent = Client {
            oauth2: &basic,
            secret: &secret,
        }
        .request(&url, &[("grant_type", "refresh_token")]);
        assert_eq!(sent.body.unwrap().as_ref(), b"grant_type=refresh_token");
        let header = &sent.headers[header::AUTHORIZATION];
        assert!(header.is_sensitive());
        assert_eq!(
            header.to_str().unwrap(),
            format!("Basic {}", STANDARD.encode("id+with+space:s%2Bc%3Ar%25t"))
        );
        assert!(!format!("{:?}", sent.headers).contains("Basic"), "not printed");
    }
}
