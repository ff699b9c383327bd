//! OAuth 1.0a: the dance, the signatures, and every demand of a consumer, met and unmet.

mod dance;
mod demands;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::quirks::Form;
use crate::support::Provider;

pub(crate) const CALLBACK: &str = "http://localhost:3000/back?keep=1";
pub(crate) const KEY: &str = "trello";
pub(crate) const SECRET: &str = "s3cret&more";

/// How a request is signed.
#[derive(Clone)]
pub(crate) struct Signing {
    pub(crate) method: &'static str,
    pub(crate) secret: String,
    pub(crate) token: Option<(String, String)>,
    pub(crate) realm: Option<&'static str>,
    pub(crate) timestamp: u64,
    pub(crate) nonce: String,
    /// Further parameters of the header.
    pub(crate) more: Vec<(String, String)>,
}

impl Signing {
    pub(crate) fn new(nonce: &str) -> Self {
        Self {
            method: "HMAC-SHA1",
            secret: SECRET.into(),
            token: None,
            realm: None,
            timestamp: now(),
            nonce: nonce.into(),
            more: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.into(), value.into()));
        self
    }

    pub(crate) fn by(mut self, token: &(String, String)) -> Self {
        self.token = Some(token.clone());
        self
    }

    fn parameters(&self) -> Vec<(String, String)> {
        let mut pairs = vec![
            ("oauth_consumer_key".to_owned(), KEY.to_owned()),
            ("oauth_signature_method".to_owned(), self.method.to_owned()),
            ("oauth_timestamp".to_owned(), self.timestamp.to_string()),
            ("oauth_nonce".to_owned(), self.nonce.clone()),
            ("oauth_version".to_owned(), "1.0".to_owned()),
        ];
        pairs.extend(
            self.token
                .iter()
                .map(|(token, _)| ("oauth_token".to_owned(), token.clone())),
        );
        pairs.extend(self.more.clone());
        pairs
    }

    fn signature(&self, base: &str) -> String {
        let token_secret = self.token.as_ref().map_or("", |(_, secret)| secret);
        let key = format!("{}&{}", encode(&self.secret), encode(token_secret));
        let algorithm = match self.method {
            "PLAINTEXT" => return key,
            "HMAC-SHA256" => hmac::HMAC_SHA256,
            _ => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        };
        let key = hmac::Key::new(algorithm, key.as_bytes());
        STANDARD.encode(hmac::sign(&key, base.as_bytes()))
    }

    /// The `Authorization` header of a request; `others` are the parameters of query and form.
    pub(crate) fn header(&self, method: &Method, address: &str, others: &[(String, String)]) -> String {
        let mut pairs = self.parameters();
        let mut signed: Vec<(String, String)> = pairs
            .iter()
            .chain(others)
            .map(|(name, value)| (encode(name), encode(value)))
            .collect();
        signed.sort();
        let joined: Vec<String> = signed
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let base = format!("{method}&{}&{}", encode(address), encode(&joined.join("&")));
        pairs.push(("oauth_signature".to_owned(), self.signature(&base)));
        let realm = self.realm.map(|realm| format!("realm=\"{realm}\""));
        let quoted = |(name, value): &(String, String)| format!("{name}=\"{}\"", encode(value));
        let parts: Vec<String> = realm.into_iter().chain(pairs.iter().map(quoted)).collect();
        format!("OAuth {}", parts.join(", "))
    }
}

pub(crate) struct Consumer {
    pub(crate) provider: Provider,
}

impl Consumer {
    pub(crate) async fn start(demands: Value) -> Self {
        let provider = Provider::start_with(|settings| settings.control = true).await;
        let mut registration =
            json!({"application": "Boards", "secret": SECRET, "callbacks": [CALLBACK, "oob"]});
        for (name, value) in demands.as_object().unwrap() {
            registration[name] = value.clone();
        }
        let address = format!("{}/oauth1/consumers/{KEY}", provider.issuer);
        let request = provider
            .http
            .put(address)
            .header(CONTENT_TYPE, "application/json");
        let answer = request.body(registration.to_string()).send().await.unwrap();
        let status = answer.status();
        assert_eq!(status, 204, "{}", answer.text().await.unwrap());
        Self { provider }
    }

    pub(crate) async fn send(&self, method: Method, path: &str, signing: &Signing) -> Response {
        self.send_form(method, path, signing, &[]).await
    }

    pub(crate) async fn send_form(
        &self,
        method: Method,
        path: &str,
        signing: &Signing,
        form: &[(&str, &str)],
    ) -> Response {
        let (address, query) = path.split_once('?').unwrap_or((path, ""));
        let address = format!("{}{address}", self.provider.issuer);
        let query: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let others = [query, Form::new(form).0].concat();
        let header = signing.header(&method, &address, &others);
        let request = self
            .provider
            .http
            .request(method, format!("{}{path}", self.provider.issuer));
        let request = request.header(AUTHORIZATION, header);
        let kind = "application/x-www-form-urlencoded";
        let request = request
            .header(CONTENT_TYPE, kind)
            .body(Form::new(form).urlencoded());
        request.send().await.unwrap()
    }

    /// Temporary credentials, for this callback.
    pub(crate) async fn initiate(&self, callback: &str) -> (String, String) {
        self.initiate_as("initiate", callback).await
    }

    /// Others.
    pub(crate) async fn initiate_again(&self, callback: &str) -> (String, String) {
        self.initiate_as("initiate again", callback).await
    }

    async fn initiate_as(&self, nonce: &str, callback: &str) -> (String, String) {
        let signing = Signing::new(nonce).with("oauth_callback", callback);
        pair(self.send(Method::POST, "/oauth1/initiate", &signing).await).await
    }

    pub(crate) async fn decide(&self, token: &str, decision: &str) -> Response {
        let form = [
            ("oauth_token", token),
            ("account", "ada@example.com"),
            ("decision", decision),
        ];
        self.provider.post("/oauth1/authorize", &form).await
    }

    pub(crate) fn last(&self) -> (String, Option<String>) {
        let entry = self.provider.sandbox.ledger().pop().unwrap();
        (entry.outcome.unwrap(), entry.unmet)
    }
}

/// Token and secret of an answer.
pub(crate) async fn pair(response: Response) -> (String, String) {
    let status = response.status();
    let body = response.text().await.unwrap();
    assert_eq!(status, 200, "{body}");
    let get = |name: &str| {
        let found = form_urlencoded::parse(body.as_bytes()).find(|(known, _)| known == name);
        found.unwrap().1.into_owned()
    };
    (get("oauth_token"), get("oauth_token_secret"))
}

/// RFC 5849, 3.6.
pub(crate) fn encode(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

#[expect(clippy::disallowed_methods, reason = "a signature says when it was made")]
pub(crate) fn now() -> u64 {
    let now = std::time::SystemTime::now();
    now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}
