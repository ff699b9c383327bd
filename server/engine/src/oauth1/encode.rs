//! Percent-encoding (RFC 5849 section 3.6), and reading what is form-encoded (section 3.4.1.3.1).
//!
//! Both work on octets: what a URL holds need not be UTF-8, and a signature covers what was sent.

/// A name and its value, decoded.
pub(super) type Octets = (Vec<u8>, Vec<u8>);

const DIGITS: &[u8; 16] = b"0123456789ABCDEF";

/// Encodes everything but letters, digits and `-._~`, with upper-case hexadecimal digits (RFC 5849 section 3.6).
/// Form encoding differs: there a space is `+`, and other characters stay as they are.
#[must_use]
pub fn percent(octets: impl AsRef<[u8]>) -> String {
    let mut text = String::with_capacity(octets.as_ref().len());
    for &octet in octets.as_ref() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            text.push(char::from(octet));
        } else {
            text.push('%');
            text.push(char::from(DIGITS[usize::from(octet >> 4)]));
            text.push(char::from(DIGITS[usize::from(octet & 15)]));
        }
    }
    text
}

/// Reads a query as if it were `application/x-www-form-urlencoded` (RFC 5849 section 3.4.1.3.1). A name without `=`
/// has an empty value.
#[must_use]
pub(super) fn read_form(text: &str) -> Vec<Octets> {
    let pieces = text.split('&').filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let decoded = |text: &str| unpercent(&text.replace('+', " "));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// The octets behind percent-encoded text. A `%` that begins no octet stands for itself.
#[must_use]
pub(super) fn unpercent(text: &str) -> Vec<u8> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let encoded = match (first, tail) {
            (b'%', [high, low, after @ ..]) => digit(*high)
                .zip(digit(*low))
                .map(|(high, low)| (high << 4 | low, after)),
            _ => None,
        };
        let (octet, after) = encoded.unwrap_or((*first, tail));
        octets.push(octet);
        rest = after;
    }
    octets
}

fn digit(octet: u8) -> Option<u8> {
    char::from(octet)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_unreserved_characters_stay() {
        assert_eq!(percent("AZaz09-._~"), "AZaz09-._~");
        assert_eq!(
            percent("Ladies + Gentlemen"),
            "Ladies%20%2B%20Gentlemen",
            "the example in Twitter's documentation"
        );
        assert_eq!(percent("An encoded string!"), "An%20encoded%20string%21");
        assert_eq!(percent("Dogs, Cats & Mice"), "Dogs%2C%20Cats%20%26%20Mice");
        assert_eq!(percent("☃"), "%E2%98%83");
        assert_eq!(percent("%*'()/=\0\u{7f}"), "%25%2A%27%28%29%2F%3D%00%7F");
        assert_eq!(percent(b"\xff"), "%FF");
    }

    #[test]
    fn forms_are_read_as_browsers_read_them() {
        let read = |text: &str| -> Vec<(String, String)> {
            let lossy = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
            read_form(text)
                .into_iter()
                .map(|(n, v)| (lossy(n), lossy(v)))
                .collect()
        };
        for text in [
            "",
            "&",
            "&&",
            "=",
            "a",
            "a=",
            "=a",
            "a=b=c",
            "a=1&a=2",
            "a+b=c%20d",
            "a%2=%",
            "%zz=%4",
            "a%2Bb=%C3%a9",
            "a;b=c",
            "%E2%98%83=☃",
            "a=%ff&b=%+1",
        ] {
            let expected: Vec<(String, String)> =
                form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn octets_that_are_no_text_stay_themselves() {
        assert_eq!(read_form("a=%ff%00"), [(b"a".to_vec(), b"\xff\0".to_vec())]);
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_read_again(name: Vec<u8>, value: Vec<u8>) {
            prop_assume!(!name.is_empty() || !value.is_empty());
            let text = format!("{}={}", percent(&name), percent(&value));
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%=".contains(&b)));
            prop_assert_eq!(read_form(&text), vec![(name, value)]);
        }

        #[test]
        fn every_text_is_read_as_browsers_read_it(text in "[a-c%+&=;0-9A-F\\PC]{0,40}") {
            let ours: Vec<_> = read_form(&text).into_iter().map(|(n, v)| {
                (String::from_utf8_lossy(&n).into_owned(), String::from_utf8_lossy(&v).into_owned())
            }).collect();
            let expected: Vec<_> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
            prop_assert_eq!(ours, expected);
        }
    }
}
