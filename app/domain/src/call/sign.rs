//! `POST /api/v1/connections/{link_name}/sign`: a request that a function wants signed and sends itself.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Method;
use crate::{form::FieldErrors, principal::Principal, text};

/// Most pairs of a form that is signed.
const MOST_PAIRS: usize = 1000;

/// The JSON as it comes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Input {
    url: String,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    form: Map<String, Value>,
    #[serde(default)]
    user: Option<String>,
}

/// A request to sign (RFC 5849 section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToSign {
    /// The method.
    pub method: Method,
    /// The URL, or a path below the API base URL; its query is signed.
    pub url: String,
    /// The pairs of the form-encoded body; a signature covers them and no other body.
    pub form: Vec<(String, String)>,
    /// The user whose account to use; the organization where none is named.
    pub user: Principal,
}

impl ToSign {
    /// Reads the request body.
    ///
    /// # Errors
    /// Every field that is wrong; no value is quoted.
    pub fn read(body: &[u8]) -> Result<Self, FieldErrors> {
        let input: Input = serde_json::from_slice(body).map_err(|error| shapeless(&error.to_string()))?;
        let mut errors = FieldErrors::default();
        let word = input.method.as_deref().filter(|word| !word.is_empty());
        let method = word.map_or(Ok(Method::default()), str::parse);
        let method = method.map_err(|error| errors.add("method", error)).ok();
        let user = Principal::named(input.user.as_deref().unwrap_or_default());
        let user = user.map_err(|error| errors.add("user", error)).ok();
        let form = pairs(input.form, &mut errors);
        match (method, user) {
            (Some(method), Some(user)) if errors.is_empty() => Ok(Self {
                method,
                url: input.url,
                form,
                user,
            }),
            _ => Err(errors),
        }
    }
}

fn shapeless(words: &str) -> FieldErrors {
    let field = words.split('`').nth(1).filter(|_| words.contains("field"));
    let sentence = if words.starts_with("unknown field") {
        "There is no such field. Use method, url, form, user."
    } else if words.starts_with("missing field") {
        "This field is missing."
    } else {
        "Send a JSON object such as {\"method\": \"GET\", \"url\": \"/1/members/me\"}."
    };
    FieldErrors::one(&text::quoted(field.unwrap_or_default(), 40), sentence)
}

/// The pairs of the form; a list is one pair for each of its members.
fn pairs(form: Map<String, Value>, errors: &mut FieldErrors) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in form {
        let values = match value {
            Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            match value {
                Value::String(text) => pairs.push((name.clone(), text)),
                Value::Number(number) => pairs.push((name.clone(), number.to_string())),
                Value::Bool(flag) => pairs.push((name.clone(), flag.to_string())),
                Value::Null | Value::Array(_) | Value::Object(_) => errors.add(
                    &format!("form.{}", text::quoted(&name, 60)),
                    "Use text, a number, true or false, or a list of these.",
                ),
            }
        }
    }
    if pairs.len() > MOST_PAIRS {
        errors.add("form", format!("Too many pairs: at most {MOST_PAIRS}."));
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Vec<String> {
        let errors = ToSign::read(body.as_bytes()).unwrap_err();
        errors.0.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_request_is_read() {
        let body =
            r#"{"method": "post", "url": "/1/cards", "form": {"a": ["1", 2], "b": true}, "user": "ada"}"#;
        let read = ToSign::read(body.as_bytes()).unwrap();
        assert_eq!(read.method.word(), "POST");
        let form: Vec<_> = read.form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(form, [("a", "1"), ("a", "2"), ("b", "true")]);
        assert_eq!(read.user, Principal::named("ada").unwrap());
        assert_eq!(ToSign::read(br#"{"url": "/x"}"#).unwrap().method.word(), "GET");
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert_eq!(fields("[]"), [""]);
        assert_eq!(fields("{}"), ["url"]);
        assert_eq!(fields(r#"{"url": "/x", "body": "y"}"#), ["body"]);
        let wrong = r#"{"url": "/x", "method": "BREW", "form": {"a": {}}, "user": "a\nb"}"#;
        let mut all = fields(wrong);
        all.sort();
        assert_eq!(all, ["form.a", "method", "user"]);
    }
}
