//! What invoke makes of an answer: an envelope, text, or JSON.

use std::time::Duration;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use domain::{
    call::{Format, Shape},
    form::FieldErrors,
    problem::Problem,
};
use encoding_rs::Encoding;
use engine::call::Answered;
use serde_json::{Map, Value, json};

use super::room::{Stopped, Whole, whole};

/// For an answer that is read as a whole.
const READING: Duration = Duration::from_secs(60);

/// Reads the answer and shapes it.
pub(super) async fn shaped(answered: Answered, shape: &Shape) -> Result<Response, Problem> {
    let encoding = encoding(shape, &answered.headers)?;
    let Answered {
        status,
        headers,
        body,
    } = answered;
    if headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|coding| coding != "identity")
    {
        let words = "a compressed answer, although it was asked for a plain one; the proxy passes it through";
        return Err(Problem::ProviderError(words.into()));
    }
    let whole = read(Body::new(body)).await?;
    let bytes = &whole.bytes;
    if shape.detailed {
        let envelope = json!({
            "status": status.as_u16(),
            "headers": as_map(&headers),
            "body": value(shape.format, &headers, bytes, encoding)?,
        });
        return Ok(response(headers, "application/json", envelope.to_string().into()));
    }
    let mut response = match shape.format {
        Some(Format::File) => response(headers, "", bytes.clone()),
        Some(Format::Collection) => {
            let value = value(shape.format, &headers, bytes, encoding)?;
            response(headers, "application/json", value.to_string().into())
        }
        Some(Format::Text) | None => {
            let text = encoding.decode(bytes).0.into_owned();
            response(headers, "text/plain; charset=utf-8", text.into())
        }
    };
    *response.status_mut() = status;
    Ok(response)
}

/// What function authors named, what the answer names, or UTF-8.
fn encoding(shape: &Shape, headers: &HeaderMap) -> Result<&'static Encoding, Problem> {
    if let Some(label) = &shape.decoding {
        return Encoding::for_label(label.as_bytes()).ok_or_else(|| {
            let sentence = "This is not a known character set. Use one such as UTF-8 or ISO-8859-1.";
            Problem::Invalid(FieldErrors::one("response-decoding", sentence))
        });
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let named = kind
        .split(';')
        .filter_map(|part| part.trim().strip_prefix("charset="))
        .next();
    let label = named.unwrap_or("utf-8").trim_matches('"');
    Ok(Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8))
}

async fn read(body: Body) -> Result<Whole, Problem> {
    let silent = || Problem::ProviderSilent("the answer broke off".into());
    match tokio::time::timeout(READING, whole(body)).await {
        Ok(Ok(whole)) => Ok(whole),
        Ok(Err(Stopped::TooLarge)) => Err(Problem::AnswerTooLarge),
        Ok(Err(Stopped::NoRoom)) => Err(Problem::RateLimited { retry_after: 1 }),
        Ok(Err(Stopped::Broken)) | Err(_) => Err(silent()),
    }
}

fn value(
    format: Option<Format>,
    headers: &HeaderMap,
    bytes: &[u8],
    encoding: &'static Encoding,
) -> Result<Value, Problem> {
    match format {
        Some(Format::Collection) if bytes.is_empty() => Ok(Value::Null),
        Some(Format::Collection) => serde_json::from_str(&encoding.decode(bytes).0).map_err(|_| {
            Problem::ProviderError(
                "an answer that is not JSON, although response-format is COLLECTION".into(),
            )
        }),
        Some(Format::File) => Ok(json!({
            "content-type": headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()),
            "content": STANDARD.encode(bytes),
        })),
        Some(Format::Text) | None => Ok(encoding.decode(bytes).0.into_owned().into()),
    }
}

/// Headers as a map; several of one name are joined (RFC 9110 section 5.3).
fn as_map(headers: &HeaderMap) -> Map<String, Value> {
    let mut map = Map::new();
    for name in headers.keys().filter(|name| !is_ours(name.as_str())) {
        let values: Vec<String> = headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        map.insert(name.to_string(), values.join(", ").into());
    }
    map
}

/// What was added on the way back.
fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "connections-answer" | "content-security-policy" | "x-content-type-options"
    )
}

/// A body of another length, and perhaps another type, under the provider's other headers.
fn response(mut headers: HeaderMap, kind: &'static str, body: Bytes) -> Response {
    for old in [
        header::CONTENT_LENGTH,
        header::CONTENT_ENCODING,
        header::ETAG,
        header::LAST_MODIFIED,
        header::ACCEPT_RANGES,
    ] {
        headers.remove(old);
    }
    if !kind.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    let mut response = body.into_response();
    *response.headers_mut() = headers;
    response
}
