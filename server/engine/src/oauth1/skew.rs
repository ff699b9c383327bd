//! How far a provider's clock is from ours. A signed request names its time (RFC 5849 section 3.3), and a provider
//! whose clock differs by more than some minutes refuses all of them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use http::{HeaderMap, header};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use url::Url;

use super::problem::{Kind, Problem};

/// Most origins whose clocks are known.
const MOST: usize = 10_000;

/// A provider that refuses a request without a word about why has another time where its clock differs by this much:
/// the least that providers grant is five minutes.
const TELLING: i64 = 240;

/// How far the clocks of providers are from ours, as this process has learned it: by origin, since whoever answers
/// there tells the time there.
#[derive(Default)]
pub struct Clocks(Mutex<HashMap<String, i64>>);

impl Clocks {
    /// What to add to our time for a request to this URL.
    #[must_use]
    pub fn of(&self, url: &Url) -> i64 {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&url.origin().ascii_serialization())
            .copied()
            .unwrap_or(0)
    }

    /// Keeps what was learned there.
    pub fn learn(&self, url: &Url, offset: i64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(url.origin().ascii_serialization(), offset);
    }
}

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

/// The same where the body was not read, for a request that was refused after it was signed with the offset `used`.
/// Where the headers name no problem, the provider's time decides alone.
#[must_use]
pub fn learned_from_head(headers: &HeaderMap, ours: i64, used: i64) -> Option<i64> {
    if let Some(problem) = Problem::read(headers, b"") {
        return learned(&problem, headers, ours);
    }
    let theirs = offset(headers.get(header::DATE)?.to_str().ok()?, ours)?;
    (theirs.abs_diff(used) >= TELLING.unsigned_abs()).then_some(theirs)
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

    #[test]
    fn without_a_body_the_date_decides_where_nothing_is_named() {
        let mut headers = HeaderMap::new();
        assert_eq!(learned_from_head(&headers, THEN, 0), None, "no date");
        headers.insert(header::DATE, HeaderValue::from_static(DATE));
        for (ours, used, expected) in [
            (THEN - 600, 0, Some(600)),
            (THEN + 600, 0, Some(-600)),
            (THEN - 600, 600, None),
            (THEN, 600, Some(0)),
            (THEN - 5, 0, None),
        ] {
            assert_eq!(learned_from_head(&headers, ours, used), expected, "{ours} {used}");
        }
        let named = |code: &str| HeaderValue::from_str(&format!("OAuth oauth_problem=\"{code}\"")).unwrap();
        headers.insert(header::WWW_AUTHENTICATE, named("token_rejected"));
        assert_eq!(learned_from_head(&headers, THEN - 600, 0), None);
        headers.insert(header::WWW_AUTHENTICATE, named("timestamp_refused"));
        assert_eq!(learned_from_head(&headers, THEN - 7, 0), Some(7));
    }

    #[test]
    fn each_origin_has_a_clock() {
        let url = |text: &str| Url::parse(text).unwrap();
        let clocks = Clocks::default();
        clocks.learn(&url("https://a.example/token"), 600);
        assert_eq!(clocks.of(&url("https://a.example:443/api?x=1")), 600);
        assert_eq!(clocks.of(&url("https://b.example/")), 0);
        clocks.learn(&url("https://a.example/"), 0);
        assert_eq!(clocks.of(&url("https://a.example/")), 0);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", ours: i64) {
            let _ = offset(&text, ours);
        }
    }
}
