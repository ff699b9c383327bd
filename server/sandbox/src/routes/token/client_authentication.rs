//! Who asks: `client_secret_basic` or `client_secret_post`, never both (RFC 6749, 2.3), unless the client's
//! provider wants it otherwise.

use std::sync::Arc;

use super::answer::Refusal;
use super::assertion;
use crate::Sandbox;
use crate::client::{Client, Clients};
use crate::memory::Memory;
use crate::quirks::{TokenAuth, Unmet};
use crate::routes::basic;
use crate::routes::incoming::Incoming;

/// The client, once it has proved to be the one it says.
pub(crate) fn authenticate(
    sandbox: &Sandbox,
    memory: &mut Memory,
    incoming: &Incoming,
    refresh: bool,
) -> Result<Arc<Client>, Refusal> {
    let Some(client) = incoming.claimed(sandbox, memory) else {
        return either(&memory.clients, incoming);
    };
    let auth = client.quirks.token.auth(refresh);
    if auth == TokenAuth::Any {
        return either(&memory.clients, incoming);
    }
    if auth == TokenAuth::PrivateKeyJwt {
        assertion::prove(sandbox, memory, incoming, &client)?;
    } else {
        in_one_way(incoming, &client, auth)?;
    }
    Ok(client)
}

/// The usual: by header or by body.
fn either(clients: &Clients, incoming: &Incoming) -> Result<Arc<Client>, Refusal> {
    let by_header = incoming.has_authorization();
    let invalid = || Refusal::invalid_client(by_header);
    let named = clients.named(&incoming.parameters);
    let name = named.map_or("client_id", |client| client.quirks.client_id_parameter());
    let body_id = incoming.parameters.one(name)?;
    let body_secret = incoming.parameters.one("client_secret")?;
    if by_header && body_secret.is_some() {
        return Err(Refusal::invalid_request(
            "The client authenticates in two ways at once.",
        ));
    }
    let (id, secret) = if by_header {
        let (id, secret) = basic::read(&incoming.headers).ok_or_else(invalid)?;
        if body_id.is_some_and(|body_id| body_id != id) {
            return Err(Refusal::invalid_request(
                "Header and body name different clients.",
            ));
        }
        (id, secret)
    } else {
        let pair = body_id.zip(body_secret).ok_or_else(invalid)?;
        (pair.0.to_owned(), pair.1.to_owned())
    };
    let client = clients.get(&id).filter(|client| client.has_secret(&secret));
    client.cloned().ok_or_else(invalid)
}

/// The one way that the client's provider takes.
fn in_one_way(incoming: &Incoming, client: &Client, auth: TokenAuth) -> Result<(), Refusal> {
    let header = basic::read(&incoming.headers);
    let secret = incoming.parameters.one("client_secret")?;
    let id = incoming.parameters.one(client.quirks.client_id_parameter())?;
    let body = id.zip(secret);
    let no_header = !incoming.has_authorization();
    let (as_wanted, right) = match auth {
        TokenAuth::Post => (no_header && body.is_some(), is_pair(client, body)),
        TokenAuth::Basic => (
            header.is_some() && secret.is_none(),
            is_pair(client, text(&header)),
        ),
        TokenAuth::Both => (
            header.is_some() && body.is_some(),
            is_pair(client, text(&header)) && is_pair(client, body),
        ),
        TokenAuth::None => (no_header && secret.is_none(), true),
        TokenAuth::BasicSecret | TokenAuth::BasicPassword => secret_alone(client, auth, header, secret),
        TokenAuth::Any | TokenAuth::PrivateKeyJwt => (true, false),
    };
    let told = "The client must authenticate in the way that was agreed on.";
    Unmet::unless(as_wanted, "token.auth", told).map_err(Refusal::unmet_client)?;
    right.then_some(()).ok_or(Refusal::invalid_client(!no_header))
}

fn secret_alone(
    client: &Client,
    auth: TokenAuth,
    header: Option<(String, String)>,
    body_secret: Option<&str>,
) -> (bool, bool) {
    let Some((user, password)) = header else {
        return (false, false);
    };
    let (secret, other) = match auth {
        TokenAuth::BasicSecret => (user, password),
        _ => (password, user),
    };
    (
        other.is_empty() && body_secret.is_none(),
        client.has_secret(&secret),
    )
}

fn is_pair(client: &Client, pair: Option<(&str, &str)>) -> bool {
    pair.is_some_and(|(id, secret)| id == client.id && client.has_secret(secret))
}

fn text(pair: &Option<(String, String)>) -> Option<(&str, &str)> {
    pair.as_ref().map(|(id, secret)| (id.as_str(), secret.as_str()))
}
