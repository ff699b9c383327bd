//! `POST /api/v1/invoke`: the names of Deluge's `invokeurl`, read into one request.
//!
//! Rules, as functions know them from there: `type` is GET where absent; `parameters` as a map go to the query (GET,
//! DELETE, HEAD) or into a form (others), as text they are the body; a `{name}` in `url` is filled from them first.
//! Ours: with a JSON `content-type` a map becomes a JSON body; beside a `body` parameters go to the query.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Content, Method,
    content::File,
    fill::{FillError, Filled, fill},
    header,
};
use crate::{form::FieldErrors, link_name::LinkName, principal::Principal, text};

mod files;

/// The JSON as it comes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    connection: String,
    url: String,
    #[serde(default, rename = "type")]
    method: Option<String>,
    #[serde(default)]
    parameters: Option<Value>,
    #[serde(default)]
    headers: Option<Map<String, Value>>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    files: Option<Value>,
    #[serde(default, rename = "content-type")]
    content_type: Option<String>,
    #[serde(default)]
    detailed: Option<Value>,
    #[serde(default, rename = "response-format")]
    format: Option<String>,
    #[serde(default, rename = "response-decoding")]
    decoding: Option<String>,
    #[serde(default)]
    user: Option<String>,
}

/// One call, ready to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The connection.
    pub connection: LinkName,
    /// The user whose account to use; the organization where none is named.
    pub user: Principal,
    /// The method.
    pub method: Method,
    /// The URL, or a path below the API base URL; names filled in.
    pub url: String,
    /// Added to the URL's query.
    pub query: Vec<(String, String)>,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub content: Content,
    /// What is made of the answer.
    pub shape: Shape,
}

/// What is made of the answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// Whether status and headers come along in an envelope.
    pub detailed: bool,
    /// How the body is read; None hands it through as it is.
    pub format: Option<Format>,
    /// The character set of the body (a label of the Encoding standard); None: as the answer says, else UTF-8.
    pub decoding: Option<String>,
}

/// How a body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Bytes: a file.
    File,
    /// Text.
    Text,
    /// JSON.
    Collection,
}

impl Input {
    /// Reads the request body.
    ///
    /// # Errors
    /// The field, where serde names one; it never quotes a value.
    pub fn read(body: &[u8]) -> Result<Self, FieldErrors> {
        serde_json::from_slice(body).map_err(|error| {
            let words = error.to_string();
            let field = words.split('`').nth(1).filter(|_| words.contains("field")).unwrap_or_default();
            let what = if words.starts_with("unknown field") {
                "There is no such field. Use connection, url, type, parameters, headers, body, files, content-type, detailed, response-format, response-decoding, user."
            } else if words.starts_with("missing field") {
                "This field is missing."
            } else {
                "The body is not the JSON object that invoke expects. See /api/docs."
            };
            FieldErrors::one(&text::quoted(field, 40), what)
        })
    }

    /// Checks everything and puts the call together.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(self) -> Result<Invocation, FieldErrors> {
        let mut errors = FieldErrors::default();
        let connection = noted(&mut errors, "connection", self.connection.parse::<LinkName>());
        let method = match self.method.as_deref() {
            None | Some("") => Some(Method::default()),
            Some(word) => noted(&mut errors, "type", word.parse::<Method>()),
        };
        let user = self.user.as_deref().unwrap_or_default();
        let user = noted(&mut errors, "user", Principal::named(user)).unwrap_or_default();
        let shape = Shape {
            detailed: flag(&mut errors, "detailed", self.detailed.as_ref()),
            format: self
                .format
                .as_deref()
                .filter(|word| !word.is_empty())
                .and_then(|word| format(&mut errors, word)),
            decoding: self.decoding.filter(|label| !label.is_empty()),
        };
        let headers = headers(&mut errors, self.headers.unwrap_or_default());
        let files = self
            .files
            .map(|files| files::read(&mut errors, files))
            .unwrap_or_default();
        let parameters = parameters(&mut errors, self.parameters);
        let filled = filled(&mut errors, &self.url, &parameters);
        let (Some(connection), Some(method), Some(filled)) = (connection, method, filled) else {
            return Err(errors);
        };
        let rest = parameters.without(&filled.used);
        // Functions that come from `invokeurl` write it among the headers.
        let among_headers = headers.iter().find(|(name, _)| name == "content-type");
        let kind = self
            .content_type
            .filter(|kind| !kind.trim().is_empty())
            .or_else(|| among_headers.map(|(_, kind)| kind.clone()));
        let (query, content) = content(&mut errors, method, kind, rest, self.body, files);
        if errors.is_empty() {
            Ok(Invocation {
                connection,
                user,
                method,
                url: filled.url,
                query,
                headers,
                content,
                shape,
            })
        } else {
            Err(errors)
        }
    }
}

/// `parameters` as they came.
enum Parameters {
    Map(Vec<(String, Value)>),
    Text(String),
}

impl Parameters {
    fn without(self, used: &[String]) -> Self {
        match self {
            Self::Map(pairs) => Self::Map(
                pairs
                    .into_iter()
                    .filter(|(name, _)| !used.contains(name))
                    .collect(),
            ),
            text @ Self::Text(_) => text,
        }
    }
}

fn noted<T, E: std::fmt::Display>(errors: &mut FieldErrors, field: &str, result: Result<T, E>) -> Option<T> {
    result.map_err(|error| errors.add(field, error)).ok()
}

fn flag(errors: &mut FieldErrors, field: &str, value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null | Value::Bool(false)) => false,
        Some(Value::Bool(true)) => true,
        Some(Value::String(word)) if word == "true" => true,
        Some(Value::String(word)) if word == "false" || word.is_empty() => false,
        Some(_) => {
            errors.add(field, "Use true or false.");
            false
        }
    }
}

fn format(errors: &mut FieldErrors, word: &str) -> Option<Format> {
    match word.to_ascii_uppercase().as_str() {
        "FILE" => Some(Format::File),
        "TEXT" => Some(Format::Text),
        "COLLECTION" => Some(Format::Collection),
        _ => {
            errors.add("response-format", "Use FILE, TEXT or COLLECTION.");
            None
        }
    }
}

fn headers(errors: &mut FieldErrors, given: Map<String, Value>) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    for (name, value) in given {
        let field = format!("headers.{}", text::quoted(&name, 60));
        match scalar(&value) {
            None => errors.add(&field, "Use text, a number, or true or false."),
            Some(value) => match header::check(&name, &value) {
                Ok(()) => headers.push((name.to_ascii_lowercase(), value)),
                Err(error) => errors.add(&field, error),
            },
        }
    }
    headers
}

fn parameters(errors: &mut FieldErrors, given: Option<Value>) -> Parameters {
    match given {
        None | Some(Value::Null) => Parameters::Map(Vec::new()),
        Some(Value::String(text)) => Parameters::Text(text),
        Some(Value::Object(map)) => Parameters::Map(map.into_iter().collect()),
        Some(_) => {
            errors.add(
                "parameters",
                "Use a map of names and values, or text that is sent as the body.",
            );
            Parameters::Map(Vec::new())
        }
    }
}

fn filled(errors: &mut FieldErrors, url: &str, parameters: &Parameters) -> Option<Filled> {
    let value_of = |wanted: &str| match parameters {
        Parameters::Map(pairs) => pairs
            .iter()
            .find(|(name, _)| name == wanted)
            .and_then(|(_, value)| scalar(value)),
        Parameters::Text(_) => None,
    };
    match fill(url, value_of) {
        Ok(filled) => Some(filled),
        Err(error @ FillError::Missing(_)) => noted(errors, "url", Err(error)),
        Err(FillError::Climbs(name)) => {
            let field = format!("parameters.{name}");
            noted(errors, &field, Err(FillError::Climbs(name)))
        }
    }
}

/// A value as one text; None for lists, maps and nothing.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Names and values for a query or a form: a list repeats its name, nothing is left out.
fn pairs(errors: &mut FieldErrors, given: Vec<(String, Value)>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in given {
        let values = match value {
            Value::Null => Vec::new(),
            Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            match scalar(&value) {
                Some(text) => pairs.push((name.clone(), text)),
                None => {
                    let field = format!("parameters.{}", text::quoted(&name, 60));
                    errors.add(&field, "Use text, a number, true or false, or a list of these. For nested data set content-type to application/json.");
                    break;
                }
            }
        }
    }
    pairs
}

fn is_json(kind: &str) -> bool {
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// Where parameters, body and files go.
fn content(
    errors: &mut FieldErrors,
    method: Method,
    kind: Option<String>,
    parameters: Parameters,
    body: Option<Value>,
    files: Vec<File>,
) -> (Vec<(String, String)>, Content) {
    if let Some(kind) = &kind
        && header::check("content-type", kind).is_err()
    {
        errors.add(
            "content-type",
            "This is not a media type. Use one such as application/json.",
        );
    }
    let body = body.filter(|body| !body.is_null());
    match (parameters, body) {
        (Parameters::Text(_), Some(_)) => {
            errors.add(
                "body",
                "parameters as text are the body already. Send one of the two.",
            );
            (Vec::new(), Content::None)
        }
        (_, Some(_)) | (Parameters::Text(_), _) if !files.is_empty() => {
            errors.add("files", "Files are sent as a multipart form. Send the other values as a map in parameters, and no body.");
            (Vec::new(), Content::None)
        }
        (Parameters::Text(text), None) => (Vec::new(), raw(kind, text)),
        (Parameters::Map(map), Some(Value::String(text))) => (pairs(errors, map), raw(kind, text)),
        (Parameters::Map(map), Some(value)) => (pairs(errors, map), json(kind, &value)),
        (Parameters::Map(map), None) if !files.is_empty() => (
            Vec::new(),
            Content::Multipart {
                fields: pairs(errors, map),
                files,
            },
        ),
        (Parameters::Map(map), None) if map.is_empty() => (Vec::new(), Content::None),
        (Parameters::Map(map), None) if method.asks_by_query() => (pairs(errors, map), Content::None),
        (Parameters::Map(map), None) => (Vec::new(), form(errors, kind, map)),
    }
}

fn form(errors: &mut FieldErrors, kind: Option<String>, map: Vec<(String, Value)>) -> Content {
    match kind {
        Some(kind) if is_json(&kind) => json(Some(kind), &Value::Object(map.into_iter().collect())),
        Some(kind)
            if kind
                .trim_start()
                .to_ascii_lowercase()
                .starts_with("multipart/form-data") =>
        {
            Content::Multipart {
                fields: pairs(errors, map),
                files: Vec::new(),
            }
        }
        _ => Content::Form(pairs(errors, map)),
    }
}

fn json(kind: Option<String>, value: &Value) -> Content {
    Content::Raw {
        content_type: kind.unwrap_or_else(|| "application/json".into()),
        bytes: value.to_string().into_bytes(),
    }
}

/// Text without a media type: JSON where it is JSON.
fn raw(kind: Option<String>, text: String) -> Content {
    let guessed = || {
        let json = text.trim_start().starts_with(['{', '['])
            && serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        if json {
            "application/json"
        } else {
            "text/plain; charset=utf-8"
        }
        .to_owned()
    };
    Content::Raw {
        content_type: kind.unwrap_or_else(guessed),
        bytes: text.into_bytes(),
    }
}

#[cfg(test)]
mod tests;
