//! Import: a connection gets tokens that were obtained elsewhere, without a consent here.

use std::sync::Arc;

use domain::{
    link_name::LinkName,
    principal::Principal,
    problem::Problem,
    scope::ScopeName,
    service::{Values, oauth2::options::RefreshBy},
};

use crate::{
    Engine,
    actor::Manager,
    connections::deed,
    error::EngineError,
    ready::Caller,
    refresh::{About, Sealing},
    store::{Tx, connections::ConnectionRow, credentials::Whose},
    vault::Secret,
};

/// The longest token that is taken.
const LONGEST: usize = 16 * 1024;

/// A token of RFC 6749 appendix A.12 and A.17: visible ASCII and spaces inside, at most 16 KiB.
#[derive(Debug, Clone)]
pub struct Token(Secret);

/// The text cannot be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "A token is one line of visible ASCII characters, at most 16384 of them. Copy it again without line breaks."
)]
pub struct TokenError;

impl Token {
    /// Reads a token.
    ///
    /// # Errors
    /// [`TokenError`].
    pub fn read(text: String) -> Result<Self, TokenError> {
        let visible = |b: u8| (0x20..=0x7e).contains(&b);
        let good = !text.trim().is_empty() && text.len() <= LONGEST && text.bytes().all(visible);
        if good {
            Ok(Self(Secret::text(text)))
        } else {
            Err(TokenError)
        }
    }

    pub(crate) const fn secret(&self) -> &Secret {
        &self.0
    }
}

/// The tokens that a provider gave.
#[derive(Debug, Clone)]
pub enum Tokens {
    /// One that serves until it ends.
    Access(Token),
    /// One from which access tokens are fetched.
    Refresh(Token),
    /// Both.
    Both {
        /// Serves at once.
        access: Token,
        /// Renews it.
        refresh: Token,
    },
}

impl Tokens {
    /// What there is of both; None where there is neither.
    #[must_use]
    pub fn of(access: Option<Token>, refresh: Option<Token>) -> Option<Self> {
        match (access, refresh) {
            (Some(access), Some(refresh)) => Some(Self::Both { access, refresh }),
            (Some(access), None) => Some(Self::Access(access)),
            (None, Some(refresh)) => Some(Self::Refresh(refresh)),
            (None, None) => None,
        }
    }

    pub(crate) const fn access(&self) -> Option<&Secret> {
        match self {
            Self::Access(token) | Self::Both { access: token, .. } => Some(token.secret()),
            Self::Refresh(_) => None,
        }
    }
    pub(crate) const fn refresh(&self) -> Option<&Secret> {
        match self {
            Self::Refresh(token) | Self::Both { refresh: token, .. } => Some(token.secret()),
            Self::Access(_) => None,
        }
    }
}

/// A credential that was obtained elsewhere.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its tokens.
    pub tokens: Tokens,
    /// Seconds until the access token ends; None where it does not, or where there is none.
    pub expires_in: Option<u32>,
    /// What was granted; None for what the connection asks for.
    pub scopes: Option<Vec<ScopeName>>,
    /// Whose account it is.
    pub account: Option<String>,
}

impl Engine {
    /// Puts an imported credential in place of whatever is there. A refresh token alone is used at once, so that the
    /// connection's status tells whether it is good.
    ///
    /// # Errors
    /// Not found; a field error for a refresh token that nothing would be renewed with. What the provider says to the refresh is no error: the connection's status tells it.
    pub async fn import_credential(
        self: &Arc<Self>,
        manager: &Manager,
        link_name: &LinkName,
        user: &Principal,
        import: &Import,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        let fits = match user {
            Principal::Organization => row.mode.has_organization(),
            Principal::Member(_) | Principal::External(_) => row.mode.has_people(),
        };
        let service = tx.service(row.service).await?;
        let Some(oauth2) = service.input.definition.oauth2().filter(|_| fits) else {
            return Err(Problem::NotPermitted("connection").into());
        };
        if import.tokens.refresh().is_some() && oauth2.options.refresh.by != RefreshBy::RefreshToken {
            let sentence = "This service renews nothing with a refresh token. Leave it out, or change Renewed with in \
                            the service.";
            return Err(EngineError::field("refresh_token", sentence));
        }
        self.store_import(&mut tx, manager, &row, user, import).await?;
        tx.commit().await?;
        if import.tokens.access().is_none() {
            let tried = self
                .ready_for(Caller::Person(manager.organization()), link_name, user, 0.0)
                .await;
            if let Err(EngineError::Store(error)) = tried {
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// The same within a transaction, without the refresh.
    pub(crate) async fn store_import(
        &self,
        tx: &mut Tx,
        manager: &Manager,
        row: &ConnectionRow,
        user: &Principal,
        import: &Import,
    ) -> Result<(), EngineError> {
        let whose = Whose {
            connection: row.id,
            principal: user.clone(),
        };
        // A consent that was begun before would put its own tokens over these.
        tx.consents_of_person_end(&whose).await?;
        let generation = tx.next_generation(&whose).await?;
        let key = self.data_key(tx).await?;
        let sealing = Sealing {
            key: &key,
            whose: &whose,
            generation,
        };
        let sealed = sealing.seal(import.tokens.access(), import.tokens.refresh())?;
        let about = About {
            token_type: "Bearer",
            granted: import.scopes.as_ref().unwrap_or(&row.scopes),
            expires_in: import.expires_in.map(f64::from),
            renews_alone: false,
            kept: &Values::new(),
        };
        tx.credential_put(
            &whose,
            &sealed.row(about, row.id),
            import.account.as_deref(),
            manager.user(),
        )
        .await?;
        let what = match &import.tokens {
            Tokens::Access(_) => "an access token",
            Tokens::Refresh(_) => "a refresh token",
            Tokens::Both { .. } => "an access token and a refresh token",
        };
        Ok(tx
            .audit(&manager.actor(), deed("connection.imported", row, what))
            .await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_line() {
        assert!(Token::read("ya29.a0-x_y~/+=".into()).is_ok());
        for wrong in ["", "  ", "a\r\nb", "a\0", "ä"] {
            assert!(Token::read(wrong.into()).is_err(), "{wrong:?}");
        }
        assert!(Token::read("x".repeat(LONGEST + 1)).is_err());
    }
}
