//! Every demand of a client: what meets it succeeds, and the plain request is refused in its name.

mod answer;
mod assertion;
mod authorize;
mod call;
mod doors;
mod grants;
mod revoke;
mod token;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::support::{CHALLENGE, Provider, VERIFIER, parameter, target, urlencoded};

pub(crate) const CALLBACK: &str = "http://localhost:3000/back";
pub(crate) const SECRET: &str = "s3cret";

/// Parameters that a test changes before they are sent.
#[derive(Clone)]
pub(crate) struct Form(pub(crate) Vec<(String, String)>);

impl Form {
    pub(crate) fn new(pairs: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self(pairs.iter().map(owned).collect())
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.0.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn with(self, name: &str, value: &str) -> Self {
        let mut form = self.without(name);
        form.0.push((name.to_owned(), value.to_owned()));
        form
    }

    pub(crate) fn renamed(mut self, from: &str, to: &str) -> Self {
        for (name, _) in &mut self.0 {
            if name == from {
                *name = to.to_owned();
            }
        }
        self
    }

    /// Changed by rules such as `-name`, `name=value` and `old>new`.
    pub(crate) fn changed(self, rules: &[&str]) -> Self {
        rules.iter().fold(self, |form, rule| {
            if let Some(name) = rule.strip_prefix('-') {
                form.without(name)
            } else if let Some((from, to)) = rule.split_once('>') {
                form.renamed(from, to)
            } else {
                let (name, value) = rule.split_once('=').unwrap();
                form.with(name, value)
            }
        })
    }

    pub(crate) fn urlencoded(&self) -> String {
        let pairs: Vec<(&str, &str)> = self
            .0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        urlencoded(&pairs)
    }

    pub(crate) fn json(&self) -> String {
        let member = |(name, value): &(String, String)| (name.clone(), json!(value));
        Value::Object(self.0.iter().map(member).collect()).to_string()
    }
}

/// A provider with one client, which has these quirks.
pub(crate) struct Demanding {
    pub(crate) provider: Provider,
}

impl Demanding {
    pub(crate) async fn start(quirks: Value) -> Self {
        let provider = Provider::start_with(|settings| settings.control = true).await;
        let client = Self { provider };
        client.register("acme", quirks).await;
        client
    }

    pub(crate) async fn register(&self, id: &str, quirks: Value) {
        let scopes =
            json!([{"name": "a:read", "display_name": "Read"}, {"name": "b/write", "display_name": "Write"}]);
        let registration = json!({"application": "Acme", "secret": SECRET, "redirect_uris": [CALLBACK],
            "scopes": scopes, "quirks": quirks});
        self.control(&format!("/clients/{id}"), &registration).await;
    }

    pub(crate) async fn control(&self, path: &str, body: &Value) {
        let request = self
            .request(Method::PUT, path)
            .header(CONTENT_TYPE, "application/json");
        let answer = request.body(body.to_string()).send().await.unwrap();
        let status = answer.status();
        assert_eq!(status, 204, "{}", answer.text().await.unwrap());
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let address = format!("{}{path}", self.provider.issuer);
        self.provider.http.request(method, address)
    }

    pub(crate) async fn post_form(&self, path: &str, form: &Form) -> Response {
        self.send(Method::POST, path, form).await
    }

    pub(crate) async fn send(&self, method: Method, path: &str, form: &Form) -> Response {
        let kind = "application/x-www-form-urlencoded";
        let request = self.request(method, path).header(CONTENT_TYPE, kind);
        request.body(form.urlencoded()).send().await.unwrap()
    }

    pub(crate) async fn bearer(&self, path: &str, token: &str) -> Response {
        let request = self.request(Method::GET, path);
        let request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        request.send().await.unwrap()
    }

    /// Presses Allow and returns where the browser goes.
    pub(crate) async fn allow(&self, rules: &[&str]) -> Url {
        target(&self.decide(rules).await)
    }

    pub(crate) async fn decide(&self, rules: &[&str]) -> Response {
        let mut form = asked().changed(rules);
        for (name, value) in [
            ("account", "ada@example.com"),
            ("decision", "allow"),
            ("grant", "a:read"),
            ("grant", "b/write"),
        ] {
            form.0.push((name.to_owned(), value.to_owned()));
        }
        self.post_form("/authorize", &form).await
    }

    pub(crate) async fn code(&self, rules: &[&str]) -> String {
        parameter(&self.allow(rules).await, "code").unwrap()
    }

    /// A whole flow at the usual endpoints, which must succeed.
    pub(crate) async fn tokens(&self) -> Value {
        let code = self.code(&[]).await;
        let response = self.post_form("/token", &exchange(&code)).await;
        let (status, tokens) = crate::support::answer(response).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    /// The demand that the last request did not meet.
    pub(crate) fn unmet(&self) -> Option<String> {
        self.provider.sandbox.ledger().pop().unwrap().unmet
    }

    pub(crate) fn outcome(&self) -> String {
        self.provider.sandbox.ledger().pop().unwrap().outcome.unwrap()
    }
}

/// A complete authorization request.
pub(crate) fn asked() -> Form {
    Form::new(&[
        ("response_type", "code"),
        ("client_id", "acme"),
        ("redirect_uri", CALLBACK),
        ("scope", "a:read b/write"),
        ("state", "s"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ])
}

/// A complete token request.
pub(crate) fn exchange(code: &str) -> Form {
    Form::new(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", "acme"),
        ("client_secret", SECRET),
    ])
}

pub(crate) fn refresh(token: &str) -> Form {
    Form::new(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", token),
        ("client_id", "acme"),
        ("client_secret", SECRET),
    ])
}

pub(crate) async fn status_and_body(response: Response) -> (StatusCode, Value) {
    crate::support::answer(response).await
}
