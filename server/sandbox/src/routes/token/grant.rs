//! What is done about a token request: which grant, and what comes of it.

use std::sync::Arc;

use super::answer::{Answer, Refusal};
use super::client_authentication::authenticate;
use super::{TokenPath, by_application, by_code, by_token, demands};
use crate::Sandbox;
use crate::client::Client;
use crate::grants::Lifetime;
use crate::ledger::Flight;
use crate::memory::Memory;
use crate::plan::Shape;
use crate::quirks::Quirks;
use crate::routes::incoming::Incoming;

/// One token request and all that is needed to act on it.
pub(super) struct Act<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) flight: &'a Flight,
    pub(super) incoming: &'a Incoming,
    pub(super) path: &'a TokenPath,
    pub(super) shape: Shape,
}

/// What a grant led to.
pub(super) struct Granted {
    pub(super) outcome: &'static str,
    pub(super) grant: u64,
    pub(super) scopes: Vec<String>,
    /// Whether there is a refresh token with it.
    pub(super) refreshable: bool,
}

impl Act<'_> {
    /// Acts under one lock, so that of two equal requests one is the second.
    pub(super) fn act(&self) -> Answer {
        let mut memory = self.sandbox.memory();
        let claimed = self.incoming.claimed(self.sandbox, &memory);
        let usual = Quirks::default();
        let quirks = claimed.as_ref().map_or(&usual, |client| &client.quirks);
        let (outcome, unmet, answer) = match self.granted(&mut memory, quirks) {
            Ok((outcome, answer)) => (outcome, None, answer),
            Err(refusal) => (refusal.error, refusal.unmet, refusal.answer()),
        };
        memory.ledger.edit(self.flight.sequence, |entry| {
            entry.outcome = Some(outcome.to_owned());
            entry.unmet = unmet.map(str::to_owned);
        });
        let base = self.sandbox.settings().issuer();
        answer.dressed(
            &quirks.answer,
            &self.incoming.headers,
            base,
            self.sandbox.epoch_s(),
        )
    }

    fn granted(&self, memory: &mut Memory, quirks: &Quirks) -> Result<(&'static str, Answer), Refusal> {
        demands::check_way(quirks, self.incoming, self.path)?;
        let done = self.by_grant_type(memory, quirks)?;
        let mut shape = self.shape;
        shape.omit_refresh_token |= !done.refreshable;
        if quirks.long_lived.is_some() && done.outcome == "issued" {
            memory.grants.set_short(done.grant, true);
            shape.omit_refresh_token = true;
        }
        let seconds = lifetime(self.sandbox, quirks);
        let answer = issue(self.sandbox, memory, done.grant, done.scopes, shape, seconds)?;
        Ok((done.outcome, answer))
    }

    fn by_grant_type(&self, memory: &mut Memory, quirks: &Quirks) -> Result<Granted, Refusal> {
        let given = &self.incoming.parameters;
        if quirks.token.jwt_bearer.is_some() && by_application::is_assertion(given) {
            return by_application::by_assertion(self, memory, quirks);
        }
        demands::check_names(quirks, self.incoming)?;
        let refresh = demands::is_refresh(quirks, self.incoming);
        let client: Arc<Client> = authenticate(self.sandbox, memory, self.incoming, refresh)?;
        demands::check_parameters(quirks, self.incoming)?;
        let grant_type = given.one("grant_type")?.ok_or(Refusal::missing("grant_type"))?;
        match grant_type {
            "authorization_code" => by_code::by_code(self, memory, &client),
            _ if refresh => by_token::by_token(self, memory, &client, grant_type),
            other => by_application::by_itself(self, memory, &client, other),
        }
    }
}

/// How long an access token works.
pub(crate) fn lifetime(sandbox: &Sandbox, quirks: &Quirks) -> u64 {
    let usual = sandbox.settings().access_token_lifetime;
    quirks.answer.lifetime_seconds.unwrap_or(usual.as_secs())
}

/// The next generation of tokens, and the answer that brings them.
pub(crate) fn issue(
    sandbox: &Sandbox,
    memory: &mut Memory,
    grant: u64,
    scopes: Vec<String>,
    shape: Shape,
    seconds: u64,
) -> Result<Answer, Refusal> {
    let usual = sandbox.settings().access_token_lifetime;
    let access_ms = if seconds == usual.as_secs() {
        u64::try_from(usual.as_millis()).unwrap_or(u64::MAX)
    } else {
        seconds.saturating_mul(1_000)
    };
    let lifetime = Lifetime {
        now_ms: sandbox.now_ms(),
        access_ms,
    };
    let grants = &mut memory.grants;
    let issued = grants.issue(sandbox.sealer(), grant, scopes, shape, lifetime)?;
    Ok(Answer::tokens(issued, seconds, shape))
}
