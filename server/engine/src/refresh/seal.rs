//! Tokens to a row and back: sealed for their connection, column and generation.

use domain::{id::ConnectionId, scope::ScopeName};

use crate::{
    import,
    store::credentials::NewCredential,
    token::Tokens,
    vault::{DataKey, Place, Secret, VaultError},
};

/// Sealed tokens of one generation.
pub(crate) struct Sealed {
    generation: i64,
    access: Option<Vec<u8>>,
    refresh: Option<Vec<u8>>,
}

fn place(connection: ConnectionId, column: &str, generation: i64) -> Place {
    Place::new("credential", connection.uuid(), "", column, generation)
}

/// Seals an answer's tokens for a generation. `kept` is the refresh token in use, kept where the answer brings none
/// (RFC 6749 section 6).
pub(crate) fn seal(
    key: &DataKey<'_>,
    connection: ConnectionId,
    generation: i64,
    tokens: &Tokens,
    kept: Option<&Secret>,
) -> Result<Sealed, VaultError> {
    let refresh = tokens.refresh.as_ref().or(kept);
    both(key, connection, generation, Some(&tokens.access), refresh)
}

/// Seals tokens that were obtained elsewhere.
pub(crate) fn seal_import(
    key: &DataKey<'_>,
    connection: ConnectionId,
    generation: i64,
    tokens: &import::Tokens,
) -> Result<Sealed, VaultError> {
    both(key, connection, generation, tokens.access(), tokens.refresh())
}

fn both(
    key: &DataKey<'_>,
    connection: ConnectionId,
    generation: i64,
    access: Option<&Secret>,
    refresh: Option<&Secret>,
) -> Result<Sealed, VaultError> {
    let sealed = |column, token: Option<&Secret>| {
        token
            .map(|token| key.seal(&place(connection, column, generation), token))
            .transpose()
    };
    Ok(Sealed {
        generation,
        access: sealed("access_token", access)?,
        refresh: sealed("refresh_token", refresh)?,
    })
}

/// Opens one of the two columns; an absent one does not open.
pub(crate) fn open(
    key: &DataKey<'_>,
    connection: ConnectionId,
    column: &str,
    generation: i64,
    blob: Option<&[u8]>,
) -> Result<Secret, VaultError> {
    key.open(
        &place(connection, column, generation),
        blob.ok_or(VaultError::Unreadable)?,
    )
}

impl Sealed {
    /// The row that stores them.
    pub(crate) fn row<'a>(
        &'a self,
        tokens: &'a Tokens,
        granted: &'a [ScopeName],
        connection: ConnectionId,
    ) -> NewCredential<'a> {
        NewCredential {
            generation: self.generation,
            access_token: self.access.as_deref(),
            refresh_token: self.refresh.as_deref(),
            token_type: &tokens.token_type,
            granted,
            expires_in: tokens.expires_in,
            refresh_in: tokens.expires_in.map(|life| refresh_in(life, connection)),
        }
    }

    /// The row that stores imported ones.
    pub(crate) fn imported<'a>(
        &'a self,
        granted: &'a [ScopeName],
        expires_in: Option<f64>,
        connection: ConnectionId,
    ) -> NewCredential<'a> {
        let expires_in = expires_in.filter(|_| self.access.is_some());
        NewCredential {
            generation: self.generation,
            access_token: self.access.as_deref(),
            refresh_token: self.refresh.as_deref(),
            token_type: "Bearer",
            granted,
            expires_in,
            refresh_in: expires_in.map(|life| refresh_in(life, connection)),
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
