//! Lists of objects as rows of a form: each row sets every field, so that the rows stay aligned.

use serde_json::{Map, Value};

/// A member of each object and its field in the form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    /// The member.
    pub(crate) member: &'static str,
    /// The form's field.
    pub(crate) field: &'static str,
    /// What stands there.
    pub(crate) cell: Cell,
}

/// What stands in a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell {
    /// A text.
    Text,
    /// True or false, `on` or `off` in the form.
    Switch,
    /// A list of `{value, label}`, one `value=label` a line in the form.
    Choices,
}

/// A column.
pub(crate) const fn column(member: &'static str, field: &'static str, cell: Cell) -> Column {
    Column { member, field, cell }
}

/// The fields of one row, in the order of the columns.
pub(super) fn cells(columns: &'static [Column], row: &Value) -> Result<Vec<(&'static str, String)>, String> {
    let Value::Object(members) = row else {
        return Err("Write this as a list of objects.".into());
    };
    let known = |name: &String| columns.iter().any(|column| column.member == name);
    if let Some(unknown) = members.keys().find(|name| !known(name)) {
        let names: Vec<&str> = columns.iter().map(|column| column.member).collect();
        let unknown = domain::text::quoted(unknown, 40);
        return Err(format!(
            "`{unknown}` is not known here. The members are {}.",
            names.join(", ")
        ));
    }
    let cell = |column: &'static Column| {
        let text = match members.get(column.member) {
            None | Some(Value::Null) => Some(String::new()),
            Some(value) => column.cell.text(value),
        };
        let text =
            text.ok_or_else(|| format!("{} is of another kind. {}", column.member, column.cell.sentence()))?;
        Ok((column.field, text))
    };
    columns.iter().map(cell).collect()
}

impl Cell {
    fn text(self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Text, Value::String(text)) => Some(text.clone()),
            (Self::Switch, Value::Bool(on)) => Some(if *on { "on" } else { "off" }.to_owned()),
            (Self::Choices, Value::Array(list)) => {
                let lines: Option<Vec<String>> =
                    list.iter().map(|choice| line(choice.as_object()?)).collect();
                lines.map(|lines| lines.join("\n"))
            }
            _ => None,
        }
    }

    const fn sentence(self) -> &'static str {
        match self {
            Self::Text => "Write it as text, in quotes.",
            Self::Switch => "Write it as true or false.",
            Self::Choices => "Write it as a list of {\"value\": …, \"label\": …}.",
        }
    }
}

fn line(choice: &Map<String, Value>) -> Option<String> {
    let text = |name: &str| choice.get(name).map_or(Some(""), |value| value.as_str());
    let (value, label) = (text("value")?, text("label")?);
    let plain = !value.contains(['=', '\n', '\r']) && !label.contains(['\n', '\r']);
    plain.then(|| format!("{value}={label}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const COLUMNS: &[Column] = &[
        column("name", "field_name", Cell::Text),
        column("secret", "field_secret", Cell::Switch),
        column("choices", "field_choices", Cell::Choices),
    ];

    #[test]
    fn every_row_sets_every_field() {
        let row = json!({"name": "dc", "choices": [{"value": "eu", "label": "Europe"}, {"value": "com"}]});
        let cells = cells(COLUMNS, &row).unwrap();
        assert_eq!(
            cells,
            [
                ("field_name", "dc".to_owned()),
                ("field_secret", String::new()),
                ("field_choices", "eu=Europe\ncom=".to_owned())
            ]
        );
        for wrong in [
            json!("x"),
            json!({"odd": 1}),
            json!({"name": 1}),
            json!({"secret": "on"}),
            json!({"choices": ["eu"]}),
        ] {
            assert!(super::cells(COLUMNS, &wrong).is_err(), "{wrong}");
        }
    }
}
