//! What people read in an entry: sentences, help for what they are asked, words for scopes.

use std::collections::BTreeSet;

use domain::{form::service as form, service::Authentication};

use crate::catalogue::{Category, entries};

/// A sentence of one line.
fn is_sentence(text: &str) -> bool {
    domain::text::single_line(text, 200) == Ok(text) && text.ends_with('.')
}

#[test]
fn what_people_read_is_written_for_people() {
    for entry in entries() {
        let name = &entry.link_name;
        assert!(is_sentence(&entry.summary), "{name}");
        assert!(
            entry.monogram.letters.chars().count() == 2 && entry.monogram.hue < 360,
            "{name}"
        );
        for field in &entry.definition.fields {
            assert!(!field.label.is_empty(), "{name}: {}", field.name);
        }
        for (key, sentence) in &entry.help {
            assert!(is_sentence(sentence), "{name}: {key}");
        }
    }
}

#[test]
fn help_is_about_what_is_asked_for() {
    for entry in entries() {
        let (name, definition) = (&entry.link_name, &entry.definition);
        let client = match &definition.authentication {
            Authentication::OAuth2(_) => Some("client_id"),
            Authentication::OAuth1(_) => Some("consumer_key"),
            Authentication::ApiKey(_) | Authentication::Basic(_) => None,
        };
        let asked = definition.asked().into_iter().map(|asked| asked.name);
        let needed = client
            .into_iter()
            .chain(form::secret_field(definition))
            .map(str::to_owned);
        let needed: BTreeSet<String> = needed.chain(asked).collect();
        let fields = definition.fields.iter().map(|field| field.name.to_string());
        let known: BTreeSet<String> = needed.iter().cloned().chain(fields).collect();
        let helped: BTreeSet<String> = entry.help.keys().cloned().collect();
        assert!(
            helped.is_superset(&needed),
            "{name} has no help for {:?}",
            &needed - &helped
        );
        assert!(
            known.is_superset(&helped),
            "{name} does not ask for {:?}",
            &helped - &known
        );
    }
}

#[test]
fn scopes_have_words_and_some_are_ticked() {
    for entry in entries() {
        let (name, scopes) = (&entry.link_name, &entry.definition.scopes);
        assert!(scopes.len() <= 12, "{name}: {} scopes", scopes.len());
        for scope in scopes {
            assert!(!scope.display_name.is_empty(), "{name}: {}", scope.name);
        }
        for ticked in &entry.default_scopes {
            assert!(
                scopes.iter().any(|scope| scope.name == *ticked),
                "{name}: {ticked}"
            );
        }
        assert_eq!(scopes.is_empty(), entry.default_scopes.is_empty(), "{name}");
    }
}

#[test]
fn every_category_has_a_word_and_services() {
    for category in Category::ALL {
        let word = serde_json::to_value(category).unwrap();
        assert_eq!(word, category.word());
        assert!(!category.label().is_empty());
        assert!(
            entries().iter().any(|entry| entry.category == category),
            "{category:?}"
        );
    }
}
