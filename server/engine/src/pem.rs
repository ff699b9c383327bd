//! Keys as people have them: PEM (RFC 7468).

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::vault::Secret;

/// What is between the lines of a PEM, and what it is called. Does not print.
pub(crate) struct Pem {
    /// `PRIVATE KEY`, `RSA PRIVATE KEY`, `EC PRIVATE KEY`.
    pub(crate) label: String,
    /// DER.
    pub(crate) der: Secret,
}

/// The first block of a text; None where there is none.
pub(crate) fn read(text: &str) -> Option<Pem> {
    let (_, from) = text.split_once("-----BEGIN ")?;
    let (label, rest) = from.split_once("-----")?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    // Keys that travelled through a settings file often have their line ends as two characters.
    let body: String = body
        .replace("\\n", "")
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .collect();
    let der = STANDARD.decode(body).ok()?;
    Some(Pem {
        label: label.to_owned(),
        der: Secret::new(der),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_block() {
        let pem = read("-----BEGIN PRIVATE KEY-----\r\nAQID\r\n-----END PRIVATE KEY-----\r\n").unwrap();
        assert_eq!(
            (pem.label.as_str(), pem.der.bytes()),
            ("PRIVATE KEY", &[1, 2, 3][..])
        );
        assert!(read("-----BEGIN X-----\\nAQID\\n-----END X-----").is_some());
        for wrong in [
            "",
            "AQID",
            "-----BEGIN X-----\nAQID\n-----END Y-----",
            "-----BEGIN X-----\n!\n-----END X-----",
        ] {
            assert!(read(wrong).is_none(), "{wrong}");
        }
    }
}
