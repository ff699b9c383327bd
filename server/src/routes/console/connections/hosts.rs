//! `POST /setup/connections/{link_name}/hosts`: the service's credentials may travel to these hosts.

use domain::{
    form::FieldErrors,
    host_template::HostTemplate,
    service::{Definition, ServiceInput},
};
use engine::error::EngineError;

use super::{detail::Posted, verbs::Press};
use crate::{
    done::Done,
    error::WebError,
    forms::{Go, in_words},
};
use axum::response::Response;

pub(crate) async fn allow(press: Press) -> Result<Response, WebError> {
    let result = add(&press).await;
    press
        .answer_with(result, |form| Posted {
            hosts: form,
            ..Posted::default()
        })
        .await
}

async fn add(press: &Press) -> Result<Go, EngineError> {
    let hosts = hosts(press.fields().get("host"))?;
    let engine = press.engine();
    let detail = engine.connection(press.admin().member(), press.name()).await?;
    let (known, version) = (detail.service.input, detail.service.version);
    let mut allowed_hosts = known.definition.allowed_hosts.clone();
    allowed_hosts.extend(
        hosts
            .into_iter()
            .filter(|host| !known.definition.allowed_hosts.contains(host)),
    );
    let changed = ServiceInput {
        definition: Definition {
            allowed_hosts,
            ..known.definition
        },
        ..known
    };
    let link_name = changed.link_name.clone();
    engine
        .update_service(press.admin(), &link_name, &changed, None, Some(version))
        .await
        .map_err(in_words)?;
    Ok(press.back().done(Done::Allowed))
}

/// Hosts between commas or spaces, at least one.
fn hosts(text: &str) -> Result<Vec<HostTemplate>, EngineError> {
    let mut errors = FieldErrors::default();
    let mut hosts = Vec::new();
    for word in text
        .split([',', ' ', '\n', '\r', '\t'])
        .filter(|word| !word.is_empty())
    {
        match word.parse() {
            Ok(host) => hosts.push(host),
            Err(error) => errors.add("host", format!("{}: {error}.", domain::text::quoted(word, 60))),
        }
    }
    if hosts.is_empty() && errors.is_empty() {
        errors.add("host", "Type a host such as api.example.com.");
    }
    if errors.is_empty() {
        Ok(hosts)
    } else {
        Err(errors.into())
    }
}
