//! What a service is, by its authentication type.

use domain::{
    form::Fields,
    service::{
        ApiKey, Authentication, Basic, ConnectionField, Definition, OAuth1, OAuth2, SampleRequest,
        ServiceSecret, oauth2::ParamType, values::Carrier,
    },
};
use leptos::prelude::*;

use super::{advanced, detail::ServicePage};
use crate::components::{
    copy::{copy_box, copy_code},
    moment::stamp,
};

/// The list.
#[must_use]
pub fn card(page: &ServicePage) -> AnyView {
    let definition = &page.definition;
    let redirect = definition.consent_host().map(|_| {
        view! {
            <div class="wide">
                <dt>"Redirect URL"</dt>
                <dd>{copy_box("redirect-url", page.redirect_url.clone(), "redirect URL")}</dd>
            </div>
        }
    });
    view! {
        <dl class="facts columns">
            {redirect}
            {fact("Link name", copy_code("link-name", page.link_name.to_string(), "link name").into_any())}
            {fact("Authentication type", definition.authentication.kind().label().into_any())}
            {kind(page)}
            {url("API base URL", definition.api_base_url.as_ref())}
            {fact("Allowed hosts", hosts(definition))}
            {request("Sample request", definition.sample_request.as_ref())}
            {request("Test request", definition.test_request.as_ref())}
            {is_oauth(definition).then(|| fact("Scopes", scopes(definition)))}
            {(!definition.fields.is_empty()).then(|| asked(&definition.fields))}
            {fact("Created", stamp(&page.created, page.now).into_any())}
        </dl>
    }
    .into_any()
}

/// What differs from the standard, closed.
#[must_use]
pub fn options(fields: &Fields) -> Option<AnyView> {
    advanced::in_words(fields).map(|(number, words)| {
        view! {
            <details class="more known in-card">
                <summary>
                    <span>"Advanced"</span>
                    <span class="soft">{format!("{number} set")}</span>
                </summary>
                <div class="more-fields">{words}</div>
            </details>
        }
        .into_any()
    })
}

const fn is_oauth(definition: &Definition) -> bool {
    matches!(
        definition.authentication,
        Authentication::OAuth2(_) | Authentication::OAuth1(_)
    )
}

fn kind(page: &ServicePage) -> AnyView {
    match &page.definition.authentication {
        Authentication::OAuth2(oauth2) => oauth2_facts(page, oauth2),
        Authentication::OAuth1(oauth1) => oauth1_facts(page, oauth1),
        Authentication::ApiKey(keys) => key_facts(keys),
        Authentication::Basic(basic) => basic_facts(basic),
    }
}

fn oauth2_facts(page: &ServicePage, oauth2: &OAuth2) -> AnyView {
    let options = &oauth2.options;
    let place = match oauth2.param_type {
        ParamType::Header => {
            let name = options
                .header_name
                .as_ref()
                .map_or("Authorization", |name| name.as_str());
            format!("in the {name} header")
        }
        ParamType::Query => {
            let name = options
                .query_name
                .as_ref()
                .map_or("access_token", |name| name.as_str());
            format!("in the query, as {name}")
        }
    };
    view! {
        {fact("Grant type", oauth2.grant_type.label().into_any())}
        {fact("Client ID", code(oauth2.client_id.clone()))}
        {secret(page, "Client secret")}
        {url("Authorize URL", oauth2.authorize_url.as_ref())}
        {url("Access token URL", Some(&oauth2.access_token_url))}
        {url("Refresh token URL", oauth2.refresh_token_url.as_ref())}
        {url("Revoke token URL", oauth2.revoke_token_url.as_ref())}
        {fact("Token on calls", place.into_any())}
    }
    .into_any()
}

fn oauth1_facts(page: &ServicePage, oauth1: &OAuth1) -> AnyView {
    let typed = oauth1.legs().is_none().then(|| {
        fact(
            "Tokens",
            "typed in for each connection; nobody consents".into_any(),
        )
    });
    let place = match oauth1.param_type {
        ParamType::Header => "in the Authorization header",
        ParamType::Query => "in the query",
    };
    view! {
        {fact("Consumer key", code(oauth1.consumer_key.clone()))}
        {secret(page, "Consumer secret")}
        {fact("Signature", format!("{}, {place}", oauth1.signature_method.label()).into_any())}
        {url("Request token URL", oauth1.request_token_url.as_ref())}
        {url("Authorize URL", oauth1.authorize_url.as_ref())}
        {url("Access token URL", oauth1.access_token_url.as_ref())}
        {typed}
    }
    .into_any()
}

fn key_facts(keys: &ApiKey) -> AnyView {
    let lines = keys.parameters.iter().map(|parameter| {
        let place = match parameter.param_type {
            Carrier::Header => "header",
            Carrier::Query => "query parameter",
            Carrier::Form => "member of the body",
        };
        let label = parameter.label().to_owned();
        view! {
            <li>
                {label} " as the " {place} " " <code>{parameter.key.to_string()}</code> ": "
                <code>{parameter.template.to_string()}</code>
            </li>
        }
    });
    let list = view! { <ul class="plain">{lines.collect_view()}</ul> };
    fact("What is sent", list.into_any())
}

fn basic_facts(basic: &Basic) -> AnyView {
    let asked: Vec<String> = basic.asked().into_iter().map(|asked| asked.label).collect();
    view! {
        {fact("What is sent", code(basic.template.to_string()))}
        {fact("Asked for", asked.join(", ").into_any())}
    }
    .into_any()
}

fn secret(page: &ServicePage, label: &'static str) -> Option<AnyView> {
    let label = match page.definition.secret() {
        ServiceSecret::None => return None,
        ServiceSecret::PrivateKey => "Private key",
        ServiceSecret::Text => label,
    };
    let words = match &page.secret_set {
        Some(set) => view! { "set on " {stamp(set, page.now)} }.into_any(),
        None => "not set".into_any(),
    };
    Some(fact(label, words))
}

fn asked(fields: &[ConnectionField]) -> AnyView {
    let lines = fields.iter().map(|field| {
        let label = field.label().to_owned();
        view! { <li>{label} " " <code>{format!("{{{}}}", field.name)}</code></li> }
    });
    let list = view! { <ul class="plain">{lines.collect_view()}</ul> };
    fact("Each connection is asked for", list.into_any())
}

fn request(label: &'static str, request: Option<&SampleRequest>) -> Option<AnyView> {
    request.map(|request| fact(label, code(format!("{} {}", request.method.word(), request.path))))
}

fn url(label: &'static str, url: Option<&domain::url_template::UrlTemplate>) -> Option<AnyView> {
    url.map(|url| fact(label, code(url.to_string())))
}

fn fact(words: &'static str, value: AnyView) -> AnyView {
    view! {
        <div>
            <dt>{words}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}

fn code(text: String) -> AnyView {
    view! { <code>{text}</code> }.into_any()
}

fn hosts(definition: &Definition) -> AnyView {
    if definition.allowed_hosts.is_empty() {
        return view! { <span class="soft">"none"</span> }.into_any();
    }
    let all: Vec<String> = definition.allowed_hosts.iter().map(ToString::to_string).collect();
    code(all.join(", "))
}

fn scopes(definition: &Definition) -> AnyView {
    if definition.scopes.is_empty() {
        return view! { <span class="soft">"none"</span> }.into_any();
    }
    let chips = definition.scopes.iter().map(|scope| {
        view! {
            <li class="chip" title=scope.label().to_owned()>
                {scope.name.to_string()}
            </li>
        }
    });
    view! { <ul class="chips">{chips.collect_view()}</ul> }.into_any()
}
