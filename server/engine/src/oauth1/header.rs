//! The parameters of a signed request: as a header, or in a query (RFC 5849 section 3.5).

use url::Url;

use super::encode::percent;
use crate::vault::Secret;

/// The protocol parameters of one request, its signature included. Not printed: with PLAINTEXT the signature is made of
/// the secrets.
#[derive(Clone)]
pub struct Signed {
    parameters: Vec<(String, String)>,
}

impl std::fmt::Debug for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Signed")
    }
}

impl Signed {
    pub(super) fn new(parameters: Vec<(String, String)>) -> Self {
        Self { parameters }
    }

    /// The value of `Authorization` (RFC 5849 section 3.5.1). A realm is not part of what is signed.
    #[must_use]
    pub fn header(&self, realm: Option<&str>) -> Secret {
        let realm = realm.map(|realm| format!(r#"realm="{}""#, quoted(realm)));
        let signed = self
            .parameters
            .iter()
            .map(|(name, value)| format!(r#"{}="{}""#, percent(name), percent(value)));
        let all: Vec<String> = realm.into_iter().chain(signed).collect();
        Secret::text(format!("OAuth {}", all.join(", ")))
    }

    /// Names and values, not encoded: for a form-encoded body (RFC 5849 section 3.5.2).
    #[must_use]
    pub fn parameters(&self) -> &[(String, String)] {
        &self.parameters
    }

    /// Appends the parameters to the query of the URL that was signed (RFC 5849 section 3.5.3). What stands there stays
    /// as it is.
    pub fn add_to_query(&self, url: &mut Url) {
        let pairs = self
            .parameters
            .iter()
            .map(|(name, value)| format!("{}={}", percent(name), percent(value)));
        let own = url.query().filter(|query| !query.is_empty()).map(str::to_owned);
        let all: Vec<String> = own.into_iter().chain(pairs).collect();
        url.set_query(Some(&all.join("&")));
    }
}

/// The inside of a quoted string (RFC 9110 section 5.6.4). What no header may hold is left out.
fn quoted(text: &str) -> String {
    let mut inside = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_control()) {
        if matches!(c, '"' | '\\') {
            inside.push('\\');
        }
        inside.push(c);
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> Signed {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Signed::new(vec![
            pair("oauth_consumer_key", "0685bd9184jfhq22"),
            pair("oauth_token", ""),
            pair("oauth_signature", "wOJIO9A2W5mFwDgiDvZbTSMK/PY="),
        ])
    }
    fn header(realm: Option<&str>) -> String {
        signed().header(realm).as_text().unwrap().to_owned()
    }

    #[test]
    fn a_header_as_in_section_3_5_1() {
        let rest = "oauth_consumer_key=\"0685bd9184jfhq22\", oauth_token=\"\", \
             oauth_signature=\"wOJIO9A2W5mFwDgiDvZbTSMK%2FPY%3D\"";
        assert_eq!(header(None), format!("OAuth {rest}"));
        assert_eq!(
            header(Some("Example")),
            format!(r#"OAuth realm="Example", {rest}"#)
        );
        assert_eq!(
            header(Some("")),
            format!(r#"OAuth realm="", {rest}"#),
            "an empty realm is a realm"
        );
    }

    #[test]
    fn a_realm_cannot_leave_its_quotes() {
        let header = header(Some("a\"b\\c\r\nX: y, é"));
        assert!(
            header.starts_with(r#"OAuth realm="a\"b\\cX: y, é", oauth_"#),
            "{header}"
        );
        assert!(http::HeaderValue::from_bytes(header.as_bytes()).is_ok());
    }

    #[test]
    fn a_query_keeps_what_it_has() {
        let added = "oauth_consumer_key=0685bd9184jfhq22&oauth_token=&oauth_signature=wOJIO9A2W5mFwDgiDvZbTSMK%2FPY%3D";
        for (before, after) in [
            ("https://a.example/x", format!("https://a.example/x?{added}")),
            ("https://a.example/x?", format!("https://a.example/x?{added}")),
            (
                "https://a.example/x?q=a+b%7e&&'#top",
                format!("https://a.example/x?q=a+b%7e&&%27&{added}#top"),
            ),
        ] {
            let mut url = Url::parse(before).unwrap();
            signed().add_to_query(&mut url);
            assert_eq!(url.as_str(), after);
        }
    }

    #[test]
    fn nothing_is_printed() {
        let printed = format!("{:?} {:?}", signed(), signed().header(None));
        assert_eq!(printed, "Signed Secret");
    }
}
