//! What was asked: a ring of entries. Tokens appear as fingerprints, never in clear.

use std::collections::VecDeque;

use axum::http::Method;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::Sandbox;

/// Where a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    Metadata,
    Authorize,
    Token,
    Revoke,
    Userinfo,
    Echo,
    Exchange,
    Introspect,
    Identity,
    Fragment,
    Discovery,
    Oauth1Initiate,
    Oauth1Authorize,
    Oauth1Token,
    Oauth1Resource,
    Key,
    Basic,
}

/// One request. Times are milliseconds since the sandbox was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1 and never starts again.
    pub sequence: u64,
    pub started_ms: u64,
    /// `None` while the request is in flight.
    pub ended_ms: Option<u64>,
    pub endpoint: Endpoint,
    pub method: String,
    /// Only of a known client.
    pub client_id: Option<String>,
    /// `authorization_code`, `refresh_token`, `client_credentials`, `jwt_bearer` or `other`.
    pub grant_type: Option<String>,
    /// First digits of the SHA-256 of the code or token that was presented.
    pub fingerprint: Option<String>,
    /// Number of the grant (the token family) the request belongs to.
    pub grant: Option<u64>,
    /// Generation of the presented token; a code has none.
    pub generation: Option<u64>,
    /// How many requests with tokens of the same grant were in flight at the same endpoint when this came.
    pub concurrent: usize,
    /// What the provider did: `issued`, `refreshed`, `revoked`, `allowed`, `shown`, `served` or an error code.
    /// `None`: a fault kept it from acting.
    pub outcome: Option<String>,
    /// The demand of the client that the request did not meet, by its path within the quirks.
    #[serde(default)]
    pub unmet: Option<String>,
    /// The switches that took effect.
    pub faults: Vec<String>,
    /// An answer was handed over. False in the end: the caller went away or a fault cut the line.
    pub answered: bool,
}

pub(crate) struct Ledger {
    capacity: usize,
    next: u64,
    entries: VecDeque<Entry>,
}

impl Ledger {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity,
            next: 1,
            entries: VecDeque::new(),
        }
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }

    fn open(&mut self, started_ms: u64, endpoint: Endpoint, method: &Method) -> u64 {
        let sequence = self.next;
        self.next += 1;
        if self.entries.len() >= self.capacity {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry {
            sequence,
            started_ms,
            ended_ms: None,
            endpoint,
            // A method is text of the caller's choice; the known ones are short.
            method: method.as_str().chars().take(16).collect(),
            client_id: None,
            grant_type: None,
            fingerprint: None,
            grant: None,
            generation: None,
            concurrent: 0,
            outcome: None,
            unmet: None,
            faults: Vec::new(),
            answered: false,
        });
        sequence
    }

    /// Changes an entry, unless the ring has dropped it. Sequence numbers on the ring are consecutive.
    pub(crate) fn edit(&mut self, sequence: u64, change: impl FnOnce(&mut Entry)) {
        let Some(first) = self.entries.front().map(|entry| entry.sequence) else {
            return;
        };
        let index = sequence
            .checked_sub(first)
            .and_then(|index| usize::try_from(index).ok());
        if let Some(entry) = index.and_then(|index| self.entries.get_mut(index)) {
            change(entry);
        }
    }

    /// Notes whose token was presented, and who else is at it right now.
    pub(crate) fn identify(
        &mut self,
        sequence: u64,
        endpoint: Endpoint,
        grant: u64,
        generation: Option<u64>,
    ) {
        let rival = |entry: &&Entry| {
            entry.grant == Some(grant) && entry.endpoint == endpoint && entry.ended_ms.is_none()
        };
        let concurrent = self.entries.iter().filter(rival).count();
        self.edit(sequence, |entry| {
            entry.grant = Some(grant);
            entry.generation = generation;
            entry.concurrent = concurrent;
        });
    }
}

/// A request in flight. Dropping it closes the entry, also when the caller hangs up.
pub(crate) struct Flight {
    sandbox: Sandbox,
    pub(crate) sequence: u64,
    answered: bool,
}

impl Flight {
    pub(crate) fn begin(sandbox: &Sandbox, endpoint: Endpoint, method: &Method) -> Self {
        let sequence = sandbox.memory().ledger.open(sandbox.now_ms(), endpoint, method);
        Self {
            sandbox: sandbox.clone(),
            sequence,
            answered: false,
        }
    }

    /// Changes the entry. The memory must not be locked.
    pub(crate) fn note(&self, change: impl FnOnce(&mut Entry)) {
        self.sandbox.memory().ledger.edit(self.sequence, change);
    }

    pub(crate) fn outcome(&self, outcome: &str) {
        self.note(|entry| entry.outcome = Some(outcome.to_owned()));
    }

    pub(crate) fn answer(mut self, response: Response) -> Response {
        self.answered = true;
        response
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let now = self.sandbox.now_ms();
        let answered = self.answered;
        self.note(|entry| {
            entry.ended_ms = Some(now);
            entry.answered = answered;
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_is_bounded_and_late_edits_find_their_entry_or_nothing() {
        let mut ledger = Ledger::new(3);
        for started_ms in 0..5 {
            ledger.open(started_ms, Endpoint::Token, &Method::POST);
        }
        ledger.edit(1, |entry| entry.outcome = Some("too late".into()));
        ledger.edit(4, |entry| entry.outcome = Some("issued".into()));
        let seen: Vec<_> = ledger
            .entries()
            .into_iter()
            .map(|entry| (entry.sequence, entry.outcome))
            .collect();
        assert_eq!(seen, [(3, None), (4, Some("issued".to_owned())), (5, None)]);
        ledger.clear();
        ledger.edit(4, |entry| entry.answered = true);
        assert_eq!(ledger.open(9, Endpoint::Token, &Method::POST), 6);
        assert_eq!(ledger.entries().len(), 1);
    }

    #[test]
    fn identify_counts_those_still_in_flight_with_the_same_grant() {
        let mut ledger = Ledger::new(9);
        for grant in [7, 7, 8, 7] {
            let sequence = ledger.open(0, Endpoint::Token, &Method::POST);
            ledger.identify(sequence, Endpoint::Token, grant, Some(1));
        }
        ledger.edit(1, |entry| entry.ended_ms = Some(1));
        let last = ledger.open(2, Endpoint::Token, &Method::POST);
        ledger.identify(last, Endpoint::Token, 7, Some(1));
        let seen: Vec<_> = ledger.entries().iter().map(|entry| entry.concurrent).collect();
        assert_eq!(seen, [0, 1, 0, 2, 2]);
    }
}
