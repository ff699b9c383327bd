//! What somebody else said, before anybody reads it or it is kept: without the secrets that were sent, cut and cleaned.
//! It still has to be escaped.

use domain::text::quoted;
use form_urlencoded::byte_serialize;

use crate::{oauth1::encode::percent, vault::Secret};

/// Shorter ones are no secrets, and would blot out half of every sentence.
const LEAST: usize = 4;

/// At most `limit` characters of `words`. A provider that repeats a secret of the request, as it is or encoded as in a
/// form, in a URL or twice as in a signature's base string (RFC 5849 section 3.4.1), does not get it onto a page.
pub(crate) fn said(words: &str, sent: &[&Secret], limit: usize) -> String {
    let texts = sent.iter().filter_map(|secret| secret.as_text());
    let mut shown = words.to_owned();
    for secret in texts.filter(|text| text.len() >= LEAST) {
        let (once, twice) = (percent(secret), percent(percent(secret)));
        let form: String = byte_serialize(secret.as_bytes()).collect();
        for spelling in [secret, &once, &twice, &form] {
            shown = shown.replace(spelling, "…");
        }
    }
    quoted(&shown, limit)
}
