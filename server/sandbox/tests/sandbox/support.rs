//! A running sandbox and a client that knows the protocol.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use reqwest::{Client, Response, StatusCode};
use sandbox::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, Endpoint, Entry, Sandbox, Settings};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

/// The pair of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const REDIRECT_URI: &str = "http://localhost:3000/oauth/callback/svc_1?keep=1";
pub(crate) const STATE: &str = "a state & more";

pub(crate) struct Provider {
    pub(crate) sandbox: Sandbox,
    pub(crate) issuer: String,
    pub(crate) address: SocketAddr,
    pub(crate) http: Client,
    pub(crate) server: JoinHandle<std::io::Result<()>>,
    pub(crate) stop: oneshot::Sender<()>,
}

/// Status and parsed body of an answer.
pub(crate) type Answer = (StatusCode, Value);

impl Provider {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Settings)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let issuer = format!("http://{address}");
        let mut settings = Settings::new(issuer.parse().unwrap());
        settings.redirect_prefixes = vec!["http://localhost:3000/oauth/callback/".into()];
        change(&mut settings);
        let sandbox = Sandbox::new(settings);
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            stopped.await.unwrap_or(());
        };
        let server = tokio::spawn(sandbox::serve(listener, sandbox.clone(), shutdown));
        Self {
            sandbox,
            issuer,
            address,
            http: http(),
            server,
            stop,
        }
    }

    pub(crate) async fn get(&self, path: &str, bearer: Option<&str>) -> Response {
        let mut request = self.http.get(format!("{}{path}", self.issuer));
        if let Some(token) = bearer {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        request.send().await.unwrap()
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Response {
        self.try_post(path, form).await.unwrap()
    }

    pub(crate) async fn try_post(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Result<Response> {
        let request = self.http.post(format!("{}{path}", self.issuer));
        request
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(urlencoded(form))
            .send()
            .await
    }

    /// Presses Allow as Ada with these scopes ticked and returns where the browser is sent.
    pub(crate) async fn allow(&self, ticked: &[&str]) -> Url {
        let mut form = authorization("profile reports.read reports.write");
        form.extend([("account", "ada@example.com"), ("decision", "allow")]);
        form.extend(ticked.iter().map(|scope| ("grant", *scope)));
        target(&self.post("/authorize", &form).await)
    }

    pub(crate) async fn code(&self) -> String {
        parameter(&self.allow(&["profile", "reports.read"]).await, "code").unwrap()
    }

    pub(crate) async fn exchange(&self, code: &str, verifier: &str) -> Answer {
        answer(self.post("/token", &exchange(code, verifier)).await).await
    }

    /// A whole code flow; returns the answer of the token endpoint.
    pub(crate) async fn connect(&self) -> Value {
        let (status, tokens) = self.exchange(&self.code().await, VERIFIER).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        answer(self.post("/token", &refresh(token)).await).await
    }

    pub(crate) async fn me(&self, access_token: &str) -> Answer {
        answer(self.get("/api/me", Some(access_token)).await).await
    }

    pub(crate) fn entries(&self, endpoint: Endpoint) -> Vec<Entry> {
        self.sandbox
            .ledger()
            .into_iter()
            .filter(|entry| entry.endpoint == endpoint)
            .collect()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test talks to its own server on loopback"
)]
fn http() -> Client {
    let timeout = Duration::from_secs(20);
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(timeout)
        .build()
        .unwrap()
}

/// A complete authorization request.
pub(crate) fn authorization(scope: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("response_type", "code"),
        ("client_id", BUILT_IN_CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("scope", scope),
        ("state", STATE),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ]
}

pub(crate) fn exchange<'a>(code: &'a str, verifier: &'a str) -> Vec<(&'a str, &'a str)> {
    let grant = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT_URI),
    ];
    [
        &grant[..],
        &client()[..],
        &[("code", code), ("code_verifier", verifier)],
    ]
    .concat()
}

pub(crate) fn refresh(token: &str) -> Vec<(&str, &str)> {
    [
        &client()[..],
        &[("grant_type", "refresh_token"), ("refresh_token", token)],
    ]
    .concat()
}

pub(crate) fn client() -> [(&'static str, &'static str); 2] {
    [
        ("client_id", BUILT_IN_CLIENT_ID),
        ("client_secret", BUILT_IN_CLIENT_SECRET),
    ]
}

pub(crate) fn urlencoded(form: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish()
}

pub(crate) fn target(response: &Response) -> Url {
    assert_eq!(response.status(), 303);
    response.headers()[LOCATION].to_str().unwrap().parse().unwrap()
}

pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

pub(crate) async fn answer(response: Response) -> Answer {
    let status = response.status();
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

pub(crate) fn text<'a>(answer: &'a Value, member: &str) -> &'a str {
    answer[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member} in {answer}"))
}
