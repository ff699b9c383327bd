//! Sign-up and sign-in. Passwords are taken by the server; only their rule is here, so that the browser can
//! apply it while a person types.

use crate::{email::Email, name::Name};

use super::{Check, FieldErrors, Fields};

/// Sign-up without its password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// The organization to create.
    pub organization: Name,
    /// Its owner's name.
    pub name: Name,
    /// Its owner's address.
    pub email: Email,
}

/// Reads the sign-up form.
///
/// # Errors
/// Every field that is missing or wrong.
pub fn sign_up(fields: &Fields) -> Result<SignUp, FieldErrors> {
    let mut check = Check::new(fields);
    let organization = check.required("organization_name");
    let name = check.required("name");
    let email = check.required("email");
    let value = organization
        .zip(name)
        .zip(email)
        .map(|((organization, name), email)| SignUp {
            organization,
            name,
            email,
        });
    check.finish(value)
}

/// Why a new password was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer characters than asked for.
    #[error("Use at least 12 characters. A few random words are easy to remember.")]
    TooShort,
    /// More than anyone types, so as not to hash a book.
    #[error("Use at most 256 characters.")]
    TooLong,
    /// Among the first that anyone tries, or made of too little.
    #[error("This password is easy to guess. Use a few random words.")]
    Guessable,
}

/// The rule for a new password: 12 to 256 characters, at least five different ones, none of the sequences
/// that every guesser tries first. No rule of composition (NIST SP 800-63B section 5.1.1.2).
///
/// # Errors
/// The first rule that is broken.
pub fn check_new_password(password: &str) -> Result<(), PasswordError> {
    const COMMON: [&str; 8] = [
        "password", "passwort", "123456", "qwerty", "letmein", "iloveyou", "admin123", "changeme",
    ];
    let length = password.chars().count();
    let lower = password.to_lowercase();
    let mut different: Vec<char> = lower.chars().collect();
    different.sort_unstable();
    different.dedup();
    // A common word is no harm inside a long sentence, and all of a short password.
    let common = COMMON
        .iter()
        .any(|word| lower.contains(word) && length < word.len() + 8);
    if length < 12 {
        Err(PasswordError::TooShort)
    } else if length > 256 {
        Err(PasswordError::TooLong)
    } else if different.len() < 5 || common {
        Err(PasswordError::Guessable)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_everything_that_is_wrong_at_once() {
        let errors = sign_up(&Fields::read(b"organization_name=&name=Ada%00&email=ada")).unwrap_err();
        let fields: Vec<&str> = errors.0.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["organization_name", "name", "email"]);
    }

    #[test]
    fn password_rule() {
        assert_eq!(check_new_password("short"), Err(PasswordError::TooShort));
        assert_eq!(check_new_password("password1234"), Err(PasswordError::Guessable));
        assert_eq!(
            check_new_password("aaaaaaaaaaaaaaaa"),
            Err(PasswordError::Guessable)
        );
        assert_eq!(
            check_new_password(&"correct ".repeat(40)),
            Err(PasswordError::TooLong)
        );
        assert_eq!(check_new_password("correct horse battery"), Ok(()));
    }
}
