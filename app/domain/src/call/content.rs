//! The body that an invocation sends.

use std::fmt;

/// What is sent, and as what.
#[derive(Clone, PartialEq, Eq)]
pub enum Content {
    /// No body.
    None,
    /// Bytes under a media type.
    Raw {
        /// The media type.
        content_type: String,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// `application/x-www-form-urlencoded`.
    Form(Vec<(String, String)>),
    /// `multipart/form-data` (RFC 7578).
    Multipart {
        /// The plain fields.
        fields: Vec<(String, String)>,
        /// The files.
        files: Vec<File>,
    },
}

/// A file of a multipart body.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Name of the form field.
    pub field: String,
    /// Name of the file.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What functions send may be anything: only its kind and size are printed.
impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Raw { content_type, bytes } => write!(f, "Raw({content_type}, {} bytes)", bytes.len()),
            Self::Form(fields) => write!(f, "Form({} fields)", fields.len()),
            Self::Multipart { fields, files } => {
                write!(f, "Multipart({} fields, {} files)", fields.len(), files.len())
            }
        }
    }
}

impl Content {
    /// The body and its media type; `boundary` separates the parts of a multipart body and must not occur in them,
    /// which a random one of 128 bits does not.
    #[must_use]
    pub fn encode(self, boundary: &str) -> Option<(String, Vec<u8>)> {
        match self {
            Self::None => None,
            Self::Raw { content_type, bytes } => Some((content_type, bytes)),
            Self::Form(fields) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                form.extend_pairs(fields);
                Some((
                    "application/x-www-form-urlencoded".into(),
                    form.finish().into_bytes(),
                ))
            }
            Self::Multipart { fields, files } => Some((
                format!("multipart/form-data; boundary={boundary}"),
                multipart(boundary, &fields, &files),
            )),
        }
    }
}

fn multipart(boundary: &str, fields: &[(String, String)], files: &[File]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        part(
            &mut body,
            boundary,
            &format!("name=\"{}\"", quoted(name)),
            None,
            value.as_bytes(),
        );
    }
    for file in files {
        let disposition = format!(
            "name=\"{}\"; filename=\"{}\"",
            quoted(&file.field),
            quoted(&file.name)
        );
        part(
            &mut body,
            boundary,
            &disposition,
            Some(&file.content_type),
            &file.bytes,
        );
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

fn part(body: &mut Vec<u8>, boundary: &str, disposition: &str, content_type: Option<&str>, bytes: &[u8]) {
    let content_type = content_type
        .map(|kind| format!("Content-Type: {kind}\r\n"))
        .unwrap_or_default();
    let head = format!("--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{content_type}\r\n");
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n");
}

/// As browsers write names: quotes and line breaks percent-encoded (HTML, multipart/form-data encoding algorithm).
fn quoted(name: &str) -> String {
    name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_separated_and_names_cannot_break_out() {
        let file = File {
            field: "file".into(),
            name: "a\"\r\nX: y".into(),
            content_type: "text/plain".into(),
            bytes: b"hello".to_vec(),
        };
        let content = Content::Multipart {
            fields: vec![("note".into(), "ü".into())],
            files: vec![file],
        };
        let (kind, body) = content.encode("B").unwrap();
        assert_eq!(kind, "multipart/form-data; boundary=B");
        assert_eq!(
            String::from_utf8(body).unwrap(),
            "--B\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nü\r\n\
             --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%22%0D%0AX: y\"\r\n\
             Content-Type: text/plain\r\n\r\nhello\r\n--B--\r\n"
        );
    }

    #[test]
    fn a_form_is_encoded() {
        let (_, body) = Content::Form(vec![("a b".into(), "1&2".into())])
            .encode("")
            .unwrap();
        assert_eq!(body, b"a+b=1%262");
    }
}
