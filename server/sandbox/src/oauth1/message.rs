//! A signed request: its protocol parameters (RFC 5849, 3.5), and all that the signature is over (3.4.1.3.1).

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Method};

use super::problem::Problem;

type Pairs = Vec<(String, String)>;

pub(crate) struct Message {
    pub(crate) method: Method,
    /// The address without its query, as the client sees it.
    pub(crate) base_uri: String,
    pub(crate) realm: Option<String>,
    /// Header, query and body, but for realm and signature.
    pub(crate) parameters: Pairs,
    pub(crate) signature: Option<String>,
}

impl Message {
    pub(crate) fn read(
        method: &Method,
        base_uri: String,
        query: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let (realm, mut parameters) = authorization(headers);
        parameters.extend(form(query.unwrap_or_default().as_bytes()));
        if is_form(headers) {
            parameters.extend(form(body));
        }
        let is_signature = |(name, _): &(String, String)| name == "oauth_signature";
        let signature = parameters.iter().find(|pair| is_signature(pair));
        let signature = signature.map(|(_, value)| value.clone());
        parameters.retain(|pair| !is_signature(pair));
        Self {
            method: method.clone(),
            base_uri,
            realm,
            parameters,
            signature,
        }
    }

    /// A parameter that is there once at most.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, Problem> {
        let mut values = self.parameters.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (first, None) => Ok(first.map(|(_, value)| value.as_str())),
            _ => Err(Problem::new("parameter_rejected")),
        }
    }

    pub(crate) fn required(&self, name: &str) -> Result<&str, Problem> {
        let value = self.one(name)?.filter(|value| !value.is_empty());
        value.ok_or(Problem::new("parameter_absent"))
    }
}

fn form(text: &[u8]) -> Pairs {
    form_urlencoded::parse(text).into_owned().collect()
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

/// RFC 5849, 3.5.1: realm and the parameters of the header.
fn authorization(headers: &HeaderMap) -> (Option<String>, Pairs) {
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let scheme = value.and_then(|value| value.split_once(' '));
    let Some((_, list)) = scheme.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("OAuth")) else {
        return (None, Vec::new());
    };
    let pair = |part: &str| {
        let (name, value) = part.trim().split_once('=')?;
        let value = value.strip_prefix('"')?.strip_suffix('"')?;
        Some((decode(name), decode(value)))
    };
    let mut pairs: Pairs = list.split(',').filter_map(pair).collect();
    let realm = pairs.iter().find(|(name, _)| name == "realm");
    let realm = realm.map(|(_, value)| value.clone());
    pairs.retain(|(name, _)| name != "realm");
    (realm, pairs)
}

/// Percent-decoding, in which a plus is a plus.
fn decode(text: &str) -> String {
    let escaped = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    let pair = format!("v={escaped}");
    let value = form_urlencoded::parse(pair.as_bytes()).next();
    value.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_from_header_query_and_form() {
        let mut headers = HeaderMap::new();
        let value = "OAuth realm=\"Photos\", oauth_token=\"a%2Bb+c\",\n oauth_signature=\"x%3D\"";
        headers.insert(AUTHORIZATION, value.replace('\n', "").parse().unwrap());
        headers.insert(CONTENT_TYPE, "application/x-www-form-urlencoded".parse().unwrap());
        let message = Message::read(
            &Method::POST,
            "http://x/".into(),
            Some("q=1"),
            &headers,
            b"c2&a3=2+q",
        );
        assert_eq!(message.realm.as_deref(), Some("Photos"));
        assert_eq!(message.signature.as_deref(), Some("x="));
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [
            pair("oauth_token", "a+b+c"),
            pair("q", "1"),
            pair("c2", ""),
            pair("a3", "2 q"),
        ];
        assert_eq!(message.parameters, expected);
    }
}
