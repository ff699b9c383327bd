//! What contradicts itself in a definition, which is refused, and what is merely unused, which is kept and noted.
//!
//! # Layout
//! - [`contradictions`], [`notes`]: both lists
//! - [`places`]: every template with the values that exist where it stands
//! - [`headers`]: which headers are the server's
//! - [`hosts`]: which values may decide where a secret goes

use super::{Authentication, Definition, OAuth1, OAuth2, oauth2};
use crate::form::FieldErrors;

mod headers;
mod hosts;
mod places;

/// What is said where a consent has no address to go to.
pub const NO_AUTHORIZE_URL: &str = "Type the full URL, starting with https://.";

/// Everything in a definition that cannot be meant, under the names of the form's fields.
#[must_use]
pub fn contradictions(definition: &Definition) -> FieldErrors {
    let mut errors = FieldErrors::default();
    match &definition.authentication {
        Authentication::OAuth2(oauth2) => in_oauth2(oauth2, &mut errors),
        Authentication::OAuth1(oauth1) => in_oauth1(oauth1, &mut errors),
        Authentication::ApiKey(keys) => {
            for parameter in &keys.parameters {
                if !parameter.template.names().any(|name| name == "value") {
                    errors.add(
                        "key_template",
                        format!(
                            "What is sent in {} has no {{value}} in it: the key would never be sent.",
                            parameter.key.as_str()
                        ),
                    );
                }
            }
        }
        Authentication::Basic(basic) => {
            if !basic.template.as_str().contains(':') {
                errors.add(
                    "basic_template",
                    "Write both halves with a colon between, such as {username}:{password}.",
                );
            } else if basic.asked().is_empty() {
                errors.add(
                    "basic_template",
                    "Neither {username} nor {password} stands in it: nothing would be asked for.",
                );
            }
        }
    }
    doubled_names(definition, &mut errors);
    places::unknown_values(definition, &mut errors);
    hosts::open_hosts(definition, &mut errors);
    headers::frames(definition, &mut errors);
    errors
}

fn in_oauth2(oauth2: &OAuth2, errors: &mut FieldErrors) {
    use oauth2::{ClientAuthentication, ParamType, options::RefreshBy, options::RevokeAuthorization};
    let options = &oauth2.options;
    let consent = oauth2.grant_type.has_consent();
    if consent && oauth2.authorize_url.is_none() {
        errors.add("authorize_url", NO_AUTHORIZE_URL);
    }
    if consent && options.client_authentication == ClientAuthentication::None && !options.pkce {
        errors.add("pkce", "A public client has nothing but PKCE to prove itself with. Switch PKCE on, or choose another client authentication.");
    }
    if !consent
        && options.client_authentication == ClientAuthentication::None
        && oauth2.grant_type != oauth2::GrantType::JwtBearer
    {
        errors.add(
            "client_authentication",
            "With client credentials the secret is the grant itself. Choose how it is sent.",
        );
    }
    if options.refresh.by == RefreshBy::Never && oauth2.refresh_token_url.is_some() {
        errors.add("refresh_token_url", "Tokens are never renewed, so there is nothing to send here. Leave it empty, or choose what renews them.");
    }
    if oauth2.param_type == ParamType::Query
        && (options.header_name.is_some() || options.header_prefix.is_some())
    {
        errors.add("header_name", "The token travels in the query, so it has no header. Leave name and prefix empty, or choose Header as param type.");
    }
    if oauth2.param_type == ParamType::Header && options.query_name.is_some() {
        errors.add("query_name", "The token travels in a header, so it has no parameter. Leave this empty, or choose Query as param type.");
    }
    let response_type = options
        .authorize
        .response_type
        .as_ref()
        .map_or("code", |line| line.as_str());
    if response_type.split(' ').any(|word| word == "token") || !response_type.contains("code") {
        errors.add("response_type", "Only answers with a code are taken, such as code or auth_code: a token in an address is not safe.");
    }
    if options.parameter_names.get("state").is_some() {
        errors.add(
            "parameter_names",
            "state keeps its name: it ties the answer to the person who asked.",
        );
    }
    let elsewhere = options.revoke.authorization != RevokeAuthorization::Client;
    if options.revoke.header.is_some() && elsewhere {
        errors.add("revoke_header", "A header of its own takes the place of whoever asks. Choose the client, or leave the header empty.");
    }
    let second = options
        .authorize
        .second_scope_parameter
        .as_ref()
        .map(|name| name.as_str());
    if second.is_some() && second == oauth2.name_of("scope") {
        errors.add(
            "second_scope_parameter",
            "The first list of scopes has this name. Use the provider's name for the second.",
        );
    }
}

fn in_oauth1(oauth1: &OAuth1, errors: &mut FieldErrors) {
    let urls = [
        ("request_token_url", &oauth1.request_token_url),
        ("authorize_url", &oauth1.authorize_url),
        ("access_token_url", &oauth1.access_token_url),
    ];
    if urls.iter().all(|(_, url)| url.is_none()) {
        return;
    }
    for (field, url) in urls {
        if url.is_none() {
            errors.add(field, "Three URLs belong together: request token, authorize, access token. Fill in all, or none where tokens are typed in.");
        }
    }
}

/// A name that two values have would stand for either.
fn doubled_names(definition: &Definition, errors: &mut FieldErrors) {
    let mut seen: Vec<&str> = Vec::new();
    for (field, name) in places::own_names(definition) {
        if !crate::template::is_name(name) {
            errors.add(field, format!("`{}` is no name. A name has only the letters a to z, digits and _, and starts with a letter.", crate::text::quoted(name, 40)));
        } else if seen.contains(&name) {
            errors.add(
                field,
                format!("Two values are called {name}. Give one of them another name."),
            );
        } else if places::RESERVED.contains(&name) {
            errors.add(
                field,
                format!("{name} is the name of a value that is always there. Choose another name."),
            );
        }
        seen.push(name);
    }
}

/// What is kept although nothing uses it, each with the sentence that says so.
#[must_use]
pub fn notes(definition: &Definition) -> Vec<(&'static str, &'static str)> {
    let mut notes = Vec::new();
    let Authentication::OAuth2(oauth2) = &definition.authentication else {
        return notes;
    };
    let options = &oauth2.options;
    if !oauth2.grant_type.has_consent() {
        if oauth2.authorize_url.is_some() {
            notes.push((
                "authorize_url",
                "The authorize URL is kept and not used: nobody consents with this grant type.",
            ));
        }
        if oauth2.refresh_token_url.is_some() {
            notes.push(("refresh_token_url", "The refresh token URL is kept and not used: with this grant type the server asks for a new token at the access token URL."));
        }
    }
    if oauth2.revoke_token_url.is_none() && options.revoke != oauth2::options::Revoke::default() {
        notes.push((
            "revoke_token_url",
            "What is said about revoke requests is kept and not used: there is no revoke token URL.",
        ));
    }
    if options.token.exchange_url.is_none() && !options.token.exchange_parameters.is_empty() {
        notes.push((
            "exchange_parameters",
            "The parameters of the second exchange are kept and not used: it has no URL.",
        ));
    }
    if definition.allowed_hosts.is_empty() {
        notes.push((
            "allowed_hosts",
            "No host is allowed yet, so calls are refused. Add the hosts that the credential may travel to.",
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(authentication: &str, rest: &str) -> Definition {
        serde_json::from_str(&format!(r#"{{"authentication": {authentication}{rest}}}"#))
            .unwrap_or_else(|error| panic!("{authentication}: {error}"))
    }
    fn oauth2(more: &str) -> Definition {
        let authentication = format!(
            r#"{{"type": "oauth2", "client_id": "id", "authorize_url": "https://a.example/a",
                "access_token_url": "https://a.example/t"{more}}}"#
        );
        definition(&authentication, "")
    }

    #[test]
    fn a_plain_service_contradicts_nothing() {
        assert_eq!(contradictions(&oauth2("")), FieldErrors::default());
    }

    #[test]
    fn contradictions_are_said_in_words() {
        for (more, field) in [
            (
                r#", "options": {"client_authentication": "none", "pkce": false}"#,
                "pkce",
            ),
            (
                r#", "refresh_token_url": "https://a.example/r", "options": {"refresh": {"by": "never"}}"#,
                "refresh_token_url",
            ),
            (
                r#", "param_type": "query", "options": {"header_prefix": "Zoho-oauthtoken"}"#,
                "header_name",
            ),
            (r#", "options": {"query_name": "key"}"#, "query_name"),
            (
                r#", "options": {"authorize": {"response_type": "token"}}"#,
                "response_type",
            ),
            (
                r#", "options": {"authorize": {"response_type": "code token"}}"#,
                "response_type",
            ),
            (
                r#", "options": {"parameter_names": {"state": ""}}"#,
                "parameter_names",
            ),
            (
                r#", "options": {"revoke": {"authorization": "bearer", "header": "X {client_secret}"}}"#,
                "revoke_header",
            ),
            (
                r#", "options": {"authorize": {"second_scope_parameter": "scope"}}"#,
                "second_scope_parameter",
            ),
            (
                r#", "options": {"authorize": {"parameters": {"x": "{shop}"}}}"#,
                "authorize_parameters",
            ),
            (
                r#", "options": {"answer": {"keep": {"client_id": "x"}}}"#,
                "answer_keep",
            ),
            (
                r#", "options": {"answer": {"keep": {"a": "x"}}, "identity": {"keep": {"a": "y"}}}"#,
                "identity_keep",
            ),
        ] {
            let errors = contradictions(&oauth2(more));
            assert!(errors.of(field).is_some(), "{more}: {errors:?}");
            assert_eq!(errors.0.len(), 1, "{more}: {errors:?}");
        }
        let no_scopes = oauth2(r#", "options": {"parameter_names": {"scope": ""}}"#);
        assert_eq!(contradictions(&no_scopes), FieldErrors::default());
        let without = r#"{"type": "oauth2", "client_id": "id", "access_token_url": "https://a.example/t"}"#;
        assert!(
            contradictions(&definition(without, ""))
                .of("authorize_url")
                .is_some()
        );
    }

    #[test]
    fn an_unknown_value_is_named() {
        let errors = contradictions(&oauth2(
            r#", "options": {"token": {"parameters": {"x": "{dc}"}}}"#,
        ));
        let words = errors.of("token_parameters").unwrap();
        assert!(words.contains("{dc}") && words.contains("client_id"), "{words}");
    }

    #[test]
    fn other_kinds() {
        for (authentication, field) in [
            (
                r#"{"type": "oauth1", "consumer_key": "k", "authorize_url": "https://a.example/a"}"#,
                "request_token_url",
            ),
            (
                r#"{"type": "api_key", "parameters": [{"key": "X", "template": "Bearer"}]}"#,
                "key_template",
            ),
            (r#"{"type": "basic", "template": "{username}"}"#, "basic_template"),
            (r#"{"type": "basic", "template": "x:y"}"#, "basic_template"),
        ] {
            assert!(
                contradictions(&definition(authentication, ""))
                    .of(field)
                    .is_some(),
                "{authentication}"
            );
        }
        for good in [
            r#"{"type": "oauth1", "consumer_key": "k"}"#,
            r#"{"type": "basic", "template": "{username}:X"}"#,
            r#"{"type": "api_key", "parameters": [{"key": "X"}]}"#,
        ] {
            assert_eq!(
                contradictions(&definition(good, "")),
                FieldErrors::default(),
                "{good}"
            );
        }
    }

    #[test]
    fn what_is_unused_is_kept_and_noted() {
        // The seed's Zoom: client credentials with all three URLs.
        let zoom =
            oauth2(r#", "grant_type": "client_credentials", "refresh_token_url": "https://a.example/r""#);
        assert_eq!(contradictions(&zoom), FieldErrors::default());
        let fields: Vec<_> = notes(&zoom).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["authorize_url", "refresh_token_url", "allowed_hosts"]);
    }
}
