//! Headers that no service may set: a request's frame is the server's, since its line to the provider is everybody's.

use crate::{
    call::header::is_services,
    form::FieldErrors,
    service::{Authentication, Definition, values::Carrier},
};

/// Adds an error for each header that decides where a request ends or goes.
pub(super) fn frames(definition: &Definition, errors: &mut FieldErrors) {
    for (field, name) in named(definition) {
        if !is_services(name) {
            errors.add(
                field,
                format!("The server itself sets the header {name}. Leave it out."),
            );
        }
    }
}

/// Every header that a definition names, each with the form's field.
fn named(definition: &Definition) -> Vec<(&'static str, &str)> {
    let mut named: Vec<_> = definition
        .calls
        .headers
        .iter()
        .map(|(name, _)| ("call_headers", name))
        .collect();
    match &definition.authentication {
        Authentication::OAuth2(oauth2) => {
            let options = &oauth2.options;
            let own = options.header_name.as_ref();
            named.extend(own.map(|name| ("header_name", name.as_str())));
            named.extend(
                options
                    .token
                    .headers
                    .iter()
                    .map(|(name, _)| ("token_headers", name)),
            );
        }
        Authentication::ApiKey(keys) => {
            let carried = keys
                .parameters
                .iter()
                .filter(|key| key.param_type == Carrier::Header);
            named.extend(carried.map(|key| ("key_name", key.key.as_str())));
        }
        Authentication::OAuth1(_) | Authentication::Basic(_) => {}
    }
    named
}

#[cfg(test)]
mod tests {
    use super::super::contradictions;
    use super::*;

    #[test]
    fn no_service_says_how_long_a_request_is() {
        let oauth2 = |options: &str| {
            format!(
                r#"{{"authentication": {{"type": "oauth2", "client_id": "id", "authorize_url": "https://a.example/a",
                    "access_token_url": "https://a.example/t", "options": {options}}}}}"#
            )
        };
        let keys = |carrier: &str| {
            format!(
                r#"{{"authentication": {{"type": "api_key", "parameters":
                    [{{"key": "Content-Length", "param_type": "{carrier}"}}]}}}}"#
            )
        };
        let calls = r#"{"authentication": {"type": "basic"}, "calls": {"headers": {"transfer-encoding": "chunked"}}}"#;
        for (definition, wrong) in [
            (calls.to_owned(), Some("call_headers")),
            (oauth2(r#"{"header_name": "Host"}"#), Some("header_name")),
            (
                oauth2(r#"{"token": {"headers": {"Content-Length": "9"}}}"#),
                Some("token_headers"),
            ),
            (oauth2(r#"{"token": {"headers": {"X-Own": "9"}}}"#), None),
            (keys("header"), Some("key_name")),
            (keys("query"), None),
        ] {
            let read: Definition = serde_json::from_str(&definition).unwrap();
            let errors = contradictions(&read);
            assert_eq!(
                errors.0.first().map(|error| error.field.as_str()),
                wrong,
                "{definition}"
            );
        }
    }
}
