//! A request of a client as the endpoints read it: whichever way its parameters travel.

use axum::body::Bytes;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method};

use super::{basic, single};
use crate::client::Client;
use crate::jwt::Jwt;
use crate::memory::Memory;
use crate::parameters::Parameters;
use crate::quirks::{Carrier, TokenAuth};
use crate::{Sandbox, seal};
use std::sync::Arc;

pub(crate) struct Incoming {
    pub(crate) method: Method,
    pub(crate) headers: HeaderMap,
    pub(crate) query: Parameters,
    /// How the parameters came; nothing if in a way that nobody reads.
    pub(crate) carrier: Option<Carrier>,
    pub(crate) parameters: Parameters,
}

impl Incoming {
    pub(crate) fn read(method: Method, headers: HeaderMap, query: Option<String>, body: &Bytes) -> Self {
        let query = Parameters::parse(query.unwrap_or_default().as_bytes());
        let carrier = match kind(&headers).as_str() {
            _ if body.is_empty() && !query.pairs().is_empty() => Some(Carrier::Query),
            "application/x-www-form-urlencoded" => Some(Carrier::Form),
            "application/json" => Some(Carrier::Json),
            _ => None,
        };
        let parameters = match carrier {
            Some(Carrier::Query) => query.clone(),
            Some(Carrier::Json) => Parameters::parse_json(body),
            Some(Carrier::Form) | None => Parameters::parse(body),
        };
        Self {
            method,
            headers,
            query,
            carrier,
            parameters,
        }
    }

    pub(crate) fn has_authorization(&self) -> bool {
        self.headers.contains_key(AUTHORIZATION)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        single(&self.parameters, name)
    }

    /// The client a request says it is from, if there is such a client. Nothing is proved by this.
    pub(crate) fn claimed(&self, sandbox: &Sandbox, memory: &Memory) -> Option<Arc<Client>> {
        let clients = &memory.clients;
        let named = match basic::read(&self.headers) {
            Some((id, _)) if clients.get(&id).is_some() => clients.get(&id),
            Some(pair) => clients.named(&self.parameters).or_else(|| {
                clients.find(|client| {
                    by_secret_alone(client) && (client.has_secret(&pair.0) || client.has_secret(&pair.1))
                })
            }),
            None => clients.named(&self.parameters),
        };
        let client = named.or_else(|| self.asserted(memory));
        client.or_else(|| self.holder(sandbox, memory)).cloned()
    }

    /// The client that an assertion is about or from.
    fn asserted<'a>(&self, memory: &'a Memory) -> Option<&'a Arc<Client>> {
        let clients = &memory.clients;
        if let Some(jwt) = self.get("client_assertion").and_then(Jwt::read) {
            return clients.get(jwt.claim("sub")?);
        }
        let jwt = Jwt::read(self.get("assertion")?)?;
        let issuer = jwt.claim("iss")?;
        clients.find(|client| {
            let bearer = client.quirks.token.jwt_bearer.as_ref();
            bearer.is_some_and(|bearer| bearer.issuer == issuer)
        })
    }

    /// Whose token is presented: some clients name nothing else.
    fn holder<'a>(&self, sandbox: &Sandbox, memory: &'a Memory) -> Option<&'a Arc<Client>> {
        let open = |text: &str| sandbox.sealer().open_access(text).map(|claims| claims.grant);
        let values = self.parameters.pairs().iter().map(|(_, value)| value.as_str());
        let grant = values.filter(|value| seal::is_access(value)).find_map(open)?;
        let client = memory.clients.get(memory.grants.client_of(grant)?)?;
        let quirks = &client.quirks;
        let nameless = quirks.token.refresh_by_access_token.is_some() || quirks.long_lived.is_some();
        nameless.then_some(client)
    }
}

fn by_secret_alone(client: &Client) -> bool {
    let alone = |auth| matches!(auth, TokenAuth::BasicSecret | TokenAuth::BasicPassword);
    let quirks = &client.quirks.token;
    alone(quirks.auth) || quirks.refresh_auth.is_some_and(alone)
}

fn kind(headers: &HeaderMap) -> String {
    let given = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = given.split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}
