//! The secret part of a credential, opened: an access token, a signed pair, or values that a person typed in.

use std::collections::BTreeMap;

use domain::service::{Authentication, Definition};

use crate::{
    known::{bundle, unbundle},
    vault::{Secret, VaultError},
};

/// What a credential is made of. Does not print.
#[derive(Clone)]
pub enum Material {
    /// An OAuth 2.0 access token.
    Token(Secret),
    /// An OAuth 1.0a token and its secret (RFC 5849 section 2.3).
    Pair {
        /// The token.
        token: Secret,
        /// Its secret, which never travels.
        secret: Secret,
    },
    /// API keys, or user name and password, by name.
    Values(BTreeMap<String, Secret>),
}

impl Material {
    /// Reads what was stored for a service of this kind.
    ///
    /// # Errors
    /// [`VaultError::Unreadable`] for something that is of another kind.
    pub(crate) fn read(definition: &Definition, stored: Secret) -> Result<Self, VaultError> {
        match &definition.authentication {
            Authentication::OAuth2(_) => Ok(Self::Token(stored)),
            Authentication::OAuth1(_) => {
                let mut values = unbundle(&stored)?;
                let (token, secret) = (values.remove("token"), values.remove("token_secret"));
                let (token, secret) = token.zip(secret).ok_or(VaultError::Unreadable)?;
                Ok(Self::Pair { token, secret })
            }
            Authentication::ApiKey(_) | Authentication::Basic(_) => Ok(Self::Values(unbundle(&stored)?)),
        }
    }

    /// What is stored.
    pub(crate) fn stored(&self) -> Secret {
        match self {
            Self::Token(token) => token.clone(),
            Self::Pair { token, secret } => bundle(&BTreeMap::from([
                ("token".to_owned(), token.clone()),
                ("token_secret".to_owned(), secret.clone()),
            ])),
            Self::Values(values) => bundle(values),
        }
    }

    /// Every secret in it.
    pub(crate) fn secrets(&self) -> Vec<&Secret> {
        match self {
            Self::Token(token) => vec![token],
            Self::Pair { token, secret } => vec![token, secret],
            Self::Values(values) => values.values().collect(),
        }
    }

    /// The access token, where it is one.
    #[must_use]
    pub const fn token(&self) -> Option<&Secret> {
        match self {
            Self::Token(token) => Some(token),
            Self::Pair { .. } | Self::Values(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(authentication: &str) -> Definition {
        serde_json::from_str(&format!(r#"{{"authentication": {authentication}}}"#)).unwrap()
    }

    #[test]
    fn what_is_stored_is_read_by_the_kind_of_the_service() {
        let oauth1 = definition(r#"{"type": "oauth1", "consumer_key": "k"}"#);
        let basic = definition(r#"{"type": "basic"}"#);
        let (token, secret) = (Secret::text("t".into()), Secret::text("s".into()));
        let stored = Material::Pair { token, secret }.stored();
        assert!(matches!(
            Material::read(&oauth1, stored.clone()),
            Ok(Material::Pair { .. })
        ));
        assert!(matches!(Material::read(&basic, stored), Ok(Material::Values(values)) if values.len() == 2));
        let plain = Secret::text("a token".into());
        assert!(Material::read(&oauth1, plain.clone()).is_err());
        assert!(Material::read(&basic, plain).is_err());
    }
}
