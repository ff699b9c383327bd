//! What a browser would post of a page, and the fullest definition there is to post.

use domain::form::Fields;

use crate::{attribute, models::kinds::slack, tags};

/// What a browser would post of a page: the fields of its definition form, in the order of the page.
pub(crate) fn posted(html: &str) -> Fields {
    let mut fields = Fields::default();
    let mut list: Option<(String, Option<String>)> = None;
    for (at, tag) in tags(html).enumerate() {
        let name = attribute(tag, "name").unwrap_or_default().to_owned();
        let value = || text(attribute(tag, "value").unwrap_or_default());
        match tag.split_whitespace().next().unwrap_or_default() {
            "input" if chooses(tag) && !tag.contains(" checked") => {}
            "input" => fields = fields.with(&name, value()),
            "textarea" => {
                let content = html.split('<').nth(at + 1).and_then(|rest| rest.split_once('>'));
                let content = content.map(|(_, content)| text(content)).unwrap_or_default();
                fields = fields.with(&name, content);
            }
            "select" => list = Some((name, None)),
            "option" => {
                if let Some((_, chosen)) = &mut list
                    && (chosen.is_none() || tag.contains(" selected"))
                {
                    *chosen = Some(value());
                }
            }
            "/select" => {
                if let Some((name, chosen)) = list.take() {
                    fields = fields.with(&name, chosen.unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    fields
}

fn chooses(tag: &str) -> bool {
    matches!(attribute(tag, "type"), Some("radio" | "checkbox"))
}

fn text(escaped: &str) -> String {
    escaped
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

/// Every option of OAuth 2.0, each other than usual.
pub(crate) fn everything() -> Fields {
    let mut fields = slack();
    for name in ["rotation", "refused_statuses", "authorize_parameters"] {
        fields.take(name);
    }
    [
        ("refresh_token_url", "https://slack.com/api/refresh"),
        ("client_authentication", "private_key_jwt"),
        ("pkce", "off"),
        ("issuer", "https://slack.com"),
        ("rotation", "grace"),
        ("refresh_kills_old_access", "on"),
        ("identity_url", "https://slack.com/api/auth.test"),
        ("identity_field", "user.name"),
        ("header_name", "X-Token"),
        ("header_prefix", "Token"),
        ("parameter_names", "client_id=client_key\nresponse_type="),
        ("audience", "api"),
        ("resource", "https://api.slack.com/"),
        ("authorize_parameters", "prompt=consent\nregion={region}"),
        ("response_type", "auth_code"),
        ("raw_scope", "on"),
        ("redirect_value", "Acme"),
        ("code_parameter", "auth_code"),
        ("authorize_keep", "realm_id=realmId"),
        ("callback_hmac", "on"),
        ("token_method", "PUT"),
        ("token_body", "json"),
        ("token_parameters", "a=b"),
        ("token_headers", "Accept=application/json"),
        ("grant_name", "account_credentials"),
        ("exchange_url", "https://slack.com/api/exchange"),
        ("exchange_parameters", "token={access_token}"),
        ("introspection_url", "https://slack.com/api/introspect"),
        ("refresh_by", "access_token"),
        ("refresh_method", "GET"),
        ("refresh_parameters", "scope={scopes}"),
        ("answer_access_token", "data.access_token"),
        ("answer_refresh_token", "data.refresh_token"),
        ("answer_expires_in", "data.expires"),
        ("answer_expires_unit", "minutes"),
        ("answer_expires_at", "data.end"),
        ("answer_lifetime", "3600"),
        ("answer_scope", "data.scope"),
        ("answer_error", "code"),
        ("answer_error_description", "message"),
        ("revoke_method", "DELETE"),
        ("revoke_body", "query"),
        ("revoke_token_parameter", "id"),
        ("revoke_no_hint", "on"),
        ("identity_keep", "dc=dc"),
        ("assertion_algorithm", "ES256"),
        ("assertion_key_id", "k1"),
        ("assertion_thumbprint", "abc"),
        ("assertion_audience", "https://slack.com"),
        ("assertion_issuer", "{client_id}"),
        ("assertion_subject", "{client_id}"),
        ("call_headers", "X-Version=2"),
        ("call_parameters", "v=2"),
        ("refused_statuses", "403 498"),
        ("limit_header", "x-reset"),
        ("limit_kind", "epoch"),
        ("test_path", "/api.test"),
    ]
    .into_iter()
    .fold(fields, |fields, (name, value)| fields.with(name, value))
}
