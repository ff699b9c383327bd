//! What the client asks (RFC 6749, 4.1.1 and RFC 7636, 4.3), checked in the order in which it is safe to
//! answer: first whether there is an address to answer to, then the rest.

use std::sync::Arc;

use url::Url;

use super::demands;
use super::fault::{ErrorRedirect, Fault, Rejection};
use super::response::Callback;
use crate::client::{Client, Clients, Scope};
use crate::consent::Challenge;
use crate::parameters::Parameters;
use crate::quirks::{Pkce, Unmet};

pub(super) struct AuthorizationRequest {
    pub(super) client: Arc<Client>,
    pub(super) callback: Callback,
    /// As it was given: the token request must repeat it letter by letter.
    pub(super) redirect_uri_text: String,
    pub(super) scopes: Vec<Scope>,
    pub(super) challenge: Challenge,
    /// Where the client must send one.
    pub(super) nonce: Option<String>,
    /// All of it, for the form of the consent page.
    pub(super) given: Parameters,
}

impl AuthorizationRequest {
    /// `query` is there where a browser has just come from the client: how it is written matters then.
    pub(super) fn parse(
        clients: &Clients,
        given: Parameters,
        query: Option<&str>,
    ) -> Result<Self, Rejection> {
        let client = client(clients, &given)?;
        let (redirect_uri, redirect_uri_text) = address(&client, &given)?;
        let state = given.one("state").map(|state| state.map(str::to_owned));
        let callback = Callback::new(&client, redirect_uri, state.clone().unwrap_or_default());
        let checked = state
            .map_err(Fault::from)
            .and_then(|_| rest(&client, &given, query));
        match checked {
            Ok((scopes, challenge)) => Ok(Self {
                nonce: demands::nonce(&client.quirks, &given),
                client,
                callback,
                redirect_uri_text,
                scopes,
                challenge,
                given,
            }),
            Err(fault) => Err(Rejection::Redirect(Box::new(ErrorRedirect {
                client,
                callback,
                fault,
            }))),
        }
    }
}

fn client(clients: &Clients, given: &Parameters) -> Result<Arc<Client>, Rejection> {
    let twice = |_| Rejection::page("client_id or redirect_uri is given more than once.");
    let Some(client) = clients.named(given) else {
        given
            .one("client_id")
            .map_err(twice)?
            .ok_or(Rejection::page("client_id is missing."))?;
        return Err(Rejection::page(
            "No application with this client_id is known here.",
        ));
    };
    let name = client.quirks.client_id_parameter();
    let named = given.one(name).map_err(twice)?.is_some();
    let told = format!("The client must be named in {name}.");
    Unmet::unless(named, "client_id_parameter", told).map_err(|unmet| Rejection::unmet(client, unmet))?;
    Ok(client.clone())
}

/// Where the browser goes, and the text that said so.
fn address(client: &Arc<Client>, given: &Parameters) -> Result<(Url, String), Rejection> {
    let name = client.quirks.redirect_uri_parameter();
    let text = given
        .one(name)
        .map_err(|_| Rejection::page("client_id or redirect_uri is given more than once."))?;
    if name != "redirect_uri" && text.is_none() {
        let unmet = Unmet::new("redirect_uri_parameter", format!("{name} is missing."));
        return Err(Rejection::unmet(client, unmet));
    }
    let text = text.ok_or(Rejection::page("redirect_uri is missing."))?;
    let uri = match &client.quirks.authorize.redirect_value {
        Some(wanted) if wanted == text => client.first_redirect(),
        Some(wanted) => {
            let told = format!("{name} must be {wanted}.");
            return Err(Rejection::unmet(
                client,
                Unmet::new("authorize.redirect_value", told),
            ));
        }
        None => client.redirect_uri(text),
    };
    let uri = uri.ok_or(Rejection::page(
        "This redirect_uri does not belong to the application.",
    ))?;
    Ok((uri, text.to_owned()))
}

fn rest(client: &Client, given: &Parameters, query: Option<&str>) -> Result<(Vec<Scope>, Challenge), Fault> {
    if let Some(query) = query {
        demands::check_query(&client.quirks.authorize, query)?;
    }
    demands::check(&client.quirks, given)?;
    response_type(client, given)?;
    let scopes = scopes(client, given)?;
    Ok((scopes, challenge(client.quirks.pkce, given)?))
}

fn response_type(client: &Client, given: &Parameters) -> Result<(), Fault> {
    let quirks = &client.quirks.authorize;
    if quirks.no_response_type || quirks.response_type.is_some() {
        // Checked among the demands.
        return Ok(());
    }
    match given.one("response_type")? {
        Some("code") => Ok(()),
        Some(_) => Err(Fault::new(
            "unsupported_response_type",
            "Only the response type code is supported.",
        )),
        None => Err(Fault::invalid_request("response_type is missing.")),
    }
}

/// The scopes in the client's own order; none asked means all (RFC 6749, 3.3 leaves that to the server).
fn scopes(client: &Client, given: &Parameters) -> Result<Vec<Scope>, Fault> {
    let quirks = &client.quirks.authorize;
    let first = given.one(quirks.scope_parameter())?;
    let second = match &quirks.second_scope_parameter {
        Some(name) => given.one(name)?,
        None => None,
    };
    if first.or(second).is_none() {
        return Ok(client.scopes.clone());
    }
    let lists = first.into_iter().chain(second);
    let names: Vec<&str> = lists.flat_map(|list| quirks.split_scopes(list)).collect();
    let known = |name: &&str| client.scopes.iter().any(|scope| scope.name == *name);
    if !names.iter().all(known) {
        return Err(Fault::new(
            "invalid_scope",
            "The application may not ask for one of these scopes.",
        ));
    }
    let asked = |scope: &&Scope| names.contains(&scope.name.as_str());
    Ok(client.scopes.iter().filter(asked).cloned().collect())
}

fn challenge(pkce: Pkce, given: &Parameters) -> Result<Challenge, Fault> {
    let method = given.one("code_challenge_method")?;
    let text = given.one("code_challenge")?;
    if pkce == Pkce::Refused || (pkce == Pkce::Optional && text.is_none()) {
        let met = method.is_none() && text.is_none();
        Unmet::unless(met, "pkce", "code_challenge must not be there.")?;
        return Ok(Challenge::None);
    }
    if pkce == Pkce::Plain {
        let met = method == Some("plain") && text.is_some();
        Unmet::unless(met, "pkce", "code_challenge_method must be plain.")?;
        return Ok(Challenge::Plain(text.unwrap_or_default().to_owned()));
    }
    if method != Some("S256") {
        return Err(Fault::invalid_request("code_challenge_method must be S256."));
    }
    let text = text.filter(|text| is_s256(text));
    let text = text.ok_or(Fault::invalid_request("code_challenge is missing or malformed."))?;
    Ok(Challenge::S256(text.to_owned()))
}

/// 256 bits in base64url without padding.
fn is_s256(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}
