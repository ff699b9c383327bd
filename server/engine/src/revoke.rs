//! Revoke: unusable here at once, withdrawn at the provider (RFC 7009) from an outbox that tries again for a day.

use std::sync::Arc;

use domain::{
    id::{ConnectionId, OrganizationId},
    link_name::LinkName,
    principal::Principal,
    problem::Problem,
    service::{
        Definition,
        oauth2::options::{RevokeAuthorization, RevokeVerb},
    },
    text::quoted,
};
use futures_util::{StreamExt as _, stream};
use http::StatusCode;
use uuid::Uuid;

use crate::{
    Engine,
    actor::{Manager, Person},
    connections::deed,
    egress::{EgressError, Outbound},
    error::EngineError,
    known::{self, Known},
    random, refresh,
    store::{
        Tx,
        audit::{Actor, Deed},
        connections::ConnectionRow,
        credentials::Whose,
        revocations::RevocationRow,
        services::ServiceRow,
    },
    token::{Client, DEADLINE, Message, Parameters, Unsendable, basic},
    vault::{Place, Secret},
};

/// Revocation requests at a time.
const AT_ONCE: usize = 8;

/// What templates call the token that is withdrawn.
const TOKEN: &str = "token";

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
    /// revoke URL: see [`last_words`].
    pub(crate) async fn withdraw(&self, tx: &mut Tx, connection: &ConnectionRow) -> Result<(), EngineError> {
        tx.consents_end(connection.id).await?;
        for whose in tx.credential_owners(connection.id).await? {
            self.withdraw_one(tx, connection, &whose).await?;
        }
        Ok(())
    }

    /// The same for one owner's credential; not found where there is none.
    pub(crate) async fn withdraw_one(
        &self,
        tx: &mut Tx,
        connection: &ConnectionRow,
        whose: &Whose,
    ) -> Result<(), EngineError> {
        let row = tx.credential(whose, true).await?;
        let service = tx.service(connection.service).await?;
        let key = self.data_key(tx).await?;
        let opened = last_words(&service.input.definition)
            .into_iter()
            .find_map(|column| {
                let blob = match column {
                    "refresh_token" => &row.refresh_token,
                    _ => &row.access_token,
                };
                refresh::open(&key, whose, column, row.generation, blob.as_deref())
                    .ok()
                    .map(|token| (column, token))
            });
        if let Some((hint, token)) = opened {
            // Secret fields that do not open keep nobody from erasing the credential.
            let known = known::of_connection(&key, connection).unwrap_or_default();
            let known = known.with_all(&row.kept);
            self.queue_withdrawal(tx, &service, connection.id, hint, &token, known)
                .await?;
        }
        Ok(tx.credential_erase(whose).await?)
    }

    /// Takes one person's account off a connection: a member's own, or by an administrator anybody's.
    ///
    /// # Errors
    /// Not found; [`Problem::NotPermitted`] for somebody else's account.
    pub async fn disconnect_person(
        self: &Arc<Self>,
        person: &impl Person,
        link_name: &LinkName,
        principal: &Principal,
    ) -> Result<(), EngineError> {
        let member = person.person();
        let own = *principal == Principal::Member(member.user);
        if *principal == Principal::Organization || !(own || member.role.administers()) {
            return Err(Problem::NotPermitted("connection").into());
        }
        let mut tx = self.store.begin(member.organization).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        let whose = Whose {
            connection: row.id,
            principal: principal.clone(),
        };
        tx.consents_of_person_end(&whose).await?;
        self.withdraw_one(&mut tx, &row, &whose).await?;
        let detail = if own {
            String::new()
        } else {
            format!("of {principal}")
        };
        tx.audit(
            &member.actor(),
            deed("connection.person_disconnected", &row, &detail),
        )
        .await?;
        tx.commit().await?;
        let engine = Arc::clone(self);
        self.tasks.spawn(async move { engine.run_revocations().await });
        Ok(())
    }

    /// Puts a token that is of no use here into the outbox, where the service has a revoke URL, with what the request
    /// will need: the connection and what was kept for it may be gone by then.
    pub(crate) async fn queue_withdrawal(
        &self,
        tx: &mut Tx,
        service: &ServiceRow,
        connection: ConnectionId,
        hint: &str,
        token: &Secret,
        known: Known,
    ) -> Result<(), EngineError> {
        if !service.input.definition.can_withdraw() {
            return Ok(());
        }
        let id = random::uuid();
        let sealable = known.with_secret(TOKEN, token).sealable();
        let sealed = self.data_key(tx).await?.seal(&place(id), &sealable)?;
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
        let known = key
            .open(&place(id), &row.token)
            .and_then(|opened| Known::opened(&opened));
        let outcome = match (self.client_secret(&key, &service), known) {
            (Ok(secret), Ok(known)) => self.ask(&service, secret.as_ref(), &row.hint, &known).await,
            _ => Try::Refused("A stored secret that is needed for it cannot be opened.".into()),
        };
        let mut tx = self.store.begin(organization).await?;
        self.close(&mut tx, &row, &service.input.name, outcome).await?;
        Ok(tx.commit().await?)
    }

    /// The revocation request (RFC 7009 section 2.1).
    async fn ask(&self, service: &ServiceRow, secret: Option<&Secret>, hint: &str, known: &Known) -> Try {
        let definition = &service.input.definition;
        let Some(oauth2) = definition
            .oauth2()
            .filter(|oauth2| oauth2.revoke_token_url.is_some())
        else {
            return Try::Refused("The service has no revoke URL any more.".into());
        };
        let redirect = self.redirect_url(service.id);
        let client = Client::new(definition, oauth2, secret, known, redirect, &[]);
        match revocation(&client, hint) {
            Ok(outbound) => judge(self.send_within(outbound, DEADLINE).await),
            Err(error) => Try::Refused(error.to_string()),
        }
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

/// Which token is withdrawn, and which one where that is not there. A refresh token ends the whole grant; but only an
/// access token can be a Bearer token (Slack, Dropbox) or stand in a parameter of its name (GitHub, Square).
pub(crate) fn last_words(definition: &Definition) -> [&'static str; 2] {
    let by_access = definition.oauth2().is_some_and(|oauth2| {
        let revoke = &oauth2.options.revoke;
        let parameter = revoke.token_parameter.as_ref().map(|name| name.as_str());
        revoke.authorization == RevokeAuthorization::Bearer || parameter == Some("access_token")
    });
    if by_access {
        ["access_token", "refresh_token"]
    } else {
        ["refresh_token", "access_token"]
    }
}

/// The request, as the service wants it.
fn revocation(client: &Client<'_>, hint: &str) -> Result<Outbound, Unsendable> {
    let oauth2 = client.oauth2;
    let options = &oauth2.options.revoke;
    let template = oauth2.revoke_token_url.as_ref();
    let template = template.ok_or_else(|| Unsendable::Url("revoke token URL", "it is missing".into()))?;
    let url = client.url("revoke token URL", template)?;
    let text = client.known.get(TOKEN).unwrap_or_default();
    let mut parameters = Parameters::default();
    if !template.names().any(|name| name == TOKEN) {
        let name = options
            .token_parameter
            .as_ref()
            .map_or("token", |name| name.as_str());
        parameters.set(name, text.to_owned());
        if !options.no_hint {
            parameters.set("token_type_hint", hint.to_owned());
        }
    }
    let method = match options.method {
        RevokeVerb::Post => http::Method::POST,
        RevokeVerb::Delete => http::Method::DELETE,
        RevokeVerb::Get => http::Method::GET,
    };
    let mut message = Message::new(url.as_url().clone(), method);
    message.encoding = options.body;
    match (&options.header, options.authorization) {
        (Some(template), _) => message.authorization(client.filled("Authorization", template)?),
        (None, RevokeAuthorization::Bearer) => message.authorization(format!("Bearer {text}")),
        (None, RevokeAuthorization::Basic) => {
            let secret = client.secret.and_then(Secret::as_text).unwrap_or_default();
            message.authorization(basic(&oauth2.client_id, secret));
        }
        (None, RevokeAuthorization::Client) => {
            client.authenticate(&mut parameters, &mut message, url.as_url())?
        }
        (None, RevokeAuthorization::None) => {}
    }
    message.parameters = parameters;
    Ok(message.outbound())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bearer_is_an_access_token() {
        for (revoke, first) in [
            ("{}", "refresh_token"),
            (r#"{"authorization": "basic"}"#, "refresh_token"),
            (r#"{"token_parameter": "t"}"#, "refresh_token"),
            (r#"{"authorization": "bearer"}"#, "access_token"),
            (r#"{"token_parameter": "access_token"}"#, "access_token"),
        ] {
            let definition: Definition = serde_json::from_str(&format!(
                r#"{{"authentication": {{"type": "oauth2", "client_id": "c", "authorize_url": "https://a.example/a",
                    "access_token_url": "https://a.example/t", "options": {{"revoke": {revoke}}}}}}}"#
            ))
            .unwrap();
            assert_eq!(last_words(&definition).first(), Some(&first), "{revoke}");
        }
    }
}
