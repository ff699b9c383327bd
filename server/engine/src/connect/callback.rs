//! What a provider's answer says (RFC 6749 sections 4.1.2 and 4.1.2.1, RFC 9207 section 2). Untrusted text.

use aws_lc_rs::hmac;
use domain::{
    service::{OAuth2, Values},
    text::{quoted, single_line},
};

use crate::vault::Secret;

/// The answer, read as far as is possible before its service is known.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The state.
    pub state: String,
    /// The issuer, where the provider names itself.
    pub iss: Option<String>,
    pairs: Vec<(String, String)>,
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
    /// A value that the service needs is missing, or cannot be kept.
    Missing,
}

const LONGEST: usize = 8 * 1024;
/// The longest value that is kept.
const KEPT: usize = 1000;

/// Reads the query. Parameters that are not known are ignored (RFC 6749 section 4.1.2).
///
/// # Errors
/// [`Malformed`].
pub fn read(query: &str) -> Result<Answer, Malformed> {
    if query.len() > LONGEST {
        return Err(Malformed::TooLong);
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if pairs.iter().any(|(name, _)| name == "access_token") {
        return Err(Malformed::Implicit);
    }
    for name in ["code", "error", "error_description"] {
        one(&pairs, name)?;
    }
    let state = one(&pairs, "state")?.ok_or(Malformed::NoState)?;
    let iss = one(&pairs, "iss")?;
    Ok(Answer { state, iss, pairs })
}

/// The one value of a parameter; an empty one is none.
fn one(pairs: &[(String, String)], name: &str) -> Result<Option<String>, Malformed> {
    let mut values = pairs.iter().filter(|(n, _)| n == name).map(|(_, v)| v.clone());
    let first = values.next().filter(|v| !v.is_empty());
    if values.next().is_some() {
        Err(Malformed::Doubled)
    } else {
        Ok(first)
    }
}

impl Answer {
    /// What it says, by the service's own names.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn content(&self, oauth2: &OAuth2) -> Result<Content, Malformed> {
        let authorize = &oauth2.options.authorize;
        let asked = authorize
            .response_type
            .as_ref()
            .map_or("code", |line| line.as_str());
        if self.pairs.iter().any(|(name, _)| name == "id_token") && !asked.contains("id_token") {
            return Err(Malformed::Implicit);
        }
        let code_name = authorize
            .code_parameter
            .as_ref()
            .map_or("code", |name| name.as_str());
        let code = one(&self.pairs, code_name)?;
        let (error, description) = (one(&self.pairs, "error")?, one(&self.pairs, "error_description")?);
        match (error, code) {
            (Some(error), _) => Ok(Content::Error(quoted(&description.unwrap_or(error), 300))),
            (None, Some(code)) => Ok(Content::Code(code)),
            (None, None) => Err(Malformed::Empty),
        }
    }

    /// Values that the service wants kept; each must be there.
    ///
    /// # Errors
    /// [`Malformed::Missing`].
    pub fn kept(&self, oauth2: &OAuth2) -> Result<Values, Malformed> {
        let mut kept = Values::new();
        for (name, parameter) in oauth2.options.authorize.keep.iter() {
            let value = one(&self.pairs, parameter.as_str())?.ok_or(Malformed::Missing)?;
            let value = single_line(&value, KEPT).map_err(|_| Malformed::Missing)?;
            kept.insert(name.to_owned(), value.to_owned());
        }
        Ok(kept)
    }

    /// Whether the provider signed it with the client secret: `hmac` over all other parameters, sorted (Shopify).
    #[must_use]
    pub fn is_signed(&self, secret: &Secret) -> bool {
        let Ok(Some(signature)) = one(&self.pairs, "hmac") else {
            return false;
        };
        let mut others: Vec<String> = self
            .pairs
            .iter()
            .filter(|(name, _)| name != "hmac" && name != "signature")
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        others.sort();
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.bytes());
        hex(&signature).is_some_and(|tag| hmac::verify(&key, others.join("&").as_bytes(), &tag).is_ok())
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let pair = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn oauth2(authorize: &str) -> OAuth2 {
        serde_json::from_str(&format!(
            r#"{{"client_id": "c", "authorize_url": "https://a.example/a", "access_token_url": "https://a.example/t",
                "options": {{"authorize": {authorize}}}}}"#
        ))
        .unwrap()
    }
    fn content(query: &str, authorize: &str) -> Result<Content, Malformed> {
        read(query)?.content(&oauth2(authorize))
    }

    #[test]
    fn reads_codes_and_errors() {
        let query = "code=abc&state=s&iss=https%3A%2F%2Fas.example&session_state=x";
        assert_eq!(content(query, "{}"), Ok(Content::Code("abc".into())));
        assert_eq!(read(query).unwrap().iss.as_deref(), Some("https://as.example"));
        let denied = content("error=access_denied&error_description=No+way&state=s", "{}");
        assert_eq!(denied, Ok(Content::Error("No way".into())));
        let other = r#"{"code_parameter": "spapi_oauth_code"}"#;
        assert_eq!(
            content("spapi_oauth_code=x&state=s", other),
            Ok(Content::Code("x".into()))
        );
        assert_eq!(content("code=x&state=s", other), Err(Malformed::Empty));
        let hybrid = r#"{"response_type": "code id_token"}"#;
        assert_eq!(
            content("code=x&id_token=y&state=s", hybrid),
            Ok(Content::Code("x".into()))
        );
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
            assert_eq!(content(query, "{}"), Err(error), "{query}");
        }
        assert_eq!(
            read(&format!("code={}&state=s", "x".repeat(9000))),
            Err(Malformed::TooLong)
        );
    }

    #[test]
    fn keeps_what_the_service_names() {
        let service = oauth2(r#"{"keep": {"realm_id": "realmId"}}"#);
        let answer = read("code=a&state=s&realmId=123").unwrap();
        assert_eq!(answer.kept(&service).unwrap()["realm_id"], "123");
        for wrong in [
            "code=a&state=s",
            "code=a&state=s&realmId=",
            "code=a&state=s&realmId=1%0D%0Ax",
            "code=a&state=s&realmId=1&realmId=2",
        ] {
            assert!(read(wrong).unwrap().kept(&service).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_signed_answer_verifies_and_another_does_not() {
        let secret = Secret::text("hush".into());
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"hush");
        let tag = hmac::sign(
            &key,
            b"code=0907a61c&shop=some-shop.myshopify.com&state=s&timestamp=1337178173",
        );
        let tag: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let query =
            format!("code=0907a61c&hmac={tag}&shop=some-shop.myshopify.com&state=s&timestamp=1337178173");
        assert!(read(&query).unwrap().is_signed(&secret));
        for wrong in [
            query.replace("some-shop", "evil"),
            query.replace(&tag, "00"),
            query.replace("hmac=", "h="),
        ] {
            assert!(!read(&wrong).unwrap().is_signed(&secret), "{wrong}");
        }
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
