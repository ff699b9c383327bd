//! Temporary and token credentials (RFC 5849 sections 2.1 and 2.3), or why there are none. Pure: no state, no I/O.

use std::collections::BTreeMap;

use domain::connection::Cause;
use http::StatusCode;

use super::problem::{Kind, Problem, WORDS};
use crate::{egress::Answer, said::said, token::answer::retry_after, vault::Secret};

/// What a provider hands out.
#[derive(Clone)]
pub struct Credentials {
    /// `oauth_token`.
    pub token: String,
    /// `oauth_token_secret`. May be empty.
    pub secret: Secret,
    /// Further members: whose account it is, for example. Of several with one name, the first.
    pub further: BTreeMap<String, String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials")
    }
}

/// Why there are none. Each holds the provider's words, or ours where it said nothing: cut and cleaned, still to be
/// escaped.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The provider's clock differs from ours. Once [`super::skew::learned`] has told by how much, asking again helps.
    Clock(String),
    /// The token, the verifier or the person's consent is refused.
    GrantRefused(String),
    /// The provider refuses the client, its method or how it asks.
    ClientRefused(String),
    /// Too many requests; seconds until another try makes sense.
    Throttled(f64, String),
    /// Out of order, or the nonce was used before: another try may succeed.
    Unavailable(String),
    /// Neither credentials nor a problem. A request for token credentials may have used the verifier up.
    Unreadable(String),
}

impl Failure {
    /// The cause to store.
    #[must_use]
    pub const fn cause(&self) -> Cause {
        match self {
            Self::GrantRefused(_) => Cause::RevokedOrExpired,
            Self::ClientRefused(_) => Cause::ClientRefused,
            Self::Throttled(..) => Cause::Throttled,
            Self::Clock(_) | Self::Unavailable(_) => Cause::ProviderUnavailable,
            Self::Unreadable(_) => Cause::AnswerUnreadable,
        }
    }

    /// The words.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Clock(words)
            | Self::GrantRefused(words)
            | Self::ClientRefused(words)
            | Self::Throttled(_, words)
            | Self::Unavailable(words)
            | Self::Unreadable(words) => words,
        }
    }
}

/// Temporary credentials (RFC 5849 section 2.1). The provider must confirm the callback: one that does not speaks OAuth
/// 1.0 before revision A. `sent` are the secrets of the request, which are masked where the provider repeats them.
///
/// # Errors
/// [`Failure`].
pub fn temporary(answer: &Answer, sent: &[&Secret]) -> Result<Credentials, Failure> {
    let mut credentials = token(answer, sent)?;
    let confirmed = credentials.further.remove("oauth_callback_confirmed");
    // Section 2.1 wants `true`; Authlib, and so whoever provides with it, writes `True`.
    if confirmed.is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(credentials);
    }
    Err(Failure::Unreadable(
        "The provider did not confirm the callback. It must speak OAuth 1.0a (RFC 5849); ask it for that revision."
            .into(),
    ))
}

/// Token credentials (RFC 5849 section 2.3). The content type is not looked at: many providers call a form a page.
///
/// # Errors
/// [`Failure`].
pub fn token(answer: &Answer, sent: &[&Secret]) -> Result<Credentials, Failure> {
    if let Some(problem) = Problem::read(&answer.headers, &answer.body) {
        return Err(of_problem(&problem, answer, sent));
    }
    if answer.status.is_success() {
        return credentials(&answer.body).map_err(|why| Failure::Unreadable(why.into()));
    }
    Err(of_status(answer, unnamed(answer, sent)))
}

fn of_problem(problem: &Problem, answer: &Answer, sent: &[&Secret]) -> Failure {
    let words = problem.words(sent);
    match problem.kind() {
        Kind::Clock => Failure::Clock(words),
        Kind::Grant => Failure::GrantRefused(words),
        Kind::Client => Failure::ClientRefused(words),
        Kind::Nonce => Failure::Unavailable(words),
        Kind::Throttled => Failure::Throttled(retry_after(answer).unwrap_or(600.0), words),
        Kind::Unknown => of_status(answer, words),
    }
}

/// Section 3.2 of RFC 5849 says 400 to a request that is not understood and 401 to one that is not believed: both mean
/// the service's settings.
fn of_status(answer: &Answer, words: String) -> Failure {
    match answer.status {
        StatusCode::TOO_MANY_REQUESTS => Failure::Throttled(retry_after(answer).unwrap_or(60.0), words),
        StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            Failure::ClientRefused(words)
        }
        status if status.is_success() => Failure::ClientRefused(words),
        _ => Failure::Unavailable(words),
    }
}

/// The words of an answer without a problem's name. Plain text is often all that a provider says; a page is left out.
fn unnamed(answer: &Answer, sent: &[&Secret]) -> String {
    let status = answer.status;
    let text = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
    if text.is_empty() || text.starts_with('<') {
        format!("The provider answered {status} without an OAuth error.")
    } else {
        format!("The provider answered {status}: {}", said(text, sent, WORDS))
    }
}

/// Reads a form-encoded body.
fn credentials(body: &[u8]) -> Result<Credentials, &'static str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let mut members = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(body) {
        if [&name, &value]
            .into_iter()
            .any(|text| text.chars().any(char::is_control))
        {
            return Err("The provider's answer holds control characters.");
        }
        if name.starts_with("oauth_") && members.contains_key(name.as_ref()) {
            return Err("The provider's answer holds a member twice.");
        }
        members
            .entry(name.into_owned())
            .or_insert_with(|| value.into_owned());
    }
    let token = members.remove("oauth_token").filter(|token| !token.is_empty());
    let token = token.ok_or("The provider's answer holds no oauth_token.")?;
    let secret = members.remove("oauth_token_secret");
    let secret = secret.ok_or("The provider's answer holds no oauth_token_secret.")?;
    Ok(Credentials {
        token,
        secret: Secret::text(secret),
        further: members,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, header};
    use proptest::prelude::*;

    fn answer(status: u16, body: &[u8]) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(body),
            remote: None,
        }
    }
    fn read(status: u16, body: &str) -> Result<Credentials, Failure> {
        token(&answer(status, body.as_bytes()), &[])
    }
    fn name(result: &Result<Credentials, Failure>) -> &'static str {
        match result {
            Ok(_) => "success",
            Err(Failure::Clock(_)) => "clock",
            Err(Failure::GrantRefused(_)) => "grant",
            Err(Failure::ClientRefused(_)) => "client",
            Err(Failure::Throttled(..)) => "throttled",
            Err(Failure::Unavailable(_)) => "unavailable",
            Err(Failure::Unreadable(_)) => "unreadable",
        }
    }

    #[test]
    fn credentials_as_in_section_1_2() {
        let body =
            b"oauth_token=hh5s93j4hdidpola&oauth_token_secret=hdhd0244k9j7ao03&oauth_callback_confirmed=true";
        let credentials = temporary(&answer(200, body), &[]).unwrap();
        assert_eq!(credentials.token, "hh5s93j4hdidpola");
        assert_eq!(credentials.secret.as_text(), Some("hdhd0244k9j7ao03"));
        assert!(credentials.further.is_empty());
        let granted = read(
            200,
            "\u{feff}oauth_token=a%2Bb&oauth_token_secret=&user_id=7&user_id=8&screen_name=%C3%A9\n",
        )
        .unwrap();
        assert_eq!(granted.token, "a+b");
        assert_eq!(granted.secret.as_text(), Some(""));
        let further: Vec<_> = granted
            .further
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(further, [("screen_name", "é"), ("user_id", "7")]);
    }

    #[test]
    fn a_callback_must_be_confirmed() {
        for (confirmed, good) in [
            ("&oauth_callback_confirmed=true", true),
            ("&oauth_callback_confirmed=True", true),
            ("&oauth_callback_confirmed=false", false),
            ("&oauth_callback_confirmed=", false),
            ("&oauth_callback_confirmed=1", false),
            ("", false),
        ] {
            let body = format!("oauth_token=a&oauth_token_secret=b{confirmed}");
            let result = temporary(&answer(200, body.as_bytes()), &[]);
            assert_eq!(
                name(&result),
                if good { "success" } else { "unreadable" },
                "{confirmed}"
            );
        }
    }

    #[test]
    fn table_of_answers() {
        for (status, body, expected) in [
            (200, "oauth_token=a&oauth_token_secret=b", "success"),
            (201, "oauth_token=a&oauth_token_secret=b", "success"),
            (200, "oauth_token=a", "unreadable"),
            (200, "oauth_token=&oauth_token_secret=b", "unreadable"),
            (
                200,
                "oauth_token=a&oauth_token=a&oauth_token_secret=b",
                "unreadable",
            ),
            (
                200,
                "oauth_token=a&oauth_token_secret=b&oauth_token_secret=c",
                "unreadable",
            ),
            (
                200,
                "oauth_token=a&oauth_token_secret=b&oauth_x=1&oauth_x=2",
                "unreadable",
            ),
            (200, "oauth_token=a%00&oauth_token_secret=b", "unreadable"),
            (200, "oauth_token=a&oauth_token_secret=b%0d%0aX", "unreadable"),
            (200, "oauth_token=a&oauth_token_secret=b&x%0a=1", "unreadable"),
            (200, "", "unreadable"),
            (
                200,
                "<html>oauth_token=a&oauth_token_secret=b</html>",
                "unreadable",
            ),
            (
                200,
                r#"{"oauth_token":"a","oauth_token_secret":"b"}"#,
                "unreadable",
            ),
            (204, "", "unreadable"),
            (200, "oauth_problem=token_expired", "grant"),
            (
                401,
                "oauth_problem=timestamp_refused&oauth_acceptable_timestamps=1-2",
                "clock",
            ),
            (401, "oauth_problem=nonce_used", "unavailable"),
            (401, "oauth_problem=signature_invalid", "client"),
            (401, "oauth_problem=consumer_key_refused", "throttled"),
            (403, "oauth_problem=permission_denied", "grant"),
            (401, "error=invalid_signature", "client"),
            (400, "oauth_problem=unheard_of", "client"),
            (200, "oauth_problem=unheard_of", "client"),
            (503, "oauth_problem=unheard_of", "unavailable"),
            (400, "", "client"),
            (401, "Failed to validate oauth signature and token", "client"),
            (403, "", "client"),
            (404, "", "unavailable"),
            (302, "", "unavailable"),
            (408, "", "unavailable"),
            (429, "", "throttled"),
            (500, "<html>", "unavailable"),
        ] {
            assert_eq!(name(&read(status, body)), expected, "{status} {body}");
        }
    }

    #[test]
    fn words_help_and_hide() {
        let words = |status, body: &str, sent: &[&Secret]| {
            token(&answer(status, body.as_bytes()), sent)
                .unwrap_err()
                .words()
                .to_owned()
        };
        assert_eq!(
            words(401, " Failed to validate\toauth signature\n", &[]),
            "The provider answered 401 Unauthorized: Failed to validate oauth signature"
        );
        assert_eq!(
            words(500, "<html>oops", &[]),
            "The provider answered 500 Internal Server Error without an OAuth error."
        );
        let secret = Secret::text("v3rifier".into());
        assert_eq!(
            words(401, "bad v3rifier", &[&secret]),
            "The provider answered 401 Unauthorized: bad …"
        );
        assert!(
            !format!(
                "{:?}",
                read(200, "oauth_token=t0ken&oauth_token_secret=s3cret&x=y").unwrap()
            )
            .contains("ken")
        );
    }

    #[test]
    fn a_pause_is_the_providers() {
        let mut slow = answer(429, b"");
        slow.headers
            .insert(header::RETRY_AFTER, HeaderValue::from_static("7"));
        assert!(matches!(token(&slow, &[]), Err(Failure::Throttled(7.0, _))));
    }

    proptest! {
        #[test]
        fn no_answer_makes_it_panic(status in 100u16..600, body: Vec<u8>) {
            if let Ok(credentials) = token(&answer(status, &body), &[]) {
                prop_assert!(!credentials.token.is_empty());
            }
        }

        #[test]
        fn what_a_provider_writes_is_read(token_text in "[^\\p{Cc}]{1,40}", secret in "[^\\p{Cc}]{0,40}") {
            let body = form_urlencoded::Serializer::new(String::new())
                .append_pair("oauth_token", &token_text)
                .append_pair("oauth_token_secret", &secret)
                .finish();
            let credentials = read(200, &body).unwrap();
            prop_assert_eq!(credentials.token, token_text);
            prop_assert_eq!(credentials.secret.as_text(), Some(secret.as_str()));
        }
    }
}
