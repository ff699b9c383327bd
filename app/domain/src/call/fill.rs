//! `{name}` in a URL, filled from parameters.

/// A URL whose names were filled in.
#[derive(Debug, PartialEq, Eq)]
pub struct Filled {
    /// The URL.
    pub url: String,
    /// The names that stood in it; the rest of the parameters go elsewhere.
    pub used: Vec<String>,
}

/// Why a URL could not be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FillError {
    /// A name stands in the URL and not among the parameters.
    #[error("The URL contains {{{0}}}, and parameters has no {0}. Add it, or write the value into the URL.")]
    Missing(String),
    /// The value would not be a segment but a way upwards.
    #[error("The value of {0} would lead to another path. Use a value other than \".\" and \"..\".")]
    Climbs(String),
}

/// Fills every `{name}`; a name consists of letters, digits, `_`, `-` and `.`, so that JSON in a query stays what it
/// is. Values are percent-encoded but for unreserved characters (RFC 3986 section 2.3): a value can be a segment or
/// part of one, and never leaves it.
///
/// # Errors
/// [`FillError`] with the name.
pub fn fill(url: &str, value_of: impl Fn(&str) -> Option<String>) -> Result<Filled, FillError> {
    let (mut filled, mut used) = (String::with_capacity(url.len()), Vec::new());
    let mut rest = url;
    while let Some(open) = rest.find('{') {
        filled.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let Some(name) = name_at_start(after) else {
            filled.push('{');
            rest = after;
            continue;
        };
        let value = value_of(name).ok_or_else(|| FillError::Missing(name.to_owned()))?;
        if matches!(value.as_str(), "." | "..") {
            return Err(FillError::Climbs(name.to_owned()));
        }
        encode(&mut filled, &value);
        used.push(name.to_owned());
        rest = &after[name.len() + 1..];
    }
    filled.push_str(rest);
    Ok(Filled { url: filled, used })
}

fn name_at_start(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('}')?;
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    (!name.is_empty() && name.bytes().all(good)).then_some(name)
}

pub(crate) fn encode(into: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            into.push(char::from(byte));
        } else {
            into.push('%');
            into.push(char::from(HEX[usize::from(byte >> 4)]));
            into.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filled(url: &str, value: &str) -> Result<Filled, FillError> {
        fill(url, |name| (name == "id").then(|| value.to_owned()))
    }

    #[test]
    fn fills_and_says_what_it_used() {
        let done = filled("https://a.example/u/{id}?x={id}&y={\"a\":1}", "a b/ü").unwrap();
        assert_eq!(
            done.url,
            "https://a.example/u/a%20b%2F%C3%BC?x=a%20b%2F%C3%BC&y={\"a\":1}"
        );
        assert_eq!(done.used, ["id", "id"]);
        assert_eq!(filled("/plain{}{", "x").unwrap().url, "/plain{}{");
    }

    #[test]
    fn what_is_missing_or_climbs_is_named() {
        assert_eq!(filled("/u/{user}", "x"), Err(FillError::Missing("user".into())));
        assert_eq!(filled("/u/{id}/keys", ".."), Err(FillError::Climbs("id".into())));
    }

    proptest! {
        #[test]
        fn a_value_never_leaves_its_segment(value in any::<String>()) {
            prop_assume!(value != "." && value != "..");
            let done = filled("https://a.example/u/{id}/end", &value).unwrap();
            let url = url::Url::parse(&done.url).unwrap();
            prop_assert_eq!(url.host_str(), Some("a.example"));
            prop_assert!(url.path().starts_with("/u/") && url.path().ends_with("/end"));
            prop_assert_eq!(url.path_segments().unwrap().count(), 3);
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}
