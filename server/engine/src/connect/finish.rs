//! Step 3: the browser comes back; what the provider hands over becomes a credential.

use std::sync::Arc;

use domain::{
    id::{ConsentId, ServiceId},
    link_name::LinkName,
    principal::Principal,
    service::{Authentication, Values},
    text::quoted,
};

use crate::{
    Engine,
    actor::{Member, Person},
    clock,
    connections::deed,
    error::EngineError,
    known::{self, Known},
    oauth1, random,
    store::{
        StoreError,
        connections::ConnectionRow,
        consents::{ConsentRow, Outcome},
        credentials::Whose,
        services::ServiceRow,
    },
    token::{Client, DEADLINE, Tokens, Unsendable, Verdict, answer::judge},
    vault::Secret,
};

use super::{
    begin::may_connect,
    callback::{Answer, Content, Malformed, read},
    keep::Fresh,
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
            Malformed::Signature => Self::Signature,
            Malformed::Missing => Self::Missing,
            Malformed::Doubled | Malformed::Implicit | Malformed::Empty | Malformed::TooLong => {
                Self::Malformed
            }
        }
    }
}

/// What an answer hands over.
enum Handed {
    /// A code, and values that the service keeps.
    Code(String, Values),
    /// A verifier for the request token.
    Verifier { token: String, verifier: Secret },
    /// The provider's no.
    No(String),
}

/// An accepted answer, on its way to becoming a credential.
struct Accepted {
    member: Member,
    consent: ConsentId,
    whose: Whose,
    row: ConnectionRow,
    service: ServiceRow,
    known: Known,
    handed: Handed,
    /// The PKCE verifier, or the secret of the request token.
    verifier: Secret,
    secret: Option<Secret>,
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
        if let Handed::No(words) = &handed {
            tx.consent_consume(consent.id).await?;
            tx.consent_close(consent.id, Outcome::Denied, Some(words)).await?;
            tx.audit(&member.actor(), deed("connection.denied", &row, words))
                .await?;
            tx.commit().await?;
            return Ok(Finished::See(link_name));
        }
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
            handed,
            secret,
        };
        tx.consent_consume(consent.id).await?;
        tx.commit().await?;
        let engine = Arc::clone(self);
        let work = self.tasks.spawn(async move { engine.exchange(accepted).await });
        work.await.map_err(|_| EngineError::Interrupted)??;
        Ok(Finished::See(link_name))
    }

    async fn exchange(self: &Arc<Self>, accepted: Accepted) -> Result<(), EngineError> {
        let fresh = match &accepted.handed {
            Handed::Verifier { token, verifier } => self.token_credentials(&accepted, token, verifier).await,
            Handed::Code(code, kept) => self.tokens(&accepted, code, kept).await,
            Handed::No(words) => Err(words.clone()),
        };
        match fresh {
            Ok(fresh) => self.store_credential(&accepted, fresh).await,
            Err(words) => self.note_failure(&accepted, &words).await,
        }
    }

    /// The exchange of a code (RFC 6749 section 4.1.3), with all that makes its answer whole.
    async fn tokens(&self, accepted: &Accepted, code: &str, kept: &Values) -> Result<Fresh, String> {
        let definition = &accepted.service.input.definition;
        let oauth2 = definition.oauth2().ok_or("The service has no tokens.")?;
        let known = accepted.known.clone().with_all(kept);
        let redirect = self.redirect_url(accepted.service.id);
        let scopes = &accepted.row.scopes;
        let client = Client::new(
            definition,
            oauth2,
            accepted.secret.as_ref(),
            &known,
            redirect,
            scopes,
        );
        let outbound = code_request(&client, code, &accepted.verifier).map_err(|error| error.to_string())?;
        let result = self.send_within(outbound, DEADLINE).await;
        let code = Secret::text(code.to_owned());
        let sent: Vec<&Secret> = [&accepted.verifier, &code]
            .into_iter()
            .chain(&accepted.secret)
            .collect();
        let verdict = match judge(result.as_ref(), oauth2, &sent, clock::now()) {
            Verdict::Success(tokens) => self.completed(&client, tokens).await,
            failed => failed,
        };
        match verdict {
            Verdict::Success(tokens) => self.identified(accepted, known, tokens, kept).await,
            failed => Err(failed.words().to_owned()),
        }
    }

    /// Tokens with the account's name, and with what the identity request's answer brings along.
    async fn identified(
        &self,
        accepted: &Accepted,
        known: Known,
        tokens: Tokens,
        kept: &Values,
    ) -> Result<Fresh, String> {
        let definition = &accepted.service.input.definition;
        let mut kept = kept.clone();
        kept.extend(tokens.kept.clone());
        let fresh = Fresh::of_tokens(definition, tokens, kept);
        self.with_identity(definition, fresh, known, accepted.secret.as_ref())
            .await
    }

    /// The exchange of a verifier (RFC 5849 section 2.3).
    async fn token_credentials(
        &self,
        accepted: &Accepted,
        token: &str,
        verifier: &Secret,
    ) -> Result<Fresh, String> {
        let definition = &accepted.service.input.definition;
        let Authentication::OAuth1(service) = &definition.authentication else {
            return Err("The service has no request tokens.".into());
        };
        let secret = accepted
            .secret
            .as_ref()
            .ok_or("The consumer secret is missing.")?;
        let temporary = oauth1::Token {
            token,
            secret: &accepted.verifier,
        };
        let known = &accepted.known;
        let credentials = self
            .token_credentials_request(service, secret, known, temporary, verifier)
            .await?;
        let fresh = Fresh::of_pair(service, credentials);
        self.with_identity(definition, fresh, known.clone(), Some(secret))
            .await
    }

    async fn store_credential(&self, accepted: &Accepted, fresh: Fresh) -> Result<(), EngineError> {
        let Accepted {
            member,
            consent,
            whose,
            row,
            ..
        } = accepted;
        let mut tx = self.store.begin(member.organization).await?;
        if !tx.consent_close(*consent, Outcome::Connected, None).await? {
            // Revoked or deleted while the provider was asked: what it handed out must not stay alive.
            if let Some((hint, token)) = fresh.last_word(&accepted.service.input.definition) {
                let known = accepted.known.clone().with_all(&fresh.kept);
                self.queue_withdrawal(&mut tx, &accepted.service, row.id, hint, token, known)
                    .await?;
            }
            return Ok(tx.commit().await?);
        }
        let again = self
            .put_fresh(&mut tx, whose, row, &fresh, Some(member.user))
            .await?;
        let action = if again {
            "connection.reconnected"
        } else {
            "connection.connected"
        };
        let detail = told(&whose.principal, fresh.account.as_deref());
        tx.audit(&member.actor(), deed(action, row, &detail)).await?;
        Ok(tx.commit().await?)
    }

    async fn note_failure(&self, accepted: &Accepted, words: &str) -> Result<(), EngineError> {
        let Accepted {
            member, consent, row, ..
        } = accepted;
        let words = quoted(words, 300);
        let mut tx = self.store.begin(member.organization).await?;
        if tx.consent_close(*consent, Outcome::Failed, Some(&words)).await? {
            tx.audit(&member.actor(), deed("connection.failed", row, &words))
                .await?;
        }
        Ok(tx.commit().await?)
    }
}

/// Whose account was connected, for the audit record.
pub(super) fn told(principal: &Principal, account: Option<&str>) -> String {
    let whose = match principal {
        Principal::Organization => None,
        Principal::Member(_) => Some("their own account".to_owned()),
        Principal::External(id) => Some(format!("for the user {id}")),
    };
    let account = account.map(|name| format!("as {name}"));
    whose.into_iter().chain(account).collect::<Vec<_>>().join(" ")
}

fn code_request(
    client: &Client<'_>,
    code: &str,
    verifier: &Secret,
) -> Result<crate::egress::Outbound, Unsendable> {
    let oauth2 = client.oauth2;
    let url = client.url("access token URL", &oauth2.access_token_url)?;
    let redirect = client.redirect()?;
    let mut standard = vec![("grant_type", "authorization_code"), ("code", code)];
    // Where it stands in the URL already (Figma), providers do not want it twice.
    if !oauth2.access_token_url.names().any(|name| name == "redirect_uri") {
        standard.push(("redirect_uri", redirect.as_str()));
    }
    if oauth2.options.pkce {
        standard.push(("code_verifier", verifier.as_text().unwrap_or_default()));
    }
    let token = &oauth2.options.token;
    client.request(url, token.method, &standard, &token.parameters)
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
                Content::Code(code) => Ok(Handed::Code(code, answer.kept(oauth2)?)),
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
                        Ok(Handed::Verifier { token, verifier })
                    } else {
                        Err(Refused::OtherToken)
                    }
                }
            }
        }
        Authentication::ApiKey(_) | Authentication::Basic(_) => Err(Refused::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use domain::service::Definition;

    use super::*;

    #[test]
    fn the_redirect_url_stands_in_the_body_or_in_the_url() {
        let sent = |query: &str| {
            let definition: Definition = serde_json::from_str(&format!(
                r#"{{"authentication": {{"type": "oauth2", "client_id": "c", "authorize_url": "https://a.example/a",
                    "access_token_url": "https://a.example/t{query}"}}}}"#
            ))
            .unwrap();
            let redirect = url::Url::parse("https://c.example/back").unwrap();
            let oauth2 = definition.oauth2().unwrap();
            let client = Client::new(&definition, oauth2, None, &Known::default(), redirect, &[]);
            let outbound = code_request(&client, "x", &Secret::text("v".into())).unwrap();
            let body = String::from_utf8(outbound.body.clone().unwrap().to_vec()).unwrap();
            (outbound.url.to_string(), body)
        };
        let encoded = "redirect_uri=https%3A%2F%2Fc.example%2Fback";
        let (url, body) = sent("");
        assert_eq!(url, "https://a.example/t");
        assert!(body.contains(encoded), "{body}");
        let (url, body) = sent("?redirect_uri={redirect_uri}");
        assert_eq!(url, format!("https://a.example/t?{encoded}"));
        assert!(!body.contains("redirect_uri"), "{body}");
    }
}
