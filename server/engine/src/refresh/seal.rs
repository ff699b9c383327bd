//! The secrets of a credential to a row and back: sealed for their connection, owner, column and generation.

use domain::{id::ConnectionId, scope::ScopeName, service::Values};

use crate::{
    store::credentials::{NewCredential, Whose},
    token::Tokens,
    vault::{DataKey, Place, Secret, VaultError},
};

/// What seals one generation of a credential.
pub(crate) struct Sealing<'a> {
    pub(crate) key: &'a DataKey<'a>,
    pub(crate) whose: &'a Whose,
    pub(crate) generation: i64,
}

/// Sealed secrets of one generation.
pub(crate) struct Sealed {
    generation: i64,
    access: Option<Vec<u8>>,
    refresh: Option<Vec<u8>>,
}

/// What stands beside them in the row.
pub(crate) struct About<'a> {
    pub(crate) token_type: &'a str,
    pub(crate) granted: &'a [ScopeName],
    /// Seconds until the access token ends.
    pub(crate) expires_in: Option<f64>,
    /// Whether it renews itself without a refresh token.
    pub(crate) renews_alone: bool,
    pub(crate) kept: &'a Values,
}

fn place(whose: &Whose, column: &str, generation: i64) -> Place {
    let principal = whose.principal.stored();
    Place::new(
        "credential",
        whose.connection.uuid(),
        &principal,
        column,
        generation,
    )
}

impl Sealing<'_> {
    /// Seals what there is.
    pub(crate) fn seal(
        &self,
        access: Option<&Secret>,
        refresh: Option<&Secret>,
    ) -> Result<Sealed, VaultError> {
        let sealed = |column, token: Option<&Secret>| {
            token
                .map(|token| self.key.seal(&place(self.whose, column, self.generation), token))
                .transpose()
        };
        Ok(Sealed {
            generation: self.generation,
            access: sealed("access_token", access)?,
            refresh: sealed("refresh_token", refresh)?,
        })
    }
}

/// Seals an answer's tokens for a generation. `kept` is the refresh token in use, kept where the answer brings none
/// (RFC 6749 section 6).
pub(crate) fn seal(
    sealing: &Sealing<'_>,
    tokens: &Tokens,
    kept: Option<&Secret>,
) -> Result<Sealed, VaultError> {
    sealing.seal(Some(&tokens.access), tokens.refresh.as_ref().or(kept))
}

/// Opens one of the two columns; an absent one does not open.
pub(crate) fn open(
    key: &DataKey<'_>,
    whose: &Whose,
    column: &str,
    generation: i64,
    blob: Option<&[u8]>,
) -> Result<Secret, VaultError> {
    key.open(
        &place(whose, column, generation),
        blob.ok_or(VaultError::Unreadable)?,
    )
}

impl Sealed {
    /// The row that stores them.
    pub(crate) fn row<'a>(&'a self, about: About<'a>, connection: ConnectionId) -> NewCredential<'a> {
        let expires_in = about.expires_in.filter(|_| self.access.is_some());
        NewCredential {
            generation: self.generation,
            access_token: self.access.as_deref(),
            refresh_token: self.refresh.as_deref(),
            token_type: about.token_type,
            granted: about.granted,
            expires_in,
            refresh_in: expires_in.map(|life| refresh_in(life, connection)),
            renews_alone: about.renews_alone,
            kept: about.kept,
        }
    }
}

/// A fifth of the life before its end, between one and fifteen minutes, never before half of it; up to a tenth
/// earlier by connection, so that connections of one hour do not all come at once.
fn refresh_in(life: f64, connection: ConnectionId) -> f64 {
    let margin = (0.2 * life).clamp(60.0, 900.0).min(life / 2.0);
    let spread = f64::from(connection.uuid().as_bytes()[15]) / 256.0;
    (life - margin - 0.1 * life * spread).max(life / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn refreshes_come_before_the_end_and_after_half_a_life() {
        for low_byte in [0u128, 128, 255] {
            let connection = ConnectionId::from_uuid(Uuid::from_u128(low_byte));
            for life in [4.0, 60.0, 300.0, 3600.0, 86_400.0] {
                let at = refresh_in(life, connection);
                assert!(at >= life / 2.0 && at < life, "{life} {at}");
            }
            assert!(refresh_in(3600.0, connection) <= 2880.0);
        }
    }
}
