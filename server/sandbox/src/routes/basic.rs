//! Id and secret in the `Authorization` header, as OAuth writes them (RFC 6749, 2.3.1).

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::credentials;

pub(crate) fn read(headers: &HeaderMap) -> Option<(String, String)> {
    let (id, secret) = read_raw(headers)?;
    Some((form_decoded(&id)?, form_decoded(&secret)?))
}

/// User and password as RFC 7617 has them, without an encoding within.
pub(crate) fn read_raw(headers: &HeaderMap) -> Option<(String, String)> {
    let decoded = STANDARD.decode(credentials(headers, "Basic")?).ok()?;
    let decoded = String::from_utf8(decoded).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}

/// Both halves are urlencoded before they are joined.
fn form_decoded(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let pair = format!("v={text}");
    let mut values = form_urlencoded::parse(pair.as_bytes());
    let value = values.next()?.1.into_owned();
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::AUTHORIZATION;

    fn basic_of(text: &str) -> Option<(String, String)> {
        let mut headers = HeaderMap::new();
        headers.insert(
            AUTHORIZATION,
            format!("basic {}", STANDARD.encode(text)).parse().unwrap(),
        );
        read(&headers)
    }

    #[test]
    fn basic_is_urlencoded_inside() {
        let read = |id: &str, secret: &str| Some((id.to_owned(), secret.to_owned()));
        assert_eq!(basic_of("a%3Ab:c+d%25%26"), read("a:b", "c d%&"));
        assert_eq!(basic_of("id:se:cret="), read("id", "se:cret="));
        assert_eq!(basic_of("secret:"), read("secret", ""));
        assert_eq!(basic_of("no-colon"), None);
        assert_eq!(basic_of("id:one&two"), None);
    }
}
