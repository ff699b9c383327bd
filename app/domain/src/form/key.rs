//! *Create key*.

use crate::{function_key::KeyScope, link_name::LinkName, name::Name};

use super::{Check, FieldErrors, Fields};

/// Most connections that a key can be limited to.
const MOST_CONNECTIONS: usize = 200;

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInput {
    /// What people read.
    pub name: Name,
    /// What it may do; at least one.
    pub scopes: Vec<KeyScope>,
    /// The only connections it may use; empty for all.
    pub connections: Vec<LinkName>,
}

/// Reads the form: `name`, any number of `scope` and of `connection`.
///
/// # Errors
/// Every field that is missing or wrong.
pub fn key(fields: &Fields) -> Result<KeyInput, FieldErrors> {
    let mut check = Check::new(fields);
    let name = check.required("name");
    let mut scopes: Vec<KeyScope> = Vec::new();
    for word in fields.all("scope") {
        match word.parse() {
            Ok(scope) if !scopes.contains(&scope) => scopes.push(scope),
            Ok(_) => {}
            Err(error) => check.error("scope", error),
        }
    }
    if scopes.is_empty() {
        check.error("scope", "Choose at least one thing that the key may do.");
    }
    let mut connections: Vec<LinkName> = Vec::new();
    for word in fields.all("connection").filter(|word| !word.is_empty()) {
        match word.parse() {
            Ok(link_name) if connections.contains(&link_name) => {}
            Ok(_) if connections.len() >= MOST_CONNECTIONS => {
                check.error(
                    "connection",
                    format!("Choose at most {MOST_CONNECTIONS} connections, or none for all."),
                );
                break;
            }
            Ok(link_name) => connections.push(link_name),
            Err(error) => check.error("connection", error),
        }
    }
    let value = name.map(|name| KeyInput {
        name,
        scopes,
        connections,
    });
    check.finish(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_scope_is_refused() {
        let errors = key(&Fields::read(b"name=Nightly")).unwrap_err();
        assert!(errors.of("scope").is_some());
        let good = key(&Fields::read(
            b"name=Nightly&scope=credentials:read&connection=zoom&connection=",
        ))
        .unwrap();
        assert_eq!((good.scopes.len(), good.connections.len()), (1, 1));
    }
}
