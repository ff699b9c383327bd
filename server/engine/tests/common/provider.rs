//! The sandbox on a loopback socket, and the person who presses its buttons.

use engine::egress::{EgressClient, EgressPolicy, Outbound};
use http::{HeaderValue, Method, header};
use sandbox::{Endpoint, Entry, Sandbox, Settings};
use tokio::net::TcpListener;
use url::Url;

/// Where the server under test says that it lives; nothing listens there.
pub(crate) const PUBLIC_URL: &str = "http://localhost:3000";

pub(crate) struct Provider {
    pub(crate) sandbox: Sandbox,
    pub(crate) issuer: String,
    browser: EgressClient,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let mut settings = Settings::new(issuer.parse().unwrap());
        settings.redirect_prefixes = vec![format!("{PUBLIC_URL}/oauth/callback/")];
        let sandbox = Sandbox::new(settings);
        tokio::spawn(sandbox::serve(listener, sandbox.clone(), std::future::pending()));
        let browser = EgressClient::new(EgressPolicy::default().allow(issuer.parse().unwrap())).unwrap();
        Self {
            sandbox,
            issuer,
            browser,
        }
    }

    /// Presses *Allow* as Ada with every scope ticked; the query with which the browser is sent back.
    pub(crate) async fn allow(&self, authorize: &Url) -> String {
        self.decide(authorize, "allow").await
    }

    /// Presses *Deny*.
    pub(crate) async fn deny(&self, authorize: &Url) -> String {
        self.decide(authorize, "deny").await
    }

    async fn decide(&self, authorize: &Url, decision: &str) -> String {
        let asked: Vec<(String, String)> = authorize.query_pairs().into_owned().collect();
        let scopes = asked
            .iter()
            .find(|(name, _)| name == "scope")
            .map(|(_, all)| all.clone());
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&asked);
        form.append_pair("account", "ada@example.com")
            .append_pair("decision", decision);
        for scope in scopes.unwrap_or_default().split_whitespace() {
            form.append_pair("grant", scope);
        }
        let mut page = authorize.clone();
        page.set_query(None);
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        let post = Outbound::new(Method::POST, page)
            .header(header::CONTENT_TYPE, kind)
            .body(form.finish());
        let answer = self.browser.send(post).await.unwrap();
        assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
        let location: Url = answer.headers[header::LOCATION]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        location.query().unwrap().to_owned()
    }

    /// Who the provider says an access token speaks for; the status where it does not work.
    pub(crate) async fn who(&self, token: &str) -> Result<String, u16> {
        let url = format!("{}/api/me", self.issuer).parse().unwrap();
        let bearer = HeaderValue::from_str(&format!("Bearer {token}")).unwrap();
        let get = Outbound::new(Method::GET, url).header(header::AUTHORIZATION, bearer);
        let answer = self.browser.send(get).await.unwrap();
        if !answer.status.is_success() {
            return Err(answer.status.as_u16());
        }
        let person: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        Ok(person["email"].as_str().unwrap().to_owned())
    }

    fn entries(&self, endpoint: Endpoint) -> Vec<Entry> {
        let all = self.sandbox.ledger().into_iter();
        all.filter(|entry| entry.endpoint == endpoint).collect()
    }

    /// Every token request.
    pub(crate) fn token_requests(&self) -> Vec<Entry> {
        self.entries(Endpoint::Token)
    }

    /// Token requests with a refresh token.
    pub(crate) fn refreshes(&self) -> Vec<Entry> {
        let refresh = |entry: &Entry| entry.grant_type.as_deref() == Some("refresh_token");
        self.token_requests().into_iter().filter(refresh).collect()
    }

    /// Revocation requests.
    pub(crate) fn revocations(&self) -> Vec<Entry> {
        self.entries(Endpoint::Revoke)
    }

    /// Invariants of the design: no two requests with tokens of one grant at once, no token presented twice.
    pub(crate) fn assert_every_token_was_presented_once(&self) {
        let mut seen = std::collections::HashSet::new();
        for entry in self.refreshes() {
            assert_eq!(entry.concurrent, 0, "two at once: {entry:?}");
            assert!(
                seen.insert((entry.grant, entry.generation)),
                "presented again: {entry:?}"
            );
        }
    }
}
