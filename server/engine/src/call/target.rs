//! Where a call goes.

use domain::{form::FieldErrors, problem::Problem};
use url::Url;

use crate::{
    egress::{Refusal, join},
    ready::Base,
    vault::Secret,
};

/// Where a caller wants a call to go.
#[derive(Debug, Clone)]
pub enum Target {
    /// A path and query as they came, appended to the service's API base URL.
    Below(String),
    /// A whole URL, or a path that begins with `/`; parameters are added to its query.
    Url(String, Vec<(String, String)>),
}

impl Target {
    /// What the caller wrote, without its query, for the audit record.
    pub(super) fn path(&self) -> String {
        let (Self::Below(text) | Self::Url(text, _)) = self;
        let path = text.split(['?', '#']).next().unwrap_or_default();
        domain::text::quoted(path, 200)
    }

    /// The URL, before anything decides whether a credential may travel there.
    pub(super) fn url(&self, base: &Base) -> Result<Url, Problem> {
        match self {
            Self::Below(path) => below(base, path),
            Self::Url(text, parameters) => {
                let mut url = if text.starts_with('/') {
                    below(base, text)?
                } else {
                    whole(text)?
                };
                if !parameters.is_empty() {
                    url.query_pairs_mut().extend_pairs(parameters);
                }
                Ok(url)
            }
        }
    }
}

fn below(base: &Base, path: &str) -> Result<Url, Problem> {
    let missing =
        "This service has no API base URL. Add one to the service, or call a whole URL with invoke.";
    match base {
        Base::Url(base) => join(base, path).map_err(wrong),
        Base::None => Err(invalid(missing)),
        Base::Unfilled(why) => Err(Problem::ProviderError(format!(
            "the API base URL cannot be used: {why}"
        ))),
    }
}

/// What a parser would silently repair (a backslash, a tab, a line end, spaces around) may mean another host to somebody
/// else: it is refused.
fn whole(text: &str) -> Result<Url, Problem> {
    let before_query = text.split(['?', '#']).next().unwrap_or_default();
    if text.chars().any(char::is_control) || before_query.contains(['\\', ' ']) {
        return Err(wrong(Refusal::PathCharacter));
    }
    let mut url = Url::parse(text)
        .map_err(|_| invalid("This is not a full URL. Write one such as https://api.example.com/users/me, or a path such as /users/me."))?;
    url.set_fragment(None);
    Ok(url)
}

pub(super) fn wrong(refusal: Refusal) -> Problem {
    let mut words = refusal.to_string();
    if let Some(first) = words.get(..1) {
        words = first.to_uppercase() + &words[1..];
    }
    invalid(&format!("{words}."))
}

fn invalid(sentence: &str) -> Problem {
    Problem::Invalid(FieldErrors::one("url", sentence))
}

/// Adds the parameters that carry a credential. One that is there already would let two values compete for which is
/// read.
pub(super) fn with_parameters(url: &mut Url, parameters: &[(String, Secret)]) -> Result<(), Problem> {
    for (name, secret) in parameters {
        if url.query_pairs().any(|(other, _)| other == name.as_str()) {
            return Err(invalid(&format!(
                "The parameter {name} carries the credential and is set by the server. Leave it out."
            )));
        }
        url.query_pairs_mut()
            .append_pair(name, secret.as_text().unwrap_or_default());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Result<String, Problem> {
        let target = Target::Url(text.into(), vec![("q".into(), "a b".into())]);
        let base = Base::Url(Url::parse("https://api.example.com/v2").unwrap());
        target.url(&base).map(String::from)
    }

    #[test]
    fn whole_urls_and_paths() {
        assert_eq!(
            url("https://api.example.com/x?y=1#z").unwrap(),
            "https://api.example.com/x?y=1&q=a+b"
        );
        assert_eq!(
            url("/users/me").unwrap(),
            "https://api.example.com/v2/users/me?q=a+b"
        );
    }

    #[test]
    fn what_is_repaired_elsewhere_is_refused_here() {
        for odd in [
            "https:\\\\evil.example",
            "https://api.example.com\\@evil.example",
            " https://api.example.com",
            "https://api.exa\tmple.com",
            "https://api.example.com/\r\nHost: x",
            "api.example.com/x",
            "users",
            "/../admin",
            "/a\\b",
            "",
        ] {
            assert!(matches!(url(odd), Err(Problem::Invalid(_))), "{odd:?}");
        }
    }

    #[test]
    fn a_credential_has_its_parameter_for_itself() {
        let secret = [("access_token".to_owned(), Secret::text("t&x".to_owned()))];
        let mut free = Url::parse("https://a.example/?x=1").unwrap();
        with_parameters(&mut free, &secret).unwrap();
        assert_eq!(free.as_str(), "https://a.example/?x=1&access_token=t%26x");
        let mut taken = Url::parse("https://a.example/?access%5Ftoken=mine").unwrap();
        assert!(with_parameters(&mut taken, &secret).is_err());
    }
}
