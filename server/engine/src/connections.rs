//! Connections: made, shown, renamed, disabled, deleted. Consent is in [`crate::connect`], withdrawal in
//! [`crate::revoke`].

use std::sync::Arc;

use domain::{
    call::CallRules,
    connection::{self, Status},
    form::connection::{ConnectionChange, ConnectionInput},
    id::{ConnectionId, ServiceId},
    link_name::LinkName,
    name::Name,
    problem::Problem,
    scope::ScopeName,
};

use crate::{
    Engine,
    actor::{Admin, Insider, Manager},
    error::EngineError,
    page::Paged,
    random,
    services::{first_free, overtaken, unchanged},
    store::{
        StoreError, Tx,
        audit::{AuditRow, Deed},
        connections::{ConnectionRow, KeyUse},
        consents::Trouble,
        revocations::PendingRevocation,
        services::ServiceRow,
    },
};

/// Which connections a list shows.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those of one service.
    pub service: Option<LinkName>,
    /// Those in one status.
    pub status: Option<Status>,
}

/// Connections that are read at a time.
const BATCH: i64 = 200;

/// Everything that a connection's page shows.
#[derive(Debug, Clone)]
pub struct ConnectionDetail {
    /// The connection and its credential's facts.
    pub connection: ConnectionRow,
    /// Its service.
    pub service: ServiceRow,
    /// The newest events.
    pub events: Vec<AuditRow>,
    /// The last consent, where it led nowhere.
    pub trouble: Option<Trouble>,
    /// A withdrawal that the provider has not confirmed.
    pub revocation: Option<PendingRevocation>,
    /// Keys that used it in the last 24 hours.
    pub keys: Vec<KeyUse>,
}

impl ConnectionRow {
    /// What people and programs see.
    #[must_use]
    pub fn status(&self) -> Status {
        connection::status(
            self.disabled_at.is_some(),
            self.credential.as_ref().map(|c| &c.facts),
            self.now,
        )
    }

    /// Why.
    #[must_use]
    pub fn cause(&self) -> Option<connection::Cause> {
        connection::cause(self.status(), self.credential.as_ref().map(|c| &c.facts))
    }

    /// Scopes that were asked for and not granted.
    #[must_use]
    pub fn missing_scopes(&self) -> Vec<ScopeName> {
        let granted = self
            .credential
            .as_ref()
            .map(|c| c.granted.as_slice())
            .unwrap_or_default();
        if self.credential.is_none() {
            Vec::new()
        } else {
            self.scopes
                .iter()
                .filter(|s| !granted.contains(s))
                .cloned()
                .collect()
        }
    }
}

impl Engine {
    /// Every connection of the organization.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn connections(&self, insider: &impl Insider) -> Result<Vec<ConnectionRow>, EngineError> {
        Ok(self
            .store
            .begin(insider.organization())
            .await?
            .connections()
            .await?)
    }

    /// A page of connections, the newest first: those older than `before`, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn connections_page(
        &self,
        insider: &impl Insider,
        wanted: &Wanted,
        before: Option<ConnectionId>,
        most: usize,
    ) -> Result<Paged<ConnectionRow>, EngineError> {
        let mut tx = self.store.begin(insider.organization()).await?;
        let (mut found, mut before) = (Vec::new(), before);
        // A status depends on the time, so it is told here and not by the database.
        while found.len() <= most {
            let rows = tx
                .connections_before(wanted.service.as_ref(), before, BATCH)
                .await?;
            let Some(last) = rows.last() else { break };
            before = Some(last.id);
            let fits = |row: &ConnectionRow| wanted.status.is_none_or(|status| row.status() == status);
            found.extend(rows.into_iter().filter(fits));
        }
        Ok(Paged::cut(found, most))
    }

    /// One connection with all that its page shows.
    ///
    /// # Errors
    /// Not found for a link name that does not exist here.
    pub async fn connection(
        self: &Arc<Self>,
        insider: &impl Insider,
        link_name: &LinkName,
    ) -> Result<ConnectionDetail, EngineError> {
        let id = self
            .store
            .begin(insider.organization())
            .await?
            .connection_by_link_name(link_name)
            .await?
            .id;
        self.settle(insider.organization(), id).await?;
        let mut tx = self.store.begin(insider.organization()).await?;
        let connection = tx.connection(id).await?;
        Ok(ConnectionDetail {
            service: tx.service(connection.service).await?,
            events: tx.audit_of(connection.id, 20).await?,
            trouble: tx.consent_trouble(connection.id).await?,
            revocation: tx.revocation_pending(connection.id).await?,
            keys: tx.keys_that_used(connection.id).await?,
            connection,
        })
    }

    /// Creates a connection that nobody has consented to yet.
    ///
    /// # Errors
    /// A field error for a link name in use; not found where the service was deleted meanwhile.
    pub async fn create_connection(
        &self,
        manager: &Manager,
        service: ServiceId,
        input: &ConnectionInput,
    ) -> Result<ConnectionId, EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        tx.service(service).await?;
        let id = self.insert_connection(&mut tx, manager, service, input).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(crate) async fn insert_connection(
        &self,
        tx: &mut Tx,
        manager: &Manager,
        service: ServiceId,
        input: &ConnectionInput,
    ) -> Result<ConnectionId, EngineError> {
        let id = ConnectionId::from_uuid(random::uuid());
        let inserted = tx
            .connection_insert(id, service, input, manager.user())
            .await
            .map_err(EngineError::from);
        let taken = Problem::LinkNameTaken(input.link_name.to_string()).detail();
        inserted.map_err(|error| match error {
            // The service was deleted between the look and the insertion.
            EngineError::Store(gone) if gone.is_constraint("connection_service_fkey") => {
                StoreError::NotFound.into()
            }
            other => other.on_constraint("connection_link_name_key", "link_name", taken),
        })?;
        let deed = Deed {
            action: "connection.created",
            service: Some(service),
            connection: Some(id),
            subject: input.name.as_str(),
            detail: "",
        };
        tx.audit(&manager.actor(), deed).await?;
        Ok(id)
    }

    /// A connection to the sandbox that is there or is made: for the first steps.
    ///
    /// # Errors
    /// As [`Self::create_connection`].
    pub async fn sandbox_connection(
        &self,
        admin: &Admin,
        service: &ServiceRow,
    ) -> Result<ConnectionRow, EngineError> {
        let mut tx = self.store.begin(admin.organization()).await?;
        let all = tx.connections().await?;
        drop(tx);
        if let Some(open) = all
            .iter()
            .find(|c| c.service == service.id && c.status() != Status::Connected)
        {
            return Ok(open.clone());
        }
        let taken: Vec<LinkName> = all.iter().map(|c| c.link_name.clone()).collect();
        let link_name = first_free(&service.input.link_name, &taken);
        let scopes = service
            .input
            .definition
            .scopes
            .iter()
            .map(|s| s.name.clone())
            .collect();
        let input = ConnectionInput {
            name: service.input.name.clone(),
            link_name: link_name.clone(),
            scopes,
            rules: CallRules::default(),
        };
        self.create_connection(admin, service.id, &input).await?;
        Ok(self
            .store
            .begin(admin.organization())
            .await?
            .connection_by_link_name(&link_name)
            .await?)
    }

    /// Changes a connection. Changed scopes are asked for at the next consent; the credential stays as it is.
    ///
    /// # Errors
    /// [`Problem::Changed`] for another version than the `expected` one; a field error for a scope that neither the
    /// service nor the connection has; not found.
    pub async fn change_connection(
        &self,
        manager: &Manager,
        link_name: &LinkName,
        change: &ConnectionChange,
        expected: Option<i64>,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        unchanged(expected, row.version)?;
        let service = tx.service(row.service).await?;
        check_scopes(&change.scopes, &row, &service)?;
        let Some((action, words)) = told(&row, change) else {
            return Ok(());
        };
        tx.connection_change(row.id, row.version, change)
            .await
            .map_err(overtaken)?;
        tx.audit(&manager.actor(), deed(action, &row, &words)).await?;
        Ok(tx.commit().await?)
    }

    /// Gives a connection another name and leaves the rest.
    ///
    /// # Errors
    /// As [`Self::change_connection`].
    pub async fn rename_connection(
        &self,
        manager: &Manager,
        link_name: &LinkName,
        name: &Name,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        drop(tx);
        let change = ConnectionChange {
            name: name.clone(),
            scopes: row.scopes,
            rules: row.rules,
        };
        self.change_connection(manager, link_name, &change, Some(row.version))
            .await
    }

    /// Switches a connection off or on. Its credential stays.
    ///
    /// # Errors
    /// Not found.
    pub async fn disable_connection(
        &self,
        manager: &Manager,
        link_name: &LinkName,
        off: bool,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        tx.connection_disable(row.id, manager.user(), off).await?;
        let action = if off {
            "connection.disabled"
        } else {
            "connection.enabled"
        };
        tx.audit(&manager.actor(), deed(action, &row, "")).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a connection. Its tokens are withdrawn at the provider where it has a revoke URL.
    ///
    /// # Errors
    /// [`Problem::Changed`] for another version than the `expected` one; not found.
    pub async fn delete_connection(
        self: &Arc<Self>,
        manager: &Manager,
        link_name: &LinkName,
        expected: Option<i64>,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.connection_by_link_name(link_name).await?;
        unchanged(expected, row.version)?;
        self.withdraw(&mut tx, &row).await?;
        tx.connection_delete(row.id).await?;
        tx.audit(&manager.actor(), deed("connection.deleted", &row, ""))
            .await?;
        tx.commit().await?;
        let engine = Arc::clone(self);
        self.tasks.spawn(async move { engine.run_revocations().await });
        Ok(())
    }
}

/// A line of the audit record about a connection.
pub(crate) fn deed<'a>(action: &'a str, row: &'a ConnectionRow, detail: &'a str) -> Deed<'a> {
    Deed {
        action,
        service: Some(row.service),
        connection: Some(row.id),
        subject: &row.name,
        detail,
    }
}

/// Every scope is one of the service's, or one that the connection has although the service dropped it.
fn check_scopes(scopes: &[ScopeName], row: &ConnectionRow, service: &ServiceRow) -> Result<(), EngineError> {
    let offered = &service.input.definition.scopes;
    let known = |scope: &ScopeName| offered.iter().any(|s| s.name == *scope) || row.scopes.contains(scope);
    match scopes.iter().find(|scope| !known(scope)) {
        Some(unknown) => {
            let sentence = format!(
                "The service has no scope `{unknown}`. Choose among its scopes, or add it to the service."
            );
            Err(EngineError::field("scope", sentence))
        }
        None => Ok(()),
    }
}

/// What a change does, as an action and in words for the audit record; None where it does nothing.
fn told(row: &ConnectionRow, change: &ConnectionChange) -> Option<(&'static str, String)> {
    let renamed = row.name != change.name.as_str();
    let added = listed(&change.scopes, &row.scopes);
    let removed = listed(&row.scopes, &change.scopes);
    let mut words = Vec::new();
    if !added.is_empty() {
        words.push(format!("asks for {added} from the next consent on"));
    }
    if !removed.is_empty() {
        words.push(format!("no longer asks for {removed}"));
    }
    if row.rules != change.rules {
        words.push(permitted(&change.rules));
    }
    match (renamed, words.is_empty()) {
        (false, true) => None,
        (true, true) => Some(("connection.renamed", format!("to {}", change.name))),
        (true, false) => {
            words.insert(0, format!("renamed to {}", change.name));
            Some(("connection.changed", words.join("; ")))
        }
        (false, false) => Some(("connection.changed", words.join("; "))),
    }
}

/// The scopes of one list that the other one lacks.
fn listed(these: &[ScopeName], those: &[ScopeName]) -> String {
    let missing = these.iter().filter(|scope| !those.contains(scope));
    missing.map(ScopeName::as_str).collect::<Vec<_>>().join(", ")
}

fn permitted(rules: &CallRules) -> String {
    let methods: Vec<&str> = rules.methods.iter().map(|method| method.word()).collect();
    let paths: Vec<&str> = rules.paths.iter().map(|path| path.as_str()).collect();
    match (methods.is_empty(), paths.is_empty()) {
        (true, true) => "calls may use every method and path".into(),
        (false, true) => format!("calls may use {}", methods.join(", ")),
        (true, false) => format!("calls may use {}", paths.join(", ")),
        (false, false) => format!("calls may use {} on {}", methods.join(", "), paths.join(", ")),
    }
}
