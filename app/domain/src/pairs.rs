//! Names with something behind each: extra parameters, other names of parameters, values that are kept. In JSON an
//! object, in a form one `name=value` a line.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::text::single_line;

/// Most pairs of a list.
const MOST: usize = 50;
/// Most characters of a name.
const LONGEST: usize = 100;

/// Names with values, in the order of names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pairs<V>(BTreeMap<PairName, V>);

/// The name of a parameter or a header: visible ASCII without `=`, `&`, `:` and spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PairName(String);

/// Why a list of pairs was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PairsError {
    /// No `=` in a line.
    #[error("`{0}` has no =. Write one name=value a line.")]
    NoValue(String),
    /// A name that cannot be sent.
    #[error("`{0}` is no name. A name has no spaces, colons, = or &, and at most 100 characters.")]
    Name(String),
    /// What stands behind a name.
    #[error("{0}: {1}")]
    Value(String, String),
    /// A name twice.
    #[error("`{0}` stands here twice. Remove one line.")]
    Doubled(String),
    /// More than fifty.
    #[error("At most 50 lines.")]
    TooMany,
}

impl PairName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PairName {
    type Err = PairsError;
    fn from_str(text: &str) -> Result<Self, PairsError> {
        let good = |b: u8| b.is_ascii_graphic() && !matches!(b, b'=' | b'&' | b':' | b'"' | b'\\');
        if text.is_empty() || text.len() > LONGEST || !text.bytes().all(good) {
            return Err(PairsError::Name(crate::text::quoted(text, 40)));
        }
        Ok(Self(text.to_owned()))
    }
}
impl fmt::Display for PairName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for PairName {
    type Error = PairsError;
    fn try_from(text: String) -> Result<Self, PairsError> {
        text.parse()
    }
}
impl From<PairName> for String {
    fn from(name: PairName) -> String {
        name.0
    }
}

impl<V> Default for Pairs<V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<V> Pairs<V> {
    /// Each name with what stands behind it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &V)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// What stands behind a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&V> {
        self.iter()
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V: FromStr<Err: fmt::Display>> FromStr for Pairs<V> {
    type Err = PairsError;
    fn from_str(text: &str) -> Result<Self, PairsError> {
        let mut pairs = BTreeMap::new();
        let lines = text.split('\n').map(|line| line.trim_matches([' ', '\t', '\r']));
        for line in lines.filter(|line| !line.is_empty()) {
            if pairs.len() >= MOST {
                return Err(PairsError::TooMany);
            }
            let (name, value) = line
                .split_once('=')
                .ok_or_else(|| PairsError::NoValue(crate::text::quoted(line, 40)))?;
            let name: PairName = name.trim_matches(' ').parse()?;
            let value = value.trim_matches(' ').parse();
            let value =
                value.map_err(|error: V::Err| PairsError::Value(name.0.clone(), error.to_string()))?;
            if pairs.contains_key(&name) {
                return Err(PairsError::Doubled(name.0));
            }
            pairs.insert(name, value);
        }
        Ok(Self(pairs))
    }
}

impl<V: fmt::Display> fmt::Display for Pairs<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.iter().enumerate() {
            let between = if at == 0 { "" } else { "\n" };
            write!(f, "{between}{name}={value}")?;
        }
        Ok(())
    }
}

/// What a parameter is called elsewhere: another name, or nothing where it is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OtherName(Option<PairName>);

impl OtherName {
    /// The other name; None where the parameter is left out.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.0.as_ref().map(PairName::as_str)
    }
}
impl FromStr for OtherName {
    type Err = PairsError;
    fn from_str(text: &str) -> Result<Self, PairsError> {
        Ok(Self(if text.is_empty() {
            None
        } else {
            Some(text.parse()?)
        }))
    }
}
impl fmt::Display for OtherName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().unwrap_or_default())
    }
}
impl TryFrom<String> for OtherName {
    type Error = PairsError;
    fn try_from(text: String) -> Result<Self, PairsError> {
        text.parse()
    }
}
impl From<OtherName> for String {
    fn from(name: OtherName) -> String {
        name.to_string()
    }
}

/// A text of one line, for what is compared or sent as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Line(String);

/// The text is empty, too long, or has characters that nobody sees.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This {0}.")]
pub struct LineError(#[from] crate::text::TextError);

impl Line {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl FromStr for Line {
    type Err = LineError;
    fn from_str(text: &str) -> Result<Self, LineError> {
        Ok(Self(single_line(text, 500)?.to_owned()))
    }
}
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for Line {
    type Error = LineError;
    fn try_from(text: String) -> Result<Self, LineError> {
        text.parse()
    }
}
impl From<Line> for String {
    fn from(line: Line) -> String {
        line.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;

    #[test]
    fn one_pair_a_line() {
        let pairs: Pairs<Template> = "prompt = consent\r\n\n access_type=offline\nq=a=b"
            .parse()
            .unwrap();
        let read: Vec<_> = pairs.iter().map(|(name, value)| (name, value.as_str())).collect();
        assert_eq!(
            read,
            [("access_type", "offline"), ("prompt", "consent"), ("q", "a=b")]
        );
        assert_eq!(pairs.to_string().parse(), Ok(pairs.clone()));
        let json = serde_json::to_string(&pairs).unwrap();
        assert_eq!(json, r#"{"access_type":"offline","prompt":"consent","q":"a=b"}"#);
        assert_eq!(serde_json::from_str::<Pairs<Template>>(&json).unwrap(), pairs);
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, error) in [
            ("prompt", PairsError::NoValue("prompt".into())),
            ("a b=c", PairsError::Name("a b".into())),
            ("=c", PairsError::Name(String::new())),
            ("a=1\na=2", PairsError::Doubled("a".into())),
        ] {
            assert_eq!(text.parse::<Pairs<Template>>(), Err(error), "{text}");
        }
        assert!(matches!("a={".parse::<Pairs<Template>>(), Err(PairsError::Value(name, _)) if name == "a"));
        let many: String = (0..51).map(|n| format!("a{n}=1\n")).collect();
        assert_eq!(many.parse::<Pairs<Template>>(), Err(PairsError::TooMany));
    }

    #[test]
    fn another_name_may_be_none() {
        let names: Pairs<OtherName> = "client_id=client_key\nresponse_type=".parse().unwrap();
        assert_eq!(
            names.get("client_id").map(OtherName::name),
            Some(Some("client_key"))
        );
        assert_eq!(names.get("response_type").map(OtherName::name), Some(None));
        assert!(names.get("scope").is_none());
    }
}
