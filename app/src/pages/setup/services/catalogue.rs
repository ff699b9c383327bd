//! The definition form for a default service: a client is all that is asked for, the rest is known.
//!
//! What is known travels in hidden fields, so that the post is an ordinary service form.

use domain::{
    form::Fields,
    service::{
        AuthenticationType,
        oauth1::SignatureMethod,
        oauth2::{GrantType, ParamType},
    },
};
use leptos::prelude::*;

use super::{
    advanced::{self, GROUPS},
    authentication::{client_name, client_secret, private_key, redirect},
    form::{Around, names},
};
use crate::components::{Icon, form::Kit, icon, monogram::Mark, secret::SEALED};

/// A default service, as the form speaks of it. What is known about it stands in the form's fields.
#[derive(Debug, Clone)]
pub struct CatalogueEntry {
    /// Its word in addresses: `?from=slack`.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Its monogram.
    pub mark: Mark,
    /// Where a client is registered: an https address.
    pub register_url: Option<String>,
    /// Where the provider explains its authentication: an https address.
    pub docs_url: Option<String>,
    /// What it gives access to, in a sentence or two.
    pub guide: Option<String>,
    /// Where each value stands at the provider: the name of a field, of a key or of a connection's field, and a sentence.
    pub help: Vec<(String, String)>,
    /// The names of the form's fields that nobody has tried yet.
    pub unverified: Vec<String>,
}

impl CatalogueEntry {
    fn help_for(&self, field: &str) -> Option<String> {
        let found = self.help.iter().find(|(name, _)| name == field);
        found.map(|(_, sentence)| sentence.clone())
    }
}

/// The fields that a person fills in here.
const TYPED: [&str; 7] = [
    "name",
    "link_name",
    "client_id",
    "client_secret",
    "consumer_key",
    "consumer_secret",
    "private_key",
];

/// Fields with one value, and their labels.
const KNOWN: [(&str, &str); 17] = [
    ("authentication_type", "Authentication type"),
    ("grant_type", "Grant type"),
    ("signature_method", "Signature method"),
    ("request_token_url", "Request token URL"),
    ("authorize_url", "Authorize URL"),
    ("access_token_url", "Access token URL"),
    ("refresh_token_url", "Refresh token URL"),
    ("revoke_token_url", "Revoke token URL"),
    ("param_type", "Param type"),
    ("scope_delimiter", "Scope delimiter"),
    ("username_label", "Label of the first half"),
    ("password_label", "Label of the second half"),
    ("basic_template", "What is sent"),
    ("api_base_url", "API base URL"),
    ("allowed_hosts", "Allowed hosts"),
    ("sample_path", "Sample request"),
    ("test_path", "Test request"),
];

/// Columns, and what is said about the rows that they are of, at the column that says it.
const ROWS: [(&str, &str); 19] = [
    ("sample_method", ""),
    ("test_method", ""),
    ("scope_name", "Scopes"),
    ("scope_display_name", ""),
    ("key_name", "Parameters"),
    ("key_label", ""),
    ("key_param_type", ""),
    ("key_template", ""),
    ("field_label", "Each connection is asked for"),
    ("field_name", ""),
    ("field_help", ""),
    ("field_kind", ""),
    ("field_pattern", ""),
    ("field_choices", ""),
    ("field_default", ""),
    ("field_prefix", ""),
    ("field_suffix", ""),
    ("field_secret", ""),
    ("field_optional", ""),
];

/// Whether something is wrong that only the whole form shows.
#[must_use]
pub fn needs_all(errors: &domain::form::FieldErrors) -> bool {
    errors
        .0
        .iter()
        .any(|error| !error.field.is_empty() && !TYPED.contains(&error.field.as_str()))
}

/// The fields of the form.
#[must_use]
pub fn fields(kit: &Kit<'_>, around: &Around, entry: &CatalogueEntry) -> AnyView {
    let typed = kit.form().fields.clone();
    let all = format!("/setup/services/new?from={}&edit=all", entry.id);
    view! {
        {hidden(&typed)}
        {names(kit, &around.purpose)}
        {who_is_asking(kit, around, entry)}
        {known(&typed, entry, all)}
        <div class="group foot">
            <a class="button quiet" href="/setup/connections/new">
                "Cancel"
            </a>
            <button type="submit" class="button main">
                "Create service"
            </button>
        </div>
    }
    .into_any()
}

/// Redirect URL, client and secret; nothing where connections bring their own credential.
fn who_is_asking(kit: &Kit<'_>, around: &Around, entry: &CatalogueEntry) -> AnyView {
    let fields = &kit.form().fields;
    let kind: AuthenticationType = fields.get("authentication_type").parse().unwrap_or_default();
    let purpose = &around.purpose;
    if matches!(kind, AuthenticationType::ApiKey | AuthenticationType::Basic) {
        return nothing_to_register(entry);
    }
    let signs = fields.get("client_authentication") == "private_key_jwt"
        || fields.get("grant_type") == "jwt_bearer"
        || fields.get("signature_method") == "rsa_sha1";
    let consents = matches!(fields.get("grant_type"), "" | "authorization_code");
    let public = fields.get("client_authentication") == "none";
    // Drawn in the order of the page.
    let (name_field, secret_field) = match kind {
        AuthenticationType::OAuth1 => ("consumer_key", "consumer_secret"),
        _ => ("client_id", "client_secret"),
    };
    let name = match entry.help_for(name_field) {
        Some(sentence) => client_name(kind).help(sentence),
        None => client_name(kind),
    };
    let name = name.view(kit);
    let (secret_field, secret) = if signs {
        ("private_key", Some(private_key(purpose)))
    } else {
        (secret_field, (!public).then(|| client_secret(purpose, kind)))
    };
    let secret = secret.map(|secret| match entry.help_for(secret_field) {
        Some(sentence) => secret.help(format!("{sentence} {SEALED}")).view(kit),
        None => secret.view(kit),
    });
    view! {
        <div class="group">
            <h2>{format!("Your client at {}", entry.name)}</h2>
            {entry.guide.clone().map(|words| view! { <p class="soft">{words}</p> })}
            {ways(entry, format!("Register a client at {}", entry.name))}
            <div class="grid">
                {consents.then(|| redirect(around.redirect_url.clone()))}
                {name}
                {secret}
            </div>
        </div>
    }
    .into_any()
}

/// A service whose connections bring their own credential: where each of its values stands.
fn nothing_to_register(entry: &CatalogueEntry) -> AnyView {
    let words = "Nothing to register: each connection is asked for its own key, which is stored sealed.";
    let sentences = entry
        .help
        .iter()
        .map(|(_, sentence)| view! { <li>{sentence.clone()}</li> });
    let list =
        (!entry.help.is_empty()).then(|| view! { <ul class="quiet-notes">{sentences.collect_view()}</ul> });
    view! {
        <div class="group">
            {entry.guide.clone().map(|words| view! { <p class="soft">{words}</p> })}
            <p class="soft">{words}</p>
            {list}
            {ways(entry, format!("Get a key at {}", entry.name))}
        </div>
    }
    .into_any()
}

/// Ways to the provider's own pages.
fn ways(entry: &CatalogueEntry, words: String) -> Option<AnyView> {
    let away = |href: &Option<String>, words: String| {
        let href = href.clone().filter(|url| url.starts_with("https://"))?;
        Some(view! {
            <a href=href rel="noreferrer" class="away">
                {words}
                {icon(Icon::Away)}
            </a>
        })
    };
    let register = away(&entry.register_url, words);
    let docs = away(&entry.docs_url, format!("How {} does it", entry.name));
    (register.is_some() || docs.is_some())
        .then(|| view! { <p class="aways">{register} {docs}</p> }.into_any())
}

/// Everything that is not asked for, to be read.
fn known(fields: &Fields, entry: &CatalogueEntry, all: String) -> AnyView {
    let lines = KNOWN
        .iter()
        .filter(|(name, _)| !fields.get(name).is_empty())
        .map(|(name, label)| {
            let value = vec![words(name, fields.get(name))];
            line(label, value, entry.unverified.iter().any(|field| field == name))
        });
    let rows = ROWS
        .iter()
        .filter(|(_, label)| !label.is_empty())
        .map(|(name, label)| {
            (
                name,
                label,
                fields.all(name).map(str::to_owned).collect::<Vec<_>>(),
            )
        })
        .filter(|(_, _, values)| !values.is_empty())
        .map(|(name, label, values)| line(label, values, entry.unverified.iter().any(|field| field == name)));
    let doubts = entry.unverified.len();
    let doubts = (doubts > 0).then(|| view! { <span class="soft">{format!("{doubts} not verified")}</span> });
    let more = advanced::in_words(fields).map(|(_, view)| view);
    view! {
        <details class="group known">
            <summary>
                <h2>{format!("What is known about {}", entry.name)}</h2>
                {doubts}
            </summary>
            <dl class="facts wide">{lines.chain(rows).collect_view()}</dl>
            {more}
        </details>
        <p class="group beside-form">
            <a href=all>"Clone and edit everything"</a>
            <span class="soft">" opens the whole form, filled in."</span>
        </p>
    }
    .into_any()
}

fn line(label: &'static str, values: Vec<String>, doubted: bool) -> AnyView {
    let doubted = doubted.then(|| view! { <span class="unverified">"not verified"</span> });
    let values = values
        .into_iter()
        .map(|value| view! { <code>{value}</code> " " })
        .collect_view();
    view! {
        <dt>{label}</dt>
        <dd>{values} {doubted}</dd>
    }
    .into_any()
}

/// The label of a word, where a field holds one.
fn words(name: &str, value: &str) -> String {
    let label = match name {
        "authentication_type" => value.parse().map(AuthenticationType::label).ok(),
        "grant_type" => value.parse().map(GrantType::label).ok(),
        "param_type" => value.parse().map(ParamType::label).ok(),
        "signature_method" => value.parse().map(SignatureMethod::label).ok(),
        _ => None,
    };
    label.unwrap_or(value).to_owned()
}

fn hidden(fields: &Fields) -> AnyView {
    let one = KNOWN.iter().chain(&ROWS).map(|(name, _)| *name);
    let advanced = GROUPS.iter().flat_map(|group| group.names());
    one.chain(advanced)
        .flat_map(|name| fields.all(name).map(move |value| (name, value.to_owned())))
        .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
        .collect_view()
        .into_any()
}
