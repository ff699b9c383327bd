//! Blots out an echo of the credential in an answer, so that a key that may only make calls does not learn the token
//! from a provider that repeats what it was sent. The length stays as it was.
//!
//! It finds the token as it was sent, and its percent-encoded form. An answer that is compressed or encoded in another
//! way is not searched: answers are asked for uncompressed, and what a provider does on purpose is its own affair.

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
            let encoded: String = form_urlencoded::byte_serialize(secret.bytes()).collect();
            if encoded.as_bytes() != secret.bytes() {
                finders.push(Finder::new(encoded.as_bytes()).into_owned());
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

    /// The next piece of a body: what can be passed on. `held` keeps the end of a piece that may be the beginning of an
    /// echo.
    pub(super) fn piece(&self, held: &mut Bytes, piece: Bytes) -> Bytes {
        let mut whole = piece;
        if !held.is_empty() {
            let mut joined = BytesMut::with_capacity(held.len() + whole.len());
            joined.extend_from_slice(held);
            joined.extend_from_slice(&whole);
            *held = Bytes::new();
            whole = joined.freeze();
        }
        if self.is_in(&whole) {
            let mut bytes = BytesMut::from(whole.as_ref());
            self.blot(&mut bytes);
            whole = bytes.freeze();
        }
        *held = whole.split_off(whole.len() - self.open_end(&whole));
        whole
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

    /// How many bytes at the end may be the beginning of an echo.
    fn open_end(&self, text: &[u8]) -> usize {
        let of_one = |finder: &Finder<'_>| {
            let needle = finder.needle();
            let most = (needle.len() - 1).min(text.len());
            (1..=most)
                .rev()
                .find(|length| text.ends_with(&needle[..*length]))
                .unwrap_or(0)
        };
        self.0.iter().map(of_one).max().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn passed(mask: &Mask, pieces: &[&[u8]]) -> Vec<u8> {
        let (mut held, mut out) = (Bytes::new(), Vec::new());
        for piece in pieces {
            out.extend_from_slice(&mask.piece(&mut held, Bytes::copy_from_slice(piece)));
        }
        out.extend_from_slice(&held);
        out
    }

    #[test]
    fn an_echo_is_found_across_pieces_and_encodings() {
        let mask = Mask::new([&Secret::text("abc/def=ghi".to_owned())]);
        assert_eq!(passed(&mask, &[b"x abc/d", b"ef=g", b"hi y"]), b"x *********** y");
        assert_eq!(passed(&mask, &[b"u=abc%2Fdef%3Dghi&"]), b"u=***************&");
        assert_eq!(
            passed(&mask, &[b"abc/def=gh"]),
            b"abc/def=gh",
            "not the whole of it"
        );
    }

    #[test]
    fn what_cannot_be_an_echo_is_not_held_back() {
        let mask = Mask::new([&Secret::text("abcdefgh".to_owned())]);
        let mut held = Bytes::new();
        assert_eq!(
            mask.piece(&mut held, Bytes::from_static(b"nothing here")),
            "nothing here"
        );
        assert_eq!(mask.piece(&mut held, Bytes::from_static(b"or abc")), "or ");
        assert_eq!(held, "abc");
    }

    proptest! {
        #[test]
        fn however_it_is_cut_nothing_gets_through_and_nothing_else_changes(
            text in "[ab]{0,40}", echoes in prop::collection::vec(0usize..40, 0..3), cuts in prop::collection::vec(0usize..80, 0..6)
        ) {
            let token = "aababaabb";
            let mask = Mask::new([&Secret::text(token.to_owned())]);
            let mut whole = text;
            for at in echoes {
                whole.insert_str(at.min(whole.len()), token);
            }
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(whole.len())).chain([0, whole.len()]).collect();
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &whole.as_bytes()[pair[0]..pair[1]]).collect();
            let out = passed(&mask, &pieces);
            prop_assert_eq!(out.len(), whole.len());
            prop_assert!(!out.windows(token.len()).any(|part| part == token.as_bytes()));
            for (before, after) in whole.bytes().zip(&out) {
                prop_assert!(before == *after || *after == b'*');
            }
        }
    }
}
