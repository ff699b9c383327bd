//! Codes, grants and the tokens that come of them: what is issued, rotated and revoked.

use std::collections::BTreeSet;

use crate::account::Account;
use crate::consent::{Consent, Redemption};
use crate::plan::Shape;
use crate::seal::{self, AccessClaims, RefreshClaims, Sealer};
use crate::shelf::Shelf;

enum Code {
    Fresh(Consent),
    /// Presented once; with the grant it led to, if it did.
    Spent(Option<u64>),
}

struct Grant {
    client_id: String,
    account: &'static Account,
    scopes: Vec<String>,
    /// Counts the answers of the token endpoint, from 1.
    generation: u64,
    /// The one refresh token that works.
    refresh_generation: Option<u64>,
    /// The one before it, and when it was replaced.
    replaced: Option<(u64, u64)>,
    /// The access token issued last.
    access_serial: u64,
    /// Access tokens before this serial are dead.
    first_access: u64,
    /// The access token is good for the exchange to a long-lived one, and nothing else.
    short: bool,
    revoked: bool,
}

/// When it is, and for how long an access token shall work.
#[derive(Clone, Copy)]
pub(crate) struct Lifetime {
    pub(crate) now_ms: u64,
    pub(crate) access_ms: u64,
}

/// The tokens of one answer. No `Debug`: they are in clear.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    pub(crate) scopes: Vec<String>,
}

/// Why a code or token does not work.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantError {
    #[error("The code is unknown or belongs to another client.")]
    UnknownCode,
    #[error("The code was used before; what it led to is revoked.")]
    CodeReplayed,
    #[error("The code has expired.")]
    CodeExpired,
    #[error("The redirect_uri is not the one the code was issued for.")]
    OtherRedirect,
    #[error("The code_verifier does not fit the code_challenge.")]
    WrongVerifier,
    #[error("The refresh token is unknown or belongs to another client.")]
    UnknownToken,
    #[error("The grant was revoked.")]
    Revoked,
    #[error("The refresh token was used before; the grant is revoked.")]
    TokenReplayed,
    #[error("The scope goes beyond what was granted.")]
    ScopeTooWide,
}

/// Who is behind an access token.
pub(crate) struct Bearer {
    pub(crate) account: &'static Account,
    pub(crate) claims: AccessClaims,
}

pub(crate) struct Grants {
    codes: Shelf<String, Code>,
    grants: Shelf<u64, Grant>,
    next: u64,
}

impl Grants {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            codes: Shelf::new(capacity),
            grants: Shelf::new(capacity),
            next: 1,
        }
    }

    pub(crate) fn code(&mut self, consent: Consent) -> String {
        let code = seal::random_text();
        self.codes.put(code.clone(), Code::Fresh(consent));
        code
    }

    /// The grant a code led to, for the ledger.
    pub(crate) fn of_code(&self, code: &str) -> Option<u64> {
        match self.codes.get(&code.to_owned()) {
            Some(Code::Spent(grant)) => *grant,
            _ => None,
        }
    }

    /// Turns a code into a grant. A code is spent by its client's first attempt, right or wrong, so a
    /// verifier cannot be guessed twice; a second attempt revokes what the first one led to.
    pub(crate) fn redeem(&mut self, asked: &Redemption<'_>, now_ms: u64) -> Result<u64, GrantError> {
        let key = asked.code.to_owned();
        let slot = self.codes.get_mut(&key).ok_or(GrantError::UnknownCode)?;
        if let Code::Fresh(consent) = slot
            && consent.client_id != asked.client_id
        {
            return Err(GrantError::UnknownCode);
        }
        match std::mem::replace(slot, Code::Spent(None)) {
            Code::Fresh(consent) => {
                consent.check(asked, now_ms)?;
                let grant = self.open(&consent.client_id, consent.account, consent.scopes);
                self.codes.put(key, Code::Spent(Some(grant)));
                Ok(grant)
            }
            Code::Spent(grant) => {
                *slot = Code::Spent(grant);
                self.revoke(grant.unwrap_or_default());
                Err(GrantError::CodeReplayed)
            }
        }
    }

    /// Checks a refresh token and, if it was used before, revokes its family (RFC 9700, 4.14.2). The one that
    /// was replaced last is good for as long as `replaced_since` allows.
    pub(crate) fn rotate(
        &mut self,
        client_id: &str,
        claims: &RefreshClaims,
        replaced_since: u64,
    ) -> Result<u64, GrantError> {
        let grant = self
            .grants
            .get_mut(&claims.grant)
            .ok_or(GrantError::UnknownToken)?;
        if grant.client_id != client_id {
            return Err(GrantError::UnknownToken);
        }
        if grant.revoked {
            return Err(GrantError::Revoked);
        }
        let in_grace = |(generation, at)| generation == claims.generation && at > replaced_since;
        if grant.refresh_generation != Some(claims.generation) && !grant.replaced.is_some_and(in_grace) {
            grant.revoked = true;
            return Err(GrantError::TokenReplayed);
        }
        Ok(claims.grant)
    }

    /// The scopes a refresh is for: those asked, if they lie within the grant, or all of it.
    pub(crate) fn narrowed(&self, grant: u64, asked: Option<&str>) -> Result<Vec<String>, GrantError> {
        let granted = &self.grants.get(&grant).ok_or(GrantError::UnknownToken)?.scopes;
        let Some(asked) = asked else {
            return Ok(granted.clone());
        };
        let asked: BTreeSet<&str> = asked.split_whitespace().collect();
        if asked
            .iter()
            .any(|name| !granted.iter().any(|scope| scope == name))
        {
            return Err(GrantError::ScopeTooWide);
        }
        Ok(granted
            .iter()
            .filter(|scope| asked.contains(scope.as_str()))
            .cloned()
            .collect())
    }

    /// The next generation of tokens.
    pub(crate) fn issue(
        &mut self,
        sealer: &Sealer,
        number: u64,
        mut scopes: Vec<String>,
        shape: Shape,
        lifetime: Lifetime,
    ) -> Result<Issued, GrantError> {
        let grant = self.grants.get_mut(&number).ok_or(GrantError::UnknownToken)?;
        if shape.fewer_scopes && scopes.len() > 1 {
            scopes.pop();
            grant.scopes.retain(|scope| scopes.contains(scope));
        }
        grant.generation += 1;
        grant.access_serial += 1;
        if shape.refresh_kills_access {
            grant.first_access = grant.access_serial;
        }
        let access = AccessClaims {
            grant: number,
            serial: grant.access_serial,
            generation: grant.generation,
            expires_ms: lifetime.now_ms.saturating_add(lifetime.access_ms),
            scopes: scopes.clone(),
        };
        let refresh_token = (!shape.omit_refresh_token).then(|| {
            let before = grant.refresh_generation.replace(grant.generation);
            grant.replaced = before.map(|before| (before, lifetime.now_ms));
            sealer.refresh(&RefreshClaims {
                grant: number,
                generation: grant.generation,
            })
        });
        Ok(Issued {
            access_token: sealer.access(&access),
            refresh_token,
            scopes,
        })
    }

    /// Who an access token speaks for, if it works.
    pub(crate) fn bearer(&self, claims: AccessClaims, now_ms: u64) -> Option<Bearer> {
        let grant = self.grants.get(&claims.grant)?;
        let alive = !grant.revoked && claims.serial >= grant.first_access && now_ms < claims.expires_ms;
        alive.then_some(Bearer {
            account: grant.account,
            claims,
        })
    }

    /// Whose grant it is.
    pub(crate) fn client_of(&self, grant: u64) -> Option<&str> {
        self.grants.get(&grant).map(|grant| grant.client_id.as_str())
    }

    /// Whether its access token must be exchanged before it is good for calls.
    pub(crate) fn is_short(&self, grant: u64) -> bool {
        self.grants.get(&grant).is_some_and(|grant| grant.short)
    }

    /// Says whether its next access token must be exchanged; the ones before it are good for nothing.
    pub(crate) fn set_short(&mut self, number: u64, short: bool) {
        if let Some(grant) = self.grants.get_mut(&number) {
            grant.short = short;
            grant.first_access = grant.access_serial + 1;
        }
    }

    pub(crate) fn belongs_to(&self, grant: u64, client_id: &str) -> bool {
        self.grants
            .get(&grant)
            .is_some_and(|grant| grant.client_id == client_id)
    }

    /// Ends the whole family.
    pub(crate) fn revoke(&mut self, grant: u64) {
        if let Some(grant) = self.grants.get_mut(&grant) {
            grant.revoked = true;
        }
    }

    /// Ends this access token and those before it; the refresh token goes on.
    pub(crate) fn revoke_access(&mut self, claims: &AccessClaims) {
        if let Some(grant) = self.grants.get_mut(&claims.grant) {
            grant.first_access = grant.first_access.max(claims.serial + 1);
        }
    }

    /// A new grant.
    pub(crate) fn open(&mut self, client_id: &str, account: &'static Account, scopes: Vec<String>) -> u64 {
        let number = self.next;
        self.next += 1;
        let grant = Grant {
            client_id: client_id.to_owned(),
            account,
            scopes,
            generation: 0,
            refresh_generation: None,
            replaced: None,
            access_serial: 0,
            first_access: 0,
            short: false,
            revoked: false,
        };
        self.grants.put(number, grant);
        number
    }
}
