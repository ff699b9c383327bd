//! A fresh credential, however it was obtained, on its way into its row.

use std::collections::BTreeMap;

use domain::{
    id::UserId,
    scope::ScopeName,
    service::{Definition, OAuth1, Values},
};

use crate::{
    Engine,
    error::EngineError,
    material::Material,
    oauth1,
    refresh::{About, Sealing},
    revoke::last_words,
    store::{Tx, connections::ConnectionRow, credentials::Whose},
    token::Tokens,
    vault::Secret,
};

/// A credential that is not stored yet. Does not print.
pub(crate) struct Fresh {
    pub(crate) material: Material,
    pub(crate) refresh: Option<Secret>,
    pub(crate) token_type: String,
    /// What was granted, where the provider says so.
    pub(crate) scopes: Option<Vec<ScopeName>>,
    pub(crate) expires_in: Option<f64>,
    pub(crate) renews_alone: bool,
    pub(crate) kept: Values,
    /// Whose account it is at the provider.
    pub(crate) account: Option<String>,
}

impl Fresh {
    /// OAuth 2.0 tokens.
    pub(crate) fn of_tokens(definition: &Definition, tokens: Tokens, kept: Values) -> Self {
        Self {
            material: Material::Token(tokens.access),
            refresh: tokens.refresh,
            token_type: tokens.token_type,
            scopes: tokens.scopes,
            expires_in: tokens.expires_in,
            renews_alone: definition.oauth2().is_some_and(|oauth2| oauth2.renews_alone()),
            kept,
            account: None,
        }
    }

    /// An OAuth 1.0a token with its secret. A provider without an identity URL often names the account beside them.
    pub(crate) fn of_pair(service: &OAuth1, credentials: oauth1::answer::Credentials) -> Self {
        let field = service.options.identity_field.as_ref();
        let named = service.options.identity_url.is_none().then_some(field).flatten();
        let account = named.and_then(|field| credentials.further.get(field.as_str()));
        Self {
            account: account.map(|name| domain::text::quoted(name, 200)),
            ..Self::of_values(Material::Pair {
                token: Secret::text(credentials.token),
                secret: credentials.secret,
            })
        }
    }

    /// Values that were typed in.
    pub(crate) fn of_values(material: Material) -> Self {
        Self {
            material,
            refresh: None,
            token_type: String::new(),
            scopes: None,
            expires_in: None,
            renews_alone: false,
            kept: BTreeMap::new(),
            account: None,
        }
    }

    /// The token that ends the grant at the provider, with its hint (RFC 7009 section 2.1).
    pub(crate) fn last_word(&self, definition: &Definition) -> Option<(&'static str, &Secret)> {
        let named = |hint: &'static str| match hint {
            "refresh_token" => self.refresh.as_ref(),
            _ => self.material.token(),
        };
        last_words(definition)
            .into_iter()
            .find_map(|hint| Some((hint, named(hint)?)))
    }
}

impl Engine {
    /// Puts a fresh credential in place of whatever is there, under the next generation. Says whether there was one.
    pub(crate) async fn put_fresh(
        &self,
        tx: &mut Tx,
        whose: &Whose,
        row: &ConnectionRow,
        fresh: &Fresh,
        by: Option<UserId>,
    ) -> Result<bool, EngineError> {
        let generation = tx.next_generation(whose).await?;
        let key = self.data_key(tx).await?;
        let sealing = Sealing {
            key: &key,
            whose,
            generation,
        };
        let sealed = sealing.seal(Some(&fresh.material.stored()), fresh.refresh.as_ref())?;
        let about = About {
            token_type: &fresh.token_type,
            granted: fresh.scopes.as_ref().unwrap_or(&row.scopes),
            expires_in: fresh.expires_in,
            renews_alone: fresh.renews_alone,
            kept: &fresh.kept,
        };
        tx.credential_put(whose, &sealed.row(about, row.id), fresh.account.as_deref(), by)
            .await?;
        Ok(generation > 1)
    }
}
