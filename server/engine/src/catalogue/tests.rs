//! Every file is read, means what it says, and can be shown by the form that makes a service of it.

use std::collections::BTreeSet;

use domain::{
    form::{FieldErrors, service as form},
    service::{
        Authentication, Definition, Values,
        check::{contradictions, notes},
    },
    url::ProviderUrl,
    url_template::UrlTemplate,
};

use super::*;

mod used;
mod words;

/// The definition with a client ID or consumer key, as it would be stored.
fn with_client(definition: &Definition) -> Definition {
    let mut definition = definition.clone();
    match &mut definition.authentication {
        Authentication::OAuth2(oauth2) => oauth2.client_id = "id".into(),
        Authentication::OAuth1(oauth1) => oauth1.consumer_key = "key".into(),
        Authentication::ApiKey(_) | Authentication::Basic(_) => {}
    }
    definition
}

/// A value for each field of a connection, and for each that the provider would tell.
fn values(definition: &Definition) -> Values {
    let mut values = Values::new();
    for field in &definition.fields {
        let first = field.choices.first().map(|choice| choice.value.clone());
        let value = Some(field.default.clone())
            .filter(|text| !text.is_empty())
            .or(first);
        values.insert(field.name.to_string(), value.unwrap_or_else(|| "1".into()));
    }
    if let Some(oauth2) = definition.oauth2() {
        let options = &oauth2.options;
        let told = options.authorize.keep.iter().map(|(name, _)| name);
        let told = told.chain(options.answer.keep.iter().map(|(name, _)| name));
        let told = told.chain(options.identity.keep.iter().map(|(name, _)| name));
        values.extend(told.map(|name| (name.to_owned(), "1".to_owned())));
    }
    values
}

/// A URL with these values; None where its host is one that only the provider knows.
fn filled(template: &UrlTemplate, definition: &Definition, values: &Values) -> Option<ProviderUrl> {
    let is_field = |name: &&str| definition.fields.iter().any(|field| field.name.as_str() == *name);
    if template.fixed_domain().is_none() && !template.host_names().iter().all(is_field) {
        return None;
    }
    let url = template.fill(|name| values.get(name).map(String::as_str));
    Some(url.unwrap_or_else(|error| panic!("{}: {error}", template.as_str())))
}

#[test]
fn every_file_is_loaded() {
    for (name, text) in entries::FILES {
        let entry: Entry = serde_json::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(
            entry.link_name.as_str(),
            *name,
            "the file is called as the service"
        );
    }
    assert_eq!(entries().len(), entries::FILES.len());
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/catalogue/entries");
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let files: BTreeSet<String> = files.collect();
    let listed: BTreeSet<String> = entries::FILES
        .iter()
        .map(|(name, _)| format!("{name}.json"))
        .collect();
    assert_eq!(files, listed, "every file of the folder is listed");
    assert!(entries().len() >= 40);
}

#[test]
fn one_is_found_by_its_link_name() {
    assert_eq!(entry("slack").unwrap().name.as_str(), "Slack");
    assert_eq!(entry("nobody"), None);
}

#[test]
fn names_are_told_apart() {
    let unique = |texts: Vec<&str>| texts.iter().collect::<BTreeSet<_>>().len();
    assert_eq!(
        unique(entries().iter().map(|e| e.name.as_str()).collect()),
        entries().len()
    );
    assert_eq!(
        unique(entries().iter().map(|e| e.link_name.as_str()).collect()),
        entries().len()
    );
    assert!(entries().is_sorted_by_key(|entry| entry.link_name.as_str()));
    assert!(entry(SANDBOX).is_none(), "the sandbox keeps its name");
}

#[test]
fn nothing_contradicts_itself_and_nothing_is_unused() {
    for entry in entries() {
        let name = &entry.link_name;
        assert_eq!(
            contradictions(&entry.definition),
            FieldErrors::default(),
            "{name}"
        );
        assert_eq!(notes(&entry.definition), [], "{name}");
    }
}

#[test]
fn the_form_shows_every_entry_and_stores_it() {
    for entry in entries() {
        let name = &entry.link_name;
        let mut input = entry.input();
        input.definition = with_client(&input.definition);
        let read = form::service(&form::fields(&input)).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        assert_eq!(read, input, "{name}");
    }
}

#[test]
fn no_entry_brings_a_client_along() {
    for entry in entries() {
        let client = match &entry.definition.authentication {
            Authentication::OAuth2(oauth2) => &oauth2.client_id,
            Authentication::OAuth1(oauth1) => &oauth1.consumer_key,
            Authentication::ApiKey(_) | Authentication::Basic(_) => continue,
        };
        assert_eq!(client, "", "{}", entry.link_name);
    }
}

#[test]
fn credentials_may_travel_to_where_calls_go() {
    for entry in entries() {
        let (name, definition) = (&entry.link_name, &entry.definition);
        let values = values(definition);
        let hosts = definition.hosts(|name| values.get(name).map(String::as_str));
        assert_eq!(
            hosts.len(),
            definition.allowed_hosts.len(),
            "{name}: a host cannot be filled in"
        );
        let base = definition
            .api_base_url
            .as_ref()
            .unwrap_or_else(|| panic!("{name} has no base URL"));
        if let Some(base) = filled(base, definition, &values) {
            assert!(
                hosts.iter().any(|host| host.covers(base.as_url())),
                "{name}: {}",
                base.as_str()
            );
        }
        if let Some(url) = definition
            .identity_url()
            .and_then(|url| filled(url, definition, &values))
        {
            assert!(
                definition.may_tell_identity(url.as_url(), |name| values.get(name).map(String::as_str)),
                "{name}: {}",
                url.as_str()
            );
        }
    }
}

#[test]
fn every_address_is_encrypted() {
    for entry in entries() {
        let name = &entry.link_name;
        for url in [&entry.register_url, &entry.docs_url] {
            assert_eq!(url.scheme(), "https", "{name}");
        }
        for (field, url) in entry.definition.endpoints() {
            let good = url.as_str().starts_with("https://") || url.as_str().starts_with('{');
            assert!(good, "{name}: {field}");
        }
    }
}

#[test]
fn what_is_unverified_is_there() {
    for entry in entries() {
        let definition = serde_json::to_value(&entry.definition).unwrap();
        for path in &entry.unverified {
            let pointer = format!("/{}", path.replace('.', "/"));
            let found = definition.pointer(&pointer);
            assert!(
                found.is_some_and(|value| !value.is_null()),
                "{}: {path}",
                entry.link_name
            );
        }
    }
}
