//! *Create key*.

use crate::{
    call::{CallRules, Method, PathPattern, rules::MOST_PATHS},
    function_key::KeyScope,
    link_name::LinkName,
    name::Name,
};

use super::{Check, FieldErrors, Fields};

/// Most connections that a key can be limited to.
const MOST_CONNECTIONS: usize = 200;
/// The highest limit of calls a minute; more is no limit.
const MOST_CALLS: u32 = 1_000_000;
/// Ten years.
const MOST_DAYS: u32 = 3650;

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInput {
    /// What people read.
    pub name: Name,
    /// What it may do; at least one.
    pub scopes: Vec<KeyScope>,
    /// The only connections it may use; empty for all.
    pub connections: Vec<LinkName>,
    /// What its calls may do.
    pub rules: CallRules,
    /// How many calls a minute it may make; None for any number.
    pub calls_per_minute: Option<u32>,
    /// Days until it ends by itself; None for never.
    pub expires_in_days: Option<u16>,
}

impl KeyInput {
    /// A key without any limit.
    #[must_use]
    pub fn new(name: Name, scopes: Vec<KeyScope>) -> Self {
        Self {
            name,
            scopes,
            connections: Vec::new(),
            rules: CallRules::default(),
            calls_per_minute: None,
            expires_in_days: None,
        }
    }
}

/// Reads the form: `name`, any number of `scope` and of `connection`; `methods` (repeated), `paths` (one a line),
/// `calls_per_minute` and `expires_in_days` may be left out.
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
    let connections = connections(&mut check);
    if !connections.is_empty() && scopes.contains(&KeyScope::Manage) {
        check.error(
            "connection",
            "A key that manages services and connections cannot be limited to some of them. Choose none, or another scope.",
        );
    }
    let rules = rules(&mut check);
    let calls_per_minute = number(&mut check, "calls_per_minute", MOST_CALLS);
    let expires_in_days =
        number(&mut check, "expires_in_days", MOST_DAYS).and_then(|days| days.try_into().ok());
    let value = name.map(|name| KeyInput {
        name,
        scopes,
        connections,
        rules,
        calls_per_minute,
        expires_in_days,
    });
    check.finish(value)
}

fn connections(check: &mut Check<'_>) -> Vec<LinkName> {
    let mut connections: Vec<LinkName> = Vec::new();
    let fields = check.fields();
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
    connections
}

/// The methods and paths that calls may use; none of either permits all.
pub(super) fn rules(check: &mut Check<'_>) -> CallRules {
    let fields = check.fields();
    let mut rules = CallRules::default();
    for word in fields.all("methods").filter(|word| !word.is_empty()) {
        match word.parse::<Method>() {
            Ok(method) if rules.methods.contains(&method) => {}
            Ok(method) => rules.methods.push(method),
            Err(error) => check.error("methods", error),
        }
    }
    let lines = fields.all("paths").flat_map(str::lines).map(str::trim);
    for line in lines.filter(|line| !line.is_empty()) {
        match line.parse::<PathPattern>() {
            Ok(path) if rules.paths.contains(&path) => {}
            Ok(_) if rules.paths.len() >= MOST_PATHS => {
                check.error(
                    "paths",
                    format!("Write at most {MOST_PATHS} paths; ** at the end covers many."),
                );
                break;
            }
            Ok(path) => rules.paths.push(path),
            Err(error) => check.error("paths", format!("{}: {error}", crate::text::quoted(line, 60))),
        }
    }
    rules
}

/// A whole number from 1 on, where there is one.
fn number(check: &mut Check<'_>, field: &str, most: u32) -> Option<u32> {
    let text = check.fields().get(field).trim();
    if text.is_empty() {
        return None;
    }
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    if number.is_none() {
        check.error(
            field,
            format!("Use a whole number from 1 to {most}, or leave this empty."),
        );
    }
    number
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
        assert!(good.rules.is_open() && good.calls_per_minute.is_none() && good.expires_in_days.is_none());
    }

    #[test]
    fn limits_of_a_key() {
        let text = b"name=Nightly&scope=invoke&methods=get&methods=GET&methods=&paths=/a/*%0D%0A%0D%0A/b&calls_per_minute=60&expires_in_days=90";
        let limited = key(&Fields::read(text)).unwrap();
        assert_eq!(limited.rules.methods, [Method::Get]);
        assert_eq!(limited.rules.paths.len(), 2);
        assert_eq!(
            (limited.calls_per_minute, limited.expires_in_days),
            (Some(60), Some(90))
        );
        for (field, text) in [
            ("methods", "methods=TRACE"),
            ("paths", "paths=users"),
            ("calls_per_minute", "calls_per_minute=0"),
            ("calls_per_minute", "calls_per_minute=many"),
            ("expires_in_days", "expires_in_days=3651"),
            ("connection", "scope=manage&connection=zoom"),
        ] {
            let text = format!("name=Nightly&scope=invoke&{text}");
            let errors = key(&Fields::read(text.as_bytes())).unwrap_err();
            assert_eq!(errors.0.len(), 1, "{errors:?}");
            assert!(errors.of(field).is_some(), "{field}: {errors:?}");
        }
    }
}
