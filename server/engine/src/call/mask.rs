//! Blots out an echo of the credential in an answer, so that a key that may only make calls does not learn the token
//! from a provider that repeats what it was sent. The length stays as it was.
//!
//! It finds the token as it was sent, percent-encoded, and with the escaped slashes of JSON. An answer that is compressed
//! or encoded in another way is not searched, nor is one that a caller puts together from ranges: this is a net below
//! those who walk carefully, not a wall around a provider that repeats credentials.
//!
//! What may be the beginning of an echo must wait for what follows. How much waits never depends on what it is: a
//! caller who sees when bytes arrive would otherwise learn the token a character at a time from texts of its own.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http::HeaderValue;
use memchr::memmem::Finder;

use crate::vault::Secret;

/// A shorter text stands in answers by chance.
const SHORTEST: usize = 8;

/// What is looked for.
#[derive(Default)]
pub(crate) struct Mask(Vec<Finder<'static>>);

impl Mask {
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut finders = Vec::new();
        for secret in secrets
            .into_iter()
            .filter(|secret| secret.bytes().len() >= SHORTEST)
        {
            finders.push(Finder::new(secret.bytes()).into_owned());
            for form in forms(secret.bytes()) {
                if form != secret.bytes() {
                    finders.push(Finder::new(&form).into_owned());
                }
            }
        }
        Self(finders)
    }

    /// A header value, blotted where it echoes.
    pub(super) fn header(&self, value: HeaderValue) -> HeaderValue {
        if !self.is_in(value.as_bytes()) {
            return value;
        }
        let mut bytes = value.as_bytes().to_vec();
        self.blot(&mut bytes);
        HeaderValue::from_bytes(&bytes).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// How many bytes wait at the end of a body that goes on.
    fn wait(&self) -> usize {
        self.0
            .iter()
            .map(|finder| finder.needle().len())
            .max()
            .unwrap_or(1)
            - 1
    }

    fn cleaned(&self, text: Bytes) -> Bytes {
        if !self.is_in(&text) {
            return text;
        }
        let mut bytes = BytesMut::from(text.as_ref());
        self.blot(&mut bytes);
        bytes.freeze()
    }

    fn is_in(&self, text: &[u8]) -> bool {
        self.0.iter().any(|finder| finder.find(text).is_some())
    }

    fn blot(&self, text: &mut [u8]) {
        for finder in &self.0 {
            let found: Vec<usize> = finder.find_iter(text).collect();
            for at in found {
                text[at..at + finder.needle().len()].fill(b'*');
            }
        }
    }
}

/// The other ways in which texts write the same bytes.
fn forms(secret: &[u8]) -> Vec<Vec<u8>> {
    let upper: String = form_urlencoded::byte_serialize(secret).collect();
    let lower = lower_escapes(&upper);
    let text = String::from_utf8_lossy(secret);
    let mut forms = vec![
        upper.into_bytes(),
        lower.into_bytes(),
        text.replace('/', "\\/").into_bytes(),
    ];
    forms.dedup();
    forms
}

/// `%2F` as `%2f`.
fn lower_escapes(text: &str) -> String {
    let (mut lowered, mut chars) = (String::with_capacity(text.len()), text.chars());
    while let Some(c) = chars.next() {
        lowered.push(c);
        if c == '%' {
            lowered.extend(chars.by_ref().take(2).map(|c| c.to_ascii_lowercase()));
        }
    }
    lowered
}

/// A body on its way through a mask.
pub(super) struct Sieve {
    mask: Arc<Mask>,
    /// The last bytes, which wait for what follows.
    held: Bytes,
    /// How many of them were passed on already, since nothing followed for a while; they still count for what follows.
    passed: usize,
}

impl Sieve {
    pub(super) const fn new(mask: Arc<Mask>) -> Self {
        Self {
            mask,
            held: Bytes::new(),
            passed: 0,
        }
    }

    /// Whether something waits.
    pub(super) fn waits(&self) -> bool {
        self.held.len() > self.passed
    }

    /// The next piece; what can be passed on, in order. `last` where nothing follows.
    pub(super) fn push(&mut self, piece: Bytes, last: bool) -> [Bytes; 2] {
        let wait = if last { 0 } else { self.mask.wait() };
        if self.held.is_empty() {
            let mut piece = self.mask.cleaned(piece);
            self.held = piece.split_off(piece.len().saturating_sub(wait));
            return [piece, Bytes::new()];
        }
        let (before, after) = self.joined(piece);
        let held = self.passed;
        if after.len() >= wait {
            let mut after = after;
            self.held = after.split_off(after.len() - wait);
            self.passed = 0;
            return [before.slice(held..), after];
        }
        let mut both = BytesMut::with_capacity(before.len() + after.len());
        both.extend_from_slice(&before);
        both.extend_from_slice(&after);
        let mut both = both.freeze();
        let cut = both.len().saturating_sub(wait);
        self.held = both.split_off(cut);
        self.passed = held.saturating_sub(cut);
        [both.slice(held.min(cut)..), Bytes::new()]
    }

    /// What waits, for a caller who would wait too long; it still counts for what follows.
    pub(super) fn flush(&mut self) -> Bytes {
        let waiting = self.held.slice(self.passed..);
        self.passed = self.held.len();
        waiting
    }

    /// What waited and the piece, both cleaned: an echo may lie across them.
    fn joined(&mut self, piece: Bytes) -> (Bytes, Bytes) {
        let held = std::mem::take(&mut self.held);
        let reach = self.mask.wait().min(piece.len());
        let mut seam = BytesMut::with_capacity(held.len() + reach);
        seam.extend_from_slice(&held);
        seam.extend_from_slice(&piece[..reach]);
        if !self.mask.is_in(&seam) {
            return (held, self.mask.cleaned(piece));
        }
        self.mask.blot(&mut seam);
        let mut after = seam.split_off(held.len());
        after.extend_from_slice(&piece[reach..]);
        (seam.freeze(), self.mask.cleaned(after.freeze()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passed(mask: Mask, pieces: &[&[u8]], flush: bool) -> Vec<u8> {
        let (mut sieve, mut out) = (Sieve::new(Arc::new(mask)), Vec::new());
        for (at, piece) in pieces.iter().enumerate() {
            let last = at + 1 == pieces.len();
            out.extend(sieve.push(Bytes::copy_from_slice(piece), last).concat());
            if flush {
                out.extend_from_slice(&sieve.flush());
            }
        }
        out
    }
    fn mask(token: &str) -> Mask {
        Mask::new([&Secret::text(token.to_owned())])
    }

    #[test]
    fn an_echo_is_found_across_pieces_and_encodings() {
        for (pieces, expected) in [
            (vec!["x abc/d", "ef=g", "hi y"], "x *********** y"),
            (vec!["u=abc%2Fdef%3Dghi&"], "u=***************&"),
            (vec!["u=abc%2fdef%3dghi&"], "u=***************&"),
            (vec!["\"abc\\/def=ghi\""], "\"************\""),
            (vec!["abc/def=gh"], "abc/def=gh"),
        ] {
            let bytes: Vec<&[u8]> = pieces.iter().map(|piece| piece.as_bytes()).collect();
            let out = passed(mask("abc/def=ghi"), &bytes, false);
            assert_eq!(String::from_utf8(out).unwrap(), expected, "{pieces:?}");
        }
    }

    #[test]
    fn what_waits_does_not_depend_on_what_it_is() {
        let mut likely = Sieve::new(Arc::new(mask("abcdefgh")));
        let mut other = Sieve::new(Arc::new(mask("abcdefgh")));
        let sizes = |[one, two]: [Bytes; 2]| one.len() + two.len();
        for (echo, noise) in [("xxxxabcdefg", "xxxxyyyyyyy"), ("abc", "yyy"), ("a", "y")] {
            let echo = likely.push(Bytes::copy_from_slice(echo.as_bytes()), false);
            let noise = other.push(Bytes::copy_from_slice(noise.as_bytes()), false);
            assert_eq!(sizes(echo), sizes(noise));
        }
    }

    #[test]
    fn what_was_let_go_still_counts() {
        let out = passed(mask("abcdefgh"), &[b"xx abcd", b"efgh yy"], true);
        assert_eq!(String::from_utf8(out).unwrap(), "xx abcd**** yy");
    }

    proptest! {
        #[test]
        fn however_it_is_cut_nothing_gets_through_and_nothing_else_changes(
            text in "[ab]{0,40}", echoes in prop::collection::vec(0usize..40, 0..3), cuts in prop::collection::vec(0usize..80, 0..6)
        ) {
            let token = "aababaabb";
            let mut whole = text;
            for at in echoes {
                whole.insert_str(at.min(whole.len()), token);
            }
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(whole.len())).chain([0, whole.len()]).collect();
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &whole.as_bytes()[pair[0]..pair[1]]).collect();
            let out = passed(mask(token), &pieces, false);
            prop_assert_eq!(out.len(), whole.len());
            prop_assert!(!out.windows(token.len()).any(|part| part == token.as_bytes()));
            for (before, after) in whole.bytes().zip(&out) {
                prop_assert!(before == *after || *after == b'*');
            }
        }
    }
}
