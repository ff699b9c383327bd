//! Revoke: unusable here at once, withdrawn at the provider (RFC 7009) from an outbox that tries again for a day.

use std::sync::Arc;

use domain::{
    id::{ConnectionId, OrganizationId},
    link_name::LinkName,
    text::quoted,
};
use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use uuid::Uuid;

use crate::{
    Engine,
    actor::Manager,
    connections::deed,
    egress::EgressError,
    error::EngineError,
    random, refresh,
    services::secret_place,
    store::{
        StoreError, Tx,
        audit::{Actor, Deed},
        connections::ConnectionRow,
        revocations::RevocationRow,
        services::ServiceRow,
    },
    token::{Client, DEADLINE},
    vault::{Place, Secret},
};

/// Revocation requests at a time.
const AT_ONCE: usize = 8;

/// Where a token waits for its withdrawal.
fn place(id: Uuid) -> Place {
    Place::new("revocation_outbox", id, "", "token", 1)
}

/// What came of a try.
enum Try {
    Done,
    Again(String),
    Refused(String),
}

impl Engine {
    /// Revokes a connection's credential.
    ///
    /// # Errors
    /// Not found.
    pub async fn revoke_connection(
        self: &Arc<Self>,
        manager: &Manager,
        link_name: &LinkName,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        self.withdraw(&mut tx, &row).await?;
        tx.audit(&manager.actor(), deed("connection.revoked", &row, ""))
            .await?;
        tx.commit().await?;
        let engine = Arc::clone(self);
        self.tasks.spawn(async move { engine.run_revocations().await });
        Ok(())
    }

    /// Erases a credential's tokens, and puts the one that ends the grant into the outbox where the service has a
    /// revoke URL: the refresh token, or the access token where there is no other.
    pub(crate) async fn withdraw(&self, tx: &mut Tx, connection: &ConnectionRow) -> Result<(), EngineError> {
        tx.consents_end(connection.id).await?;
        let row = match tx.credential(connection.id, true).await {
            Err(StoreError::NotFound) => return Ok(()),
            other => other?,
        };
        let service = tx.service(connection.service).await?;
        let key = self.data_key(tx).await?;
        let tokens = [
            ("refresh_token", &row.refresh_token),
            ("access_token", &row.access_token),
        ];
        let opened = tokens.into_iter().find_map(|(column, blob)| {
            refresh::open(&key, connection.id, column, row.generation, blob.as_deref())
                .ok()
                .map(|token| (column, token))
        });
        if let Some((hint, token)) = opened {
            self.queue_withdrawal(tx, &service, connection.id, hint, &token)
                .await?;
        }
        Ok(tx.credential_erase(connection.id).await?)
    }

    /// Puts a token that is of no use here into the outbox, where the service has a revoke URL.
    pub(crate) async fn queue_withdrawal(
        &self,
        tx: &mut Tx,
        service: &ServiceRow,
        connection: ConnectionId,
        hint: &str,
        token: &Secret,
    ) -> Result<(), EngineError> {
        if service.input.definition.oauth2().revoke_token_url.is_none() {
            return Ok(());
        }
        let id = random::uuid();
        let sealed = self.data_key(tx).await?.seal(&place(id), token)?;
        Ok(tx
            .revocation_insert(id, service.id, connection, &sealed, hint)
            .await?)
    }

    /// Works off the outbox; called after a revocation and every few seconds. Several at a time, so that one
    /// provider that does not answer does not hold up the others.
    pub async fn run_revocations(&self) {
        let due = match self.store.revocations_due(50).await {
            Ok(due) => due,
            Err(error) => return tracing::warn!(%error, "the revocation outbox cannot be read"),
        };
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, |(organization, id)| async move {
                if let Err(error) = self.revoke_one(organization, id).await {
                    tracing::warn!(%organization, %error, "a revocation could not be tried");
                }
            })
            .await;
    }

    async fn revoke_one(&self, organization: OrganizationId, id: Uuid) -> Result<(), EngineError> {
        let mut tx = self.store.begin(organization).await?;
        let Some(row) = tx.revocation_take(id).await? else {
            return Ok(());
        };
        let service = tx.service(row.service).await?;
        let key = self.data_key(&mut tx).await?;
        tx.commit().await?;
        let secret = key.open(
            &secret_place(service.id, service.secret_generation),
            &service.client_secret,
        );
        let outcome = match (secret, key.open(&place(id), &row.token)) {
            (Ok(secret), Ok(token)) => self.ask(&service, &secret, &token, &row.hint).await,
            _ => Try::Refused("A stored secret that is needed for it cannot be opened.".into()),
        };
        let mut tx = self.store.begin(organization).await?;
        self.close(&mut tx, &row, &service.input.name, outcome).await?;
        Ok(tx.commit().await?)
    }

    /// The revocation request (RFC 7009 section 2.1).
    async fn ask(&self, service: &ServiceRow, secret: &Secret, token: &Secret, hint: &str) -> Try {
        let oauth2 = service.input.definition.oauth2();
        let Some(url) = &oauth2.revoke_token_url else {
            return Try::Refused("The service has no revoke URL any more.".into());
        };
        let parameters = [
            ("token", token.as_text().unwrap_or_default()),
            ("token_type_hint", hint),
        ];
        let client = Client { oauth2, secret };
        judge(
            self.token_request(&client, url.as_url(), &parameters, DEADLINE)
                .await,
        )
    }

    async fn close(
        &self,
        tx: &mut Tx,
        row: &RevocationRow,
        subject: &domain::name::Name,
        outcome: Try,
    ) -> Result<(), EngineError> {
        let note = |action, detail| Deed {
            action,
            service: Some(row.service),
            connection: Some(row.connection),
            subject: subject.as_str(),
            detail,
        };
        let words = match outcome {
            Try::Again(words) if !row.exhausted => {
                let pause = 2f64.powi(row.attempts.clamp(1, 12)).min(3600.0);
                return Ok(tx.revocation_postpone(row.id, pause, &words).await?);
            }
            Try::Again(words) | Try::Refused(words) => Some(words),
            Try::Done => None,
        };
        tx.revocation_delete(row.id).await?;
        let action = if words.is_some() {
            "connection.revocation_failed"
        } else {
            "connection.revoked_at_provider"
        };
        Ok(tx
            .audit(
                &Actor::default(),
                note(action, words.as_deref().unwrap_or_default()),
            )
            .await?)
    }
}

/// 200 is success, for a token that is unknown there, too (RFC 7009 section 2.2); 503 means "still exists".
fn judge(result: Result<crate::egress::Answer, EgressError>) -> Try {
    match result {
        Ok(answer) if answer.status.is_success() => Try::Done,
        Ok(answer) => {
            let code = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
            let code = code
                .as_ref()
                .and_then(|v| v.get("error"))
                .and_then(|v| v.as_str())
                .unwrap_or_default();
            let words = quoted(&format!("{} {code}", answer.status), 200);
            let passes = answer.status.is_server_error() || answer.status == StatusCode::TOO_MANY_REQUESTS;
            if passes {
                Try::Again(words)
            } else {
                Try::Refused(words)
            }
        }
        Err(error @ EgressError::Refused(_)) => Try::Refused(error.to_string()),
        Err(error) => Try::Again(error.to_string()),
    }
}
