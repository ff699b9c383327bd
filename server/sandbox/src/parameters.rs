//! Urlencoded parameters as OAuth reads them: an empty one is absent, a doubled one is an error.

pub(crate) struct Parameters(Vec<(String, String)>);

/// RFC 6749, 3.1 and 3.2: a parameter must not be included more than once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Doubled;

impl Parameters {
    pub(crate) fn parse(text: &[u8]) -> Self {
        Self(
            form_urlencoded::parse(text)
                .into_owned()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, Doubled> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (first, None) => Ok(first),
            _ => Err(Doubled),
        }
    }

    pub(crate) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_is_absent_and_doubled_is_refused() {
        let parameters = Parameters::parse(b"a=1+2&b=&c=x&c=y");
        assert_eq!(parameters.one("a"), Ok(Some("1 2")));
        assert_eq!(parameters.one("b"), Ok(None));
        assert_eq!(parameters.one("c"), Err(Doubled));
        assert_eq!(parameters.all("c").collect::<Vec<_>>(), ["x", "y"]);
    }
}
