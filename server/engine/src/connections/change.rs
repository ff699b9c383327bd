//! An edit of a connection: what may change, and how the audit record says it.

use domain::{
    call::CallRules, form::connection::ConnectionChange, link_name::LinkName, name::Name, scope::ScopeName,
};

use super::deed;
use crate::{
    Engine,
    actor::Manager,
    error::EngineError,
    services::{overtaken, unchanged},
    store::{connections::ConnectionRow, services::ServiceRow},
};

impl Engine {
    /// Changes a connection. Changed scopes are asked for at the next consent; the credential stays as it is.
    ///
    /// # Errors
    /// [`domain::problem::Problem::Changed`] for another version than the `expected` one; a field error for a scope that
    /// neither the service nor the connection has; not found.
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
