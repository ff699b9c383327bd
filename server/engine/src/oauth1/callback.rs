//! The browser comes back (RFC 5849 section 2.2). Untrusted text.

use super::problem::Problem;
use crate::vault::Secret;

/// What the browser brings.
#[derive(Clone)]
pub enum Callback {
    /// The person consented.
    Granted {
        /// The temporary token that the consent was begun with.
        token: String,
        /// To be exchanged, with the token. A secret until then.
        verifier: Secret,
    },
    /// The person or the provider did not.
    Refused {
        /// The temporary token, where the provider names it.
        token: Option<String>,
        /// Cut and cleaned, still to be escaped.
        words: String,
    },
}

impl std::fmt::Debug for Callback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Granted { .. } => f.write_str("Granted"),
            Self::Refused { words, .. } => f.debug_tuple("Refused").field(words).finish(),
        }
    }
}

/// The query is not an answer of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// Neither a token nor a refusal.
    #[error("This address is no answer of a provider: it names no token.")]
    NoToken,
    /// OAuth 1.0 before revision A, which lets an attacker have somebody else's consent finished.
    #[error("The provider sent no verifier. It must speak OAuth 1.0a (RFC 5849); ask it for that revision.")]
    NoVerifier,
    /// A parameter stands there twice (RFC 5849 section 3.1).
    #[error("This address is no answer of a provider: a parameter stands in it twice.")]
    Doubled,
    /// A line break, NUL or another control character.
    #[error("This address is no answer of a provider: it holds control characters.")]
    Control,
    /// Longer than any provider's.
    #[error("This address is no answer of a provider: it is too long.")]
    TooLong,
}

const LONGEST: usize = 8 * 1024;

/// Reads the query. Parameters that are not known are ignored: the callback may have some of its own. A refusal counts
/// also where a verifier came along.
///
/// # Errors
/// [`Malformed`].
pub fn read(query: &str) -> Result<Callback, Malformed> {
    if query.len() > LONGEST {
        return Err(Malformed::TooLong);
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let one = |name: &str| one(&pairs, name);
    let (token, verifier, denied) = (one("oauth_token")?, one("oauth_verifier")?, one("denied")?);
    if let Some(words) = refusal(denied.is_some(), &pairs) {
        let token = denied.or(token);
        return Ok(Callback::Refused { token, words });
    }
    let token = token.ok_or(Malformed::NoToken)?;
    let verifier = Secret::text(verifier.ok_or(Malformed::NoVerifier)?);
    Ok(Callback::Granted { token, verifier })
}

/// A problem by name, or `denied` with the token in it (Twitter, and who followed it).
fn refusal(denied: bool, pairs: &[(String, String)]) -> Option<String> {
    match Problem::of_pairs(pairs.to_vec()) {
        Some(problem) => Some(problem.words(&[])),
        None => denied.then(|| "access was denied".to_owned()),
    }
}

/// The value of a parameter that may stand there once; an empty one is none.
fn one(pairs: &[(String, String)], name: &str) -> Result<Option<String>, Malformed> {
    let mut values = pairs
        .iter()
        .filter(|(other, _)| other == name)
        .map(|(_, value)| value);
    let first = values.next().filter(|value| !value.is_empty());
    if values.next().is_some() {
        return Err(Malformed::Doubled);
    }
    match first {
        Some(value) if value.chars().any(char::is_control) => Err(Malformed::Control),
        first => Ok(first.cloned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn granted(query: &str) -> (String, String) {
        match read(query).unwrap() {
            Callback::Granted { token, verifier } => (token, verifier.as_text().unwrap().to_owned()),
            refused => panic!("{refused:?}"),
        }
    }
    fn refused(query: &str) -> (Option<String>, String) {
        match read(query).unwrap() {
            Callback::Refused { token, words } => (token, words),
            granted => panic!("{granted:?}"),
        }
    }

    #[test]
    fn a_consent_as_in_section_2_2() {
        let expected = ("hdk48Djdsa".to_owned(), "473f82d3".to_owned());
        assert_eq!(
            granted("x=y&oauth_token=hdk48Djdsa&oauth_verifier=473f82d3"),
            expected
        );
        let encoded = "oauth_token=a%2Bb+%C3%A9&oauth_verifier=%26%3D";
        assert_eq!(granted(encoded), ("a+b é".to_owned(), "&=".to_owned()));
    }

    #[test]
    fn refusals_of_every_dialect() {
        let token = Some("tmp".to_owned());
        for (query, token, words) in [
            ("denied=tmp", token.clone(), "access was denied"),
            ("denied=tmp&oauth_token=other", token.clone(), "access was denied"),
            (
                "oauth_token=tmp&oauth_problem=user_refused",
                token.clone(),
                "user_refused",
            ),
            (
                "error=access_denied&error_description=The+owner+denied%0athe+request",
                None,
                "access_denied: The owner denied the request",
            ),
            (
                "oauth_token=tmp&oauth_verifier=v&oauth_problem=permission_denied",
                token,
                "permission_denied",
            ),
        ] {
            assert_eq!(refused(query), (token, words.to_owned()), "{query}");
        }
    }

    #[test]
    fn refuses_what_is_no_answer() {
        for (query, error) in [
            ("", Malformed::NoToken),
            ("oauth_verifier=v", Malformed::NoToken),
            ("oauth_token=&oauth_verifier=v", Malformed::NoToken),
            ("denied=", Malformed::NoToken),
            ("oauth_token=t", Malformed::NoVerifier),
            ("oauth_token=t&oauth_verifier=", Malformed::NoVerifier),
            ("oauth_token=t&oauth_token=u&oauth_verifier=v", Malformed::Doubled),
            (
                "oauth_token=t&oauth_verifier=v&oauth_verifier=v",
                Malformed::Doubled,
            ),
            ("denied=t&denied=u", Malformed::Doubled),
            ("oauth_token=t%00&oauth_verifier=v", Malformed::Control),
            ("oauth_token=t&oauth_verifier=v%0d%0aX", Malformed::Control),
        ] {
            assert_eq!(read(query).unwrap_err(), error, "{query}");
        }
        let long = format!("oauth_token=t&oauth_verifier={}", "v".repeat(9000));
        assert_eq!(read(&long).unwrap_err(), Malformed::TooLong);
    }

    #[test]
    fn a_verifier_is_not_printed() {
        let printed = format!("{:?}", read("oauth_token=t0ken&oauth_verifier=s3cret").unwrap());
        assert_eq!(printed, "Granted");
    }

    proptest! {
        #[test]
        fn no_query_makes_it_panic(query in "(oauth_token=[ab]?&)?\\PC{0,200}") {
            if let Ok(Callback::Granted { token, verifier }) = read(&query) {
                prop_assert!(!token.is_empty() && !verifier.bytes().is_empty());
            }
        }
    }
}
