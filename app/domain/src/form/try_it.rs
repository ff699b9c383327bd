//! *Try it*: one call of a connection, typed by a person.

use crate::{
    call::{Method, header},
    service::sample::SamplePath,
    snippet::{Body, Call},
};

use super::{Check, FieldErrors, Fields};

/// Reads the form: `method`, `path`, `parameters` (`name=value`, one a line), `content_type`, `body`.
///
/// # Errors
/// Every field that is missing or wrong.
pub fn call(fields: &Fields) -> Result<Call, FieldErrors> {
    let mut check = Check::new(fields);
    let method = check.choice("method");
    let path: Option<SamplePath> = check.required("path");
    let query = parameters(&mut check);
    let body = body(&mut check, method);
    let value = path.map(|path| Call::new(method, &path, &query, body));
    check.finish(value)
}

/// The form as it is first shown: the service's sample request.
#[must_use]
pub fn fields(sample: Option<&Call>) -> Fields {
    let method = sample.map_or(Method::Get, |call| call.method);
    Fields::default()
        .with("method", method.word())
        .with("path", sample.map_or("/", Call::target))
}

fn parameters(check: &mut Check<'_>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (at, line) in check.fields().get("parameters").lines().enumerate() {
        let line = line.trim();
        match line.split_once('=') {
            _ if line.is_empty() => {}
            Some((name, value)) if !name.trim().is_empty() => {
                pairs.push((name.trim().to_owned(), value.trim().to_owned()));
            }
            _ => check.error("parameters", format!("Line {}: write name=value.", at + 1)),
        }
    }
    pairs
}

fn body(check: &mut Check<'_>, method: Method) -> Option<Body> {
    // A text area sends its line ends as CR LF.
    let text = check.fields().get("body").replace("\r\n", "\n");
    if text.trim().is_empty() {
        return None;
    }
    if matches!(method, Method::Get | Method::Head) {
        let sentence = format!("{method} sends no body. Empty this field, or choose another method.");
        check.error("body", sentence);
    }
    if text.contains('\0') {
        check.error(
            "body",
            "The body contains an invisible character. Type it again without.",
        );
    }
    Some(Body {
        content_type: content_type(check, &text),
        text,
    })
}

/// What was typed, or what the body looks like.
fn content_type(check: &mut Check<'_>, text: &str) -> String {
    let typed = check.fields().get("content_type").trim();
    if typed.is_empty() {
        let json = serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        let guess = if json {
            "application/json"
        } else {
            "text/plain; charset=utf-8"
        };
        return guess.to_owned();
    }
    let plain = typed.is_ascii() && typed.len() <= 200 && typed.contains('/');
    if !plain || header::check("content-type", typed).is_err() {
        let sentence = "This is not a content type. Type one such as application/json.";
        check.error("content_type", sentence);
    }
    typed.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &str) -> Result<Call, FieldErrors> {
        call(&Fields::read(form.as_bytes()))
    }

    #[test]
    fn parameters_go_into_the_query() {
        let made = read("method=DELETE&path=/items%3Fa%3D1&parameters=b%3D2+3%0D%0A%0D%0Ac%3D").unwrap();
        assert_eq!(
            (made.method, made.target()),
            (Method::Delete, "/items?a=1&b=2+3&c=")
        );
        assert_eq!(made.body, None);
        let again = fields(Some(&made));
        assert_eq!(
            (again.get("method"), again.get("path")),
            ("DELETE", "/items?a=1&b=2+3&c=")
        );
    }

    #[test]
    fn a_body_says_what_it_is() {
        for (form, kind) in [
            ("body=%7B%22a%22%3A1%7D", "application/json"),
            ("body=a%3D1", "text/plain; charset=utf-8"),
            (
                "body=a%3D1&content_type=application/x-www-form-urlencoded",
                "application/x-www-form-urlencoded",
            ),
        ] {
            let made = read(&format!("method=POST&path=/&{form}")).unwrap();
            assert_eq!(made.body.unwrap().content_type, kind, "{form}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let errors = read("method=BREW&path=users&parameters=x&body=x&content_type=%0Ax").unwrap_err();
        for field in ["method", "path", "parameters", "body", "content_type"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
        assert_eq!(errors.of("parameters"), Some("Line 1: write name=value."));
    }
}
