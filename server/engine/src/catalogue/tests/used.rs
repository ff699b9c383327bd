//! Together the entries use every way to authenticate and the commonest differences from the standard: what a form can
//! say is tried by somebody.

use serde_json::Value;

use crate::catalogue::entries;

/// Any value that says something.
const ANY: &str = "*";

/// Where in a definition, and what must stand there at least once.
const USED: &[(&str, &str)] = &[
    ("authentication.type", "oauth2"),
    ("authentication.type", "oauth1"),
    ("authentication.type", "api_key"),
    ("authentication.type", "basic"),
    ("authentication.grant_type", "authorization_code"),
    ("authentication.grant_type", "client_credentials"),
    ("authentication.grant_type", "jwt_bearer"),
    ("authentication.refresh_token_url", ANY),
    ("authentication.revoke_token_url", ANY),
    ("authentication.scope_delimiter", "space"),
    ("authentication.scope_delimiter", "comma"),
    ("authentication.options.client_authentication", "post"),
    ("authentication.options.client_authentication", "basic"),
    ("authentication.options.client_authentication", "basic_secret"),
    ("authentication.options.client_authentication", "private_key_jwt"),
    ("authentication.options.client_authentication", "none"),
    ("authentication.options.pkce", "true"),
    ("authentication.options.pkce", "false"),
    ("authentication.options.rotation", "unknown"),
    ("authentication.options.rotation", "never"),
    ("authentication.options.rotation", "grace"),
    ("authentication.options.rotation", "strict"),
    ("authentication.options.refresh_kills_old_access", "true"),
    ("authentication.options.identity_url", ANY),
    ("authentication.options.header_name", ANY),
    ("authentication.options.header_prefix", "none"),
    ("authentication.options.header_prefix", "Zoho-oauthtoken"),
    ("authentication.options.parameter_names.client_id", "client_key"),
    ("authentication.options.parameter_names.response_type", ""),
    ("authentication.options.audience", ANY),
    ("authentication.options.resource", ANY),
    ("authentication.options.authorize.parameters", ANY),
    ("authentication.options.authorize.second_scope_parameter", ANY),
    ("authentication.options.authorize.fragment", ANY),
    ("authentication.options.authorize.code_parameter", ANY),
    ("authentication.options.authorize.keep", ANY),
    ("authentication.options.authorize.callback_hmac", "true"),
    ("authentication.options.token.body", "json"),
    ("authentication.options.token.parameters", ANY),
    ("authentication.options.token.headers", ANY),
    ("authentication.options.token.grant_name", "account_credentials"),
    ("authentication.options.token.exchange_url", ANY),
    ("authentication.options.token.exchange_parameters", ANY),
    ("authentication.options.token.introspection_url", ANY),
    ("authentication.options.refresh.by", "access_token"),
    ("authentication.options.refresh.by", "never"),
    ("authentication.options.refresh.method", "GET"),
    ("authentication.options.refresh.parameters", ANY),
    ("authentication.options.answer.access_token", ANY),
    ("authentication.options.answer.expires_at", ANY),
    ("authentication.options.answer.lifetime", ANY),
    ("authentication.options.answer.success", ANY),
    ("authentication.options.answer.error", ANY),
    ("authentication.options.answer.keep", ANY),
    ("authentication.options.identity.keep", ANY),
    ("authentication.options.revoke.method", "DELETE"),
    ("authentication.options.revoke.body", "json"),
    ("authentication.options.revoke.body", "query"),
    ("authentication.options.revoke.authorization", "client"),
    ("authentication.options.revoke.authorization", "basic"),
    ("authentication.options.revoke.authorization", "bearer"),
    ("authentication.options.revoke.authorization", "none"),
    ("authentication.options.revoke.header", ANY),
    ("authentication.options.revoke.token_parameter", ANY),
    ("authentication.options.assertion.subject", ANY),
    ("authentication.signature_method", "hmac_sha1"),
    ("authentication.signature_method", "hmac_sha256"),
    ("authentication.signature_method", "plaintext"),
    ("authentication.options.realm", ANY),
    ("authentication.options.authorize_parameters", ANY),
    ("authentication.options.scope_parameter", ANY),
    ("authentication.parameters.0.param_type", "header"),
    ("authentication.parameters.0.param_type", "query"),
    ("authentication.parameters.0.param_type", "form"),
    ("authentication.parameters.0.template", "Bearer {value}"),
    ("authentication.parameters.1", ANY),
    ("authentication.template", "{username}:{password}"),
    ("authentication.template", "{username}:X"),
    ("fields.0.choices", ANY),
    ("fields.0.suffix", ANY),
    ("fields.0.pattern", ANY),
    ("fields.0.default", ANY),
    ("fields.0.secret", "true"),
    ("sample_request.type", "POST"),
    ("test_request", ANY),
    ("calls.headers", ANY),
    ("calls.limit_header", ANY),
    ("calls.limit_kind", "epoch"),
];

fn says(found: &Value, wanted: &str) -> bool {
    match found {
        Value::Null => false,
        Value::Bool(yes) => yes.to_string() == wanted,
        Value::Number(_) => wanted == ANY,
        Value::String(text) => text == wanted || (wanted == ANY && !text.is_empty()),
        Value::Array(items) => wanted == ANY && !items.is_empty(),
        Value::Object(members) => wanted == ANY && !members.is_empty(),
    }
}

#[test]
fn every_way_occurs() {
    let definitions: Vec<Value> = entries()
        .iter()
        .map(|entry| serde_json::to_value(&entry.definition).unwrap())
        .collect();
    for (path, wanted) in USED {
        let pointer = format!("/{}", path.replace('.', "/"));
        let used = definitions
            .iter()
            .filter_map(|definition| definition.pointer(&pointer));
        assert!(
            used.into_iter().any(|found| says(found, wanted)),
            "no entry has {path}: {wanted}"
        );
    }
}
