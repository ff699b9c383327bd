//! RFC 7523: an assertion proves who the client is (2.2), or is itself the grant (2.1).

use super::answer::Refusal;
use crate::Sandbox;
use crate::client::Client;
use crate::jwt::Jwt;
use crate::memory::Memory;
use crate::quirks::{JwtBearer, Unmet};
use crate::routes::incoming::Incoming;

const CLIENT_ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// 2.2: the client signs that it is itself, and every assertion is good once.
pub(super) fn prove(
    sandbox: &Sandbox,
    memory: &mut Memory,
    incoming: &Incoming,
    client: &Client,
) -> Result<(), Refusal> {
    let given = &incoming.parameters;
    let alone = !incoming.has_authorization() && !given.has("client_secret");
    let kind = given.one("client_assertion_type")? == Some(CLIENT_ASSERTION);
    let told = "The client must prove itself by a client assertion, and by nothing else.";
    let unmet = Unmet::unless(alone && kind, "token.auth", told);
    unmet.map_err(Refusal::unmet_client)?;
    let text = given
        .one("client_assertion")?
        .ok_or(Refusal::missing("client_assertion"))?;
    verify(sandbox, client, text).map_err(|reason| Refusal::wrong_assertion("token.key", reason))?;
    let jwt = Jwt::read(text);
    let id = jwt.as_ref().and_then(|jwt| jwt.claim("jti"));
    let id = id.ok_or(Refusal::wrong_assertion("token.key", "jti is missing"))?;
    if memory.is_first(&client.id, &format!("jti {id}")) {
        Ok(())
    } else {
        Err(Refusal::wrong_assertion("token.key", "jti was used before"))
    }
}

fn verify(sandbox: &Sandbox, client: &Client, text: &str) -> Result<(), &'static str> {
    let quirks = &client.quirks.token;
    let key = quirks.key.as_ref().ok_or("no key is registered")?;
    let jwt = Jwt::read(text).ok_or("it is no JWT")?;
    if jwt.claim("iss") != Some(&client.id) || jwt.claim("sub") != Some(&client.id) {
        return Err("iss and sub must be the client id");
    }
    jwt.check(
        key,
        &audiences(sandbox, quirks.tenant.as_deref()),
        sandbox.epoch_s(),
    )
}

/// 2.1: whom the assertion is about, and the scope that it asks for.
pub(super) fn granted(
    sandbox: &Sandbox,
    client: &Client,
    wanted: &JwtBearer,
    text: &str,
) -> Result<(Option<String>, Option<String>), Refusal> {
    let wrong = |reason| Refusal::wrong_grant_assertion("token.jwt_bearer", reason);
    let jwt = Jwt::read(text).ok_or(wrong("it is no JWT"))?;
    if jwt.claim("iss") != Some(&wanted.issuer) {
        return Err(wrong("iss is not the one agreed on"));
    }
    if wanted.subject.is_some() && jwt.claim("sub") != wanted.subject.as_deref() {
        return Err(wrong("sub is not the one agreed on"));
    }
    let audiences = audiences(sandbox, client.quirks.token.tenant.as_deref());
    jwt.check(&wanted.key, &audiences, sandbox.epoch_s())
        .map_err(wrong)?;
    let text = |name| jwt.claim(name).map(str::to_owned);
    Ok((text("sub"), text("scope")))
}

/// The issuer and the address of the token endpoint.
fn audiences(sandbox: &Sandbox, tenant: Option<&str>) -> Vec<String> {
    let issuer = sandbox.settings().issuer();
    let endpoint = tenant.map_or_else(
        || format!("{issuer}/token"),
        |tenant| format!("{issuer}/tenants/{tenant}/token"),
    );
    vec![issuer.to_owned(), endpoint]
}
