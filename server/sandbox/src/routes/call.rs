//! A call with an access token: where the token stands, whom it speaks for, and what the client's provider
//! insists on.

use std::sync::Arc;

use axum::Json;
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::credentials;
use super::token::deliver::status_code;
use crate::client::Client;
use crate::grants::Bearer;
use crate::ledger::{Endpoint, Flight};
use crate::parameters::Parameters;
use crate::quirks::{CallQuirks, RateLimit, RateLimitKind, TokenHeader, Unmet};
use crate::{Sandbox, seal};

pub(crate) struct Call<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) flight: &'a Flight,
    pub(crate) endpoint: Endpoint,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) query: Parameters,
    /// The instance in the path; `None` within where the path is that of all clients.
    pub(crate) instance: Option<Option<&'a str>>,
}

/// Why a call is not served.
pub(crate) enum Refused {
    NoToken,
    Invalid,
    /// The token has ended, and the client's provider has a status of its own for that.
    Ended(StatusCode),
    Unmet(StatusCode, Unmet),
    Limited(Box<Response>),
}

impl Call<'_> {
    /// Who calls. Whatever comes of it is in the ledger.
    pub(crate) fn bearer(&self) -> Result<Bearer, Refused> {
        let found = self.find();
        let (outcome, unmet) = match &found {
            Ok(_) => ("served", None),
            Err(refused) => refused.outcome(),
        };
        self.flight.note(|entry| {
            entry.outcome = Some(outcome.to_owned());
            entry.unmet = unmet.map(str::to_owned);
        });
        found
    }

    /// The client whose token is presented, wherever that stands.
    pub(crate) fn holder(&self) -> Option<Arc<Client>> {
        let claims = self.sandbox.sealer().open_access(self.presented()?)?;
        let memory = self.sandbox.memory();
        let client = memory.clients.get(memory.grants.client_of(claims.grant)?)?;
        Some(client.clone())
    }

    fn find(&self) -> Result<Bearer, Refused> {
        let token = self.presented().ok_or(Refused::NoToken)?;
        let mut memory = self.sandbox.memory();
        memory.ledger.edit(self.flight.sequence, |entry| {
            entry.fingerprint = Some(seal::fingerprint(token))
        });
        let claims = self.sandbox.sealer().open_access(token);
        let claims = claims.ok_or(Refused::Invalid)?;
        let grant = claims.grant;
        let generation = Some(claims.generation);
        memory
            .ledger
            .identify(self.flight.sequence, self.endpoint, grant, generation);
        let client_id = memory.grants.client_of(grant).ok_or(Refused::Invalid)?;
        let client = memory.clients.get(client_id).ok_or(Refused::Invalid)?;
        self.check(client, token)?;
        if memory.grants.is_short(grant) {
            let told = "This token must be exchanged for a long-lived one.";
            let unmet = Unmet::new("long_lived", told);
            return Err(Refused::Unmet(StatusCode::UNAUTHORIZED, unmet));
        }
        let status = client.quirks.call.expired_status;
        let ended = status.map_or(Refused::Invalid, |status| Refused::Ended(status_code(status)));
        memory.grants.bearer(claims, self.sandbox.now_ms()).ok_or(ended)
    }

    fn check(&self, client: &Client, token: &str) -> Result<(), Refused> {
        let quirks = &client.quirks.call;
        self.check_place(quirks, token)?;
        for (name, value) in &quirks.extra_headers {
            let met = self.header(name) == Some(value);
            let told = format!("The header {name} must be {value}.");
            Unmet::unless(met, "call.extra_headers", told)
                .map_err(|unmet| Refused::Unmet(StatusCode::BAD_REQUEST, unmet))?;
        }
        if let Some(instance) = self.instance {
            let met = quirks.instance.as_deref() == instance;
            Unmet::unless(met, "call.instance", "This client's instance is another one.")
                .map_err(|unmet| Refused::Unmet(StatusCode::NOT_FOUND, unmet))?;
        }
        match &quirks.rate_limit {
            // Whoever only asks who it is does not use the calls up that are too many.
            Some(limit) if self.instance.is_some() && client.takes_limit() => {
                Err(Refused::Limited(Box::new(limited(limit, self.sandbox.epoch_s()))))
            }
            _ => Ok(()),
        }
    }

    fn check_place(&self, quirks: &CallQuirks, token: &str) -> Result<(), Refused> {
        let usual = quirks.token_header.is_none() && quirks.token_query.is_none();
        if usual {
            // A token elsewhere has never been looked for.
            let found = credentials(self.headers, "Bearer") == Some(token);
            return found.then_some(()).ok_or(Refused::NoToken);
        }
        let in_query = |name: &String| self.query.one(name) == Ok(Some(token));
        let in_header = |wanted: &TokenHeader| {
            let given = self.header(&wanted.name);
            given.and_then(|given| given.strip_prefix(&wanted.prefix)) == Some(token)
        };
        let unmet = |unmet| Refused::Unmet(StatusCode::UNAUTHORIZED, unmet);
        let told = "The token must stand where it was agreed on.";
        let header = quirks.token_header.as_ref().is_none_or(in_header);
        Unmet::unless(header, "call.token_header", told).map_err(unmet)?;
        let query = quirks.token_query.as_ref().is_none_or(in_query);
        Unmet::unless(query, "call.token_query", told).map_err(unmet)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The token: usually where RFC 6750 wants it, else wherever something looks like one.
    fn presented(&self) -> Option<&str> {
        let headers = self.headers.values().filter_map(|value| value.to_str().ok());
        let query = self.query.pairs().iter().map(|(_, value)| value.as_str());
        let elsewhere = || headers.chain(query).find_map(seal::access_within);
        credentials(self.headers, "Bearer").or_else(elsewhere)
    }
}

impl Refused {
    fn outcome(&self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::NoToken => ("no_token", None),
            Self::Invalid | Self::Ended(_) => ("invalid_token", None),
            Self::Unmet(_, unmet) => ("invalid_request", Some(unmet.demand)),
            Self::Limited(_) => ("rate_limited", None),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::NoToken => challenge("Bearer realm=\"sandbox\""),
            Self::Invalid => challenge(
                "Bearer realm=\"sandbox\", error=\"invalid_token\", \
                 error_description=\"The access token is unknown, expired or revoked.\"",
            ),
            Self::Ended(status) => {
                (status, error("invalid_token", "The access token has ended.")).into_response()
            }
            Self::Unmet(status, unmet) => {
                (status, error("invalid_request", &unmet.description)).into_response()
            }
            Self::Limited(response) => *response,
        }
    }
}

fn error(code: &str, description: &str) -> Json<serde_json::Value> {
    Json(json!({"error": code, "error_description": description}))
}

fn challenge(value: &'static str) -> Response {
    (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, value)]).into_response()
}

fn limited(limit: &RateLimit, now_s: u64) -> Response {
    let at = now_s.saturating_add(limit.seconds);
    let value = match limit.kind {
        RateLimitKind::Seconds => limit.seconds,
        RateLimitKind::Epoch => at,
        RateLimitKind::EpochMs => at.saturating_mul(1_000),
    };
    let told = error("rate_limited", "There were too many calls.");
    let mut response = (status_code(limit.status), told).into_response();
    if let Ok(name) = HeaderName::try_from(limit.header.as_str()) {
        response.headers_mut().insert(name, HeaderValue::from(value));
    }
    response
}
