//! Step 4: what an accepted answer hands over is exchanged for tokens, and these become the credential.

use std::sync::Arc;

use domain::{
    id::ConsentId,
    principal::Principal,
    service::{Authentication, Values},
    text::quoted,
};
use tokio::time::Instant;

use crate::{
    Engine,
    actor::Member,
    clock,
    connections::deed,
    error::EngineError,
    known::Known,
    oauth1,
    store::{connections::ConnectionRow, consents::Outcome, credentials::Whose, services::ServiceRow},
    token::{Client, Tokens, Unsendable, Verdict, answer::judge, left},
    vault::Secret,
};

use super::keep::Fresh;

/// What is exchanged for tokens.
pub(super) enum Grant {
    /// A code, and values that the service keeps.
    Code(String, Values),
    /// A verifier for the request token.
    Verifier { token: String, verifier: Secret },
}

/// An accepted answer, on its way to becoming a credential.
pub(super) struct Accepted {
    pub(super) member: Member,
    pub(super) consent: ConsentId,
    pub(super) whose: Whose,
    pub(super) row: ConnectionRow,
    pub(super) service: ServiceRow,
    pub(super) known: Known,
    pub(super) grant: Grant,
    /// The PKCE verifier, or the secret of the request token.
    pub(super) verifier: Secret,
    pub(super) secret: Option<Secret>,
}

impl Engine {
    /// What an accepted answer becomes: a credential, or words on the connection's page.
    pub(super) async fn exchange(self: &Arc<Self>, accepted: Accepted) -> Result<(), EngineError> {
        let fresh = match &accepted.grant {
            Grant::Verifier { token, verifier } => self.token_credentials(&accepted, token, verifier).await,
            Grant::Code(code, kept) => self.tokens(&accepted, code, kept).await,
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
        let asked = Instant::now();
        let result = self.send_within(outbound, left(asked)).await;
        let code = Secret::text(code.to_owned());
        let sent: Vec<&Secret> = [&accepted.verifier, &code]
            .into_iter()
            .chain(&accepted.secret)
            .chain(known.secrets())
            .collect();
        let verdict = match judge(result.as_ref(), oauth2, &sent, clock::now()) {
            Verdict::Success(tokens) => self.completed(&client, tokens, asked).await,
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
