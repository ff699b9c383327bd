//! What the templates of a service are filled with: a connection's fields, what was kept from its provider's answers,
//! and what the moment brings along (the client, a token, a nonce).

use std::collections::BTreeMap;

use domain::service::Values;

use crate::{
    store::connections::ConnectionRow,
    vault::{DataKey, Place, Secret, VaultError},
};

/// Values by name. Does not print: some are secret.
#[derive(Clone, Default)]
pub struct Known {
    values: Values,
    secrets: BTreeMap<String, Secret>,
}

impl Known {
    /// Values that are no secrets.
    #[must_use]
    pub fn new(values: Values) -> Self {
        Self {
            values,
            secrets: BTreeMap::new(),
        }
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let secret = || self.secrets.get(name).and_then(Secret::as_text);
        self.values.get(name).map(String::as_str).or_else(secret)
    }

    /// The same with one more value, in place of another of its name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }

    /// The same with one more secret.
    #[must_use]
    pub fn with_secret(mut self, name: &str, secret: &Secret) -> Self {
        self.secrets.insert(name.to_owned(), secret.clone());
        self
    }

    /// The same with values that a provider brought along.
    #[must_use]
    pub fn with_all(mut self, values: &Values) -> Self {
        self.values.extend(values.clone());
        self
    }

    /// All of it as one secret, to be sealed and opened again by [`Self::opened`].
    pub(crate) fn sealable(&self) -> Secret {
        let text = |(name, value): (&String, &String)| (name.clone(), Secret::text(value.clone()));
        let mut all = self.secrets.clone();
        all.extend(self.values.iter().map(text));
        bundle(&all)
    }

    /// What was sealed together; all of it is secret now.
    pub(crate) fn opened(sealable: &Secret) -> Result<Self, VaultError> {
        Ok(Self {
            values: Values::new(),
            secrets: unbundle(sealable)?,
        })
    }

    /// Its secrets.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        self.secrets.values()
    }
}

/// Where a connection's secret fields stand.
pub(crate) fn fields_place(connection: domain::id::ConnectionId, generation: i64) -> Place {
    Place::new("connection", connection.uuid(), "", "secret_fields", generation)
}

/// Several secrets as one, to be sealed together.
pub(crate) fn bundle(secrets: &BTreeMap<String, Secret>) -> Secret {
    let texts: BTreeMap<&str, &str> = secrets
        .iter()
        .filter_map(|(name, secret)| Some((name.as_str(), secret.as_text()?)))
        .collect();
    Secret::new(serde_json::to_vec(&texts).unwrap_or_default())
}

/// The secrets of a bundle.
pub(crate) fn unbundle(bundle: &Secret) -> Result<BTreeMap<String, Secret>, VaultError> {
    let texts: BTreeMap<String, String> =
        serde_json::from_slice(bundle.bytes()).map_err(|_| VaultError::Unreadable)?;
    Ok(texts
        .into_iter()
        .map(|(name, text)| (name, Secret::text(text)))
        .collect())
}

/// What a connection was asked for, its secret fields opened.
pub(crate) fn of_connection(key: &DataKey<'_>, row: &ConnectionRow) -> Result<Known, VaultError> {
    of_fields(
        key,
        row.id,
        row.fields.clone(),
        row.secret_fields.as_deref(),
        row.secret_generation,
    )
}

/// The same from the parts of a row.
pub(crate) fn of_fields(
    key: &DataKey<'_>,
    connection: domain::id::ConnectionId,
    values: Values,
    sealed: Option<&[u8]>,
    generation: i64,
) -> Result<Known, VaultError> {
    let secrets = match sealed {
        Some(sealed) => unbundle(&key.open(&fields_place(connection, generation), sealed)?)?,
        None => BTreeMap::new(),
    };
    Ok(Known { values, secrets })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_known_is_sealed_and_opened() {
        let known = Known::default()
            .with("shop", "acme")
            .with_secret("token", &Secret::text("t\"1".into()));
        let again = Known::opened(&known.sealable()).unwrap();
        assert_eq!(
            (again.get("shop"), again.get("token"), again.get("other")),
            (Some("acme"), Some("t\"1"), None)
        );
        assert!(Known::opened(&Secret::text("t".into())).is_err());
    }

    #[test]
    fn secrets_travel_together_and_do_not_print() {
        let secrets = BTreeMap::from([("a".to_owned(), Secret::text("s\"1".into()))]);
        let again = unbundle(&bundle(&secrets)).unwrap();
        assert_eq!(again["a"].as_text(), Some("s\"1"));
        assert!(unbundle(&Secret::text("x".into())).is_err());
        let known = Known::default().with("x", "1").with_secret("y", &again["a"]);
        assert_eq!(
            (known.get("x"), known.get("y"), known.get("z")),
            (Some("1"), Some("s\"1"), None)
        );
    }
}
