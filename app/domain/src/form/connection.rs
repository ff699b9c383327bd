//! *Create connection*.

use std::collections::BTreeMap;

use crate::{
    call::CallRules,
    link_name::LinkName,
    name::Name,
    principal::CredentialMode,
    scope::ScopeName,
    service::{ConnectionField, Definition, Obtained, Values},
};

use super::{Check, FieldErrors, Fields, key::rules};

/// A connection to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionInput {
    /// What people read.
    pub name: Name,
    /// What functions write.
    pub link_name: LinkName,
    /// What to ask the provider for: a subset of the service's scopes.
    pub scopes: Vec<ScopeName>,
    /// What its calls may do.
    pub rules: CallRules,
    /// Whose credential serves.
    pub mode: CredentialMode,
    /// What the service asks each connection for, secrets apart.
    pub fields: Values,
}

impl ConnectionInput {
    /// A connection that asks for nothing.
    #[must_use]
    pub fn new(name: Name, link_name: LinkName) -> Self {
        Self {
            name,
            link_name,
            scopes: Vec::new(),
            rules: CallRules::default(),
            mode: CredentialMode::default(),
            fields: Values::new(),
        }
    }
}

/// What an edit of a connection may change. Its link name and its service never change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionChange {
    /// What people read.
    pub name: Name,
    /// What the next consent asks for.
    pub scopes: Vec<ScopeName>,
    /// What its calls may do.
    pub rules: CallRules,
}

/// Reads the form of an edit: `name`, any number of `scope` and of `methods`, `paths` (one a line). Whether the scopes
/// are the service's is seen when the change is made.
///
/// # Errors
/// Every field that is missing or wrong.
pub fn change(fields: &Fields) -> Result<ConnectionChange, FieldErrors> {
    let mut check = Check::new(fields);
    let name = check.required("name");
    let mut scopes: Vec<ScopeName> = Vec::new();
    for word in fields.all("scope").filter(|word| !word.is_empty()) {
        match word.parse() {
            Ok(scope) if scopes.contains(&scope) => {}
            Ok(scope) => scopes.push(scope),
            Err(error) => check.error("scope", error),
        }
    }
    let rules = rules(&mut check);
    let value = name.map(|name| ConnectionChange { name, scopes, rules });
    check.finish(value)
}

/// Reads the form: `name`, `link_name`, any number of `scope` and of `methods`, `paths` (one a line).
///
/// # Errors
/// Every field that is missing or wrong, and every scope that the service does not have.
pub fn connection(fields: &Fields, service: &Definition) -> Result<ConnectionInput, FieldErrors> {
    let mut check = Check::new(fields);
    let name = check.required("name");
    let link_name = check.required("link_name");
    let scopes = scopes(&mut check, service);
    let rules = rules(&mut check);
    let mode = mode(&mut check, service);
    let fields = values(&mut check, service);
    let value = name.zip(link_name).map(|(name, link_name)| ConnectionInput {
        name,
        link_name,
        scopes,
        rules,
        mode,
        fields,
    });
    check.finish(value)
}

/// The form's field of a connection field: `field_` and its name.
#[must_use]
pub fn field_name(field: &ConnectionField) -> String {
    format!("field_{}", field.name)
}

/// Reads the secret fields that the server took out of the form, by the names of the connection fields.
///
/// # Errors
/// Every one that is missing or wrong.
pub fn secret_fields(
    service: &Definition,
    typed: &BTreeMap<String, String>,
) -> Result<BTreeMap<String, String>, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut read = BTreeMap::new();
    for field in service.fields.iter().filter(|field| field.secret) {
        let text = typed
            .get(field.name.as_str())
            .map(String::as_str)
            .unwrap_or_default();
        match field.read(text) {
            Ok(Some(value)) => drop(read.insert(field.name.to_string(), value)),
            Ok(None) => {}
            Err(error) => errors.add(&field_name(field), error),
        }
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}

fn mode(check: &mut Check<'_>, service: &Definition) -> CredentialMode {
    let mode: CredentialMode = check.choice("credential_mode");
    if mode.has_people() && service.obtained() == Obtained::Request {
        check.error(
            "credential_mode",
            "With this grant type the client itself is the account, the same for everybody. Choose one account for everybody.",
        );
    }
    mode
}

fn values(check: &mut Check<'_>, service: &Definition) -> Values {
    let mut values = Values::new();
    for field in service.fields.iter().filter(|field| !field.secret) {
        let name = field_name(field);
        match field.read(check.fields().get(&name)) {
            Ok(Some(value)) => drop(values.insert(field.name.to_string(), value)),
            Ok(None) => {}
            Err(error) => check.error(&name, error),
        }
    }
    values
}

/// The ticked scopes, each known to the service, in the service's order.
fn scopes(check: &mut Check<'_>, service: &Definition) -> Vec<ScopeName> {
    let fields = check.fields();
    let ticked: Vec<&str> = fields.all("scope").collect();
    if let Some(unknown) = ticked
        .iter()
        .find(|t| !service.scopes.iter().any(|s| s.name.as_str() == **t))
    {
        let unknown = crate::text::quoted(unknown, 60);
        check.error(
            "scope",
            format!(
                "The service has no scope `{unknown}`. Choose among its scopes, or add it to the service."
            ),
        );
    }
    service
        .scopes
        .iter()
        .filter(|s| ticked.contains(&s.name.as_str()))
        .map(|s| s.name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_scopes_of_the_service() {
        let service: Definition = serde_json::from_str(
            r#"{"authentication": {"type": "oauth2", "client_id": "id", "authorize_url": "https://a.example/a",
                "access_token_url": "https://a.example/t"}, "scopes": [{"name": "read"}, {"name": "write"}]}"#,
        ).unwrap();
        let good = connection(&Fields::read(b"name=Zoom&link_name=zoom&scope=write"), &service).unwrap();
        assert_eq!(good.scopes, vec!["write".parse().unwrap()]);
        let bad = connection(&Fields::read(b"name=Zoom&link_name=Zoom&scope=admin"), &service).unwrap_err();
        assert!(bad.of("scope").is_some() && bad.of("link_name").is_some());
    }

    #[test]
    fn fields_are_asked_for_and_secrets_stay_apart() {
        let service: Definition = serde_json::from_str(
            r#"{"authentication": {"type": "oauth2", "client_id": "id", "authorize_url": "https://a.example/a",
                "access_token_url": "https://{shop}.a.example/t"}, "fields": [{"name": "shop", "kind": "subdomain"},
                {"name": "account", "secret": true}, {"name": "note", "optional": true}]}"#,
        )
        .unwrap();
        let form = |shop: &str| {
            Fields::read(
                format!("name=Zoom&link_name=zoom&credential_mode=login_user&field_shop={shop}").as_bytes(),
            )
        };
        let good = connection(&form("ada"), &service).unwrap();
        assert_eq!((good.fields.len(), good.fields["shop"].as_str()), (1, "ada"));
        assert_eq!(good.mode, CredentialMode::LoginUser);
        assert!(
            connection(&form("evil.example/"), &service)
                .unwrap_err()
                .of("field_shop")
                .is_some()
        );
        let secret = BTreeMap::from([("account".to_owned(), "s3cret".to_owned())]);
        assert_eq!(secret_fields(&service, &secret).unwrap()["account"], "s3cret");
        assert!(
            secret_fields(&service, &BTreeMap::new())
                .unwrap_err()
                .of("field_account")
                .is_some()
        );
    }

    #[test]
    fn an_edit_reads_its_rules() {
        let edit = change(&Fields::read(
            b"name=Zoom&scope=read&scope=read&methods=GET&paths=/a%0A/b/**",
        ))
        .unwrap();
        assert_eq!(
            (
                edit.scopes.len(),
                edit.rules.methods.len(),
                edit.rules.paths.len()
            ),
            (1, 1, 2)
        );
        let bad = change(&Fields::read(b"name=&scope=a+b&paths=x")).unwrap_err();
        assert!(
            ["name", "scope", "paths"]
                .iter()
                .all(|field| bad.of(field).is_some()),
            "{bad:?}"
        );
    }
}
