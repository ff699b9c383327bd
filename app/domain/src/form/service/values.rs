//! The fields of API keys and of Basic.

use crate::{
    service::{
        ApiKey, Basic,
        values::{Carrier, KeyParameter},
    },
    template::Template,
    text::single_line,
};

use super::{Check, Print, optional_line};

/// Most parameters of a service with API keys.
const MOST: usize = 10;

/// Rows of `key_name`, `key_label`, `key_param_type` and `key_template`; rows without a name are ignored.
pub(super) fn api_key(check: &mut Check<'_>) -> Option<ApiKey> {
    let fields = check.fields();
    let column = |name| fields.all(name).collect::<Vec<&str>>();
    let (names, labels) = (column("key_name"), column("key_label"));
    let (places, templates) = (column("key_param_type"), column("key_template"));
    let cell =
        |column: &[&'_ str], row: usize| column.get(row).map(|text| (*text).to_owned()).unwrap_or_default();
    let mut parameters: Vec<KeyParameter> = Vec::new();
    // A row without a name has been left out by the browser or by hand: what belongs to it stands at its number.
    for (row, name) in names
        .iter()
        .enumerate()
        .filter(|(_, name)| !name.trim().is_empty())
    {
        let label = label(check, &cell(&labels, row));
        let place = parsed(check, "key_param_type", &cell(&places, row), Carrier::default());
        let template = parsed(
            check,
            "key_template",
            &cell(&templates, row),
            Template::bare_value(),
        );
        match name.trim().parse() {
            Ok(key)
                if parameters
                    .iter()
                    .any(|other| other.key == key && other.param_type == place) =>
            {
                check.error(
                    "key_name",
                    format!("{} stands here twice. Remove one row.", name.trim()),
                );
            }
            Ok(key) => parameters.push(KeyParameter {
                key,
                display_name: label,
                param_type: place,
                template,
            }),
            Err(error) => check.error("key_name", error),
        }
    }
    if names.iter().all(|name| name.trim().is_empty()) {
        check.error(
            "key_name",
            "Type the name of the header or parameter, such as X-Api-Key.",
        );
    }
    if parameters.len() > MOST {
        check.error("key_name", format!("A service has at most {MOST} parameters."));
    }
    Some(ApiKey { parameters })
}

fn label(check: &mut Check<'_>, text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    single_line(text, 100).map(str::to_owned).unwrap_or_else(|error| {
        check.error("key_label", format!("A display name {error}."));
        String::new()
    })
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    check: &mut Check<'_>,
    field: &str,
    text: &str,
    absent: T,
) -> T {
    if text.trim().is_empty() {
        return absent;
    }
    text.parse().unwrap_or_else(|error| {
        check.error(field, error);
        absent
    })
}

pub(super) fn basic(check: &mut Check<'_>) -> Option<Basic> {
    let defaults = Basic::default();
    let username_label = optional_line(check, "username_label", "label", 100);
    let password_label = optional_line(check, "password_label", "label", 100);
    let template = check.optional("basic_template");
    Some(Basic {
        username_label: username_label.unwrap_or(defaults.username_label),
        password_label: password_label.unwrap_or(defaults.password_label),
        template: template.unwrap_or(defaults.template),
    })
}

pub(super) fn print_api_key(print: &mut Print, keys: &ApiKey) {
    for parameter in &keys.parameters {
        print.text("key_name", parameter.key.as_str());
        print.text("key_label", &parameter.display_name);
        print.text("key_param_type", parameter.param_type.word());
        print.text("key_template", &parameter.template);
    }
}

pub(super) fn print_basic(print: &mut Print, basic: &Basic) {
    print.text("username_label", &basic.username_label);
    print.text("password_label", &basic.password_label);
    print.text("basic_template", &basic.template);
}
