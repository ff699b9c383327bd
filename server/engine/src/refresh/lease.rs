//! T1: one short transaction that writes the intent and takes the lease, or settles what an earlier sender left.

use domain::{
    connection::{Cause, CredentialState},
    id::{AttemptId, ConnectionId},
};

use crate::{
    Engine,
    error::EngineError,
    random,
    services::secret_place,
    store::{
        Tx,
        credentials::{CredentialRow, Ending, Setback},
        services::ServiceRow,
    },
    vault::Secret,
};

use super::{decide::is_unresolved, open, setback::must_not_be_sent_again};

/// The request's own deadline is 15 s; a lease outlives it by as much again.
const LEASE_SECONDS: f64 = 30.0;

/// Leave to send one refresh request.
pub(super) struct Leave {
    pub(super) connection: ConnectionId,
    pub(super) attempt: AttemptId,
    pub(super) row: CredentialRow,
    pub(super) service: ServiceRow,
    pub(super) client_secret: Secret,
    pub(super) refresh_token: Secret,
    /// Whether this is the one retry after an answer that was lost.
    pub(super) recovers: bool,
}

impl Engine {
    /// Takes the lease; None where there is nothing to send (any more).
    pub(super) async fn take_leave(
        &self,
        mut tx: Tx,
        connection: ConnectionId,
        generation: i64,
    ) -> Result<Option<Leave>, EngineError> {
        tx.concerns(connection);
        let row = tx.credential(connection, true).await?;
        let leased = row.lease_until.is_some_and(|until| until > row.now);
        if row.generation != generation || leased || row.next_try_at > row.now || !sendable(&row) {
            return Ok(None);
        }
        let service = tx.connection(connection).await?.service;
        let service = tx.service(service).await?;
        let recovers = is_unresolved(&row);
        if recovers
            && must_not_be_sent_again(
                service.input.definition.oauth2().options.rotation,
                row.attempt_recovers,
            )
        {
            self.give_up_rotation(tx, connection, &row).await?;
            return Ok(None);
        }
        let key = self.data_key(&mut tx).await?;
        let client_secret = key.open(
            &secret_place(service.id, service.secret_generation),
            &service.client_secret,
        );
        let refresh_token = open(
            &key,
            connection,
            "refresh_token",
            row.generation,
            row.refresh_token.as_deref(),
        );
        let (Ok(client_secret), Ok(refresh_token)) = (client_secret, refresh_token) else {
            let (state, cause) = (CredentialState::VaultError, Cause::VaultUnreadable);
            tx.credential_state_set(connection, row.generation, state, cause)
                .await?;
            tx.commit().await?;
            tracing::error!(%connection, "a stored secret cannot be opened");
            return Ok(None);
        };
        let attempt = AttemptId::from_uuid(random::uuid());
        if let Some(lost) = row.attempt {
            tx.attempt_finish(
                lost,
                &Ending {
                    outcome: "lost",
                    ..Ending::default()
                },
            )
            .await?;
        }
        tx.attempt_insert(attempt, connection, row.generation, self.replica, recovers)
            .await?;
        tx.lease(connection, attempt, self.replica, row.generation, LEASE_SECONDS)
            .await?;
        tx.commit().await?;
        Ok(Some(Leave {
            connection,
            attempt,
            row,
            service,
            client_secret,
            refresh_token,
            recovers,
        }))
    }

    /// The refresh token may be used up at the provider. What is left of the access token is served; then only
    /// consent helps.
    async fn give_up_rotation(
        &self,
        mut tx: Tx,
        connection: ConnectionId,
        row: &CredentialRow,
    ) -> Result<(), EngineError> {
        let Some(lost) = row.attempt else { return Ok(()) };
        let state = lost_state(row);
        let setback = Setback {
            state,
            cause: Cause::LostRotation,
            words: None,
            retry_in: 0.0,
            // The sender may still be alive and wait for the database: its late commit mends this.
            unresolved: true,
        };
        tx.credential_set_back(connection, lost, &setback).await?;
        tx.attempt_finish(
            lost,
            &Ending {
                outcome: "lost",
                ..Ending::default()
            },
        )
        .await?;
        tx.commit().await?;
        tracing::warn!(%connection, "the answer to a refresh was lost and the provider accepts a token only once");
        Ok(())
    }
}

/// Uncertain while the access token lives, needs_reauth after.
pub(super) fn lost_state(row: &CredentialRow) -> CredentialState {
    if row.expires_at.is_some_and(|end| end <= row.now) {
        CredentialState::NeedsReauth
    } else {
        CredentialState::Uncertain
    }
}

fn sendable(row: &CredentialRow) -> bool {
    let lost = row.state == CredentialState::Uncertain && row.cause == Some(Cause::LostRotation);
    let state = matches!(
        row.state,
        CredentialState::Active | CredentialState::Backoff | CredentialState::Uncertain
    );
    row.refresh_token.is_some() && state && !lost
}
