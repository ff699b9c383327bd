//! What is typed in rows: scopes, and the fields that connections are asked for.

use crate::{
    scope::{Scope, ScopeName},
    service::{
        ConnectionField, Definition,
        field::{FieldChoice, FieldKind},
    },
    text::single_line,
};

use super::{Check, Print};

/// Most scopes of a service.
const MOST_SCOPES: usize = 500;
/// Most connection fields of a service.
const MOST_FIELDS: usize = 20;
/// Most choices of a field.
const MOST_CHOICES: usize = 50;

/// Rows of `scope_name` and `scope_display_name`; empty rows are ignored, doubled names refused. A name field
/// with several scopes in it is taken apart: people paste lists.
pub(super) fn scopes(check: &mut Check<'_>) -> Vec<Scope> {
    let fields = check.fields();
    let mut scopes: Vec<Scope> = Vec::new();
    let names: Vec<&str> = fields.all("scope_name").collect();
    let labels: Vec<&str> = fields.all("scope_display_name").collect();
    if names.iter().filter(|raw| !raw.trim().is_empty()).count() > MOST_SCOPES {
        check.error(
            "scope_name",
            format!("A service has at most {MOST_SCOPES} scopes."),
        );
        return scopes;
    }
    for (row, raw) in names.iter().enumerate().filter(|(_, raw)| !raw.trim().is_empty()) {
        match raw.parse::<ScopeName>() {
            Ok(name) if scopes.iter().any(|s| s.name == name) => {
                check.error(
                    "scope_name",
                    format!("The scope {name} stands here twice. Remove one row."),
                );
            }
            Ok(name) => {
                let raw = labels.get(row).copied().unwrap_or_default();
                scopes.push(Scope {
                    name,
                    display_name: words(check, "scope_display_name", raw, "A scope display name", 100),
                });
            }
            Err(error) => check.error("scope_name", format!("Row {}: {error}", row + 1)),
        }
    }
    scopes
}

/// A text of one line that may be empty.
fn words(check: &mut Check<'_>, field: &str, raw: &str, what: &str, limit: usize) -> String {
    if raw.trim().is_empty() {
        return String::new();
    }
    single_line(raw, limit)
        .map(str::to_owned)
        .unwrap_or_else(|error| {
            check.error(field, format!("{what} {error}."));
            String::new()
        })
}

/// Rows of `field_name` and its companions; rows without a name are ignored.
pub(super) fn connection_fields(check: &mut Check<'_>) -> Vec<ConnectionField> {
    let fields = check.fields();
    let mut read: Vec<ConnectionField> = Vec::new();
    let names: Vec<&str> = fields.all("field_name").collect();
    if names.iter().filter(|raw| !raw.trim().is_empty()).count() > MOST_FIELDS {
        check.error(
            "field_name",
            format!("A service has at most {MOST_FIELDS} connection fields."),
        );
        return read;
    }
    for (row, raw) in names.iter().enumerate().filter(|(_, raw)| !raw.trim().is_empty()) {
        match raw.parse() {
            Ok(name) if read.iter().any(|other| other.name == name) => {
                check.error(
                    "field_name",
                    format!("The field {name} stands here twice. Remove one row."),
                );
            }
            Ok(name) => read.push(connection_field(check, name, row)),
            Err(error) => check.error("field_name", format!("Row {}: {error}", row + 1)),
        }
    }
    read
}

fn connection_field(
    check: &mut Check<'_>,
    name: crate::service::field::FieldName,
    row: usize,
) -> ConnectionField {
    let fields = check.fields();
    let cell = |column: &'static str| fields.all(column).nth(row).unwrap_or_default().trim();
    let kind = match cell("field_kind") {
        "" => FieldKind::default(),
        word => word.parse().unwrap_or_else(|error| {
            check.error("field_kind", error);
            FieldKind::default()
        }),
    };
    let pattern = match cell("field_pattern") {
        "" => None,
        text => text
            .parse()
            .map_err(|error| check.error("field_pattern", error))
            .ok(),
    };
    let mut text = |column: &'static str, what: &str, limit| words(check, column, cell(column), what, limit);
    let field = ConnectionField {
        name,
        label: text("field_label", "A label", 100),
        help: text("field_help", "The help", 300),
        kind,
        pattern,
        choices: Vec::new(),
        default: text("field_default", "A default", 500),
        prefix: text("field_prefix", "What stands before a field", 100),
        suffix: text("field_suffix", "What stands behind a field", 100),
        secret: cell("field_secret") == "on",
        optional: cell("field_optional") == "on",
    };
    let field = ConnectionField {
        choices: choices(check, cell("field_choices")),
        ..field
    };
    if !field.default.is_empty()
        && let Err(error) = field.read(&field.default)
    {
        check.error(
            "field_default",
            format!("The default of {} does not fit: {error}", field.name),
        );
    }
    field
}

/// One `value=words` a line; the words may be left out.
fn choices(check: &mut Check<'_>, text: &str) -> Vec<FieldChoice> {
    let lines = text.split('\n').map(str::trim).filter(|line| !line.is_empty());
    let mut choices: Vec<FieldChoice> = Vec::new();
    for line in lines {
        let (value, label) = line.split_once('=').unwrap_or((line, ""));
        let value = words(check, "field_choices", value, "A choice", 100);
        let label = words(check, "field_choices", label, "A choice", 100);
        if value.is_empty() || choices.iter().any(|other| other.value == value) {
            check.error(
                "field_choices",
                "Write one choice a line, each once, such as eu=Europe.",
            );
        } else {
            choices.push(FieldChoice { value, label });
        }
    }
    if choices.len() > MOST_CHOICES {
        check.error(
            "field_choices",
            format!("A field has at most {MOST_CHOICES} choices."),
        );
        choices.truncate(MOST_CHOICES);
    }
    choices
}

pub(super) fn print(print: &mut Print, definition: &Definition) {
    for scope in &definition.scopes {
        print.text("scope_name", &scope.name);
        print.text("scope_display_name", &scope.display_name);
    }
    for field in &definition.fields {
        print.text("field_name", &field.name);
        print.text("field_label", &field.label);
        print.text("field_help", &field.help);
        print.text("field_kind", field.kind.word());
        print.optional("field_pattern", field.pattern.as_ref());
        print.text("field_choices", lines(&field.choices));
        print.text("field_default", &field.default);
        print.text("field_prefix", &field.prefix);
        print.text("field_suffix", &field.suffix);
        print.text("field_secret", if field.secret { "on" } else { "off" });
        print.text("field_optional", if field.optional { "on" } else { "off" });
    }
}

fn lines(choices: &[FieldChoice]) -> String {
    let line = |choice: &FieldChoice| match choice.label.as_str() {
        "" => choice.value.clone(),
        label => format!("{}={label}", choice.value),
    };
    choices.iter().map(line).collect::<Vec<_>>().join("\n")
}
