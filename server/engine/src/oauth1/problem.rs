//! What a provider names as the problem. RFC 5849 defines no error codes; these dialects are in use:
//!
//! - `oauth_problem=…`, the *OAuth Problem Reporting* extension: in the body or in a `WWW-Authenticate: OAuth` header
//! - `error=…`, as OAuth 2.0 has it: what providers made with Authlib say
//!
//! Everything here is untrusted text.

use http::{HeaderMap, header};

use super::encode::unpercent;
use crate::{said::said, vault::Secret};

/// A problem in the provider's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    code: String,
    advice: Option<String>,
}

/// What a problem is about, and so what can be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The timestamp is not of the provider's time: see [`super::skew`].
    Clock,
    /// The nonce was seen before: the same request with another one may pass.
    Nonce,
    /// The token, the verifier or the person's consent: only consenting again helps.
    Grant,
    /// The client's key, secret or method, or how we ask: the service's settings are wrong.
    Client,
    /// Too much was asked.
    Throttled,
    /// A code that we do not know.
    Unknown,
}

/// Longer ones are cut.
pub(super) const WORDS: usize = 300;

impl Problem {
    /// Looks for a problem in an answer, whatever its status.
    #[must_use]
    pub fn read(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let body = form_urlencoded::parse(body.trim_ascii()).into_owned().collect();
        let challenges = headers.get_all(header::WWW_AUTHENTICATE).iter();
        let challenges = challenges.filter_map(|value| value.to_str().ok()).map(challenge);
        std::iter::once(body).chain(challenges).find_map(Self::of_pairs)
    }

    /// The problem among these parameters of an answer or of a callback.
    pub(super) fn of_pairs(pairs: Vec<(String, String)>) -> Option<Self> {
        let one = |wanted: &str| {
            let mut values = pairs
                .iter()
                .filter(|(name, _)| name == wanted)
                .map(|(_, value)| value);
            values.next().filter(|value| !value.is_empty()).cloned()
        };
        one("oauth_problem")
            .map(|code| (code, one("oauth_problem_advice")))
            .or_else(|| one("error").map(|code| (code, one("error_description"))))
            .map(|(code, advice)| Self { code, advice })
    }

    /// What the code is about.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self.code.as_str() {
            "timestamp_refused" => Kind::Clock,
            "nonce_used" | "invalid_nonce" => Kind::Nonce,
            "token_used"
            | "token_expired"
            | "token_revoked"
            | "token_rejected"
            | "verifier_invalid"
            | "additional_authorization_required"
            | "permission_unknown"
            | "permission_denied"
            | "user_refused"
            | "invalid_token"
            | "access_denied" => Kind::Grant,
            "version_rejected"
            | "parameter_absent"
            | "parameter_rejected"
            | "signature_invalid"
            | "signature_method_rejected"
            | "consumer_key_unknown"
            | "consumer_key_rejected"
            | "invalid_client"
            | "invalid_request"
            | "invalid_signature"
            | "missing_required_parameter"
            | "unsupported_parameter"
            | "unsupported_signature_method" => Kind::Client,
            // "Temporarily unacceptable": the extension's own example is throttling.
            "consumer_key_refused" => Kind::Throttled,
            _ => Kind::Unknown,
        }
    }

    /// Code and advice, cut and cleaned, still to be escaped. `sent` are the secrets of the request: one that the
    /// provider repeats is masked.
    #[must_use]
    pub fn words(&self, sent: &[&Secret]) -> String {
        let words = match &self.advice {
            Some(advice) => format!("{}: {advice}", self.code),
            None => self.code.clone(),
        };
        said(&words, sent, WORDS)
    }
}

/// The parameters of an `OAuth` challenge (RFC 9110 section 11.6.1), decoded as those of a request are (RFC 5849
/// section 3.5.1); none of another scheme's.
fn challenge(text: &str) -> Vec<(String, String)> {
    let scheme = text.split_ascii_whitespace().next().unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("oauth") {
        return Vec::new();
    }
    let parameters = text.trim_start()[scheme.len()..].split(',');
    let pairs = parameters.filter_map(|parameter| parameter.split_once('='));
    pairs
        .map(|(name, value)| {
            let value = unpercent(value.trim().trim_matches('"'));
            (
                name.trim().to_owned(),
                String::from_utf8_lossy(&value).into_owned(),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use proptest::prelude::*;

    fn of_body(body: &str) -> Option<Problem> {
        Problem::read(&HeaderMap::new(), body.as_bytes())
    }
    fn of_header(value: &str) -> Option<Problem> {
        let mut headers = HeaderMap::new();
        headers.append(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Basic realm=\"x\""),
        );
        headers.append(header::WWW_AUTHENTICATE, HeaderValue::from_str(value).unwrap());
        Problem::read(&headers, b"<html>Unauthorized</html>")
    }

    #[test]
    fn problems_of_every_dialect() {
        for (found, kind, words) in [
            (
                of_body("oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1-2"),
                Kind::Clock,
                "timestamp_refused",
            ),
            (
                of_body("oauth_problem=signature_invalid&oauth_problem_advice=wrong+base+string\r\n"),
                Kind::Client,
                "signature_invalid: wrong base string",
            ),
            (of_body("error=invalid_nonce"), Kind::Nonce, "invalid_nonce"),
            (
                of_body("error=invalid_token&error_description=Invalid+or+expired"),
                Kind::Grant,
                "invalid_token: Invalid or expired",
            ),
            (
                of_header(
                    "OAuth realm=\"Photos\", oauth_problem=\"token_rejected\", oauth_problem_advice=\"a%20b+c\"",
                ),
                Kind::Grant,
                "token_rejected: a b+c",
            ),
            (
                of_header("oauth oauth_problem=consumer_key_refused"),
                Kind::Throttled,
                "consumer_key_refused",
            ),
            (of_body("oauth_problem=on_holiday"), Kind::Unknown, "on_holiday"),
        ] {
            let found = found.unwrap();
            assert_eq!((found.kind(), found.words(&[]).as_str()), (kind, words));
        }
    }

    #[test]
    fn other_answers_have_none() {
        for body in [
            "",
            "oauth_problem=",
            "oauth_token=a&oauth_token_secret=b",
            "<html>",
            "{\"errors\":[]}",
            "\u{0}",
        ] {
            assert_eq!(of_body(body), None, "{body}");
        }
        for value in [
            "OAuth realm=\"Photos\"",
            "Bearer oauth_problem=\"token_rejected\"",
            "OAuth",
            "",
            "OAuthoauth_problem=x",
        ] {
            assert_eq!(of_header(value), None, "{value}");
        }
    }

    #[test]
    fn secrets_that_are_repeated_are_masked() {
        let secrets = [Secret::text("s+cret&1/2".into()), Secret::text("abc".into())];
        let sent: Vec<&Secret> = secrets.iter().collect();
        let body = "oauth_problem=signature_invalid&oauth_problem_advice=s%2Bcret%261%2F2+\
             s%252Bcret%25261%252F2+s%25252Bcret%2525261%25252F2+abc";
        assert_eq!(
            of_body(body).unwrap().words(&sent),
            "signature_invalid: … … … abc",
            "what is too short to be a secret would mask ordinary words"
        );
    }

    #[test]
    fn words_are_bounded_and_clean() {
        let words = of_body(&format!("oauth_problem=x%0d%0ay{}", "z".repeat(900)))
            .unwrap()
            .words(&[]);
        assert!(words.starts_with("x  yzz"), "{words}");
        assert_eq!(words.chars().count(), WORDS + 1);
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(body: Vec<u8>, value in "(OAuth)?[ -~]{0,60}") {
            let _ = Problem::read(&HeaderMap::new(), &body);
            let _ = of_header(&value);
        }
    }
}
