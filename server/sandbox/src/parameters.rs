//! Parameters as OAuth reads them: an empty one is absent, a doubled one is an error.

use serde_json::{Map, Value};

#[derive(Clone, Default)]
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

    /// The members of a JSON object that are texts, numbers, or true and false.
    pub(crate) fn parse_json(text: &[u8]) -> Self {
        let members: Map<String, Value> = serde_json::from_slice(text).unwrap_or_default();
        let text = |value: Value| match value {
            Value::String(text) => text,
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            _ => String::new(),
        };
        Self(
            members
                .into_iter()
                .map(|(name, value)| (name, text(value)))
                .filter(|(_, value)| !value.is_empty())
                .collect(),
        )
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
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

    #[test]
    fn json_members_are_parameters_too() {
        let parameters = Parameters::parse_json(br#"{"a":"1 2","b":"","c":3,"d":["x"],"e":null}"#);
        assert_eq!(parameters.one("a"), Ok(Some("1 2")));
        assert_eq!(parameters.one("c"), Ok(Some("3")));
        assert!(!parameters.has("b") && !parameters.has("d") && !parameters.has("e"));
        assert_eq!(Parameters::parse_json(b"no JSON").pairs(), []);
    }
}
