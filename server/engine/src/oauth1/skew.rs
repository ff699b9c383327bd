//! How far a provider's clock is from ours. A signed request names its time (RFC 5849 section 3.3), and a provider
//! whose clock differs by more than some minutes refuses all of them.

use http::{HeaderMap, header};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};

use super::problem::{Kind, Problem};

/// What to add to our time to get the provider's: from the `Date` header of its answer (RFC 9110 section 6.6.1) and our
/// time, in seconds since 1970. None for what is no date. The obsolete forms of a date are not read: no provider that
/// is reached over TLS writes them.
#[must_use]
pub fn offset(date: &str, ours: i64) -> Option<i64> {
    let theirs = OffsetDateTime::parse(date.trim(), &Rfc2822).ok()?;
    theirs.unix_timestamp().checked_sub(ours)
}

/// The offset with which signing again makes sense: only where the provider refused the timestamp, and told its time.
#[must_use]
pub fn learned(problem: &Problem, headers: &HeaderMap, ours: i64) -> Option<i64> {
    let date = headers.get(header::DATE)?.to_str().ok()?;
    (problem.kind() == Kind::Clock)
        .then(|| offset(date, ours))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    /// 1994-11-06 08:49:37, the moment of the examples in RFC 9110 section 5.6.7.
    const THEN: i64 = 784_111_777;
    const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    #[test]
    fn dates_become_offsets() {
        assert_eq!(offset(DATE, THEN), Some(0));
        assert_eq!(offset(DATE, THEN + 3600), Some(-3600));
        assert_eq!(offset(DATE, THEN - 90), Some(90));
        assert_eq!(offset(" Sun, 06 Nov 1994 08:49:37 GMT ", THEN), Some(0));
    }

    #[test]
    fn what_is_no_date_teaches_nothing() {
        for text in [
            "",
            "now",
            "784111777",
            "1994-11-06T08:49:37Z",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37",
        ] {
            assert_eq!(offset(text, THEN), None, "{text}");
        }
        assert_eq!(offset(DATE, i64::MIN), None);
    }

    #[test]
    fn only_a_refused_timestamp_teaches() {
        let mut headers = HeaderMap::new();
        let said = |code: &str| {
            Problem::read(&HeaderMap::new(), format!("oauth_problem={code}").as_bytes()).unwrap()
        };
        assert_eq!(
            learned(&said("timestamp_refused"), &headers, THEN),
            None,
            "no date"
        );
        headers.insert(header::DATE, HeaderValue::from_static(DATE));
        assert_eq!(learned(&said("timestamp_refused"), &headers, THEN - 7), Some(7));
        assert_eq!(learned(&said("nonce_used"), &headers, THEN - 7), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", ours: i64) {
            let _ = offset(&text, ours);
        }
    }
}
