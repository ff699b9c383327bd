//! A JSON body as the fields of the form that the console posts: what is right in one is right in the other, and every
//! error comes back at once, under the name that it has in JSON.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, header, request::Parts},
};
use domain::{
    form::{FieldErrors, Fields},
    link_name::LinkName,
    problem::Problem,
    text::quoted,
};
use serde_json::{Map, Value};

use crate::{
    error::{ApiError, Misdirected},
    state::AppState,
};

pub(super) mod rows;

pub(crate) use rows::{Cell, Column};

/// A JSON object.
pub(crate) struct Document(pub(crate) Map<String, Value>);

/// What stands at one place of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text.
    Text,
    /// A whole number, which may come as a text.
    Number,
    /// True or false, `on` or `off` in the form.
    Switch,
    /// True or false, a box in the form.
    Tick,
    /// A list of texts, a repeated field in the form.
    Texts,
    /// A list of whole numbers, a repeated field in the form.
    Numbers,
    /// An object of texts, one `name=value` a line in the form.
    Pairs,
    /// A list of `{name, display_name}`, two repeated fields in the form.
    Scopes,
    /// A list of objects, a repeated field a member in the form.
    Rows(&'static [Column]),
}

/// A place of a document and its field in the form.
pub(crate) struct Place {
    /// Names from the outside in, with dots.
    pub(crate) path: &'static str,
    /// The form's field.
    pub(crate) field: &'static str,
    /// What stands there.
    pub(crate) kind: Kind,
}

/// A place of a document.
pub(crate) const fn at(path: &'static str, field: &'static str, kind: Kind) -> Place {
    Place { path, field, kind }
}

impl Document {
    /// Reads a body.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, ApiError> {
        if !is_json(headers) {
            return Err(Misdirected::MediaType.into());
        }
        let wrong = |sentence: String| ApiError::from(FieldErrors::one("", sentence));
        match serde_json::from_slice(body) {
            Ok(Value::Object(members)) => Ok(Self(members)),
            Ok(_) => Err(wrong("Send a JSON object, such as {\"name\": \"…\"}.".into())),
            Err(error) => Err(wrong(format!(
                "The body is not JSON: line {}, column {}.",
                error.line(),
                error.column()
            ))),
        }
    }

    /// The fields of the form.
    pub(crate) fn fields(&self, places: &[Place]) -> Result<Fields, FieldErrors> {
        let mut reading = Reading {
            places,
            fields: Fields::default(),
            errors: FieldErrors::default(),
        };
        reading.object("", &self.0);
        if reading.errors.is_empty() {
            Ok(reading.fields)
        } else {
            Err(reading.errors)
        }
    }

    /// This document with the changes of another one (RFC 7396).
    pub(crate) fn merged(self, changes: Self) -> Self {
        let mut own = self.0;
        merge(&mut own, changes.0);
        Self(own)
    }
}

fn merge(own: &mut Map<String, Value>, changes: Map<String, Value>) {
    for (name, value) in changes {
        match (own.get_mut(&name), value) {
            (_, Value::Null) => {
                own.remove(&name);
            }
            (Some(Value::Object(inner)), Value::Object(changes)) => merge(inner, changes),
            (_, value) => {
                own.insert(name, value);
            }
        }
    }
}

/// Errors of a form under the names of the document.
pub(crate) fn in_json(errors: FieldErrors, places: &[Place]) -> FieldErrors {
    let mut renamed = FieldErrors::default();
    for error in errors.0 {
        let path = places.iter().find_map(|place| place.path_of(&error.field));
        renamed.add(path.as_deref().unwrap_or(&error.field), error.message);
    }
    renamed
}

impl Place {
    /// Where a field of the form stands in the document, in this place or in a member of the objects that it lists.
    fn path_of(&self, field: &str) -> Option<String> {
        if self.field == field {
            return Some(self.path.to_owned());
        }
        let member = match self.kind {
            Kind::Rows(columns) => columns.iter().find(|column| column.field == field)?.member,
            Kind::Scopes if field == "scope_display_name" => "display_name",
            _ => return None,
        };
        Some(format!("{}.{member}", self.path))
    }
}

/// `application/json`, and what is JSON by its suffix (RFC 6839 section 3.1).
fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
    let kind = kind
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default()
        .trim();
    let kind = kind.to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// One `name=value` a line; otherwise the name that cannot stand on one, or whose value cannot.
fn lines(pairs: &Map<String, Value>) -> Result<String, &str> {
    let line = |(name, value): (&'_ String, &'_ Value)| {
        let text = value.as_str().filter(|text| !text.contains(['\n', '\r']))?;
        (!name.contains(['\n', '\r', '='])).then(|| format!("{name}={text}"))
    };
    let lines = pairs.iter().map(|pair| line(pair).ok_or(pair.0.as_str()));
    Ok(lines.collect::<Result<Vec<_>, _>>()?.join("\n"))
}

struct Reading<'a> {
    places: &'a [Place],
    fields: Fields,
    errors: FieldErrors,
}

impl Reading<'_> {
    fn object(&mut self, above: &str, members: &Map<String, Value>) {
        for (name, value) in members {
            let path = if above.is_empty() {
                name.clone()
            } else {
                format!("{above}.{name}")
            };
            let place = self.places.iter().find(|place| place.path == path);
            let inner = format!("{path}.");
            match (place, value) {
                (Some(_), Value::Null) => {}
                (Some(place), value) => self.value(place, value),
                (None, Value::Object(members)) if self.is_above(&inner) => self.object(&path, members),
                (None, Value::Null) if self.is_above(&inner) => {}
                (None, _) if self.is_above(&inner) => self.errors.add(&path, "Write this as an object."),
                (None, _) => self.errors.add(
                    &quoted(&path, 100),
                    "This field is not known. Compare its name with /api/docs.",
                ),
            }
        }
    }

    fn is_above(&self, inner: &str) -> bool {
        self.places.iter().any(|place| place.path.starts_with(inner))
    }

    fn value(&mut self, place: &Place, value: &Value) {
        match (place.kind, value) {
            (Kind::Text, Value::String(text)) => self.add(place.field, text),
            (Kind::Number, Value::Number(number)) => self.add(place.field, &number.to_string()),
            (Kind::Number, Value::String(text)) => self.add(place.field, text),
            (Kind::Switch, Value::Bool(on)) => self.add(place.field, if *on { "on" } else { "off" }),
            (Kind::Tick, Value::Bool(true)) => self.add(place.field, "on"),
            (Kind::Tick, Value::Bool(false)) => {}
            (Kind::Texts, Value::Array(list)) => self.texts(place, list),
            (Kind::Numbers, Value::Array(list)) if list.iter().all(Value::is_number) => {
                for number in list {
                    self.add(place.field, &number.to_string());
                }
            }
            (Kind::Pairs, Value::Object(pairs)) => match lines(pairs) {
                Ok(lines) => self.add(place.field, &lines),
                Err(name) => {
                    let path = format!("{}.{}", place.path, quoted(name, 60));
                    self.errors
                        .add(&path, "Write this as text of one line, in quotes.");
                }
            },
            (Kind::Rows(columns), Value::Array(list)) => self.rows(place, columns, list),
            (Kind::Scopes, Value::Array(list)) => self.scopes(place, list),
            (kind, _) => self.errors.add(place.path, kind.sentence()),
        }
    }

    fn texts(&mut self, place: &Place, list: &[Value]) {
        for value in list {
            match value {
                Value::String(text) => self.add(place.field, text),
                _ => return self.errors.add(place.path, place.kind.sentence()),
            }
        }
    }

    fn scopes(&mut self, place: &Place, list: &[Value]) {
        for value in list {
            let members = value.as_object();
            let known = |members: &Map<String, Value>| {
                members.iter().all(|(name, value)| {
                    matches!(name.as_str(), "name" | "display_name") && value.is_string()
                })
            };
            let text = |name: &str| {
                members
                    .and_then(|members| members.get(name))
                    .and_then(Value::as_str)
            };
            match text("name").filter(|_| members.is_some_and(known)) {
                Some(name) => {
                    self.add("scope_name", name);
                    self.add("scope_display_name", text("display_name").unwrap_or_default());
                }
                None => return self.errors.add(place.path, place.kind.sentence()),
            }
        }
    }

    fn rows(&mut self, place: &Place, columns: &'static [Column], list: &[Value]) {
        for value in list {
            match rows::cells(columns, value) {
                Ok(cells) => {
                    for (field, text) in cells {
                        self.add(field, &text);
                    }
                }
                Err(sentence) => return self.errors.add(place.path, sentence),
            }
        }
    }

    fn add(&mut self, field: &str, text: &str) {
        self.fields = std::mem::take(&mut self.fields).with(field, text);
    }
}

impl Kind {
    const fn sentence(self) -> &'static str {
        match self {
            Self::Text => "Write this as text, in quotes.",
            Self::Number => "Write this as a whole number.",
            Self::Switch | Self::Tick => "Write this as true or false.",
            Self::Texts => "Write this as a list of texts.",
            Self::Numbers => "Write this as a list of whole numbers.",
            Self::Pairs => {
                "Write this as an object of texts on one line each, such as {\"access_type\": \"offline\"}."
            }
            Self::Rows(_) => "Write this as a list of objects.",
            Self::Scopes => "Write this as a list of {\"name\": …, \"display_name\": …}.",
        }
    }
}

impl FromRequest<AppState> for Document {
    type Rejection = ApiError;
    async fn from_request(request: Request, app: &AppState) -> Result<Self, ApiError> {
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, app).await;
        Self::read(&headers, &body.map_err(|_| Problem::TooLarge)?)
    }
}

/// The one name in an address; what is no text is the name of nothing. A thing may have the name of an address of ours
/// (`/services/redirect`): there the last segment is the name.
pub(crate) struct Named(pub(crate) String);

impl FromRequestParts<AppState> for Named {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, ApiError> {
        let path = Path::<String>::from_request_parts(parts, app).await;
        if let Ok(Path(name)) = path {
            return Ok(Self(name));
        }
        let last = parts.uri.path().rsplit('/').next().unwrap_or_default();
        match last.parse::<LinkName>() {
            Ok(name) => Ok(Self(name.into())),
            Err(_) => Err(Misdirected::Path.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PLACES: &[Place] = &[
        at("name", "name", Kind::Text),
        at("scopes", "scope_name", Kind::Scopes),
        at("outer.pkce", "pkce", Kind::Switch),
        at("outer.inner.most", "most", Kind::Number),
        at("hosts", "allowed_hosts", Kind::Texts),
        at("pairs", "parameters", Kind::Pairs),
        at("numbers", "statuses", Kind::Numbers),
    ];

    fn document(value: Value) -> Document {
        let Value::Object(members) = value else { panic!() };
        Document(members)
    }

    #[test]
    fn an_error_has_the_name_that_its_value_has_in_json() {
        const ROWS: &[Column] = &[rows::column("template", "key_template", Cell::Text)];
        const KEYS: &[Place] = &[
            at("authentication.parameters", "key_name", Kind::Rows(ROWS)),
            at("scopes", "scope_name", Kind::Scopes),
            at("call_rules.paths", "paths", Kind::Texts),
        ];
        for (field, path) in [
            ("key_name", "authentication.parameters"),
            ("key_template", "authentication.parameters.template"),
            ("scope_display_name", "scopes.display_name"),
            ("paths", "call_rules.paths"),
            ("another", "another"),
        ] {
            let renamed = in_json(FieldErrors::one(field, "wrong"), KEYS);
            assert_eq!(renamed.0[0].field, path);
        }
    }

    #[test]
    fn every_place_becomes_a_field() {
        let fields = document(
            json!({"name": "Zoom", "scopes": [{"name": "a"}, {"name": "b", "display_name": "B"}],
            "outer": {"pkce": false, "inner": {"most": "7"}}, "hosts": ["x.example", "y.example"],
            "pairs": {"prompt": "consent", "access_type": "offline"}, "numbers": [403, 400]}),
        )
        .fields(PLACES)
        .unwrap();
        assert_eq!(
            (fields.get("name"), fields.get("pkce"), fields.get("most")),
            ("Zoom", "off", "7")
        );
        assert_eq!(fields.all("scope_display_name").collect::<Vec<_>>(), ["", "B"]);
        assert_eq!(fields.all("allowed_hosts").count(), 2);
        assert_eq!(fields.get("parameters"), "access_type=offline\nprompt=consent");
        assert_eq!(fields.all("statuses").collect::<Vec<_>>(), ["403", "400"]);
    }

    #[test]
    fn what_is_unknown_or_of_another_kind_is_named() {
        let errors = document(
            json!({"name": 1, "outer": {"pkce": "on", "odd": 1, "inner": 2}, "scopes": ["a"],
            "hosts": [1], "pairs": {"a": "x\ny=z"}, "numbers": ["x"], "Name": "x"}),
        )
        .fields(PLACES)
        .unwrap_err();
        for path in [
            "name",
            "outer.pkce",
            "outer.odd",
            "outer.inner",
            "scopes",
            "hosts",
            "pairs.a",
            "numbers",
            "Name",
        ] {
            assert!(errors.of(path).is_some(), "{path}: {errors:?}");
        }
    }

    #[test]
    fn changes_are_merged_member_by_member() {
        let own =
            document(json!({"name": "a", "outer": {"pkce": true, "inner": {"most": 1}}, "hosts": ["x"]}));
        let changed = own.merged(document(
            json!({"outer": {"inner": {"most": 2}}, "hosts": ["y"], "name": null}),
        ));
        assert_eq!(
            Value::Object(changed.0),
            json!({"outer": {"pkce": true, "inner": {"most": 2}}, "hosts": ["y"]})
        );
    }
}
