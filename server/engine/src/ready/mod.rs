//! A connection that is ready for a call: its credential opened and fresh, with everything that decides where it may
//! go. Handing out a credential and making a call both begin here.
//!
//! Reading it costs a round trip to the database or two, so a process keeps what it read. What it keeps is used only
//! while news of changes surely arrives: see [`news`].
//!
//! # Layout
//! - [`Ready`], [`KeyHash`], [`Caller`], and how one is made: this file
//! - [`cache`]: what this process keeps
//! - [`news`]: how a process hears of changes that another one made
//! - [`renew`]: another credential in place of one that the provider refused

use std::sync::Arc;

use domain::{
    call::CallRules,
    connection::{Cause, CredentialState, Status, cause, status},
    function_key::{KeyScope, is_well_formed},
    id::{ConnectionId, FunctionKeyId, OrganizationId},
    link_name::LinkName,
    problem::Problem,
    service::Definition,
};
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;

use crate::{
    Engine,
    call::mask::Mask,
    error::EngineError,
    keys::FunctionKey,
    placement::{Placed, place},
    random,
    refresh::{self, decide::is_quiet},
    store::{
        credentials::CredentialRow,
        look::{KeyFacts, LookedAt},
    },
    vault::{Secret, VaultError},
};

pub(crate) mod cache;
pub(crate) mod news;
pub(crate) mod renew;

/// A connection with its opened credential. Does not print.
pub struct Ready {
    /// The organization of both.
    pub organization: OrganizationId,
    /// The key that asked; None for a person.
    pub key: Option<KeyFacts>,
    /// The connection.
    pub connection: ConnectionId,
    /// What functions call it.
    pub link_name: LinkName,
    /// What its calls may do.
    pub rules: CallRules,
    /// Link name of its service.
    pub service_link_name: String,
    /// Its service.
    pub definition: Definition,
    /// The access token.
    pub token: Secret,
    /// The token where it goes on calls.
    pub placed: Placed,
    /// What must not come back in an answer.
    pub(crate) mask: Arc<Mask>,
    /// The rest of the credential; its sealed tokens are left out.
    pub(crate) row: CredentialRow,
    /// When reading began; with `row.now` it tells the database's time.
    read_at: Instant,
}

/// The SHA-256 of a function key that could exist: how keys are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyHash([u8; 32]);

impl KeyHash {
    /// The hash of a key's text; None for what cannot be a key.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        is_well_formed(text).then(|| Self(random::sha256(text.as_bytes())))
    }

    pub(crate) const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Who wants a connection.
#[derive(Debug, Clone, Copy)]
pub enum Caller {
    /// A function, with a key that was recognized, and what the key must be good for.
    Key(FunctionKey, KeyScope),
    /// A member of the organization.
    Person(OrganizationId),
}

impl Caller {
    const fn organization(self) -> OrganizationId {
        match self {
            Self::Key(key, _) => key.organization,
            Self::Person(organization) => organization,
        }
    }
    const fn key(self) -> Option<FunctionKeyId> {
        match self {
            Self::Key(key, _) => Some(key.id),
            Self::Person(_) => None,
        }
    }
}

impl Ready {
    /// The database's time, as this process knows it.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.row.now + Duration::try_from(self.read_at.elapsed()).unwrap_or(Duration::MAX)
    }

    /// Whether the credential can be used as it is, without another look: nothing is due and nothing under way.
    fn is_quiet(&self, min_ttl: f64) -> bool {
        let now = self.now();
        let key = self.key.as_ref().and_then(|key| key.expires_at);
        key.is_none_or(|end| end > now) && is_quiet(&self.row, now, min_ttl)
    }
}

/// Whether the key is good for this.
fn permit(key: Option<&KeyFacts>, caller: Caller) -> Result<(), Problem> {
    match (key, caller) {
        (Some(key), Caller::Key(_, scope)) if !key.scopes.contains(&scope) => {
            Err(Problem::ForbiddenForKey(scope.word()))
        }
        _ => Ok(()),
    }
}

/// The connection, and its credential at the first look.
struct Permitted {
    key: Option<KeyFacts>,
    connection: LookedAt,
    first: CredentialRow,
    /// The organization's sealed data key.
    data_key: Vec<u8>,
}

impl Engine {
    /// The connection behind a link name, with at least `min_ttl` seconds left, for a key that is good for `scope`.
    ///
    /// # Errors
    /// The codes of the HTTP contract, as [`Problem`].
    pub async fn ready(
        self: &Arc<Self>,
        hash: KeyHash,
        link_name: &str,
        scope: KeyScope,
        min_ttl: f64,
    ) -> Result<Arc<Ready>, EngineError> {
        if let Some(ready) = self.store.cache().get(&hash, link_name)
            && ready.is_quiet(min_ttl)
            && let Some(key) = &ready.key
        {
            let id = key.id;
            let recognized = FunctionKey {
                organization: ready.organization,
                id,
            };
            permit(ready.key.as_ref(), Caller::Key(recognized, scope))?;
            self.count(ready.organization, ready.key.as_ref())?;
            self.note_use(recognized, ready.connection);
            return Ok(ready);
        }
        let stamp = self.store.cache().stamp();
        let key = self.recognize(hash).await?;
        let unknown = || Problem::UnknownConnection(domain::text::quoted(link_name, 60));
        let link_name: LinkName = link_name.parse().map_err(|_| unknown())?;
        let ready = Arc::new(
            self.ready_for(Caller::Key(key, scope), &link_name, min_ttl)
                .await?,
        );
        self.store.cache().put(stamp, hash, &ready);
        Ok(ready)
    }

    /// Whether the key exists: for what must be known before a large request is read.
    ///
    /// # Errors
    /// [`Problem::InvalidKey`].
    pub async fn admit(&self, hash: KeyHash) -> Result<(), EngineError> {
        if self.store.cache().knows(&hash) {
            return Ok(());
        }
        self.recognize(hash).await.map(drop)
    }

    /// The same, read from the database.
    ///
    /// # Errors
    /// As [`Self::ready`].
    pub async fn ready_for(
        self: &Arc<Self>,
        caller: Caller,
        link_name: &LinkName,
        min_ttl: f64,
    ) -> Result<Ready, EngineError> {
        let read_at = Instant::now();
        let Permitted {
            key,
            connection,
            first,
            data_key,
        } = self.permitted(caller, link_name).await?;
        if let Caller::Key(key, _) = caller {
            self.note_use(key, connection.id);
        }
        let organization = caller.organization();
        let data_key = match self.vault.opened(organization) {
            Some(opened) => opened,
            None => self.vault.data_key(organization, &data_key)?,
        };
        let (id, seen_at) = (connection.id, first.now);
        let mut row = self
            .fresh_credential(organization, id, first, connection.definition.oauth2(), min_ttl)
            .await?;
        let (mut key, mut connection) = (key, connection);
        if row.now != seen_at {
            // The caller had to wait. What was disabled, revoked or forbidden meanwhile is not served any more.
            let again = self.permitted(caller, link_name).await?;
            if again.connection.id != id {
                return Err(Problem::UnknownConnection(link_name.to_string()).into());
            }
            (key, connection) = (again.key, again.connection);
        }
        let sealed = row.access_token.take();
        row.refresh_token = row.refresh_token.map(|_| Vec::new());
        let token = match refresh::open(&data_key, id, "access_token", row.generation, sealed.as_deref()) {
            Ok(token) => token,
            Err(error) => {
                return Err(self
                    .report_unreadable(organization, id, row.generation, error)
                    .await);
            }
        };
        let placed = place(&connection.definition, &token)?;
        let mask = Arc::new(Mask::new([&token]));
        Ok(Ready {
            organization,
            key,
            connection: id,
            link_name: link_name.clone(),
            rules: connection.rules,
            service_link_name: connection.service_link_name,
            definition: connection.definition,
            token,
            placed,
            mask,
            row,
            read_at,
        })
    }

    /// The connection, where this caller may use it and its credential serves.
    async fn permitted(&self, caller: Caller, link_name: &LinkName) -> Result<Permitted, EngineError> {
        let look = self
            .store
            .call_look(caller.organization(), caller.key(), link_name)
            .await?;
        let look = look.ok_or(Problem::InvalidKey)?;
        if let Caller::Key(key, _) = caller {
            self.count(key.organization, look.key.as_ref())?;
        }
        permit(look.key.as_ref(), caller)?;
        let unknown = || Problem::UnknownConnection(link_name.to_string());
        let mut connection = look.connection.ok_or_else(unknown)?;
        let first = serving(connection.disabled, connection.credential.take())?;
        Ok(Permitted {
            key: look.key,
            connection,
            first,
            data_key: look.data_key,
        })
    }

    /// Notes that a key used a connection, at most once a minute; nobody waits for it.
    fn note_use(self: &Arc<Self>, key: FunctionKey, connection: ConnectionId) {
        if !self.uses.is_news(key.id, connection) {
            return;
        }
        let engine = Arc::clone(self);
        self.tasks.spawn(async move {
            let noted = async {
                let mut tx = engine.store.begin(key.organization).await?;
                tx.concerns_no_call();
                tx.use_note(key.id, connection).await?;
                tx.commit().await
            };
            if let Err(error) = noted.await {
                tracing::warn!(%connection, %error, "the use of a connection could not be noted");
            }
        });
    }

    /// A stored token that does not open: said on the page, and never served in part.
    async fn report_unreadable(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
        generation: i64,
        error: VaultError,
    ) -> EngineError {
        tracing::error!(%connection, %error, "a stored secret cannot be opened");
        let noted = async {
            let mut tx = self.store.begin(organization).await?;
            let (state, cause) = (CredentialState::VaultError, Cause::VaultUnreadable);
            tx.credential_state_set(connection, generation, state, cause)
                .await?;
            tx.commit().await
        };
        match noted.await {
            Ok(()) => Problem::NotServing(Status::Error, Some(Cause::VaultUnreadable)).into(),
            Err(error) => error.into(),
        }
    }
}

/// The stored credential, where its status serves; what no refresh would mend is refused at once.
fn serving(disabled: bool, credential: Option<CredentialRow>) -> Result<CredentialRow, Problem> {
    let Some(credential) = credential else {
        let status = if disabled {
            Status::Disabled
        } else {
            Status::NotConnected
        };
        return Err(Problem::NotServing(status, None));
    };
    let facts = credential.facts();
    match status(disabled, Some(&facts), credential.now) {
        Status::Connected | Status::Expiring => Ok(credential),
        status => Err(Problem::NotServing(status, cause(status, Some(&facts)))),
    }
}
