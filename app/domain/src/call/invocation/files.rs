//! `files`: one file or a list, each `{field, name, content-type, content}` with the content in base64, or `text`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    call::{content::File, header},
    form::FieldErrors,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    #[serde(default)]
    field: Option<String>,
    name: String,
    #[serde(default, rename = "content-type")]
    content_type: Option<String>,
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

/// Reads the files and notes what is wrong with them.
pub(super) fn read(errors: &mut FieldErrors, given: Value) -> Vec<File> {
    let list = match given {
        Value::Null => Vec::new(),
        Value::Array(list) => list,
        one => vec![one],
    };
    let mut files = Vec::new();
    for (at, value) in list.into_iter().enumerate() {
        match file(value) {
            Ok(file) => files.push(file),
            Err(sentence) => errors.add(&format!("files.{at}"), sentence),
        }
    }
    files
}

fn file(value: Value) -> Result<File, &'static str> {
    let shape = "A file is {\"field\": \"file\", \"name\": \"report.pdf\", \"content-type\": \"application/pdf\", \"content\": \"base64…\"}.";
    let given: Given = serde_json::from_value(value).map_err(|_| shape)?;
    let bytes = match (given.content, given.text) {
        (Some(encoded), None) => STANDARD
            .decode(encoded)
            .map_err(|_| "The content is not base64.")?,
        (None, Some(text)) => text.into_bytes(),
        _ => return Err(shape),
    };
    let content_type = given
        .content_type
        .unwrap_or_else(|| "application/octet-stream".into());
    header::check("content-type", &content_type).map_err(|_| "The content-type is not a media type.")?;
    Ok(File {
        field: given.field.unwrap_or_else(|| "file".into()),
        name: given.name,
        content_type,
        bytes,
    })
}
