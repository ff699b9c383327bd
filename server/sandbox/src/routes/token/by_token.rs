//! The refresh grant (RFC 6749, 6), also in the form in which the access token renews itself.

use super::answer::Refusal;
use super::grant::{Act, Granted};
use crate::client::Client;
use crate::grants::GrantError;
use crate::ledger::Endpoint;
use crate::memory::Memory;
use crate::quirks::Unmet;
use crate::seal;

pub(super) fn by_token(
    act: &Act<'_>,
    memory: &mut Memory,
    client: &Client,
    grant_type: &str,
) -> Result<Granted, Refusal> {
    match &client.quirks.token.refresh_by_access_token {
        Some(name) => {
            let told = format!("The grant type must be {name}.");
            Unmet::unless(name == grant_type, "token.refresh_by_access_token", told)?;
            by_access_token(act, memory, client)
        }
        None => by_refresh_token(act, memory, client),
    }
}

fn by_refresh_token(act: &Act<'_>, memory: &mut Memory, client: &Client) -> Result<Granted, Refusal> {
    let given = &act.incoming.parameters;
    let token = given
        .one("refresh_token")?
        .ok_or(Refusal::missing("refresh_token"))?;
    let scope = given.one("scope")?;
    let claims = act
        .sandbox
        .sealer()
        .open_refresh(token)
        .ok_or(GrantError::UnknownToken)?;
    let quirks = &client.quirks.token;
    let grace_ms = quirks.reuse_seconds.saturating_mul(1_000);
    let since = match grace_ms {
        0 => u64::MAX,
        _ => act.sandbox.now_ms().saturating_sub(grace_ms),
    };
    let grant = memory.grants.rotate(&client.id, &claims, since)?;
    Ok(Granted {
        outcome: "refreshed",
        grant,
        scopes: memory.grants.narrowed(grant, scope)?,
        refreshable: !quirks.keeps_refresh_token,
    })
}

/// The token must be alive. It stays so until its own end.
fn by_access_token(act: &Act<'_>, memory: &mut Memory, client: &Client) -> Result<Granted, Refusal> {
    let given = act.incoming.parameters.one("access_token")?;
    let token = given.ok_or(Refusal::missing("access_token"))?;
    memory.ledger.edit(act.flight.sequence, |entry| {
        entry.fingerprint = Some(seal::fingerprint(token))
    });
    let claims = act.sandbox.sealer().open_access(token);
    let claims = claims.ok_or(GrantError::UnknownToken)?;
    let (grant, generation) = (claims.grant, claims.generation);
    memory
        .ledger
        .identify(act.flight.sequence, Endpoint::Token, grant, Some(generation));
    let alive = memory.grants.bearer(claims, act.sandbox.now_ms()).is_some();
    if !alive || !memory.grants.belongs_to(grant, &client.id) {
        return Err(GrantError::UnknownToken.into());
    }
    Ok(Granted {
        outcome: "refreshed",
        grant,
        scopes: memory.grants.narrowed(grant, None)?,
        refreshable: false,
    })
}
