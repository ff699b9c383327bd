//! Grants without a code: the client asks for itself (RFC 6749, 4.4) or by an assertion (RFC 7523, 2.1). Both
//! lead to an access token alone; the client asks again when it has ended.

use super::answer::Refusal;
use super::assertion;
use super::client_authentication::authenticate;
use super::demands;
use super::grant::{Act, Granted};
use crate::account::{self, APPLICATION, Account};
use crate::client::Client;
use crate::grants::GrantError;
use crate::memory::Memory;
use crate::parameters::Parameters;
use crate::quirks::{Quirks, Unmet};

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

pub(super) fn is_assertion(given: &Parameters) -> bool {
    given.one("grant_type") == Ok(Some(JWT_BEARER))
}

pub(super) fn by_itself(
    act: &Act<'_>,
    memory: &mut Memory,
    client: &Client,
    grant_type: &str,
) -> Result<Granted, Refusal> {
    let Some(name) = &client.quirks.token.client_credentials else {
        return Err(Refusal::unsupported_grant_type());
    };
    let standard = grant_type == "client_credentials" && name != "client_credentials";
    let told = format!("The grant type must be {name}.");
    Unmet::unless(!standard, "token.client_credentials", told)?;
    if grant_type != name {
        return Err(Refusal::unsupported_grant_type());
    }
    let scopes = scopes(client, act.incoming.parameters.one("scope")?)?;
    Ok(granted(memory, client, &APPLICATION, scopes))
}

pub(super) fn by_assertion(act: &Act<'_>, memory: &mut Memory, quirks: &Quirks) -> Result<Granted, Refusal> {
    let wanted = quirks.token.jwt_bearer.as_ref();
    let wanted = wanted.ok_or(Refusal::unsupported_grant_type())?;
    let claimed = act.incoming.claimed(act.sandbox, memory);
    let client = if wanted.client_auth {
        authenticate(act.sandbox, memory, act.incoming, false)?
    } else {
        claimed.ok_or(Refusal::invalid_client(false))?
    };
    demands::check_parameters(quirks, act.incoming)?;
    let given = act.incoming.parameters.one("assertion")?;
    let text = given.ok_or(Refusal::missing("assertion"))?;
    let (subject, scope) = assertion::granted(act.sandbox, &client, wanted, text)?;
    let scopes = scopes(&client, scope.as_deref())?;
    let account = subject.as_deref().and_then(account::find);
    Ok(granted(memory, &client, account.unwrap_or(&APPLICATION), scopes))
}

fn granted(memory: &mut Memory, client: &Client, account: &'static Account, scopes: Vec<String>) -> Granted {
    Granted {
        outcome: "issued",
        grant: memory.grants.open(&client.id, account, scopes.clone()),
        scopes,
        refreshable: false,
    }
}

/// What is asked, if the client may have it; all of it without a word.
fn scopes(client: &Client, asked: Option<&str>) -> Result<Vec<String>, Refusal> {
    let known = client.scope_names();
    let Some(asked) = asked else { return Ok(known) };
    let asked = client.quirks.authorize.split_scopes(asked);
    if asked.iter().any(|name| !known.iter().any(|scope| scope == name)) {
        return Err(GrantError::ScopeTooWide.into());
    }
    Ok(known
        .into_iter()
        .filter(|scope| asked.contains(&scope.as_str()))
        .collect())
}
