//! Without a person: the server asks for a token by itself (RFC 6749 section 4.4, RFC 7523 section 2.1).

use std::sync::Arc;

use domain::{link_name::LinkName, problem::Problem, service::Obtained, text::quoted};

use super::keep::Fresh;
use tokio::time::Instant;

use crate::{
    Engine,
    actor::Manager,
    clock,
    connections::deed,
    error::EngineError,
    known,
    store::{connections::ConnectionRow, credentials::Whose, services::ServiceRow},
    token::{Client, Verdict, answer::judge, left},
    vault::Secret,
};

impl Engine {
    /// Asks for a token and stores it. Detached: a caller that goes away loses nothing.
    ///
    /// # Errors
    /// Not found; [`Problem::ProviderError`] with the provider's words where it says no; [`Problem::NotPermitted`] where
    /// a person must consent, or types the credential in.
    pub async fn request_credential(
        self: &Arc<Self>,
        manager: &Manager,
        link_name: &LinkName,
    ) -> Result<(), EngineError> {
        let (engine, manager, link_name) = (Arc::clone(self), manager.clone(), link_name.clone());
        let work = self
            .tasks
            .spawn(async move { engine.request_once(&manager, &link_name).await });
        work.await.map_err(|_| EngineError::Interrupted)?
    }

    async fn request_once(&self, manager: &Manager, link_name: &LinkName) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        let service = tx.service(row.service).await?;
        if service.input.definition.obtained() != Obtained::Request {
            return Err(Problem::NotPermitted("connection").into());
        }
        let key = self.data_key(&mut tx).await?;
        let secret = self.client_secret(&key, &service)?;
        let known = known::of_connection(&key, &row)?;
        drop(tx);
        let fresh = self.granted(&service, &row, secret.as_ref(), &known).await;
        let mut tx = self.store.begin(manager.organization()).await?;
        let fresh = match fresh {
            Ok(fresh) => fresh,
            Err(words) => {
                let words = quoted(&words, 300);
                tx.audit(&manager.actor(), deed("connection.failed", &row, &words))
                    .await?;
                tx.commit().await?;
                return Err(Problem::ProviderError(words).into());
            }
        };
        let whose = Whose::organization(row.id);
        let again = self
            .put_fresh(&mut tx, &whose, &row, &fresh, manager.user())
            .await?;
        let action = if again {
            "connection.reconnected"
        } else {
            "connection.connected"
        };
        let detail = fresh
            .account
            .as_ref()
            .map(|name| format!("as {name}"))
            .unwrap_or_default();
        tx.audit(&manager.actor(), deed(action, &row, &detail)).await?;
        Ok(tx.commit().await?)
    }

    async fn granted(
        &self,
        service: &ServiceRow,
        row: &ConnectionRow,
        secret: Option<&Secret>,
        known: &known::Known,
    ) -> Result<Fresh, String> {
        let definition = &service.input.definition;
        let oauth2 = definition.oauth2().ok_or("The service has no tokens.")?;
        let redirect = self.redirect_url(service.id);
        let client = Client::new(definition, oauth2, secret, known, redirect, &row.scopes);
        let outbound = client.grant().map_err(|error| error.to_string())?;
        let asked = Instant::now();
        let result = self.send_within(outbound, left(asked)).await;
        let sent: Vec<&Secret> = secret.into_iter().chain(known.secrets()).collect();
        let verdict = match judge(result.as_ref(), oauth2, &sent, clock::now()) {
            Verdict::Success(tokens) => self.completed(&client, tokens, asked).await,
            failed => failed,
        };
        let tokens = match verdict {
            Verdict::Success(tokens) => tokens,
            failed => return Err(failed.words().to_owned()),
        };
        let kept = tokens.kept.clone();
        let fresh = Fresh::of_tokens(definition, tokens, kept);
        self.with_identity(definition, fresh, known.clone(), secret).await
    }
}
