//! Which values may decide where a secret goes. Somebody who only makes connections types fields in, and an answer of a
//! provider brings kept values along; neither may send a client secret or a token to a host of their choice.

use super::places::kept_names;
use crate::{
    form::FieldErrors,
    host_template::HostTemplate,
    service::{ConnectionField, Definition},
    url_template::UrlTemplate,
};

/// Adds an error for each URL whose host could be anybody's.
pub(super) fn open_hosts(definition: &Definition, errors: &mut FieldErrors) {
    let kept = kept_names(definition);
    for (field, url) in definition.endpoints() {
        for name in url.host_names() {
            if errors.of(field).is_some() {
                continue;
            }
            let connection_field = definition.fields.iter().find(|field| field.name.as_str() == name);
            if connection_field.is_some_and(|known| is_open(known, url)) {
                errors.add(field, open(name));
            } else if kept.contains(&name) && definition.allowed_hosts.is_empty() {
                errors.add(
                    "allowed_hosts",
                    format!("The provider says where {{{name}}} leads. List the hosts that may be, such as *.example.com."),
                );
            }
        }
    }
    for host in &definition.allowed_hosts {
        if let Some(name) = open_entry(host, definition, &kept)
            && errors.of("allowed_hosts").is_none()
        {
            errors.add("allowed_hosts", open(&name));
        }
    }
}

fn is_open(field: &ConnectionField, url: &UrlTemplate) -> bool {
    !field.is_closed() && url.fixed_domain().is_none()
}

/// The value of an entry that could make it any host.
fn open_entry(host: &HostTemplate, definition: &Definition, kept: &[&str]) -> Option<String> {
    let text = host.to_string();
    let behind = text.rsplit_once('}')?.1;
    let fixed = behind
        .strip_prefix('.')
        .is_some_and(|domain| domain.contains('.'));
    let name = host.names().last()?;
    let closed = |field: &ConnectionField| field.name.as_str() == name && field.is_closed();
    let harmless = fixed || (!kept.contains(&name) && definition.fields.iter().any(closed));
    (!harmless).then(|| name.to_owned())
}

fn open(name: &str) -> String {
    format!(
        "{{{name}}} could be any host, and secrets would travel there. Put a fixed domain behind it, such as {{{name}}}.example.com, or give the field choices."
    )
}

#[cfg(test)]
mod tests {
    use super::super::contradictions;
    use super::*;

    fn definition(url: &str, field: &str, hosts: &str) -> Definition {
        serde_json::from_str(&format!(
            r#"{{"authentication": {{"type": "oauth2", "client_id": "id", "authorize_url": "https://a.example/a",
                "access_token_url": "{url}", "options": {{"authorize": {{"keep": {{"home": "location"}}}}}}}},
                "fields": [{field}], "allowed_hosts": [{hosts}]}}"#
        ))
        .unwrap()
    }

    #[test]
    fn no_field_sends_a_secret_anywhere() {
        let (free, closed) = (
            r#"{"name": "x", "kind": "host"}"#,
            r#"{"name": "x", "choices": [{"value": "zoho.com"}, {"value": "zoho.eu"}]}"#,
        );
        for (url, field, hosts, wrong) in [
            ("https://{x}/t", free, "", Some("access_token_url")),
            ("https://accounts.{x}/t", free, "", Some("access_token_url")),
            ("{x}/t", free, "", Some("access_token_url")),
            ("{x}.a.example/t", free, "", Some("access_token_url")),
            ("https://{x}.com/t", free, "", Some("access_token_url")),
            ("https://{x}.a.example/t", free, "", None),
            ("https://a.example/{x}/t", free, "", None),
            ("https://accounts.{x}/t", closed, "", None),
            ("{home}/t", free, "", Some("allowed_hosts")),
            ("{home}/t", free, r#""*.zoho.com""#, None),
            ("https://a.example/t", free, r#""{x}""#, Some("allowed_hosts")),
            ("https://a.example/t", free, r#""{home}""#, Some("allowed_hosts")),
            ("https://a.example/t", free, r#""{x}.b.example""#, None),
            ("https://a.example/t", closed, r#""www.{x}""#, None),
        ] {
            let errors = contradictions(&definition(url, field, hosts));
            assert_eq!(
                errors.0.first().map(|error| error.field.as_str()),
                wrong,
                "{url} {hosts}: {errors:?}"
            );
        }
    }
}
