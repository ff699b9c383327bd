//! `/revoke` and `/revoke/{token}` (RFC 7009), in the form that the client's provider takes.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::credentials;
use super::incoming::Incoming;
use super::token::answer::Refusal;
use super::token::client_authentication::authenticate;
use crate::client::Client;
use crate::ledger::{Endpoint, Flight};
use crate::memory::Memory;
use crate::quirks::{Carrier, RevokeAuth, RevokeBody, RevokeQuirks, Unmet};
use crate::routes::basic;
use crate::{Sandbox, seal};

pub(crate) async fn endpoint(
    State(sandbox): State<Sandbox>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let incoming = Incoming::read(method, headers, query, &body);
    answered(&sandbox, &incoming, None)
}

/// The token stands in the path.
pub(crate) async fn by_path(
    State(sandbox): State<Sandbox>,
    Path(token): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let incoming = Incoming::read(method, headers, query, &body);
    answered(&sandbox, &incoming, Some(&token))
}

fn answered(sandbox: &Sandbox, incoming: &Incoming, path: Option<&str>) -> Response {
    let flight = Flight::begin(sandbox, Endpoint::Revoke, &incoming.method);
    let revocation = Revocation {
        sandbox,
        flight: &flight,
        incoming,
        path,
    };
    let done = revocation.revoke();
    flight.note(|entry| match &done {
        Ok(outcome) => entry.outcome = Some((*outcome).to_owned()),
        Err(refusal) => {
            entry.outcome = Some(refusal.error.to_owned());
            entry.unmet = refusal.unmet.map(str::to_owned);
        }
    });
    flight.answer(match done {
        Ok(_) => StatusCode::OK.into_response(),
        Err(refusal) => refusal.answer().into_response(),
    })
}

struct Revocation<'a> {
    sandbox: &'a Sandbox,
    flight: &'a Flight,
    incoming: &'a Incoming,
    path: Option<&'a str>,
}

impl Revocation<'_> {
    /// A token nobody knows is as good as revoked: the answer is the same (RFC 7009, 2.2).
    fn revoke(&self) -> Result<&'static str, Refusal> {
        let mut memory = self.sandbox.memory();
        let claimed = self.client(&memory);
        memory.ledger.edit(self.flight.sequence, |entry| {
            entry.client_id = claimed.as_ref().map(|client| client.id.clone())
        });
        let usual = RevokeQuirks::default();
        let wanted = claimed.as_ref().map_or(&usual, |client| &client.quirks.revoke);
        self.check_method(wanted)?;
        let client_id = self.authenticated(&mut memory, claimed.as_deref(), wanted)?;
        self.check_form(wanted)?;
        let token = self.token(wanted)?;
        self.end(&mut memory, &client_id, token)
    }

    fn end(&self, memory: &mut Memory, client_id: &str, token: &str) -> Result<&'static str, Refusal> {
        memory.ledger.edit(self.flight.sequence, |entry| {
            entry.fingerprint = Some(seal::fingerprint(token))
        });
        let access = self.sandbox.sealer().open_access(token);
        let Some((grant, generation)) = opened(self.sandbox, token) else {
            return Ok("unknown_token");
        };
        memory
            .ledger
            .identify(self.flight.sequence, Endpoint::Revoke, grant, Some(generation));
        if !memory.grants.belongs_to(grant, client_id) {
            return Err(Refusal::invalid_request("The token belongs to another client."));
        }
        match access {
            Some(claims) => memory.grants.revoke_access(&claims),
            None => memory.grants.revoke(grant),
        }
        Ok("revoked")
    }

    /// The client that asks or, where it does not say so, whose token this is.
    fn client(&self, memory: &Memory) -> Option<Arc<Client>> {
        let holder = || {
            let given = self.incoming.parameters.pairs().iter();
            let values = given.map(|(_, value)| value.as_str());
            let bearer = credentials(&self.incoming.headers, "Bearer");
            let mut tokens = values.chain(bearer).chain(self.path);
            let grant = tokens.find_map(|token| opened(self.sandbox, token))?.0;
            memory.clients.get(memory.grants.client_of(grant)?).cloned()
        };
        self.incoming.claimed(self.sandbox, memory).or_else(holder)
    }

    fn check_method(&self, wanted: &RevokeQuirks) -> Result<(), Refusal> {
        let method = wanted.method.as_deref().unwrap_or("POST");
        if self.incoming.method.as_str() == method {
            return Ok(());
        }
        let told = format!("The method must be {method}.");
        Err(Refusal::wrong_method(Unmet::new("revoke.method", told)))
    }

    fn authenticated(
        &self,
        memory: &mut Memory,
        claimed: Option<&Client>,
        wanted: &RevokeQuirks,
    ) -> Result<String, Refusal> {
        let client = match claimed {
            Some(client) if wanted.auth != RevokeAuth::Client => client,
            _ => {
                let client = authenticate(self.sandbox, memory, self.incoming, false)?;
                return Ok(client.id.clone());
            }
        };
        let met = match &wanted.auth {
            RevokeAuth::Client => true,
            RevokeAuth::Bearer => self.is_bearer(memory, client),
            RevokeAuth::Basic => {
                let pair = basic::read(&self.incoming.headers);
                let right = pair.is_some_and(|(id, secret)| id == client.id && client.has_secret(&secret));
                right && !self.incoming.parameters.has("client_secret")
            }
            RevokeAuth::None => {
                !self.incoming.has_authorization() && !self.incoming.parameters.has("client_secret")
            }
            RevokeAuth::Header(template) => self.is_header(client, template),
        };
        let told = "Whoever revokes must say who it is in the way that was agreed on.";
        Unmet::unless(met, "revoke.auth", told).map_err(Refusal::unmet_client)?;
        Ok(client.id.clone())
    }

    fn is_bearer(&self, memory: &Memory, client: &Client) -> bool {
        let token = credentials(&self.incoming.headers, "Bearer");
        let claims = token.and_then(|token| self.sandbox.sealer().open_access(token));
        claims.is_some_and(|claims| {
            memory.grants.belongs_to(claims.grant, &client.id)
                && memory.grants.bearer(claims, self.sandbox.now_ms()).is_some()
        })
    }

    fn is_header(&self, client: &Client, template: &str) -> bool {
        let wanted = template
            .replace("{secret}", client.secret())
            .replace("{client_id}", &client.id);
        let given = self.incoming.headers.get(AUTHORIZATION);
        given.is_some_and(|given| seal::equal(given.as_bytes(), wanted.as_bytes()))
    }

    fn check_form(&self, wanted: &RevokeQuirks) -> Result<(), Refusal> {
        let hint = wanted.no_hint && self.incoming.parameters.has("token_type_hint");
        Unmet::unless(!hint, "revoke.no_hint", "token_type_hint must not be there.")?;
        let bearer_alone = wanted.auth == RevokeAuth::Bearer && wanted.parameter.is_none();
        let carrier = match wanted.body {
            RevokeBody::Form => Some(Carrier::Form),
            RevokeBody::Json => Some(Carrier::Json),
            RevokeBody::Query => Some(Carrier::Query),
            RevokeBody::Path => None,
        };
        let by_path = (wanted.body == RevokeBody::Path) == self.path.is_some();
        // The usual client was never asked for its content type here.
        let usual = carrier == Some(Carrier::Form) && self.incoming.carrier.is_none();
        let met = carrier.is_none() || bearer_alone || usual || self.incoming.carrier == carrier;
        let told = "The token must stand where it was agreed on.";
        Ok(Unmet::unless(by_path && met, "revoke.body", told)?)
    }

    fn token(&self, wanted: &RevokeQuirks) -> Result<&str, Refusal> {
        if let Some(token) = self.path {
            return Ok(token);
        }
        if wanted.auth == RevokeAuth::Bearer && wanted.parameter.is_none() {
            let token = credentials(&self.incoming.headers, "Bearer");
            return token.ok_or(Refusal::missing("token"));
        }
        let Some(name) = &wanted.parameter else {
            let token = self.incoming.parameters.one("token")?;
            return token.ok_or(Refusal::missing("token"));
        };
        let token = self.incoming.parameters.one(name)?;
        let told = format!("The token must stand in {name}.");
        Ok(token.ok_or(Unmet::new("revoke.parameter", told))?)
    }
}

/// Grant and generation of a token of either kind.
fn opened(sandbox: &Sandbox, token: &str) -> Option<(u64, u64)> {
    let access = sandbox.sealer().open_access(token);
    let refresh = sandbox.sealer().open_refresh(token);
    let known = access.map(|claims| (claims.grant, claims.generation));
    known.or(refresh.map(|claims| (claims.grant, claims.generation)))
}
