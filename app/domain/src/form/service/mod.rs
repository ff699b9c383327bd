//! *Define a service*: the form's fields to a [`ServiceInput`] and back. Secrets are not among them.
//!
//! Fields of an authentication type that was not chosen are there, too, and ignored: without scripts a page cannot take
//! them out.
//!
//! # Layout
//! - this file: the parser, from the outside in
//! - [`mod@oauth2`], [`mod@oauth1`], [`values`]: one file an authentication type
//! - [`rows`]: scopes and connection fields, which are rows of fields
//! - [`calls`]: base URL, hosts, requests, what calls carry
//! - [`mod@secret`]: which secret goes with a definition, and its rule

use std::fmt::Display;

use crate::{
    service::{Authentication, AuthenticationType, Definition, ServiceInput, check::contradictions},
    text::single_line,
};

use super::{Check, FieldErrors, Fields};

mod calls;
mod oauth1;
mod oauth2;
mod rows;
mod secret;
mod values;

pub use secret::{SECRETS, check_secret, secret_field, wanted_secret};

/// Reads the form.
///
/// # Errors
/// Every field that is missing, wrong, or contradicts another one.
pub fn service(fields: &Fields) -> Result<ServiceInput, FieldErrors> {
    let mut check = Check::new(fields);
    let name = check.required("name");
    let link_name = check.required("link_name");
    let authentication = authentication(&mut check);
    let scopes = rows::scopes(&mut check);
    let connection_fields = rows::connection_fields(&mut check);
    let api_base_url = calls::base_url(&mut check);
    let allowed_hosts = calls::allowed_hosts(&mut check, api_base_url.as_ref(), &connection_fields);
    let sample_request = calls::sample(&mut check, api_base_url.is_some());
    let test_request = calls::test(&mut check, api_base_url.is_some());
    let calls = calls::options(&mut check);
    let definition = authentication.map(|authentication| Definition {
        fields: connection_fields,
        api_base_url,
        allowed_hosts,
        sample_request,
        test_request,
        calls,
        ..Definition::new(authentication, scopes)
    });
    for error in definition
        .iter()
        .flat_map(|definition| contradictions(definition).0)
    {
        check.error(&error.field, error.message);
    }
    let value = name
        .zip(link_name)
        .zip(definition)
        .map(|((name, link_name), definition)| ServiceInput {
            name,
            link_name,
            definition,
        });
    check.finish(value)
}

fn authentication(check: &mut Check<'_>) -> Option<Authentication> {
    match check.choice("authentication_type") {
        AuthenticationType::OAuth2 => oauth2::read(check).map(|read| Authentication::OAuth2(Box::new(read))),
        AuthenticationType::OAuth1 => oauth1::read(check).map(|read| Authentication::OAuth1(Box::new(read))),
        AuthenticationType::ApiKey => values::api_key(check).map(Authentication::ApiKey),
        AuthenticationType::Basic => values::basic(check).map(Authentication::Basic),
    }
}

/// A required text of one line.
fn line(check: &mut Check<'_>, field: &str, words: &str, limit: usize) -> Option<String> {
    let value = single_line(check.fields().get(field), limit).map(str::to_owned);
    value
        .map_err(|error| check.error(field, format!("The {words} {error}.")))
        .ok()
}

/// A text of one line that may be left empty.
fn optional_line(check: &mut Check<'_>, field: &str, words: &str, limit: usize) -> Option<String> {
    if check.fields().get(field).trim().is_empty() {
        None
    } else {
        line(check, field, words, limit)
    }
}

/// The form as it stands for a stored service: what *Edit* shows.
#[must_use]
pub fn fields(input: &ServiceInput) -> Fields {
    let definition = &input.definition;
    let mut print = Print::default();
    print.text("name", input.name.as_str());
    print.text("link_name", input.link_name.as_str());
    print.text("authentication_type", definition.authentication.kind().word());
    match &definition.authentication {
        Authentication::OAuth2(oauth2) => oauth2::print(&mut print, oauth2),
        Authentication::OAuth1(oauth1) => oauth1::print(&mut print, oauth1),
        Authentication::ApiKey(keys) => values::print_api_key(&mut print, keys),
        Authentication::Basic(basic) => values::print_basic(&mut print, basic),
    }
    calls::print(&mut print, definition);
    rows::print(&mut print, definition);
    print.0
}

/// Fields being written.
#[derive(Default)]
struct Print(Fields);

impl Print {
    fn text(&mut self, name: &str, value: impl Display) {
        self.0 = std::mem::take(&mut self.0).with(name, value.to_string());
    }
    fn optional(&mut self, name: &str, value: Option<&impl Display>) {
        self.text(name, value.map(ToString::to_string).unwrap_or_default());
    }
    /// A box is there or not.
    fn tick(&mut self, name: &str, on: bool) {
        if on {
            self.text(name, "on");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zoho() -> Fields {
        Fields::default()
            .with("name", "Zoho CRM")
            .with("link_name", "zoho_crm")
            .with("client_id", "1000.X")
            .with(
                "authorize_url",
                "https://accounts.zoho.com/oauth/v2/auth?access_type=offline",
            )
            .with("access_token_url", "https://accounts.zoho.com/oauth/v2/token")
            .with("scope_delimiter", "comma")
            .with("scope_name", "ZohoCRM.modules.ALL")
            .with("scope_display_name", "All modules")
            .with("scope_name", "")
            .with("scope_display_name", "")
            .with("api_base_url", "https://www.zohoapis.com/crm/v8")
            .with("sample_path", "/users")
    }

    #[test]
    fn reads_a_plain_service_and_prints_it_back() {
        let input = service(&zoho()).unwrap();
        assert_eq!(input.definition.scopes.len(), 1, "the empty row is ignored");
        assert_eq!(
            input.definition.allowed_hosts,
            vec!["www.zohoapis.com".parse().unwrap()],
            "the base URL's own host where none was typed"
        );
        assert_eq!(
            service(&fields(&input)).unwrap(),
            input,
            "Edit shows what was stored"
        );
    }

    #[test]
    fn names_every_wrong_field() {
        let errors = service(&Fields::read(
            b"name=&link_name=Z%C3%B6&client_id=a%0Ab&authorize_url=javascript:alert(1)&access_token_url=&refresh_token_url=x\
              &scope_name=a+b&scope_name=c&scope_name=c&api_base_url=https://a.example/?x=1&allowed_hosts=*.com&sample_path=//evil",
        )).unwrap_err();
        for field in [
            "name",
            "link_name",
            "client_id",
            "authorize_url",
            "access_token_url",
            "refresh_token_url",
            "scope_name",
            "api_base_url",
            "allowed_hosts",
            "sample_path",
        ] {
            assert!(errors.of(field).is_some(), "{field} is not named: {errors:?}");
        }
    }

    #[test]
    fn the_protocol_parameters_are_ours() {
        let mut fields = zoho();
        fields.take("authorize_url");
        let fields = fields.with(
            "authorize_url",
            "https://a.example/auth?access_type=offline&state=x",
        );
        assert!(
            service(&fields)
                .unwrap_err()
                .of("authorize_url")
                .unwrap()
                .contains("state")
        );
    }

    #[test]
    fn lists_are_bounded() {
        let many = (0..501).fold(zoho(), |fields, n| fields.with("scope_name", format!("s{n}")));
        assert!(
            service(&many)
                .unwrap_err()
                .of("scope_name")
                .unwrap()
                .contains("500")
        );
        let hosts: Vec<String> = (0..101).map(|n| format!("a{n}.example.com")).collect();
        assert!(
            service(&zoho().with("allowed_hosts", hosts.join(" ")))
                .unwrap_err()
                .of("allowed_hosts")
                .is_some()
        );
    }

    #[test]
    fn a_sample_needs_a_base() {
        let mut fields = zoho();
        fields.take("api_base_url");
        assert!(service(&fields).unwrap_err().of("api_base_url").is_some());
    }

    /// Everything that the form can say, at once.
    fn all() -> Fields {
        let mut fields = zoho()
            .with("client_authentication", "private_key_jwt")
            .with("issuer", "https://accounts.zoho.com")
            .with("rotation", "strict")
            .with("refresh_kills_old_access", "on")
            .with("identity_url", "https://www.zohoapis.com/me")
            .with("identity_field", "user.name")
            .with("header_name", "X-Token")
            .with("header_prefix", "Zoho-oauthtoken")
            .with("parameter_names", "client_id=client_key\r\nresponse_type=")
            .with("audience", "https://{dc}.a.example")
            .with("resource", "urn:a")
            .with("authorize_parameters", "prompt=consent\nnonce={nonce}")
            .with("response_type", "code id_token")
            .with("raw_scope", "on")
            .with("second_scope_parameter", "user_scope")
            .with("redirect_value", "RuName-1")
            .with("code_parameter", "spapi_oauth_code")
            .with("authorize_keep", "home=accounts-server")
            .with("callback_hmac", "on")
            .with("token_method", "PUT")
            .with("token_body", "json")
            .with("token_parameters", "expiring=1")
            .with("token_headers", "X-Api={client_id}")
            .with("grant_name", "account_credentials")
            .with("exchange_url", "https://a.example/exchange")
            .with("exchange_parameters", "grant_type=fb_exchange_token")
            .with("introspection_url", "https://a.example/introspect")
            .with("refresh_by", "access_token")
            .with("refresh_method", "GET")
            .with("refresh_parameters", "access_token={access_token}")
            .with("answer_access_token", "data.access_token")
            .with("answer_refresh_token", "header:X-Refresh")
            .with("answer_expires_in", "data.expires")
            .with("answer_expires_unit", "milliseconds")
            .with("answer_expires_at", "data.expires_at")
            .with("answer_lifetime", "3600")
            .with("answer_scope", "data.scope")
            .with("answer_success", "ok=true")
            .with("answer_error", "data.code")
            .with("answer_error_description", "data.message")
            .with("answer_keep", "instance_url=instance_url")
            .with("identity_keep", "account=accounts.0.id")
            .with("revoke_token_url", "https://a.example/revoke/{token}")
            .with("revoke_method", "DELETE")
            .with("revoke_body", "query")
            .with("revoke_header", "Client {client_secret}")
            .with("revoke_token_parameter", "access_token")
            .with("revoke_no_hint", "on")
            .with("assertion_algorithm", "ES256")
            .with("assertion_key_id", "kid-1")
            .with("assertion_thumbprint", "x5t")
            .with("assertion_audience", "https://{dc}.a.example")
            .with("assertion_issuer", "{client_id}")
            .with("assertion_subject", "admin@{dc}.example")
            .with(
                "call_headers",
                "Notion-Version=2022-06-28\nX-Token={access_token}",
            )
            .with("call_parameters", "v=2")
            .with("refused_statuses", "403 400")
            .with("limit_header", "x-ratelimit-reset")
            .with("limit_kind", "epoch")
            .with("test_method", "POST")
            .with("test_path", "/ping");
        for (name, value) in [
            ("field_name", "dc"),
            ("field_label", "Data centre"),
            ("field_help", "Where your account lives."),
            ("field_kind", "text"),
            ("field_pattern", "[a-z]+"),
            ("field_choices", "com=United States\neu"),
            ("field_default", "com"),
            ("field_prefix", "zoho."),
            ("field_suffix", "!"),
            ("field_secret", "on"),
            ("field_optional", "on"),
        ] {
            fields = fields.with(name, value);
        }
        fields
    }

    #[test]
    fn everything_that_can_be_said_is_printed_back() {
        let input = service(&all()).unwrap_or_else(|errors| panic!("{errors:?}"));
        let printed = fields(&input);
        assert_eq!(service(&printed).unwrap(), input);
        let plain = service(&zoho()).unwrap();
        let changed = serde_json::to_value(&input.definition).unwrap();
        let unchanged = serde_json::to_value(&plain.definition).unwrap();
        for (group, members) in changed["authentication"]["options"].as_object().unwrap() {
            let before = &unchanged["authentication"]["options"][group];
            match members
                .as_object()
                .filter(|_| before.is_object() && group != "parameter_names")
            {
                // In every group every option differs from its default: none was forgotten in the form.
                Some(members) => {
                    for (name, value) in members {
                        let forgotten =
                            value == &before[name] && !["authorization", "fragment"].contains(&name.as_str());
                        assert!(!forgotten, "{group}.{name} is not read");
                    }
                }
                None => assert!(
                    members != before || group == "query_name" || group == "pkce",
                    "{group} is not read"
                ),
            }
        }
    }

    #[test]
    fn a_route_behind_the_hash_is_kept_with_the_authorize_url() {
        let mut form = zoho();
        form.take("authorize_url");
        let form = form.with("authorize_url", "https://app.apollo.io/#/oauth/authorize");
        let input = service(&form).unwrap();
        let oauth2 = input.definition.oauth2().unwrap();
        let fragment = oauth2.options.authorize.fragment.as_ref().unwrap();
        assert_eq!(fragment.as_str(), "/oauth/authorize");
        assert_eq!(
            fields(&input).get("authorize_url"),
            "https://app.apollo.io/#/oauth/authorize"
        );
        assert_eq!(service(&fields(&input)).unwrap(), input);
    }

    #[test]
    fn other_kinds_are_read_and_printed() {
        let base = Fields::default().with("name", "Shop").with("link_name", "shop");
        for form in [
            base.clone()
                .with("authentication_type", "oauth1")
                .with("consumer_key", "k")
                .with("request_token_url", "https://a.example/r")
                .with("authorize_url", "https://a.example/a")
                .with("access_token_url", "https://a.example/t")
                .with("signature_method", "plaintext")
                .with("param_type", "query")
                .with("realm", "{account}")
                .with("request_method", "GET")
                .with("access_method", "GET")
                .with("oauth1_authorize_parameters", "expiration=never")
                .with("oauth1_scope_parameter", "scope")
                .with("scope_delimiter", "comma")
                .with("identity_url", "https://a.example/me")
                .with("identity_field", "username")
                .with("field_name", "account"),
            base.clone()
                .with("authentication_type", "api_key")
                .with("key_name", "X-Api-Key")
                .with("key_label", "API key")
                .with("key_param_type", "header")
                .with("key_template", "Token {value}")
                .with("key_name", "")
                .with("key_label", "")
                .with("key_name", "app")
                .with("key_label", "")
                .with("key_param_type", "form")
                .with("key_template", ""),
            base.with("authentication_type", "basic")
                .with("username_label", "Key")
                .with("basic_template", "{username}:X"),
        ] {
            let input = service(&form).unwrap_or_else(|errors| panic!("{form:?}: {errors:?}"));
            assert_eq!(service(&fields(&input)).unwrap(), input, "{form:?}");
        }
    }
}
