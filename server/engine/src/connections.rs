//! Connections: made, shown, disabled, deleted. Edits are in [`mod@change`], consent is in [`crate::connect`], withdrawal
//! in [`crate::revoke`].

mod change;

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    connection::{self, Status},
    form::connection::ConnectionInput,
    id::{ConnectionId, ServiceId},
    link_name::LinkName,
    problem::Problem,
    scope::ScopeName,
};

use crate::{
    Engine,
    actor::{Admin, Insider, Manager},
    error::EngineError,
    known::{bundle, fields_place},
    page::Paged,
    random,
    services::{first_free, unchanged},
    store::{
        StoreError, Tx,
        audit::{AuditRow, Deed},
        connections::{ConnectionRow, KeyUse, PersonRow},
        consents::Trouble,
        revocations::PendingRevocation,
        services::ServiceRow,
    },
    vault::Secret,
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
    /// Credentials of single people, where the connection has such.
    pub people: Vec<PersonRow>,
}

impl ConnectionRow {
    /// What people and programs see.
    #[must_use]
    pub fn status(&self) -> Status {
        // Where people have accounts of their own, it works as soon as one of them has.
        if self.credential.is_none() && self.people > 0 && self.disabled_at.is_none() {
            return Status::Connected;
        }
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
            people: tx.people(connection.id).await?,
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
        secrets: &BTreeMap<String, Secret>,
    ) -> Result<ConnectionId, EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        tx.service(service).await?;
        let id = self
            .insert_connection(&mut tx, manager, service, input, secrets)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    pub(crate) async fn insert_connection(
        &self,
        tx: &mut Tx,
        manager: &Manager,
        service: ServiceId,
        input: &ConnectionInput,
        secrets: &BTreeMap<String, Secret>,
    ) -> Result<ConnectionId, EngineError> {
        let id = ConnectionId::from_uuid(random::uuid());
        let key = self.data_key(tx).await?;
        let sealed = match secrets.is_empty() {
            true => None,
            false => Some(key.seal(&fields_place(id, 1), &bundle(secrets))?),
        };
        let inserted = tx
            .connection_insert(id, service, input, sealed.as_deref(), manager.user())
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
            scopes,
            ..ConnectionInput::new(service.input.name.clone(), link_name.clone())
        };
        self.create_connection(admin, service.id, &input, &BTreeMap::new())
            .await?;
        Ok(self
            .store
            .begin(admin.organization())
            .await?
            .connection_by_link_name(&link_name)
            .await?)
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
