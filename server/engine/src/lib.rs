//! The product without its web: everything that happens between a form or an API call and the database or a
//! provider.
//!
//! # Layout
//! - [`Engine`]: the parts put together; its methods are the use cases, spread over the modules below
//! - [`actor`]: who acts, as types: a function that needs an administrator takes an [`actor::Admin`]
//! - [`error`]: what a use case answers when it does not do its work
//! - [`accounts`]: organizations, people, passwords, attempts
//! - [`catalogue`]: default services, as data
//! - [`services`], [`connections`], [`keys`], [`connectors`]: what administrators and programs define; [`page`]: in lists
//! - [`import`]: a credential that was obtained elsewhere; [`repeat`]: a request that is sent twice is done once
//! - [`trail`]: the audit record as a list
//! - [`connect`]: consent, one file a step; [`discovery`]: what a provider says about itself
//! - [`token`]: token requests and what their answers mean; [`mod@said`]: a provider's words, fit to be read
//! - [`oauth1`]: the signatures of OAuth 1.0a, and its answers; [`sign`]: with a connection's credential; [`pem`]: keys
//! - [`refresh`]: one refresh for any number of callers, fenced
//! - [`ready`], [`material`], [`known`], [`placement`]: a connection with its opened credential, and where that goes on a call
//! - [`vend`], [`call`], [`probe`], [`revoke`]: the verbs; [`limits`]: how often; [`uses`]: when a key was used last
//! - [`vault`], [`store`], [`egress`]: secrets at rest, PostgreSQL, the one outbound HTTP client
//! - [`clock`], [`random`]: the only places that ask the machine for time and chance

pub mod accounts;
pub mod actor;
pub mod call;
pub mod catalogue;
pub mod clock;
pub mod connect;
pub mod connections;
pub mod connectors;
pub mod discovery;
pub mod egress;
pub mod error;
pub mod import;
pub mod keys;
pub mod known;
mod limits;
pub mod material;
pub mod oauth1;
pub mod page;
mod pem;
pub mod placement;
pub mod probe;
pub mod random;
pub mod ready;
pub mod refresh;
pub mod repeat;
pub mod revoke;
mod said;
pub mod services;
mod sign;
pub mod store;
pub mod token;
pub mod trail;
mod uses;
pub mod vault;
pub mod vend;

use std::sync::Arc;

use domain::id::OrganizationId;
use tokio_util::task::TaskTracker;
use url::Url;
use uuid::Uuid;

use egress::{EgressClient, Patience};
use error::EngineError;
use store::{Store, Tx};
use vault::{DataKey, Vault};

/// Everything that a use case needs.
pub struct Engine {
    /// PostgreSQL.
    pub store: Store,
    /// Sealing and signing.
    pub vault: Vault,
    /// The way out.
    pub egress: EgressClient,
    /// Settings that use cases ask for.
    pub settings: Settings,
    /// Work that goes on when its caller is gone; a shutdown waits for it.
    pub tasks: TaskTracker,
    flights: refresh::Flights,
    passwords: accounts::password::Hasher,
    uses: uses::Uses,
    limits: limits::Limits,
    renewals: ready::renew::Renewals,
    clocks: oauth1::skew::Clocks,
    /// Names this process in leases.
    replica: Uuid,
}

/// What the operator set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where browsers and providers reach this server.
    pub public_url: Url,
    /// The sandbox's issuer, where it runs.
    pub sandbox: Option<Url>,
    /// Who may create an organization.
    pub sign_up: SignUpPolicy,
    /// How much an organization may call.
    pub calls: CallLimits,
}

/// How much an organization may call through one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallLimits {
    /// Calls a minute; None for any number.
    pub a_minute: Option<u32>,
    /// Calls under way at the same time.
    pub at_once: u32,
    /// How long each part of a call may take.
    pub patience: Patience,
}

impl Default for CallLimits {
    fn default() -> Self {
        Self {
            a_minute: None,
            at_once: 1000,
            patience: Patience::default(),
        }
    }
}

/// Who may create an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignUpPolicy {
    /// Anyone until the first organization exists, then nobody without an invitation.
    #[default]
    First,
    /// Anyone.
    Open,
    /// Nobody without an invitation.
    Invite,
}

impl Engine {
    /// Puts the parts together.
    #[must_use]
    pub fn new(store: Store, vault: Vault, egress: EgressClient, settings: Settings) -> Arc<Self> {
        Arc::new(Self {
            store,
            vault,
            egress,
            settings,
            tasks: TaskTracker::new(),
            flights: refresh::Flights::default(),
            passwords: accounts::password::Hasher::new(),
            uses: uses::Uses::default(),
            limits: limits::Limits::default(),
            renewals: ready::renew::Renewals::default(),
            clocks: oauth1::skew::Clocks::default(),
            replica: random::uuid(),
        })
    }

    /// Makes sure that the root keys are those that sealed what is stored.
    ///
    /// # Errors
    /// [`EngineError::Vault`] for other keys, [`EngineError::Store`] without database.
    pub async fn check_vault(&self) -> Result<(), EngineError> {
        let stored = self.store.vault_check(&self.vault.seal_check()?).await?;
        Ok(self.vault.open_check(&stored)?)
    }

    /// Lets go of what has waited too long: connections to providers, opened credentials.
    pub fn sweep(&self) {
        self.egress.sweep();
        self.store.cache().sweep();
    }

    /// The data key of an organization, read where this process has not opened it before.
    async fn data_key(&self, tx: &mut Tx) -> Result<DataKey<'_>, EngineError> {
        let organization: OrganizationId = tx.organization();
        match self.vault.opened(organization) {
            Some(key) => Ok(key),
            None => Ok(self.vault.data_key(organization, &tx.data_key().await?)?),
        }
    }
}
