//! The request, and T2: the commit that only the holder of the lease can make.

use std::{sync::Arc, time::Duration};

use domain::{connection::CredentialState, id::OrganizationId, service::oauth2::options::Verb};
use tokio::time::{Instant, sleep};

use crate::{
    Engine, clock,
    egress::Outbound,
    error::EngineError,
    random,
    revoke::last_words,
    store::{
        StoreError,
        credentials::{Ending, Whose},
    },
    token::{Client, Tokens, Unsendable, Verdict, answer::judge, left},
    vault::Secret,
};

use super::{
    lease::{By, Leave, rotation},
    seal::{About, Sealing, seal},
    setback::setback,
};

/// How long a result is kept in memory for a database that does not answer.
const HOLD: Duration = Duration::from_secs(300);

/// What came of the request.
struct Outcome {
    verdict: Verdict,
    /// The provider's status, where it answered.
    status: Option<i32>,
    latency: i32,
}

impl Engine {
    /// One attempt at refreshing a credential of this generation. Detached by the caller.
    pub(super) async fn refresh_once(
        self: &Arc<Self>,
        organization: OrganizationId,
        whose: &Whose,
        generation: i64,
    ) -> Result<(), EngineError> {
        let asked = Instant::now();
        let tx = self.store.begin(organization).await?;
        let Some(leave) = self.take_leave(tx, whose, generation).await? else {
            return Ok(());
        };
        let outcome = self.send_refresh(&leave, asked).await;
        self.keep(organization, &leave, &outcome).await
    }

    /// `asked` is when the lease was asked for: what is left of the deadline is left for the request.
    async fn send_refresh(&self, leave: &Leave, asked: Instant) -> Outcome {
        let begun = Instant::now();
        let definition = &leave.service.input.definition;
        let Some(oauth2) = definition.oauth2() else {
            let verdict = Verdict::ClientRefused("The service has no tokens to renew.".into());
            return Outcome {
                verdict,
                status: None,
                latency: 0,
            };
        };
        let redirect = self.redirect_url(leave.service.id);
        let mut known = leave.known.clone();
        match &leave.by {
            By::Refresh(token) => known = known.with_secret("refresh_token", token),
            By::Access(token) => known = known.with_secret("access_token", token),
            By::Grant => {}
        }
        let client = Client::new(
            definition,
            oauth2,
            leave.client_secret.as_ref(),
            &known,
            redirect,
            &leave.scopes,
        );
        let outbound = match renewal(&client, &leave.by) {
            Ok(outbound) => outbound,
            Err(error) => {
                return Outcome {
                    verdict: error.verdict(),
                    status: None,
                    latency: 0,
                };
            }
        };
        let result = self.send_within(outbound, left(asked)).await;
        let sent: Vec<&Secret> = leave.client_secret.iter().chain(known.secrets()).collect();
        let mut verdict = judge(result.as_ref(), oauth2, &sent, clock::now());
        if let Verdict::Success(tokens) = verdict {
            verdict = match leave.by {
                By::Grant => self.completed(&client, tokens, asked).await,
                By::Refresh(_) | By::Access(_) => self.dated(&client, tokens, asked).await,
            };
        }
        Outcome {
            verdict,
            status: result.ok().map(|answer| i32::from(answer.status.as_u16())),
            latency: i32::try_from(begun.elapsed().as_millis()).unwrap_or(i32::MAX),
        }
    }

    /// Writes what came of it, again and again where the database does not answer: a rotated token exists nowhere
    /// else.
    async fn keep(
        &self,
        organization: OrganizationId,
        leave: &Leave,
        outcome: &Outcome,
    ) -> Result<(), EngineError> {
        let begun = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            match self.commit(organization, leave, outcome).await {
                Err(EngineError::Store(StoreError::Unavailable(error))) if begun.elapsed() < HOLD => {
                    tracing::warn!(connection = %leave.whose.connection, %error, "the result of a refresh waits for the database");
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
        Outcome {
            verdict,
            status,
            latency,
        }: &Outcome,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(organization).await?;
        tx.concerns(leave.whose.connection);
        let (outcome, held) = match verdict {
            Verdict::Success(tokens) => ("refreshed", self.advance(&mut tx, leave, tokens).await?),
            failed => {
                let rotation = leave
                    .service
                    .input
                    .definition
                    .oauth2()
                    .map(rotation)
                    .unwrap_or_default();
                let chance = f64::from(random::bytes::<1>()[0]) / 256.0;
                let setback = setback(failed, &leave.row, rotation, leave.recovers, chance);
                (
                    setback.cause.word(),
                    tx.credential_set_back(&leave.whose, leave.attempt, &setback)
                        .await?,
                )
            }
        };
        let words = verdict.words();
        let error = (!words.is_empty()).then_some(words);
        let outcome = if held { outcome } else { "fenced" };
        let ending = Ending {
            outcome,
            http_status: *status,
            error,
            latency_ms: Some(*latency),
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
            tracing::warn!(connection = %leave.whose.connection, attempt = %leave.attempt, "this refresh was overtaken");
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
        match tx.credential(&leave.whose, false).await {
            Err(StoreError::NotFound) => {}
            Ok(row) if row.state == CredentialState::Revoked => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(error.into()),
        }
        let named = |hint: &'static str| match hint {
            "refresh_token" => tokens.refresh.as_ref(),
            _ => Some(&tokens.access),
        };
        let mut words = last_words(&leave.service.input.definition).into_iter();
        let Some((hint, token)) = words.find_map(|hint| Some((hint, named(hint)?))) else {
            return Ok(());
        };
        let known = leave.known.clone().with_all(&tokens.kept);
        self.queue_withdrawal(tx, &leave.service, leave.whose.connection, hint, token, known)
            .await
    }

    async fn advance(
        &self,
        tx: &mut crate::store::Tx,
        leave: &Leave,
        tokens: &Tokens,
    ) -> Result<bool, EngineError> {
        let key = self.data_key(tx).await?;
        let sealing = Sealing {
            key: &key,
            whose: &leave.whose,
            generation: leave.row.generation + 1,
        };
        let sealed = seal(&sealing, tokens, leave.by.kept())?;
        let rotated = match (&tokens.refresh, &leave.by) {
            (Some(new), By::Refresh(old)) => new.bytes() != old.bytes(),
            _ => false,
        };
        let about = About {
            token_type: &tokens.token_type,
            granted: tokens.scopes.as_ref().unwrap_or(&leave.row.granted),
            expires_in: tokens.expires_in,
            renews_alone: leave.row.renews_alone,
            kept: &tokens.kept,
        };
        let new = sealed.row(about, leave.whose.connection);
        Ok(tx
            .credential_advance(&leave.whose, leave.attempt, &new, rotated)
            .await?)
    }
}

/// The request for another access token (RFC 6749 section 6), as the service wants it.
fn renewal(client: &Client<'_>, by: &By) -> Result<Outbound, Unsendable> {
    let oauth2 = client.oauth2;
    let (name, token) = match by {
        By::Grant => return client.grant(),
        By::Refresh(token) => ("refresh_token", token),
        By::Access(token) => ("access_token", token),
    };
    let refresh = &oauth2.options.refresh;
    let verb: Verb = refresh.method.unwrap_or(oauth2.options.token.method);
    let url = client.url("refresh token URL", oauth2.refresh_url())?;
    let token = token.as_text().unwrap_or_default();
    let standard = [("grant_type", "refresh_token"), (name, token)];
    client.request(url, verb, &standard, &refresh.parameters)
}
