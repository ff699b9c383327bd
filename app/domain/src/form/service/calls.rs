//! The fields about calls: base URL, hosts, requests, and what every call carries.

use crate::{
    allowed_host::AllowedHost,
    call::Method,
    host_template::HostTemplate,
    service::{CallOptions, ConnectionField, Definition, SampleRequest},
    url_template::UrlTemplate,
};

use super::{Check, Print};

/// What may stand between two allowed hosts, or two statuses.
const SEPARATORS: [char; 5] = [',', ' ', '\n', '\r', '\t'];
/// Most allowed hosts.
const MOST_HOSTS: usize = 100;
/// Most statuses.
const MOST_STATUSES: usize = 10;

/// A base URL is extended by paths, so it has no query of its own.
pub(super) fn base_url(check: &mut Check<'_>) -> Option<UrlTemplate> {
    let url: Option<UrlTemplate> = check.optional("api_base_url");
    if url.as_ref().is_some_and(|url| url.as_str().contains('?')) {
        check.error(
            "api_base_url",
            "Leave out the part from ? on: paths are appended to this URL.",
        );
    }
    url
}

/// Hosts between commas, spaces or line breaks; the base URL's own host where nothing was typed.
pub(super) fn allowed_hosts(
    check: &mut Check<'_>,
    base: Option<&UrlTemplate>,
    fields: &[ConnectionField],
) -> Vec<HostTemplate> {
    let mut hosts: Vec<HostTemplate> = Vec::new();
    let all = check.fields();
    let typed: Vec<&str> = all
        .all("allowed_hosts")
        .flat_map(|text| text.split(SEPARATORS))
        .filter(|text| !text.is_empty())
        .collect();
    if typed.len() > MOST_HOSTS {
        check.error("allowed_hosts", format!("A service has at most {MOST_HOSTS} allowed hosts; a wildcard such as *.example.com covers many."));
        return hosts;
    }
    for text in typed {
        match text.parse::<HostTemplate>() {
            Ok(host) if hosts.contains(&host) => {}
            Ok(host) => hosts.push(host),
            Err(error) => check.error(
                "allowed_hosts",
                format!("{}: {error}", crate::text::quoted(text, 60)),
            ),
        }
    }
    if let (true, Some(base)) = (hosts.is_empty(), base) {
        hosts.extend(host_of(base, fields));
    }
    hosts
}

/// The host of a base URL, where nothing but a connection's fields decides it.
fn host_of(base: &UrlTemplate, fields: &[ConnectionField]) -> Option<HostTemplate> {
    if let Some(url) = base.plain() {
        return AllowedHost::of(url.as_url()).map(HostTemplate::from);
    }
    let known = |name: &&str| fields.iter().any(|field| field.name.as_str() == *name);
    let origin = base.origin();
    let host = origin.split_once("//").map(|(_, host)| host)?;
    base.host_names().iter().all(known).then(|| host.parse().ok())?
}

pub(super) fn sample(check: &mut Check<'_>, has_base: bool) -> Option<SampleRequest> {
    request(check, "sample_path", "sample_method", has_base)
}

/// What *Test connection* asks.
pub(super) fn test(check: &mut Check<'_>, has_base: bool) -> Option<SampleRequest> {
    request(check, "test_path", "test_method", has_base)
}

fn request(check: &mut Check<'_>, path: &str, method: &str, has_base: bool) -> Option<SampleRequest> {
    let path = check.optional(path);
    let method: Method = check.choice(method);
    if path.is_some() && !has_base {
        check.error(
            "api_base_url",
            "The sample request needs an API base URL to start from.",
        );
    }
    path.map(|path| SampleRequest { method, path })
}

pub(super) fn options(check: &mut Check<'_>) -> CallOptions {
    CallOptions {
        headers: check.choice("call_headers"),
        parameters: check.choice("call_parameters"),
        refused_statuses: statuses(check),
        limit_header: check.optional("limit_header"),
        limit_kind: check.choice("limit_kind"),
    }
}

fn statuses(check: &mut Check<'_>) -> Vec<u16> {
    let all = check.fields();
    let typed = all
        .all("refused_statuses")
        .flat_map(|text| text.split(SEPARATORS));
    let mut statuses = Vec::new();
    for text in typed.filter(|text| !text.is_empty()) {
        match text.parse() {
            Ok(status) if (400..=499).contains(&status) => statuses.push(status),
            _ => check.error("refused_statuses", "Type statuses from 400 to 499, such as 403."),
        }
    }
    statuses.sort_unstable();
    statuses.dedup();
    statuses.truncate(MOST_STATUSES);
    statuses
}

pub(super) fn print(print: &mut Print, definition: &Definition) {
    let joined = |texts: Vec<String>| texts.join(" ");
    print.optional("api_base_url", definition.api_base_url.as_ref());
    print.text(
        "allowed_hosts",
        joined(definition.allowed_hosts.iter().map(ToString::to_string).collect()),
    );
    if let Some(sample) = &definition.sample_request {
        print.text("sample_method", sample.method.word());
        print.text("sample_path", &sample.path);
    }
    if let Some(test) = &definition.test_request {
        print.text("test_method", test.method.word());
        print.text("test_path", &test.path);
    }
    let calls = &definition.calls;
    print.text("call_headers", &calls.headers);
    print.text("call_parameters", &calls.parameters);
    print.text(
        "refused_statuses",
        joined(calls.refused_statuses.iter().map(ToString::to_string).collect()),
    );
    print.optional("limit_header", calls.limit_header.as_ref());
    print.text("limit_kind", calls.limit_kind.word());
}
