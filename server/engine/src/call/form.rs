//! Bodies that carry a credential as a member, and bodies that a signature covers (RFC 5849 section 3.4.1.3.1). Both are
//! read as a whole; every other body passes untouched.

use bytes::Bytes;
use domain::{form::FieldErrors, problem::Problem};
use form_urlencoded::Serializer;
use http::{HeaderMap, HeaderValue, header};
use http_body_util::{BodyExt as _, Limited};
use serde_json::{Map, Value};
use url::Url;

use crate::{egress::PassingBody, ready::Ready, sign::Signature, vault::Secret};

/// The largest body that is read as a whole.
const LARGEST: usize = 1024 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// Puts a credential's members into a body.
pub(super) async fn with_members(
    body: PassingBody,
    headers: &mut HeaderMap,
    members: &[(String, Secret)],
) -> Result<PassingBody, Problem> {
    if members.is_empty() {
        return Ok(body);
    }
    let bytes = whole(body).await?;
    let (kind, bytes) = match kind(headers).as_str() {
        _ if bytes.is_empty() => (FORM, form(&bytes, members)?),
        FORM => (FORM, form(&bytes, members)?),
        JSON => (JSON, json(&bytes, members)?),
        _ => {
            return Err(wrong(
                "This service takes its key in the body. Send a form or a JSON object, or no body at all.",
            ));
        }
    };
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    Ok(PassingBody::Whole(bytes))
}

/// Signs a request, where the service's requests are signed, for a clock that far from ours.
pub(super) async fn signed(
    ready: &Ready,
    offset: i64,
    method: &str,
    url: &mut Url,
    headers: &mut HeaderMap,
    body: PassingBody,
) -> Result<PassingBody, Problem> {
    let armed = ready.armed();
    let Some(signer) = armed.signer(offset) else {
        return Ok(body);
    };
    let (body, pairs) = if kind(headers) == FORM {
        let bytes = whole(body).await?;
        let pairs = form_urlencoded::parse(&bytes).into_owned().collect();
        (PassingBody::Whole(bytes), pairs)
    } else {
        (body, Vec::new())
    };
    match signer
        .sign(method, url, &pairs, &[])
        .map_err(|sentence| wrong(&sentence))?
    {
        Signature::Header(name, value) => drop(headers.insert(name, value)),
        Signature::Url(signed) => *url = signed,
    }
    Ok(body)
}

/// The media type of a body, without its parameters.
fn kind(headers: &HeaderMap) -> String {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().to_ascii_lowercase()
}

async fn whole(body: PassingBody) -> Result<Bytes, Problem> {
    match body {
        PassingBody::Whole(bytes) => Ok(bytes),
        PassingBody::Stream(upload) => {
            let read = Limited::new(upload, LARGEST).collect().await;
            read.map(http_body_util::Collected::to_bytes)
                .map_err(|_| Problem::TooLarge)
        }
    }
}

fn form(bytes: &[u8], members: &[(String, Secret)]) -> Result<Bytes, Problem> {
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(bytes).into_owned().collect();
    for (name, secret) in members {
        if pairs.iter().any(|(other, _)| other == name) {
            return Err(taken(name));
        }
        pairs.push((name.clone(), secret.as_text().unwrap_or_default().to_owned()));
    }
    Ok(Serializer::new(String::new()).extend_pairs(pairs).finish().into())
}

fn json(bytes: &[u8], members: &[(String, Secret)]) -> Result<Bytes, Problem> {
    let mut object: Map<String, Value> = serde_json::from_slice(bytes).map_err(|_| {
        wrong("This service takes its key in the body. Send a JSON object, so that it has a place.")
    })?;
    for (name, secret) in members {
        if object.contains_key(name) {
            return Err(taken(name));
        }
        object.insert(name.clone(), secret.as_text().unwrap_or_default().into());
    }
    Ok(Value::Object(object).to_string().into())
}

fn taken(name: &str) -> Problem {
    wrong(&format!(
        "The member {name} carries the credential and is set by the server. Leave it out."
    ))
}

fn wrong(sentence: &str) -> Problem {
    Problem::Invalid(FieldErrors::one("body", sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(kind: Option<&'static str>, body: &'static str) -> Result<(String, String), Problem> {
        let mut headers = HeaderMap::new();
        headers.extend(kind.map(|kind| (header::CONTENT_TYPE, HeaderValue::from_static(kind))));
        let members = [("key".to_owned(), Secret::text("k&y".into()))];
        let body = PassingBody::Whole(Bytes::from_static(body.as_bytes()));
        match with_members(body, &mut headers, &members).await? {
            PassingBody::Whole(bytes) => {
                Ok((super::kind(&headers), String::from_utf8(bytes.to_vec()).unwrap()))
            }
            PassingBody::Stream(_) => panic!("read as a whole"),
        }
    }

    #[tokio::test]
    async fn a_credential_becomes_a_member() {
        for (kind, body, expected_kind, expected) in [
            (None, "", FORM, "key=k%26y"),
            (
                Some("application/x-www-form-urlencoded; charset=utf-8"),
                "a=1",
                FORM,
                "a=1&key=k%26y",
            ),
            (
                Some("application/json"),
                r#"{"a":[1]}"#,
                JSON,
                r#"{"a":[1],"key":"k&y"}"#,
            ),
        ] {
            assert_eq!(
                sent(kind, body).await.unwrap(),
                (expected_kind.to_owned(), expected.to_owned())
            );
        }
        for (kind, body) in [
            (Some("text/plain"), "x"),
            (Some("application/json"), "[1]"),
            (Some("application/json"), r#"{"key": 1}"#),
            (Some(FORM), "key=mine"),
        ] {
            assert!(sent(kind, body).await.is_err(), "{body}");
        }
    }
}
