//! Where a credential goes on a call: the headers, query parameters and body members that carry it, with what every
//! call of the service carries.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    call::header::is_services,
    problem::Problem,
    service::{Authentication, CallOptions, Definition, OAuth2, oauth2::ParamType, values::Carrier},
    template::Template,
};
use http::{HeaderName, HeaderValue};

use crate::{known::Known, material::Material, vault::Secret};

/// A credential in its place. Does not print.
#[derive(Default)]
pub struct Placed {
    /// Headers to send.
    pub headers: Vec<PlacedHeader>,
    /// Query parameters to send.
    pub parameters: Vec<(String, Secret)>,
    /// Members of the body to send.
    pub form: Vec<(String, Secret)>,
    /// Bytes of all names and values.
    size: usize,
}

/// Most bytes that a service puts onto a request: what is placed is kept in memory between calls.
const MOST: usize = 128 * 1024;

/// A header that carries a credential, or stands on every call.
pub struct PlacedHeader {
    /// Its name as documentation writes it.
    pub label: String,
    /// Its name.
    pub name: HeaderName,
    /// Its value, marked as sensitive.
    pub value: HeaderValue,
}

/// Puts a credential where the service wants it. A signature is made for each request and is not among this.
///
/// # Errors
/// [`Problem::ProviderError`] for a credential that no header can carry, or a value that a call needs and that the
/// provider never gave.
pub fn place(definition: &Definition, material: &Material, known: &Known) -> Result<Placed, Problem> {
    placed(definition, material, known, false)
}

/// The same without headers and parameters of calls whose values are not known yet: for the request that tells them.
pub(crate) fn place_what_is_known(
    definition: &Definition,
    material: &Material,
    known: &Known,
) -> Result<Placed, Problem> {
    placed(definition, material, known, true)
}

fn placed(
    definition: &Definition,
    material: &Material,
    known: &Known,
    incomplete: bool,
) -> Result<Placed, Problem> {
    let mut placed = Placed::default();
    match (&definition.authentication, material) {
        (Authentication::OAuth2(oauth2), Material::Token(token)) => placed.token(oauth2, token)?,
        (Authentication::ApiKey(keys), Material::Values(values)) => {
            for parameter in &keys.parameters {
                let value = values.get(parameter.key.as_str()).and_then(Secret::as_text);
                let text = filled(
                    &parameter.template,
                    |name| value.filter(|_| name == "value"),
                    known,
                )?;
                placed.put(parameter.param_type, parameter.key.as_str(), text)?;
            }
        }
        (Authentication::Basic(basic), Material::Values(values)) => {
            let halves = filled(
                &basic.template,
                |name| values.get(name).and_then(Secret::as_text),
                known,
            )?;
            placed.put(
                Carrier::Header,
                "Authorization",
                format!("Basic {}", STANDARD.encode(halves)),
            )?;
        }
        _ => {}
    }
    placed.calls(&definition.calls, definition, material, known, incomplete)?;
    Ok(placed)
}

/// A template with a credential's own values before the connection's.
fn filled<'v>(
    template: &Template,
    own: impl Fn(&str) -> Option<&'v str>,
    known: &'v Known,
) -> Result<String, Problem> {
    template
        .fill(|name| own(name).or_else(|| known.get(name)))
        .map_err(|error| Problem::ProviderError(error.to_string()))
}

impl Placed {
    fn token(&mut self, oauth2: &OAuth2, token: &Secret) -> Result<(), Problem> {
        let options = &oauth2.options;
        let text = token.as_text().unwrap_or_default();
        match oauth2.param_type {
            ParamType::Header => {
                let name = options
                    .header_name
                    .as_ref()
                    .map_or("Authorization", |name| name.as_str());
                // Providers answer `bearer` and expect `Bearer` (RFC 6750 section 2.1). A header of another name carries
                // the token alone, unless the service says otherwise.
                let usual = if options.header_name.is_some() {
                    "none"
                } else {
                    "Bearer"
                };
                let value = match options
                    .header_prefix
                    .as_ref()
                    .map_or(usual, |prefix| prefix.as_str())
                {
                    "none" => text.to_owned(),
                    prefix => format!("{prefix} {text}"),
                };
                self.put(Carrier::Header, name, value)
            }
            ParamType::Query => {
                let name = options
                    .query_name
                    .as_ref()
                    .map_or("access_token", |name| name.as_str());
                self.put(Carrier::Query, name, text.to_owned())
            }
        }
    }

    /// What stands on every call.
    fn calls(
        &mut self,
        calls: &CallOptions,
        definition: &Definition,
        material: &Material,
        known: &Known,
        incomplete: bool,
    ) -> Result<(), Problem> {
        let client_id = match &definition.authentication {
            Authentication::OAuth2(oauth2) => Some(oauth2.client_id.as_str()),
            Authentication::OAuth1(oauth1) => Some(oauth1.consumer_key.as_str()),
            Authentication::ApiKey(_) | Authentication::Basic(_) => None,
        };
        let own = |name: &str| match name {
            "client_id" => client_id,
            "access_token" => material.token().and_then(Secret::as_text),
            _ => None,
        };
        let headers = calls.headers.iter().map(|pair| (Carrier::Header, pair));
        let parameters = calls.parameters.iter().map(|pair| (Carrier::Query, pair));
        for (carrier, (name, template)) in headers.chain(parameters) {
            match filled(template, own, known) {
                Ok(text) => self.put(carrier, name, text)?,
                Err(_) if incomplete => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }

    fn put(&mut self, carrier: Carrier, label: &str, text: String) -> Result<(), Problem> {
        self.size += label.len() + text.len();
        if self.size > MOST {
            return Err(Problem::ProviderError(
                "what the service puts onto every request is longer than 128 KiB".into(),
            ));
        }
        let text = Secret::text(text);
        match carrier {
            Carrier::Query => self.parameters.push((label.to_owned(), text)),
            Carrier::Form => self.form.push((label.to_owned(), text)),
            Carrier::Header => {
                let odd = || {
                    Problem::ProviderError(format!(
                        "the value for the header {label} holds characters that no header can carry"
                    ))
                };
                let mut value = HeaderValue::from_bytes(text.bytes()).map_err(|_| odd())?;
                value.set_sensitive(true);
                let name = HeaderName::from_bytes(label.as_bytes()).map_err(|_| odd())?;
                if !is_services(name.as_str()) {
                    return Err(Problem::ProviderError(format!(
                        "the server itself sets the header {name}"
                    )));
                }
                self.headers.push(PlacedHeader {
                    label: label.to_owned(),
                    name,
                    value,
                });
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn put(authentication: &str, calls: &str, material: &Material) -> Placed {
        let definition: Definition = serde_json::from_str(&format!(
            r#"{{"authentication": {authentication}, "calls": {calls}}}"#
        ))
        .unwrap();
        let known = Known::default().with("realm_id", "r1");
        place(&definition, material, &known).unwrap_or_else(|problem| panic!("{}", problem.detail()))
    }
    fn headers(placed: &Placed) -> Vec<(&str, &str)> {
        placed
            .headers
            .iter()
            .map(|h| (h.label.as_str(), h.value.to_str().unwrap()))
            .collect()
    }
    fn token(options: &str, param_type: &str, calls: &str) -> Placed {
        let authentication = format!(
            r#"{{"type": "oauth2", "client_id": "c", "param_type": "{param_type}", "authorize_url": "https://a.example/a",
                "access_token_url": "https://a.example/t", "options": {options}}}"#
        );
        put(
            &authentication,
            calls,
            &Material::Token(Secret::text("t0".into())),
        )
    }
    fn values(pairs: &[(&str, &str)]) -> Material {
        let one = |(name, value): &(&str, &str)| ((*name).to_owned(), Secret::text((*value).to_owned()));
        Material::Values(pairs.iter().map(one).collect::<BTreeMap<_, _>>())
    }

    #[test]
    fn tokens_go_where_the_service_wants_them() {
        for (options, header) in [
            ("{}", ("Authorization", "Bearer t0")),
            (
                r#"{"header_prefix": "Zoho-oauthtoken"}"#,
                ("Authorization", "Zoho-oauthtoken t0"),
            ),
            (r#"{"header_prefix": "none"}"#, ("Authorization", "t0")),
            (
                r#"{"header_name": "X-Shopify-Access-Token"}"#,
                ("X-Shopify-Access-Token", "t0"),
            ),
            (
                r#"{"header_name": "X-Auth", "header_prefix": "Token"}"#,
                ("X-Auth", "Token t0"),
            ),
        ] {
            assert_eq!(headers(&token(options, "header", "{}")), [header], "{options}");
        }
        let query = token(r#"{"query_name": "key"}"#, "query", "{}");
        assert!(query.headers.is_empty());
        assert_eq!(query.parameters[0].0, "key");
        let more = token(
            "{}",
            "header",
            r#"{"headers": {"Intuit-Realm": "{realm_id}", "Twitch-Client": "{client_id}"}, "parameters": {"v": "2"}}"#,
        );
        assert_eq!(
            headers(&more),
            [
                ("Authorization", "Bearer t0"),
                ("Intuit-Realm", "r1"),
                ("Twitch-Client", "c")
            ]
        );
        assert_eq!(more.parameters[0].1.as_text(), Some("2"));
    }

    #[test]
    fn keys_and_passwords() {
        let datadog = put(
            r#"{"type": "api_key", "parameters": [{"key": "DD-API-KEY"}, {"key": "app", "param_type": "query"},
                {"key": "secret", "param_type": "form", "template": "Token {value}"}]}"#,
            "{}",
            &values(&[("DD-API-KEY", "a"), ("app", "b"), ("secret", "c")]),
        );
        assert_eq!(headers(&datadog), [("DD-API-KEY", "a")]);
        assert_eq!(
            (
                datadog.parameters[0].0.as_str(),
                datadog.parameters[0].1.as_text()
            ),
            ("app", Some("b"))
        );
        assert_eq!(datadog.form[0].1.as_text(), Some("Token c"));
        let freshdesk = put(
            r#"{"type": "basic", "template": "{username}:X"}"#,
            "{}",
            &values(&[("username", "k3y")]),
        );
        let expected = format!("Basic {}", STANDARD.encode("k3y:X"));
        assert_eq!(headers(&freshdesk), [("Authorization", expected.as_str())]);
    }

    #[test]
    fn what_is_not_known_yet_is_left_out_where_that_is_asked_for() {
        let xero: Definition = serde_json::from_str(
            r#"{"authentication": {"type": "oauth2", "client_id": "c", "authorize_url": "https://a.example/a",
                "access_token_url": "https://a.example/t"}, "calls": {"headers": {"xero-tenant-id": "{tenant}"}}}"#,
        )
        .unwrap();
        let token = Material::Token(Secret::text("t0".into()));
        assert!(place(&xero, &token, &Known::default()).is_err());
        let placed = place_what_is_known(&xero, &token, &Known::default());
        assert_eq!(placed.map(|placed| placed.headers.len()).ok(), Some(1));
    }

    #[test]
    fn what_no_header_can_carry_is_said() {
        let definition: Definition =
            serde_json::from_str(r#"{"authentication": {"type": "basic"}}"#).unwrap();
        let missing = place(&definition, &values(&[("username", "a")]), &Known::default());
        assert!(matches!(missing, Err(Problem::ProviderError(words)) if words.contains("password")));
        let keys: Definition =
            serde_json::from_str(r#"{"authentication": {"type": "api_key", "parameters": [{"key": "X"}]}}"#)
                .unwrap();
        assert!(place(&keys, &values(&[("X", "a\r\nY: b")]), &Known::default()).is_err());
    }

    /// Also where a definition was stored before such headers were refused.
    #[test]
    fn no_service_frames_a_request() {
        for name in ["Content-Length", "transfer-encoding", "Host"] {
            let definition: Definition = serde_json::from_str(&format!(
                r#"{{"authentication": {{"type": "api_key", "parameters": [{{"key": "{name}"}}]}}}}"#
            ))
            .unwrap();
            assert!(
                place(&definition, &values(&[(name, "9")]), &Known::default()).is_err(),
                "{name}"
            );
        }
    }

    #[test]
    fn a_long_token_does_not_become_megabytes() {
        let token = Material::Token(Secret::text("t".repeat(60 * 1024)));
        let service = |headers: String| -> Definition {
            serde_json::from_str(&format!(
                r#"{{"authentication": {{"type": "oauth2", "client_id": "c", "authorize_url": "https://a.example/a",
                    "access_token_url": "https://a.example/t"}}, "calls": {{"headers": {{{headers}}}}}}}"#
            ))
            .unwrap()
        };
        let place = |headers: &str| place(&service(headers.to_owned()), &token, &Known::default());
        assert!(place(r#""a": "{access_token}""#).is_ok(), "twice it may be sent");
        assert!(
            place(r#""a": "{access_token}{access_token}""#).is_err(),
            "one template"
        );
        assert!(
            place(r#""a": "{access_token}", "b": "{access_token}""#).is_err(),
            "all together"
        );
    }
}
