//! The code grant (RFC 6749, 4.1.3).

use super::answer::Refusal;
use super::demands;
use super::grant::{Act, Granted};
use crate::client::Client;
use crate::consent::Redemption;
use crate::ledger::Endpoint;
use crate::memory::Memory;
use crate::quirks::{Pkce, Unmet};

pub(super) fn by_code(act: &Act<'_>, memory: &mut Memory, client: &Client) -> Result<Granted, Refusal> {
    let given = &act.incoming.parameters;
    let code = given.one("code")?.ok_or(Refusal::missing("code"))?;
    let redirect_uri = demands::redirect_uri(&client.quirks, act.incoming)?;
    let verifier = given.one("code_verifier")?;
    check_verifier(client.quirks.pkce, verifier)?;
    let redeemed = memory.grants.redeem(
        &Redemption {
            client_id: &client.id,
            code,
            redirect_uri,
            verifier,
        },
        act.sandbox.now_ms(),
    );
    if let Some(grant) = memory.grants.of_code(code) {
        memory
            .ledger
            .identify(act.flight.sequence, Endpoint::Token, grant, None);
    }
    let grant = redeemed?;
    Ok(Granted {
        outcome: "issued",
        grant,
        scopes: memory.grants.narrowed(grant, None)?,
        refreshable: client.quirks.token.refresh_by_access_token.is_none(),
    })
}

fn check_verifier(pkce: Pkce, verifier: Option<&str>) -> Result<(), Refusal> {
    match pkce {
        Pkce::Required | Pkce::Plain if verifier.is_none() => Err(Refusal::missing("code_verifier")),
        Pkce::Refused => Ok(Unmet::unless(
            verifier.is_none(),
            "pkce",
            "code_verifier must not be there.",
        )?),
        _ => Ok(()),
    }
}
