//! Which secret goes with a definition, under which field it is typed, and its rule.

use crate::{
    form::Fields,
    service::{AuthenticationType, Definition, ServiceSecret},
    text::single_line,
};

/// The form's secret fields, which the server takes out before anything else reads the form.
pub const SECRETS: [&str; 3] = ["client_secret", "consumer_secret", "private_key"];

/// Most characters of a private key: an RSA key of 8192 bits has half as many.
const LONGEST_KEY: usize = 16 * 1024;

/// The field of the secret that a service has; None where it has none.
#[must_use]
pub fn secret_field(definition: &Definition) -> Option<&'static str> {
    match (definition.secret(), definition.authentication.kind()) {
        (ServiceSecret::None, _) => None,
        (ServiceSecret::PrivateKey, _) => Some("private_key"),
        (ServiceSecret::Text, AuthenticationType::OAuth1) => Some("consumer_secret"),
        (ServiceSecret::Text, _) => Some("client_secret"),
    }
}

/// The same, as far as the fields of a form tell that has other mistakes in it.
#[must_use]
pub fn wanted_secret(fields: &Fields) -> Option<&'static str> {
    let is = |field: &str, word: &str| fields.get(field) == word;
    match fields.get("authentication_type") {
        "" | "oauth2" if is("client_authentication", "private_key_jwt") || is("grant_type", "jwt_bearer") => {
            Some("private_key")
        }
        "" | "oauth2" if is("client_authentication", "none") => None,
        "" | "oauth2" => Some("client_secret"),
        "oauth1" if is("signature_method", "rsa_sha1") => Some("private_key"),
        "oauth1" => Some("consumer_secret"),
        _ => None,
    }
}

/// The rule for a secret: 1 to 2000 visible characters on one line, or a private key in PEM.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn check_secret(kind: ServiceSecret, secret: &str) -> Result<(), String> {
    match kind {
        ServiceSecret::PrivateKey => check_key(secret.trim()),
        ServiceSecret::Text | ServiceSecret::None => single_line(secret, 2000)
            .map(|_| ())
            .map_err(|error| format!("The secret {error}.")),
    }
}

fn check_key(key: &str) -> Result<(), String> {
    let visible = |b: u8| b.is_ascii_graphic() || matches!(b, b' ' | b'\r' | b'\n');
    if key.is_empty() {
        Err("The private key is missing.".into())
    } else if !key.starts_with("-----BEGIN ") || !key.ends_with("-----") || !key.bytes().all(visible) {
        Err(
            "Paste the whole private key in PEM, from -----BEGIN PRIVATE KEY----- to the line that ends it."
                .into(),
        )
    } else if key.contains("ENCRYPTED") {
        Err("This key is protected with a password. Paste one without; it is stored sealed.".into())
    } else if key.len() > LONGEST_KEY {
        Err("The private key is too long: at most 16384 characters.".into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_one_line() {
        assert!(check_secret(ServiceSecret::Text, "s3cret").is_ok());
        for wrong in ["", "a\r\nb", "x\0"] {
            assert!(check_secret(ServiceSecret::Text, wrong).is_err(), "{wrong:?}");
        }
        assert!(check_secret(ServiceSecret::Text, &"x".repeat(2001)).is_err());
    }

    #[test]
    fn what_fields_tell_is_what_the_definition_says() {
        for more in [
            vec![],
            vec![("client_authentication", "none")],
            vec![("client_authentication", "private_key_jwt")],
            vec![("grant_type", "jwt_bearer")],
            vec![("authentication_type", "oauth1"), ("consumer_key", "k")],
            vec![
                ("authentication_type", "oauth1"),
                ("consumer_key", "k"),
                ("signature_method", "rsa_sha1"),
            ],
            vec![("authentication_type", "basic")],
            vec![("authentication_type", "api_key"), ("key_name", "X")],
        ] {
            let base = [
                ("name", "A"),
                ("link_name", "a"),
                ("client_id", "c"),
                ("authorize_url", "https://a.example/a"),
                ("request_token_url", "https://a.example/r"),
                ("access_token_url", "https://a.example/t"),
            ];
            let all = base.into_iter().chain(more);
            let fields = all.fold(Fields::default(), |fields, (name, value)| {
                fields.with(name, value)
            });
            let input = crate::form::service::service(&fields).unwrap();
            assert_eq!(
                wanted_secret(&fields),
                secret_field(&input.definition),
                "{fields:?}"
            );
        }
    }

    #[test]
    fn a_key_is_a_whole_pem() {
        let key = "-----BEGIN PRIVATE KEY-----\r\nMIIE\r\n-----END PRIVATE KEY-----\n";
        assert!(check_secret(ServiceSecret::PrivateKey, key).is_ok());
        for wrong in [
            "",
            "MIIE",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nx\n-----END ENCRYPTED PRIVATE KEY-----",
            "-----BEGIN X-----\n\0-----",
        ] {
            assert!(
                check_secret(ServiceSecret::PrivateKey, wrong).is_err(),
                "{wrong:?}"
            );
        }
    }
}
