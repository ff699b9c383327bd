//! What the client asks (RFC 6749, 4.1.1 and RFC 7636, 4.3), checked in the order in which it is safe to
//! answer: first whether there is an address to answer to, then the rest.

use url::Url;

use crate::client::{Client, Clients, Scope};
use crate::parameters::{Doubled, Parameters};

pub(super) struct AuthorizationRequest {
    pub(super) client_id: String,
    pub(super) application: String,
    pub(super) redirect_uri: Url,
    /// As it was given: the token request must repeat it letter by letter.
    pub(super) redirect_uri_text: String,
    pub(super) scopes: Vec<Scope>,
    pub(super) state: Option<String>,
    pub(super) code_challenge: String,
}

/// Why a person is not even asked.
pub(super) enum Rejection {
    /// There is no address that may be trusted with an answer.
    Page(&'static str),
    /// The client is told.
    Redirect(Box<ErrorRedirect>),
}

pub(super) struct ErrorRedirect {
    pub(super) client_id: String,
    pub(super) redirect_uri: Url,
    pub(super) state: Option<String>,
    pub(super) error: &'static str,
    pub(super) description: &'static str,
}

impl Rejection {
    pub(super) fn client_id(&self) -> Option<String> {
        match self {
            Self::Page(_) => None,
            Self::Redirect(told) => Some(told.client_id.clone()),
        }
    }
}

/// An error code and what it means here.
type Fault = (&'static str, &'static str);

impl AuthorizationRequest {
    pub(super) fn parse(clients: &Clients, given: &Parameters) -> Result<Self, Rejection> {
        let (client, redirect_uri, redirect_uri_text) = address(clients, given).map_err(Rejection::Page)?;
        let state = given.one("state").map(|state| state.map(str::to_owned));
        let checked = state
            .clone()
            .map_err(doubled)
            .and_then(|state| Ok((state, rest(client, given)?)));
        match checked {
            Ok((state, (scopes, code_challenge))) => Ok(Self {
                client_id: client.id.clone(),
                application: client.application.clone(),
                redirect_uri,
                redirect_uri_text,
                scopes,
                state,
                code_challenge,
            }),
            Err((error, description)) => Err(Rejection::Redirect(Box::new(ErrorRedirect {
                client_id: client.id.clone(),
                redirect_uri,
                state: state.unwrap_or_default(),
                error,
                description,
            }))),
        }
    }
}

fn address<'a>(clients: &'a Clients, given: &Parameters) -> Result<(&'a Client, Url, String), &'static str> {
    let twice = |Doubled| "client_id or redirect_uri is given more than once.";
    let client_id = given
        .one("client_id")
        .map_err(twice)?
        .ok_or("client_id is missing.")?;
    let client = clients
        .get(client_id)
        .ok_or("No application with this client_id is known here.")?;
    let text = given
        .one("redirect_uri")
        .map_err(twice)?
        .ok_or("redirect_uri is missing.")?;
    let uri = client
        .redirect_uri(text)
        .ok_or("This redirect_uri does not belong to the application.")?;
    Ok((client, uri, text.to_owned()))
}

fn rest(client: &Client, given: &Parameters) -> Result<(Vec<Scope>, String), Fault> {
    match given.one("response_type").map_err(doubled)? {
        Some("code") => {}
        Some(_) => {
            return Err((
                "unsupported_response_type",
                "Only the response type code is supported.",
            ));
        }
        None => return Err(("invalid_request", "response_type is missing.")),
    }
    let scopes = scopes(client, given.one("scope").map_err(doubled)?)?;
    if given.one("code_challenge_method").map_err(doubled)? != Some("S256") {
        return Err(("invalid_request", "code_challenge_method must be S256."));
    }
    let challenge = given.one("code_challenge").map_err(doubled)?;
    let challenge = challenge.filter(|text| is_s256(text));
    Ok((
        scopes,
        challenge
            .ok_or(("invalid_request", "code_challenge is missing or malformed."))?
            .to_owned(),
    ))
}

/// The scopes in the client's own order; none asked means all (RFC 6749, 3.3 leaves that to the server).
fn scopes(client: &Client, asked: Option<&str>) -> Result<Vec<Scope>, Fault> {
    let Some(asked) = asked else {
        return Ok(client.scopes.clone());
    };
    let names: Vec<&str> = asked.split(' ').filter(|name| !name.is_empty()).collect();
    if names
        .iter()
        .any(|name| !client.scopes.iter().any(|scope| scope.name == *name))
    {
        return Err((
            "invalid_scope",
            "The application may not ask for one of these scopes.",
        ));
    }
    Ok(client
        .scopes
        .iter()
        .filter(|scope| names.contains(&scope.name.as_str()))
        .cloned()
        .collect())
}

/// 256 bits in base64url without padding.
fn is_s256(text: &str) -> bool {
    text.len() == 43
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn doubled(Doubled: Doubled) -> Fault {
    ("invalid_request", "A parameter is given more than once.")
}
