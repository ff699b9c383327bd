//! Services whose credential is typed in: API keys, and user name with password (HTTP Basic, RFC 7617).

use serde::{Deserialize, Serialize};

use super::choice::choices;
use crate::{pairs::PairName, template::Template};

/// Where a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carrier {
    /// In a header.
    #[default]
    Header,
    /// In the query: only where a provider insists, since URLs end up in logs.
    Query,
    /// In the body, as a member of a form or of a JSON object.
    Form,
}

choices! {
    Carrier { Header = "header" "Header", Query = "query" "Query", Form = "form" "Body" }
}

/// A service with API keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// What is asked for, and where each goes. At least one.
    pub parameters: Vec<KeyParameter>,
}

/// A value that a person types in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyParameter {
    /// The name of the header or parameter.
    pub key: PairName,
    /// What people read beside the field; the key where nobody wrote one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display_name: String,
    /// Where it goes.
    #[serde(default)]
    pub param_type: Carrier,
    /// What is sent, with `{value}` in it.
    #[serde(default = "Template::bare_value")]
    pub template: Template,
}

impl KeyParameter {
    /// What people read beside the field.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.display_name.is_empty() {
            self.key.as_str()
        } else {
            &self.display_name
        }
    }
}

/// A service with user name and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Basic {
    /// What people read beside the first field.
    pub username_label: String,
    /// What people read beside the second one.
    pub password_label: String,
    /// Both halves with a colon between; `{username}` and `{password}` are asked for where they stand in it
    /// (Freshdesk `{username}:X`, Stripe `{username}:`).
    pub template: Template,
}

impl Default for Basic {
    fn default() -> Self {
        Self {
            username_label: "User name".into(),
            password_label: "Password".into(),
            template: Template::both_halves(),
        }
    }
}

/// A value that is asked for when somebody connects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its name in the stored credential.
    pub name: String,
    /// What people read.
    pub label: String,
}

impl ApiKey {
    /// What is asked for.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        let one = |parameter: &KeyParameter| Asked {
            name: parameter.key.as_str().to_owned(),
            label: parameter.label().to_owned(),
        };
        self.parameters.iter().map(one).collect()
    }
}

impl Basic {
    /// What is asked for.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        let halves = [
            ("username", &self.username_label),
            ("password", &self.password_label),
        ];
        halves
            .into_iter()
            .filter(|(name, _)| self.template.names().any(|other| other == *name))
            .map(|(name, label)| Asked {
                name: name.to_owned(),
                label: label.clone(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_in_the_template_is_asked_for() {
        let basic: Basic =
            serde_json::from_str(r#"{"template": "{username}:X", "username_label": "API key"}"#).unwrap();
        let asked = basic.asked();
        assert_eq!((asked.len(), asked[0].label.as_str()), (1, "API key"));
        assert_eq!(Basic::default().asked().len(), 2);
    }

    #[test]
    fn a_key_is_sent_as_it_is_where_nobody_says_otherwise() {
        let parameter: KeyParameter = serde_json::from_str(r#"{"key": "X-Api-Key"}"#).unwrap();
        assert_eq!(parameter.template.as_str(), "{value}");
        assert_eq!(
            (parameter.label(), parameter.param_type),
            ("X-Api-Key", Carrier::Header)
        );
    }
}
