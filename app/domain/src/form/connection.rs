//! *Create connection*.

use crate::{link_name::LinkName, name::Name, scope::ScopeName, service::Definition};

use super::{Check, FieldErrors, Fields};

/// A connection to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionInput {
    /// What people read.
    pub name: Name,
    /// What functions write.
    pub link_name: LinkName,
    /// What to ask the provider for: a subset of the service's scopes.
    pub scopes: Vec<ScopeName>,
}

/// Reads the form: `name`, `link_name`, any number of `scope`.
///
/// # Errors
/// Every field that is missing or wrong, and every scope that the service does not have.
pub fn connection(fields: &Fields, service: &Definition) -> Result<ConnectionInput, FieldErrors> {
    let mut check = Check::new(fields);
    let name = check.required("name");
    let link_name = check.required("link_name");
    let scopes = scopes(&mut check, service);
    let value = name.zip(link_name).map(|(name, link_name)| ConnectionInput {
        name,
        link_name,
        scopes,
    });
    check.finish(value)
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
}
