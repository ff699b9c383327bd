//! Step 3: the browser comes back; the code becomes a credential.

use std::sync::Arc;

use domain::{
    id::{ConsentId, ServiceId},
    link_name::LinkName,
    text::quoted,
};

use crate::{
    Engine,
    actor::Admin,
    connections::deed,
    error::EngineError,
    random, refresh,
    services::secret_place,
    store::{
        StoreError, Tx,
        consents::{ConsentRow, Outcome},
        services::ServiceRow,
    },
    token::{Client, DEADLINE, Tokens, Verdict, answer::judge},
    vault::Secret,
};

use super::{
    callback::{Answer, Content, Malformed, read},
    verifier_place,
};

/// Why an answer is refused. Nothing was sent to any provider and nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not an answer at all.
    #[error("This address is no answer of a provider.")]
    Malformed,
    /// No consent of this organization has that state: forged, replaced by a later departure, or somebody else's.
    #[error("This answer does not belong to a consent that was begun here.")]
    Unknown,
    /// The redirect URL of another service.
    #[error("This answer came to the redirect URL of another service.")]
    OtherService,
    /// Another person began it.
    #[error("Another person began this consent. Only the person who began it can finish it.")]
    OtherPerson,
    /// It left from another browser or another session.
    #[error("This consent was begun in another browser or before you signed in again.")]
    OtherSession,
    /// More than ten minutes.
    #[error("This answer came too late: a consent takes at most ten minutes.")]
    Expired,
    /// An answer was accepted before.
    #[error("This answer was used before.")]
    Used,
    /// Another issuer than the service names, or none (RFC 9207).
    #[error("This answer was issued by another provider than the one that was asked.")]
    Issuer,
}

/// What came of a consent.
#[derive(Debug)]
pub enum Finished {
    /// The connection's page shows the result, good or bad.
    See(LinkName),
    /// Refused; where the consent is known and the person's own, its connection can be tried again.
    Refused(Refused, Option<LinkName>),
}

impl From<Malformed> for Refused {
    fn from(malformed: Malformed) -> Self {
        match malformed {
            Malformed::NoState => Self::Unknown,
            Malformed::Doubled | Malformed::Implicit | Malformed::Empty | Malformed::TooLong => {
                Self::Malformed
            }
        }
    }
}

/// An accepted answer, on its way to becoming a credential.
struct Accepted {
    admin: Admin,
    consent: ConsentId,
    row: crate::store::connections::ConnectionRow,
    service: ServiceRow,
    code: String,
    verifier: Secret,
    secret: Secret,
}

impl Engine {
    /// Takes a provider's answer. The exchange runs detached: a browser that goes away loses nothing.
    ///
    /// # Errors
    /// [`EngineError`] where the server itself is in trouble; everything else is in [`Finished`].
    pub async fn finish_consent(
        self: &Arc<Self>,
        admin: &Admin,
        session_hash: &[u8],
        service: ServiceId,
        query: &str,
    ) -> Result<Finished, EngineError> {
        let answer = match read(query) {
            Ok(answer) => answer,
            Err(malformed) => return Ok(Finished::Refused(malformed.into(), None)),
        };
        let mut tx = self.store.begin(admin.organization()).await?;
        let consent = match tx
            .consent_by_state(&random::sha256(answer.state.as_bytes()))
            .await
        {
            Err(StoreError::NotFound) => return Ok(Finished::Refused(Refused::Unknown, None)),
            other => other?,
        };
        let row = tx.connection(consent.connection).await?;
        let stored = tx.service(consent.service).await?;
        if let Err(refused) = check(admin, session_hash, service, &consent, &stored, &answer) {
            let own = consent.user == admin.member().user;
            return Ok(Finished::Refused(refused, own.then_some(row.link_name)));
        }
        let link_name = row.link_name.clone();
        match answer.content {
            Content::Error(words) => {
                tx.consent_consume(consent.id).await?;
                tx.consent_close(consent.id, Outcome::Denied, Some(&words))
                    .await?;
                tx.audit(&admin.actor(), deed("connection.denied", &row, &words))
                    .await?;
                tx.commit().await?;
            }
            Content::Code(code) => {
                let accepted = self.accept(tx, admin, consent, row, stored, code).await?;
                let engine = Arc::clone(self);
                let work = self.tasks.spawn(async move { engine.exchange(accepted).await });
                work.await.map_err(|_| EngineError::Interrupted)??;
            }
        }
        Ok(Finished::See(link_name))
    }

    /// Opens what the exchange needs and uses the consent up, in that order: a vault that does not open leaves
    /// the consent as it was.
    async fn accept(
        &self,
        mut tx: Tx,
        admin: &Admin,
        consent: ConsentRow,
        row: crate::store::connections::ConnectionRow,
        service: ServiceRow,
        code: String,
    ) -> Result<Accepted, EngineError> {
        let key = self.data_key(&mut tx).await?;
        let sealed = consent.verifier.as_deref().ok_or(StoreError::NotFound)?;
        let verifier = key.open(&verifier_place(consent.id, consent.started), sealed)?;
        let secret = key.open(
            &secret_place(service.id, service.secret_generation),
            &service.client_secret,
        )?;
        tx.consent_consume(consent.id).await?;
        tx.commit().await?;
        Ok(Accepted {
            admin: admin.clone(),
            consent: consent.id,
            row,
            service,
            code,
            verifier,
            secret,
        })
    }

    async fn exchange(&self, accepted: Accepted) -> Result<(), EngineError> {
        let oauth2 = accepted.service.input.definition.oauth2();
        let redirect = self.redirect_url(accepted.service.id);
        let mut parameters = vec![
            ("grant_type", "authorization_code"),
            ("code", accepted.code.as_str()),
            ("redirect_uri", redirect.as_str()),
        ];
        if oauth2.options.pkce {
            parameters.push(("code_verifier", accepted.verifier.as_text().unwrap_or_default()));
        }
        let client = Client {
            oauth2,
            secret: &accepted.secret,
        };
        let code = Secret::text(accepted.code.clone());
        let sent = [&accepted.secret, &accepted.verifier, &code];
        let result = self
            .token_request(&client, oauth2.access_token_url.as_url(), &parameters, DEADLINE)
            .await;
        match judge(result.as_ref(), oauth2.scope_delimiter, &sent) {
            Verdict::Success(tokens) => {
                let account = self.identity(&accepted.service.input.definition, &tokens).await;
                self.store_credential(&accepted, &tokens, account.as_deref())
                    .await
            }
            failed => self.note_failure(&accepted, failed.words()).await,
        }
    }

    async fn store_credential(
        &self,
        accepted: &Accepted,
        tokens: &Tokens,
        account: Option<&str>,
    ) -> Result<(), EngineError> {
        let Accepted {
            admin, consent, row, ..
        } = accepted;
        let mut tx = self.store.begin(admin.organization()).await?;
        if !tx.consent_close(*consent, Outcome::Connected, None).await? {
            // Revoked or deleted while the provider was asked: what it handed out must not stay alive.
            let (hint, token) = match &tokens.refresh {
                Some(token) => ("refresh_token", token),
                None => ("access_token", &tokens.access),
            };
            self.queue_withdrawal(&mut tx, &accepted.service, row.id, hint, token)
                .await?;
            return Ok(tx.commit().await?);
        }
        let generation = tx.next_generation(row.id).await?;
        let granted = tokens.scopes.clone().unwrap_or_else(|| row.scopes.clone());
        let sealed = refresh::seal(&self.data_key(&mut tx).await?, row.id, generation, tokens, None)?;
        tx.credential_put(
            row.id,
            &sealed.row(tokens, &granted, row.id),
            account,
            Some(admin.member().user),
        )
        .await?;
        let action = if row.credential.is_some() {
            "connection.reconnected"
        } else {
            "connection.connected"
        };
        let detail = account.map(|name| format!("as {name}")).unwrap_or_default();
        tx.audit(&admin.actor(), deed(action, row, &detail)).await?;
        Ok(tx.commit().await?)
    }

    async fn note_failure(&self, accepted: &Accepted, words: &str) -> Result<(), EngineError> {
        let Accepted {
            admin, consent, row, ..
        } = accepted;
        let words = quoted(words, 300);
        let mut tx = self.store.begin(admin.organization()).await?;
        if tx.consent_close(*consent, Outcome::Failed, Some(&words)).await? {
            tx.audit(&admin.actor(), deed("connection.failed", row, &words))
                .await?;
        }
        Ok(tx.commit().await?)
    }
}

/// All that must be right before anything is sent (security requirements R3 to R6).
fn check(
    admin: &Admin,
    session_hash: &[u8],
    service: ServiceId,
    consent: &ConsentRow,
    stored: &ServiceRow,
    answer: &Answer,
) -> Result<(), Refused> {
    if consent.service != service {
        return Err(Refused::OtherService);
    }
    if consent.user != admin.member().user {
        return Err(Refused::OtherPerson);
    }
    if consent.session_hash.as_deref() != Some(session_hash) {
        return Err(Refused::OtherSession);
    }
    if consent.consumed {
        return Err(Refused::Used);
    }
    if consent.expired {
        return Err(Refused::Expired);
    }
    match &stored.input.definition.oauth2().options.issuer {
        Some(issuer) if answer.iss.as_ref() != Some(issuer) => Err(Refused::Issuer),
        _ => Ok(()),
    }
}
