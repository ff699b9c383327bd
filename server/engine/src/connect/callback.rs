//! What a provider's answer says (RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207 section 2). Untrusted text.

use domain::text::quoted;

/// The answer, read: a code or an error, and the state that it came with.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The state.
    pub state: String,
    /// The issuer, where the provider names itself.
    pub iss: Option<String>,
    /// What it says.
    pub content: Content,
}

/// A code, or an error in the provider's words.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// To be exchanged. A secret until then.
    Code(String),
    /// Cut and cleaned, still to be escaped.
    Error(String),
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Answer")
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(_) => f.write_str("Code"),
            Self::Error(words) => f.debug_tuple("Error").field(words).finish(),
        }
    }
}

/// The query is not an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// No state: nothing that was begun here.
    NoState,
    /// A parameter stands there twice (RFC 6749 section 3.1).
    Doubled,
    /// A token in the answer: the implicit grant, which is never asked for.
    Implicit,
    /// Neither a code nor an error.
    Empty,
    /// Longer than any provider's.
    TooLong,
}

const LONGEST: usize = 8 * 1024;

/// Reads the query. Parameters that are not known are ignored (RFC 6749 section 4.1.2).
///
/// # Errors
/// [`Malformed`].
pub fn read(query: &str) -> Result<Answer, Malformed> {
    if query.len() > LONGEST {
        return Err(Malformed::TooLong);
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let one = |name: &str| {
        let mut values = pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone());
        let first = values.next().filter(|v| !v.is_empty());
        if values.next().is_some() {
            Err(Malformed::Doubled)
        } else {
            Ok(first)
        }
    };
    if pairs
        .iter()
        .any(|(name, _)| name == "access_token" || name == "id_token")
    {
        return Err(Malformed::Implicit);
    }
    let (code, error, description) = (one("code")?, one("error")?, one("error_description")?);
    let (state, iss) = (one("state")?.ok_or(Malformed::NoState)?, one("iss")?);
    let content = match (error, code) {
        (Some(error), _) => Content::Error(quoted(&description.unwrap_or(error), 300)),
        (None, Some(code)) => Content::Code(code),
        (None, None) => return Err(Malformed::Empty),
    };
    Ok(Answer { state, iss, content })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_codes_and_errors() {
        let answer = read("code=abc&state=s&iss=https%3A%2F%2Fas.example&session_state=x").unwrap();
        assert_eq!(answer.content, Content::Code("abc".into()));
        assert_eq!(answer.iss.as_deref(), Some("https://as.example"));
        let denied = read("error=access_denied&error_description=No+way&state=s").unwrap();
        assert_eq!(denied.content, Content::Error("No way".into()));
    }

    #[test]
    fn refuses_what_is_no_answer() {
        for (query, error) in [
            ("", Malformed::NoState),
            ("code=a", Malformed::NoState),
            ("code=a&state=", Malformed::NoState),
            ("state=s", Malformed::Empty),
            ("code=&state=s", Malformed::Empty),
            ("code=a&code=b&state=s", Malformed::Doubled),
            ("code=a&state=s&state=t", Malformed::Doubled),
            ("code=a&state=s&iss=a&iss=b", Malformed::Doubled),
            ("access_token=a&state=s", Malformed::Implicit),
            ("code=a&id_token=b&state=s", Malformed::Implicit),
        ] {
            assert_eq!(read(query), Err(error), "{query}");
        }
        assert_eq!(
            read(&format!("code={}&state=s", "x".repeat(9000))),
            Err(Malformed::TooLong)
        );
    }

    proptest! {
        #[test]
        fn no_query_makes_it_panic(query in "\\PC{0,200}") {
            if let Ok(answer) = read(&query) {
                prop_assert!(!answer.state.is_empty());
            }
        }
    }
}
