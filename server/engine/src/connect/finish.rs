//! Step 3: the browser comes back, and what the provider says is judged before anything is sent.

use std::sync::Arc;

use domain::{id::ServiceId, link_name::LinkName, service::Authentication};

use crate::{
    Engine,
    actor::{Member, Person},
    connections::deed,
    error::EngineError,
    known, oauth1, random,
    store::{
        StoreError,
        consents::{ConsentRow, Outcome},
        credentials::Whose,
        services::ServiceRow,
    },
    vault::Secret,
};

use super::{
    begin::may_connect,
    callback::{Answer, Content, Malformed, read},
    exchange::{Accepted, Grant},
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
    /// Another request token than the one of this consent (OAuth 1.0a).
    #[error("This answer belongs to another request token than the one that was asked for.")]
    OtherToken,
    /// The provider signs its answers, and this one is not signed, or not by it.
    #[error(
        "This answer does not carry the provider's signature. Compare the client secret with the provider's."
    )]
    Signature,
    /// A value that the service keeps is not in it.
    #[error(
        "This answer lacks a value that the service keeps. Compare Values kept from the callback with what the provider sends."
    )]
    Missing,
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
            Malformed::Missing => Self::Missing,
            Malformed::Doubled | Malformed::Implicit | Malformed::Empty | Malformed::TooLong => {
                Self::Malformed
            }
        }
    }
}

/// What an answer hands over.
enum Handed {
    /// Something to exchange.
    Grant(Grant),
    /// The provider's no.
    No(String),
}

impl Engine {
    /// Takes a provider's answer. The exchange runs detached: a browser that goes away loses nothing.
    ///
    /// # Errors
    /// [`EngineError`] where the server itself is in trouble; everything else is in [`Finished`].
    pub async fn finish_consent(
        self: &Arc<Self>,
        person: &impl Person,
        session_hash: &[u8],
        service: ServiceId,
        query: &str,
    ) -> Result<Finished, EngineError> {
        let member = person.person();
        let answer = match read(query) {
            Ok(answer) => answer,
            Err(malformed) => return Ok(Finished::Refused(malformed.into(), None)),
        };
        let mut tx = self.store.begin(member.organization).await?;
        let consent = match tx
            .consent_by_state(&random::sha256(answer.state.as_bytes()))
            .await
        {
            Err(StoreError::NotFound) => return Ok(Finished::Refused(Refused::Unknown, None)),
            other => other?,
        };
        let row = tx.connection(consent.connection).await?;
        let stored = tx.service(consent.service).await?;
        let key = self.data_key(&mut tx).await?;
        let secret = self.client_secret(&key, &stored)?;
        let checked = check(member, session_hash, service, &consent, &stored, &answer)
            .and_then(|()| handed(&stored, &consent, &answer, query, secret.as_ref()));
        let link_name = row.link_name.clone();
        let handed = match checked {
            Ok(handed) => handed,
            Err(refused) => {
                let own = consent.user == member.user;
                return Ok(Finished::Refused(refused, own.then_some(link_name)));
            }
        };
        let grant = match handed {
            Handed::Grant(grant) => grant,
            Handed::No(words) => {
                tx.consent_consume(consent.id).await?;
                tx.consent_close(consent.id, Outcome::Denied, Some(&words))
                    .await?;
                tx.audit(&member.actor(), deed("connection.denied", &row, &words))
                    .await?;
                tx.commit().await?;
                return Ok(Finished::See(link_name));
            }
        };
        let sealed = consent.verifier.as_deref().ok_or(StoreError::NotFound)?;
        // Opened before the consent is used up: a vault that does not open leaves it as it was.
        let accepted = Accepted {
            verifier: key.open(&verifier_place(consent.id, consent.started), sealed)?,
            known: known::of_connection(&key, &row)?,
            member: member.clone(),
            whose: Whose {
                connection: row.id,
                principal: consent.principal,
            },
            consent: consent.id,
            row,
            service: stored,
            grant,
            secret,
        };
        tx.consent_consume(consent.id).await?;
        tx.commit().await?;
        let engine = Arc::clone(self);
        let work = self.tasks.spawn(async move { engine.exchange(accepted).await });
        work.await.map_err(|_| EngineError::Interrupted)??;
        Ok(Finished::See(link_name))
    }
}

/// All that must be right before anything is sent (security requirements R3 to R6).
fn check(
    member: &Member,
    session_hash: &[u8],
    service: ServiceId,
    consent: &ConsentRow,
    stored: &ServiceRow,
    answer: &Answer,
) -> Result<(), Refused> {
    if consent.service != service {
        return Err(Refused::OtherService);
    }
    if consent.user != member.user || !may_connect(member, &consent.principal) {
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
    let issuer = stored
        .input
        .definition
        .oauth2()
        .and_then(|oauth2| oauth2.options.issuer.as_ref());
    match issuer {
        Some(issuer) if answer.iss.as_ref() != Some(issuer) => Err(Refused::Issuer),
        _ => Ok(()),
    }
}

/// What the answer hands over, by the rules of its service.
fn handed(
    stored: &ServiceRow,
    consent: &ConsentRow,
    answer: &Answer,
    query: &str,
    secret: Option<&Secret>,
) -> Result<Handed, Refused> {
    match &stored.input.definition.authentication {
        Authentication::OAuth2(oauth2) => {
            if oauth2.options.authorize.callback_hmac
                && !secret.is_some_and(|secret| answer.is_signed(secret))
            {
                return Err(Refused::Signature);
            }
            match answer.content(oauth2)? {
                Content::Error(words) => Ok(Handed::No(words)),
                Content::Code(code) => Ok(Handed::Grant(Grant::Code(code, answer.kept(oauth2)?))),
            }
        }
        Authentication::OAuth1(_) => {
            let callback = oauth1::callback::read(query).map_err(|_| Refused::Malformed)?;
            let of_this = |token: &str| {
                let hash = random::sha256(token.as_bytes());
                consent.request_token_hash.as_deref() == Some(hash.as_slice())
            };
            match callback {
                oauth1::callback::Callback::Refused { token, words } => match token {
                    Some(other) if !of_this(&other) => Err(Refused::OtherToken),
                    _ => Ok(Handed::No(words)),
                },
                oauth1::callback::Callback::Granted { token, verifier } => {
                    if of_this(&token) {
                        Ok(Handed::Grant(Grant::Verifier { token, verifier }))
                    } else {
                        Err(Refused::OtherToken)
                    }
                }
            }
        }
        Authentication::ApiKey(_) | Authentication::Basic(_) => Err(Refused::Unknown),
    }
}
