//! Who asks: `client_secret_basic` or `client_secret_post`, never both (RFC 6749, 2.3).

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::answer::Refusal;
use crate::client::{Client, Clients};
use crate::parameters::Parameters;
use crate::routes::{credentials, single};

/// The client, once it has proved to be the one it says.
pub(crate) fn authenticate<'a>(
    clients: &'a Clients,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<&'a Client, Refusal> {
    let by_header = headers.contains_key(AUTHORIZATION);
    let (body_id, body_secret) = (form.one("client_id")?, form.one("client_secret")?);
    if by_header && body_secret.is_some() {
        return Err(Refusal::invalid_request(
            "The client authenticates in two ways at once.",
        ));
    }
    let (id, secret) = if by_header {
        let (id, secret) = basic(headers).ok_or(Refusal::invalid_client(by_header))?;
        if body_id.is_some_and(|body_id| body_id != id) {
            return Err(Refusal::invalid_request(
                "Header and body name different clients.",
            ));
        }
        (id, secret)
    } else {
        let pair = body_id
            .zip(body_secret)
            .ok_or(Refusal::invalid_client(by_header))?;
        (pair.0.to_owned(), pair.1.to_owned())
    };
    let client = clients.get(&id).filter(|client| client.has_secret(&secret));
    client.ok_or(Refusal::invalid_client(by_header))
}

/// The client a request says it is from, if there is such a client. Nothing is proved by this.
pub(crate) fn claimed_client(clients: &Clients, headers: &HeaderMap, form: &Parameters) -> Option<String> {
    let id = basic(headers)
        .map(|(id, _)| id)
        .or_else(|| single(form, "client_id").map(str::to_owned))?;
    clients.get(&id).map(|client| client.id.clone())
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = STANDARD.decode(credentials(headers, "Basic")?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decoded(id)?, form_decoded(secret)?))
}

/// RFC 6749, 2.3.1: both halves are urlencoded before they are joined.
fn form_decoded(text: &str) -> Option<String> {
    let pair = format!("v={text}");
    let mut values = form_urlencoded::parse(pair.as_bytes());
    let value = values.next()?.1.into_owned();
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn basic_of(text: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(
            AUTHORIZATION,
            format!("basic {}", STANDARD.encode(text)).parse().unwrap(),
        );
        basic(&headers)
    }

    #[test]
    fn basic_is_urlencoded_inside() {
        let read = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(basic_of("a%3Ab:c+d%25%26"), read("a:b", "c d%&"));
        assert_eq!(basic_of("id:se:cret="), read("id", "se:cret="));
        assert_eq!(basic_of("no-colon"), None);
        assert_eq!(basic_of("id:one&two"), None);
    }
}
