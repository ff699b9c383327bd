//! T1: one short transaction that writes the intent and takes the lease, or settles what an earlier sender left.

use domain::{
    connection::{Cause, CredentialState},
    id::AttemptId,
    scope::ScopeName,
    service::{
        OAuth2,
        oauth2::{Rotation, options::RefreshBy},
    },
};

use crate::{
    Engine,
    error::EngineError,
    known::{self, Known},
    random,
    store::{
        Tx,
        connections::ConnectionRow,
        credentials::{CredentialRow, Ending, Setback, Whose},
        services::ServiceRow,
    },
    vault::{DataKey, Secret, VaultError},
};

use super::{decide::is_unresolved, open, setback::must_not_be_sent_again};

/// The request's own deadline is 15 s; a lease outlives it by as much again.
const LEASE_SECONDS: f64 = 30.0;

/// Leave to send one refresh request.
pub(super) struct Leave {
    pub(super) whose: Whose,
    pub(super) attempt: AttemptId,
    pub(super) row: CredentialRow,
    pub(super) service: ServiceRow,
    /// What the connection asks for.
    pub(super) scopes: Vec<ScopeName>,
    /// What the service's templates are filled with.
    pub(super) known: Known,
    pub(super) client_secret: Option<Secret>,
    pub(super) by: By,
    /// Whether this is the one retry after an answer that was lost.
    pub(super) recovers: bool,
}

/// With what another access token is fetched.
pub(super) enum By {
    /// The refresh token.
    Refresh(Secret),
    /// The access token itself; the refresh token, where there is one all the same, is kept.
    Access(Secret),
    /// The grant, once more.
    Grant,
}

impl By {
    /// The refresh token that stays where an answer brings no other.
    pub(super) const fn kept(&self) -> Option<&Secret> {
        match self {
            Self::Refresh(token) => Some(token),
            Self::Access(_) | Self::Grant => None,
        }
    }
}

/// The rotation that counts for a renewal: asking for the same grant again uses nothing up.
pub(super) fn rotation(oauth2: &OAuth2) -> Rotation {
    if oauth2.grant_type.has_consent() {
        oauth2.options.rotation
    } else {
        Rotation::Never
    }
}

/// The secrets that a renewal needs, opened.
struct Opened {
    known: Known,
    client_secret: Option<Secret>,
    by: By,
}

impl Engine {
    /// Takes the lease; None where there is nothing to send (any more).
    pub(super) async fn take_leave(
        &self,
        mut tx: Tx,
        whose: &Whose,
        generation: i64,
    ) -> Result<Option<Leave>, EngineError> {
        tx.concerns(whose.connection);
        let row = tx.credential(whose, true).await?;
        let leased = row.lease_until.is_some_and(|until| until > row.now);
        if row.generation != generation || leased || row.next_try_at > row.now || !sendable(&row) {
            return Ok(None);
        }
        let connection = tx.connection(whose.connection).await?;
        let service = tx.service(connection.service).await?;
        let Some(oauth2) = service.input.definition.oauth2() else {
            return Ok(None);
        };
        let recovers = is_unresolved(&row);
        if recovers && must_not_be_sent_again(rotation(oauth2), row.attempt_recovers) {
            self.give_up_rotation(tx, whose, &row).await?;
            return Ok(None);
        }
        let opened = {
            let key = self.data_key(&mut tx).await?;
            self.opened(&key, whose, &connection, &row, &service, oauth2)
        };
        let Ok(Opened {
            known,
            client_secret,
            by,
        }) = opened
        else {
            let (state, cause) = (CredentialState::VaultError, Cause::VaultUnreadable);
            tx.credential_state_set(whose, row.generation, state, cause)
                .await?;
            tx.commit().await?;
            tracing::error!(connection = %whose.connection, "a stored secret cannot be opened");
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
        tx.attempt_insert(attempt, whose, row.generation, self.replica, recovers)
            .await?;
        tx.lease(whose, attempt, self.replica, row.generation, LEASE_SECONDS)
            .await?;
        tx.commit().await?;
        Ok(Some(Leave {
            whose: whose.clone(),
            attempt,
            row,
            service,
            scopes: connection.scopes,
            known,
            client_secret,
            by,
            recovers,
        }))
    }

    fn opened(
        &self,
        key: &DataKey<'_>,
        whose: &Whose,
        connection: &ConnectionRow,
        row: &CredentialRow,
        service: &ServiceRow,
        oauth2: &OAuth2,
    ) -> Result<Opened, VaultError> {
        let token =
            |column, blob: &Option<Vec<u8>>| open(key, whose, column, row.generation, blob.as_deref());
        let by = if !oauth2.grant_type.has_consent() {
            By::Grant
        } else if oauth2.options.refresh.by == RefreshBy::AccessToken {
            By::Access(token("access_token", &row.access_token)?)
        } else {
            By::Refresh(token("refresh_token", &row.refresh_token)?)
        };
        Ok(Opened {
            known: known::of_connection(key, connection)?.with_all(&row.kept),
            client_secret: self.client_secret(key, service)?,
            by,
        })
    }

    /// The refresh token may be used up at the provider. What is left of the access token is served; then only
    /// consent helps.
    async fn give_up_rotation(
        &self,
        mut tx: Tx,
        whose: &Whose,
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
        tx.credential_set_back(whose, lost, &setback).await?;
        tx.attempt_finish(
            lost,
            &Ending {
                outcome: "lost",
                ..Ending::default()
            },
        )
        .await?;
        tx.commit().await?;
        tracing::warn!(connection = %whose.connection, "the answer to a refresh was lost and the provider accepts a token only once");
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
    row.renews() && state && !lost
}
