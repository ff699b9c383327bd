//! A provider's answer as far as a page shows it.

use std::{future::poll_fn, pin::Pin, time::Instant};

use app::pages::setup::connections::try_it::answer::{Answer, Content};
use axum::http::{HeaderMap, header};
use engine::call::{AnswerBody, Answered};
use http_body::Body;

use super::pretty::pretty;

/// As much of a body as is shown, in bytes.
const SHOWN: usize = 64 * 1024;

/// Reads the beginning of the answer; None where it breaks off.
pub(super) async fn shown(answered: Answered, began: Instant) -> Option<Answer> {
    let Answered {
        status,
        headers,
        body,
    } = answered;
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    let (bytes, cut) = beginning(body).await?;
    let read = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    Some(Answer {
        status: status.as_u16(),
        reason: status.canonical_reason().unwrap_or_default(),
        took: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        size: if cut { announced } else { Some(read) },
        body: content(&headers, &bytes, cut),
        headers: listed(&headers),
    })
}

/// The first bytes, and whether more followed.
async fn beginning(mut body: AnswerBody) -> Option<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        if let Ok(piece) = frame.ok()?.into_data() {
            bytes.extend_from_slice(&piece);
        }
        if bytes.len() > SHOWN {
            bytes.truncate(SHOWN);
            return Some((bytes, true));
        }
    }
    Some((bytes, false))
}

fn content(headers: &HeaderMap, bytes: &[u8], cut: bool) -> Content {
    if bytes.is_empty() {
        return Content::Nothing;
    }
    match text(bytes, cut) {
        Some(text) => Content::Text {
            text: if cut { text } else { pretty(&text).unwrap_or(text) },
            cut,
        },
        None => Content::Bytes(kind(headers)),
    }
}

/// Text in UTF-8; a character that the end cuts in two is left out.
fn text(bytes: &[u8], cut: bool) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) if cut && error.error_len().is_none() => {
            std::str::from_utf8(&bytes[..error.valid_up_to()]).ok()?
        }
        Err(_) => return None,
    };
    (!text.contains('\0')).then(|| text.to_owned())
}

fn kind(headers: &HeaderMap) -> String {
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    domain::text::quoted(kind.unwrap_or("of an unknown kind"), 100)
}

/// The provider's headers; what this server adds on the way is left out.
fn listed(headers: &HeaderMap) -> Vec<(String, String)> {
    const OURS: [&str; 3] = [
        "connections-answer",
        "content-security-policy",
        "x-content-type-options",
    ];
    headers
        .iter()
        .filter(|(name, _)| !OURS.contains(&name.as_str()))
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), domain::text::quoted(&value, 1000))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_in_two_halves_is_left_out_only_at_the_cut() {
        let bytes = "aä".as_bytes();
        assert_eq!(text(&bytes[..2], true).as_deref(), Some("a"));
        assert_eq!(text(&bytes[..2], false), None);
        assert_eq!(text(b"a\0b", false), None, "no text");
        assert_eq!(text(b"\xff\xfe", true), None);
    }
}
