//! A credential that is typed in: API keys, user name and password, an OAuth 1.0a token with its secret.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    form::FieldErrors,
    link_name::LinkName,
    principal::Principal,
    problem::Problem,
    service::{Authentication, Definition, Obtained},
    text::single_line,
};

use super::{begin::may_connect, exchange::told, keep::Fresh};
use crate::{
    Engine,
    actor::{Manager, Member, Person},
    connections::deed,
    error::EngineError,
    known::{self, Known},
    material::Material,
    probe::Armed,
    store::{audit::Actor, credentials::Whose},
    vault::Secret,
};

/// Most characters of a value.
const LONGEST: usize = 4000;

/// The form's field, and the member in JSON, of a value: `value_` and its name.
#[must_use]
pub fn value_field(name: &str) -> String {
    format!("value_{name}")
}

impl Engine {
    /// Stores values in place of whatever is there, after the provider was seen to take them, where the service says
    /// what to ask.
    ///
    /// # Errors
    /// Field errors for values that are missing or cannot be sent, and where the provider refuses them; not found;
    /// [`Problem::NotPermitted`] where nothing is typed in.
    pub async fn type_credential(
        self: &Arc<Self>,
        manager: &Manager,
        link_name: &LinkName,
        principal: &Principal,
        values: &BTreeMap<String, String>,
    ) -> Result<(), EngineError> {
        self.typed(
            manager.organization(),
            &manager.actor(),
            link_name,
            principal,
            values,
        )
        .await
    }

    /// The same by a member for their own account.
    ///
    /// # Errors
    /// As [`Self::type_credential`]; [`Problem::NotPermitted`] for somebody else's account.
    pub async fn type_own_credential(
        self: &Arc<Self>,
        person: &impl Person,
        link_name: &LinkName,
        principal: &Principal,
        values: &BTreeMap<String, String>,
    ) -> Result<(), EngineError> {
        let member: &Member = person.person();
        if !may_connect(member, principal) {
            return Err(Problem::NotPermitted("connection").into());
        }
        self.typed(member.organization, &member.actor(), link_name, principal, values)
            .await
    }

    async fn typed(
        self: &Arc<Self>,
        organization: domain::id::OrganizationId,
        actor: &Actor,
        link_name: &LinkName,
        principal: &Principal,
        values: &BTreeMap<String, String>,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(organization).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        let service = tx.service(row.service).await?;
        let definition = &service.input.definition;
        let fits = match principal {
            Principal::Organization => row.mode.has_organization(),
            Principal::Member(_) | Principal::External(_) => row.mode.has_people(),
        };
        if definition.obtained() != Obtained::Typed || !fits {
            return Err(Problem::NotPermitted("connection").into());
        }
        let material = read(definition, values)?;
        let key = self.data_key(&mut tx).await?;
        let known = known::of_connection(&key, &row)?;
        let consumer_secret = self.client_secret(&key, &service)?;
        drop(tx);
        self.prove(definition, &material, &known, consumer_secret.as_ref())
            .await?;
        let whose = Whose {
            connection: row.id,
            principal: principal.clone(),
        };
        let fresh = Fresh::of_values(material);
        let fresh = self
            .with_identity(definition, fresh, known, consumer_secret.as_ref())
            .await
            .map_err(Problem::ProviderError)?;
        let mut tx = self.store.begin(organization).await?;
        let again = self.put_fresh(&mut tx, &whose, &row, &fresh, actor.user).await?;
        let action = if again {
            "connection.replaced"
        } else {
            "connection.connected"
        };
        let detail = told(principal, fresh.account.as_deref());
        tx.audit(actor, deed(action, &row, &detail)).await?;
        Ok(tx.commit().await?)
    }

    /// Asks the provider, where the service says what to ask: a key that it refuses is not stored. A provider that
    /// cannot be reached proves nothing, and keeps nobody from storing a key.
    async fn prove(
        &self,
        definition: &Definition,
        material: &Material,
        known: &Known,
        consumer_secret: Option<&Secret>,
    ) -> Result<(), EngineError> {
        let armed = Armed {
            definition,
            material,
            known,
            consumer_secret,
        };
        match self.test(&armed).await {
            Some(Ok(tested)) if matches!(tested.status, 401 | 403) => {
                let first = definition
                    .asked()
                    .into_iter()
                    .next()
                    .map(|asked| value_field(&asked.name));
                let words = format!(
                    "The provider refuses this ({}{}). Compare it with the provider's page, then type it again.",
                    tested.status,
                    tested.words.map(|words| format!(": {words}")).unwrap_or_default()
                );
                Err(EngineError::field(first.as_deref().unwrap_or_default(), words))
            }
            _ => Ok(()),
        }
    }
}

/// The values that a service asks for; every one is there, on one line, and can be sent.
fn read(definition: &Definition, values: &BTreeMap<String, String>) -> Result<Material, FieldErrors> {
    let mut errors = FieldErrors::default();
    let mut read = BTreeMap::new();
    for asked in definition.asked() {
        let text = values.get(&asked.name).map(String::as_str).unwrap_or_default();
        match single_line(text, LONGEST) {
            Ok(text) if text.is_ascii() || matches!(definition.authentication, Authentication::Basic(_)) => {
                read.insert(asked.name, Secret::text(text.to_owned()));
            }
            Ok(_) => errors.add(
                &value_field(&asked.name),
                format!(
                    "{} has characters that cannot be sent. Copy it again from the provider's page.",
                    asked.label
                ),
            ),
            Err(error) => errors.add(&value_field(&asked.name), format!("{} {error}.", asked.label)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    match &definition.authentication {
        Authentication::OAuth1(_) => {
            let (token, secret) = (read.remove("token"), read.remove("token_secret"));
            token
                .zip(secret)
                .map(|(token, secret)| Material::Pair { token, secret })
                .ok_or_else(|| FieldErrors::one("", "Token and secret are missing."))
        }
        _ => Ok(Material::Values(read)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_there_and_can_be_sent() {
        let keys: Definition = serde_json::from_str(
            r#"{"authentication": {"type": "api_key", "parameters": [{"key": "X-Api-Key", "display_name": "API key"}, {"key": "app"}]}}"#,
        )
        .unwrap();
        let values = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        assert!(
            matches!(read(&keys, &values(&[("X-Api-Key", " k "), ("app", "a")])), Ok(Material::Values(v)) if v["X-Api-Key"].as_text() == Some("k"))
        );
        for wrong in ["", "a\r\nb", "ä", &"x".repeat(1 << 20)] {
            let errors = read(&keys, &values(&[("X-Api-Key", wrong), ("app", "a")]))
                .err()
                .unwrap();
            assert!(
                errors.of("value_X-Api-Key").unwrap().starts_with("API key"),
                "{errors:?}"
            );
        }
        let missing = read(&keys, &values(&[])).err().unwrap();
        assert_eq!(missing.0.len(), 2);
    }
}
