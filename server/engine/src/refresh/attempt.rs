//! The request, and T2: the commit that only the holder of the lease can make.

use std::{sync::Arc, time::Duration};

use domain::{
    connection::CredentialState,
    id::{ConnectionId, OrganizationId},
};
use tokio::time::{Instant, sleep};

use crate::{
    Engine,
    egress::{Answer, EgressError, Failure, Origin, Reason, Refusal},
    error::EngineError,
    random,
    store::{StoreError, credentials::Ending},
    token::{Client, DEADLINE, Tokens, Verdict, answer::judge},
};

use super::{lease::Leave, seal, setback::setback};

/// How long a result is kept in memory for a database that does not answer.
const HOLD: Duration = Duration::from_secs(300);
/// With less than this left of its deadline a request is not begun.
const LEAST_TIME: Duration = Duration::from_secs(5);

impl Engine {
    /// One attempt at refreshing a credential of this generation. Detached by the caller.
    pub(super) async fn refresh_once(
        self: &Arc<Self>,
        organization: OrganizationId,
        connection: ConnectionId,
        generation: i64,
    ) -> Result<(), EngineError> {
        let asked = Instant::now();
        let tx = self.store.begin(organization).await?;
        let Some(leave) = self.take_leave(tx, connection, generation).await? else {
            return Ok(());
        };
        let begun = Instant::now();
        let result = self.send_refresh(&leave, asked).await;
        let latency = i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX);
        let sent = [&leave.client_secret, &leave.refresh_token];
        let delimiter = leave.service.input.definition.oauth2().scope_delimiter;
        let verdict = judge(result.as_ref(), delimiter, &sent);
        let status = result.ok().map(|answer| i32::from(answer.status.as_u16()));
        self.keep(organization, &leave, &verdict, status, latency).await
    }

    /// `asked` is when the lease was asked for: what is left of the deadline is left for the request, and where
    /// that is little (the database was slow, the machine slept), nothing is sent that might outlive the lease.
    async fn send_refresh(&self, leave: &Leave, asked: Instant) -> Result<Answer, EgressError> {
        let oauth2 = leave.service.input.definition.oauth2();
        let url = oauth2.refresh_url().as_url();
        let deadline = DEADLINE.saturating_sub(asked.elapsed());
        if deadline < LEAST_TIME {
            let origin = Origin::of(url).ok_or(Refusal::NoHost)?;
            let reason = Reason::Deadline(DEADLINE);
            return Err(EgressError::NotSent(Failure { origin, reason }));
        }
        let client = Client {
            oauth2,
            secret: &leave.client_secret,
        };
        let token = leave.refresh_token.as_text().unwrap_or_default();
        let parameters = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token_request(&client, url, &parameters, deadline).await
    }

    /// Writes what came of it, again and again where the database does not answer: a rotated token exists nowhere
    /// else.
    async fn keep(
        &self,
        organization: OrganizationId,
        leave: &Leave,
        verdict: &Verdict,
        status: Option<i32>,
        latency: i32,
    ) -> Result<(), EngineError> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            match self.commit(organization, leave, verdict, status, latency).await {
                Err(EngineError::Store(StoreError::Unavailable(error))) if begun.elapsed() < HOLD => {
                    tracing::warn!(connection = %leave.connection, %error, "the result of a refresh waits for the database");
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_secs(5));
                }
                other => return other,
            }
        }
    }

    /// T2.
    async fn commit(
        &self,
        organization: OrganizationId,
        leave: &Leave,
        verdict: &Verdict,
        status: Option<i32>,
        latency: i32,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(organization).await?;
        tx.concerns(leave.connection);
        let (outcome, held) = match verdict {
            Verdict::Success(tokens) => ("refreshed", self.advance(&mut tx, leave, tokens).await?),
            failed => {
                let rotation = leave.service.input.definition.oauth2().options.rotation;
                let chance = f64::from(random::bytes::<1>()[0]) / 256.0;
                let setback = setback(failed, &leave.row, rotation, leave.recovers, chance);
                (
                    setback.cause.word(),
                    tx.credential_set_back(leave.connection, leave.attempt, &setback)
                        .await?,
                )
            }
        };
        let words = verdict.words();
        let error = (!words.is_empty()).then_some(words);
        let outcome = if held { outcome } else { "fenced" };
        let ending = Ending {
            outcome,
            http_status: status,
            error,
            latency_ms: Some(latency),
        };
        match tx.attempt_finish(leave.attempt, &ending).await {
            // The connection was deleted meanwhile, and its attempts with it.
            Err(StoreError::NotFound) if !held => {}
            other => other?,
        }
        if let (false, Verdict::Success(tokens)) = (held, verdict) {
            self.withdraw_orphan(&mut tx, leave, tokens).await?;
        }
        tx.commit().await?;
        if !held {
            tracing::warn!(connection = %leave.connection, attempt = %leave.attempt, "this refresh was overtaken");
        }
        Ok(())
    }

    /// Tokens of a grant that was revoked or deleted while it was being renewed: the withdrawal that is under way
    /// holds the token before these, which a provider that rotates no longer knows.
    async fn withdraw_orphan(
        &self,
        tx: &mut crate::store::Tx,
        leave: &Leave,
        tokens: &Tokens,
    ) -> Result<(), EngineError> {
        match tx.credential(leave.connection, false).await {
            Err(StoreError::NotFound) => {}
            Ok(row) if row.state == CredentialState::Revoked => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let (hint, token) = match &tokens.refresh {
            Some(token) => ("refresh_token", token),
            None => ("access_token", &tokens.access),
        };
        self.queue_withdrawal(tx, &leave.service, leave.connection, hint, token)
            .await
    }

    async fn advance(
        &self,
        tx: &mut crate::store::Tx,
        leave: &Leave,
        tokens: &Tokens,
    ) -> Result<bool, EngineError> {
        let generation = leave.row.generation + 1;
        let sealed = seal(
            &self.data_key(tx).await?,
            leave.connection,
            generation,
            tokens,
            Some(&leave.refresh_token),
        )?;
        let granted = tokens.scopes.as_ref().unwrap_or(&leave.row.granted);
        let rotated = tokens
            .refresh
            .as_ref()
            .is_some_and(|token| token.bytes() != leave.refresh_token.bytes());
        let new = sealed.row(tokens, granted, leave.connection);
        Ok(tx
            .credential_advance(leave.connection, leave.attempt, &new, rotated)
            .await?)
    }
}
