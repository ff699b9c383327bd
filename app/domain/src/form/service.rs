//! *Define a service*: the form's fields to a [`ServiceInput`] and back. The client secret is not among them.

use std::fmt::Display;

use crate::{
    allowed_host::AllowedHost,
    scope::{Scope, ScopeName},
    service::{
        Authentication, Definition, OAuth2, SampleRequest, ServiceInput,
        oauth2::{Options, Rotation},
    },
    text::single_line,
    url::ProviderUrl,
};

use super::{Check, FieldErrors, Fields};

/// Most scopes of a service.
const MOST_SCOPES: usize = 500;
/// What may stand between two allowed hosts.
const SEPARATORS: [char; 5] = [',', ' ', '\n', '\r', '\t'];
/// Most allowed hosts.
const MOST_HOSTS: usize = 100;

/// The form's secret field, which the server takes out before anything else reads the form.
pub const SECRET: &str = "client_secret";

/// The rule for a client secret: 1 to 2000 visible characters on one line.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn check_secret(secret: &str) -> Result<(), String> {
    single_line(secret, 2000)
        .map(|_| ())
        .map_err(|error| format!("The client secret {error}."))
}

/// Reads the form.
///
/// # Errors
/// Every field that is missing or wrong.
pub fn service(fields: &Fields) -> Result<ServiceInput, FieldErrors> {
    let mut check = Check::new(fields);
    let name = check.required("name");
    let link_name = check.required("link_name");
    let oauth2 = oauth2(&mut check);
    let scopes = scopes(&mut check);
    let api_base_url = base_url(&mut check);
    let allowed_hosts = allowed_hosts(&mut check, api_base_url.as_ref());
    let sample_request = sample(&mut check, api_base_url.is_some());
    let value = name
        .zip(link_name)
        .zip(oauth2)
        .map(|((name, link_name), oauth2)| ServiceInput {
            name,
            link_name,
            definition: Definition {
                api_base_url,
                allowed_hosts,
                sample_request,
                ..Definition::new(Authentication::OAuth2(oauth2), scopes)
            },
        });
    check.finish(value)
}

fn oauth2(check: &mut Check<'_>) -> Option<OAuth2> {
    let authentication = check.fields().get("authentication_type");
    if !authentication.is_empty() && authentication != "oauth2" {
        check.error("authentication_type", "Choose OAuth 2.0.");
    }
    let grant_type = check.choice("grant_type");
    let param_type = check.choice("param_type");
    let client_id = line(check, "client_id", "client ID", 500);
    let authorize_url: Option<ProviderUrl> = check.required("authorize_url");
    if let Some(name) = authorize_url.as_ref().and_then(reserved_parameter) {
        check.error(
            "authorize_url",
            format!("Leave out the parameter {name}: it is set for each consent."),
        );
    }
    let access_token_url = check.required("access_token_url");
    let refresh_token_url = check.optional("refresh_token_url");
    let revoke_token_url = check.optional("revoke_token_url");
    let scope_delimiter = check.choice("scope_delimiter");
    let options = options(check);
    Some(OAuth2 {
        grant_type,
        param_type,
        client_id: client_id?,
        authorize_url: authorize_url?,
        access_token_url: access_token_url?,
        refresh_token_url,
        revoke_token_url,
        scope_delimiter,
        options,
    })
}

/// A parameter of the URL's own query that belongs to the protocol: sent twice, a provider could take the wrong one.
fn reserved_parameter(url: &ProviderUrl) -> Option<String> {
    const RESERVED: [&str; 8] = [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "scope",
        "code_challenge",
        "code_challenge_method",
        "client_secret",
    ];
    url.as_url()
        .query_pairs()
        .map(|(name, _)| name.into_owned())
        .find(|name| RESERVED.contains(&name.as_str()))
}

fn options(check: &mut Check<'_>) -> Options {
    let issuer: Option<ProviderUrl> = check.optional("issuer");
    // Compared letter by letter (RFC 9207 section 2.4), so kept as typed, not as a parser would print it.
    let issuer = issuer.map(|_| check.fields().get("issuer").trim_matches(' ').to_owned());
    let identity_field = optional_line(check, "identity_field", "account field", 100);
    let rotation: Rotation = check.choice("rotation");
    Options {
        client_authentication: check.choice("client_authentication"),
        pkce: check.fields().get("pkce") != "off",
        issuer,
        rotation,
        refresh_kills_old_access: check.fields().has("refresh_kills_old_access"),
        identity_url: check.optional("identity_url"),
        identity_field: identity_field.unwrap_or_else(|| Options::default().identity_field),
    }
}

/// Rows of `scope_name` and `scope_display_name`; empty rows are ignored, doubled names refused. A name field
/// with several scopes in it is taken apart: people paste lists.
fn scopes(check: &mut Check<'_>) -> Vec<Scope> {
    let fields = check.fields();
    let mut scopes: Vec<Scope> = Vec::new();
    let names: Vec<&str> = fields.all("scope_name").collect();
    let labels: Vec<&str> = fields.all("scope_display_name").collect();
    if names.iter().filter(|raw| !raw.trim().is_empty()).count() > MOST_SCOPES {
        check.error(
            "scope_name",
            format!("A service has at most {MOST_SCOPES} scopes."),
        );
        return scopes;
    }
    for (row, raw) in names.iter().enumerate().filter(|(_, raw)| !raw.trim().is_empty()) {
        match raw.parse::<ScopeName>() {
            Ok(name) if scopes.iter().any(|s| s.name == name) => {
                check.error(
                    "scope_name",
                    format!("The scope {name} stands here twice. Remove one row."),
                );
            }
            Ok(name) => scopes.push(Scope {
                name,
                display_name: label(check, labels.get(row).copied()),
            }),
            Err(error) => check.error("scope_name", format!("Row {}: {error}", row + 1)),
        }
    }
    scopes
}

fn label(check: &mut Check<'_>, raw: Option<&str>) -> String {
    let raw = raw.unwrap_or_default();
    if raw.trim().is_empty() {
        return String::new();
    }
    single_line(raw, 100).map(str::to_owned).unwrap_or_else(|error| {
        check.error("scope_display_name", format!("A scope display name {error}."));
        String::new()
    })
}

/// A base URL is extended by paths, so it has no query of its own.
fn base_url(check: &mut Check<'_>) -> Option<ProviderUrl> {
    let url: Option<ProviderUrl> = check.optional("api_base_url");
    if url.as_ref().is_some_and(|u| u.as_url().query().is_some()) {
        check.error(
            "api_base_url",
            "Leave out the part from ? on: paths are appended to this URL.",
        );
    }
    url
}

/// Hosts between commas, spaces or line breaks; the base URL's own host where nothing was typed.
fn allowed_hosts(check: &mut Check<'_>, base: Option<&ProviderUrl>) -> Vec<AllowedHost> {
    let mut hosts: Vec<AllowedHost> = Vec::new();
    let typed: Vec<String> = check.fields().all("allowed_hosts").map(str::to_owned).collect();
    if typed
        .iter()
        .map(|t| t.split(SEPARATORS).filter(|t| !t.is_empty()).count())
        .sum::<usize>()
        > MOST_HOSTS
    {
        check.error("allowed_hosts", format!("A service has at most {MOST_HOSTS} allowed hosts; a wildcard such as *.example.com covers many."));
        return hosts;
    }
    for text in typed
        .iter()
        .flat_map(|t| t.split(SEPARATORS))
        .filter(|t| !t.is_empty())
    {
        match text.parse::<AllowedHost>() {
            Ok(host) if hosts.contains(&host) => {}
            Ok(host) => hosts.push(host),
            Err(error) => check.error(
                "allowed_hosts",
                format!("{}: {error}", crate::text::quoted(text, 60)),
            ),
        }
    }
    if let (true, Some(base)) = (hosts.is_empty(), base) {
        hosts.extend(AllowedHost::of(base.as_url()));
    }
    hosts
}

fn sample(check: &mut Check<'_>, has_base: bool) -> Option<SampleRequest> {
    let path = check.optional("sample_path");
    let method = check.choice("sample_method");
    if path.is_some() && !has_base {
        check.error(
            "api_base_url",
            "The sample request needs an API base URL to start from.",
        );
    }
    path.map(|path| SampleRequest { method, path })
}

fn line(check: &mut Check<'_>, field: &str, words: &str, limit: usize) -> Option<String> {
    let value = single_line(check.fields().get(field), limit).map(str::to_owned);
    value
        .map_err(|error| check.error(field, format!("The {words} {error}.")))
        .ok()
}

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
    let oauth2 = definition.oauth2();
    let options = &oauth2.options;
    let mut fields = Fields::default()
        .with("name", input.name.as_str())
        .with("link_name", input.link_name.as_str())
        .with("authentication_type", "oauth2")
        .with("grant_type", oauth2.grant_type.word())
        .with("param_type", oauth2.param_type.word())
        .with("client_id", &*oauth2.client_id)
        .with("authorize_url", oauth2.authorize_url.as_str())
        .with("access_token_url", oauth2.access_token_url.as_str())
        .with("refresh_token_url", text(oauth2.refresh_token_url.as_ref()))
        .with("revoke_token_url", text(oauth2.revoke_token_url.as_ref()))
        .with("scope_delimiter", oauth2.scope_delimiter.word())
        .with("client_authentication", options.client_authentication.word())
        .with("pkce", if options.pkce { "on" } else { "off" })
        .with("issuer", text(options.issuer.as_ref()))
        .with("rotation", options.rotation.word())
        .with("identity_url", text(options.identity_url.as_ref()))
        .with("identity_field", &*options.identity_field)
        .with("api_base_url", text(definition.api_base_url.as_ref()))
        .with(
            "allowed_hosts",
            definition
                .allowed_hosts
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" "),
        );
    if options.refresh_kills_old_access {
        fields = fields.with("refresh_kills_old_access", "on");
    }
    if let Some(sample) = &definition.sample_request {
        fields = fields
            .with("sample_method", sample.method.word())
            .with("sample_path", sample.path.to_string());
    }
    for scope in &definition.scopes {
        fields = fields
            .with("scope_name", scope.name.as_str())
            .with("scope_display_name", &*scope.display_name);
    }
    fields
}

fn text(value: Option<&impl Display>) -> String {
    value.map(ToString::to_string).unwrap_or_default()
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
            vec!["www.zohoapis.com".parse().unwrap()]
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

    #[test]
    fn secrets_are_one_line() {
        assert!(check_secret("s3cret").is_ok());
        for wrong in ["", "a\r\nb", "x\0"] {
            assert!(check_secret(wrong).is_err(), "{wrong:?}");
        }
        assert!(check_secret(&"x".repeat(2001)).is_err());
    }
}
