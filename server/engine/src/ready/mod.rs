//! A connection that is ready for a call: its credential opened and fresh, with everything that decides where it may
//! go. Handing out a credential and making a call both begin here.
//!
//! Reading it costs a round trip to the database or two, so a process keeps what it read. What it keeps is used only
//! while news of changes surely arrives: see [`news`].
//!
//! # Layout
//! - [`Ready`], and how one is made: this file; [`mod@caller`]: for whom; [`rules`]: whether
//! - [`cache`]: what this process keeps
//! - [`news`]: how a process hears of changes that another one made
//! - [`renew`]: another credential in place of one that the provider refused

use std::sync::Arc;

use domain::{
    allowed_host::AllowedHost,
    call::CallRules,
    connection::{Cause, CredentialState, Status},
    function_key::KeyScope,
    id::{ConnectionId, OrganizationId},
    link_name::LinkName,
    principal::Principal,
    problem::Problem,
    service::Definition,
};
use time::{Duration, OffsetDateTime};
use tokio::time::Instant;
use url::Url;

use crate::{
    Engine,
    call::mask::Mask,
    error::EngineError,
    keys::FunctionKey,
    known::{self, Known},
    material::Material,
    placement::{Placed, place},
    probe::Armed,
    refresh::{self, decide::is_quiet},
    services::secret_place,
    store::{
        credentials::{CredentialRow, Whose},
        look::{KeyFacts, LookedAt},
    },
    vault::{DataKey, Secret, VaultError},
};

pub(crate) mod cache;
mod caller;
pub(crate) mod news;
pub(crate) mod renew;
mod rules;

pub use caller::{Caller, KeyHash};
use rules::{is_taken_off, not_connected_for, permit, serving, whose};

/// How often a caller looks for a person's account that goes while the caller waits.
const LOOKS: usize = 3;

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
    /// The user whom the caller named.
    pub user: Principal,
    /// The secret part of the credential.
    pub material: Material,
    /// What the service's templates are filled with.
    pub known: Known,
    /// The secret of the service itself, where requests are signed with it.
    pub(crate) consumer_secret: Option<Secret>,
    /// The only hosts that the credential travels to.
    pub hosts: Vec<AllowedHost>,
    /// What paths of calls are appended to.
    pub base: Base,
    /// The credential where it goes on calls.
    pub placed: Placed,
    /// What must not come back in an answer.
    pub(crate) mask: Arc<Mask>,
    /// The rest of the credential; its sealed tokens are left out.
    pub(crate) row: CredentialRow,
    /// When reading began; with `row.now` it tells the database's time.
    read_at: Instant,
}

/// The API base URL of a service, with a connection's values.
#[derive(Debug, Clone)]
pub enum Base {
    /// There is one.
    Url(Url),
    /// The service has none.
    None,
    /// It does not come out of its template; why.
    Unfilled(String),
}

impl Base {
    fn of(definition: &Definition, known: &Known) -> Self {
        match definition.base(|name| known.get(name)) {
            Ok(Some(url)) => Self::Url(url.as_url().clone()),
            Ok(None) => Self::None,
            Err(error) => Self::Unfilled(error.to_string()),
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
        user: &Principal,
        scope: KeyScope,
        min_ttl: f64,
    ) -> Result<Arc<Ready>, EngineError> {
        if let Some(ready) = self.store.cache().get(&hash, link_name, user)
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
            self.ready_for(Caller::Key(key, scope), &link_name, user, min_ttl)
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
        user: &Principal,
        min_ttl: f64,
    ) -> Result<Ready, EngineError> {
        for _ in 0..LOOKS {
            if let Some(ready) = self.ready_once(caller, link_name, user, min_ttl).await? {
                return Ok(ready);
            }
        }
        Err(not_connected_for(user).into())
    }

    /// The same; None where the person's account was taken off while the caller waited for it: then another look tells
    /// what serves instead.
    async fn ready_once(
        self: &Arc<Self>,
        caller: Caller,
        link_name: &LinkName,
        user: &Principal,
        min_ttl: f64,
    ) -> Result<Option<Ready>, EngineError> {
        let read_at = Instant::now();
        let Permitted {
            key,
            connection,
            first,
            data_key,
        } = self.permitted(caller, link_name, user).await?;
        if let Caller::Key(key, _) = caller {
            self.note_use(key, connection.id);
        }
        let organization = caller.organization();
        let data_key = match self.vault.opened(organization) {
            Some(opened) => opened,
            None => self.vault.data_key(organization, &data_key)?,
        };
        let whose = Whose {
            connection: connection.id,
            principal: first.principal.clone(),
        };
        let seen_at = first.now;
        let fresh = self
            .fresh_credential(organization, &whose, first, &connection.definition, min_ttl)
            .await;
        let mut row = match fresh {
            Err(EngineError::Problem(Problem::NotServing(Status::Revoked, _)))
                if whose.principal != Principal::Organization =>
            {
                return Ok(None);
            }
            other => other?,
        };
        let (mut key, mut connection) = (key, connection);
        if row.now != seen_at {
            // The caller had to wait. What was disabled, revoked or forbidden meanwhile is not served any more.
            let again = self.permitted(caller, link_name, user).await?;
            if again.connection.id != whose.connection {
                return Err(Problem::UnknownConnection(link_name.to_string()).into());
            }
            if again.first.principal != whose.principal {
                return Ok(None);
            }
            (key, connection) = (again.key, again.connection);
        }
        let sealed = row.access_token.take();
        row.refresh_token = row.refresh_token.map(|_| Vec::new());
        let opened = match open(&data_key, &whose, &connection, &row, sealed.as_deref()) {
            Ok(opened) => opened,
            Err(error) => {
                return Err(self
                    .report_unreadable(organization, &whose, row.generation, error)
                    .await);
            }
        };
        let Opened {
            material,
            known,
            consumer_secret,
        } = opened;
        let placed = place(&connection.definition, &material, &known)?;
        let hosts = connection.definition.hosts(|name| known.get(name));
        let base = Base::of(&connection.definition, &known);
        let armed = Armed {
            definition: &connection.definition,
            material: &material,
            known: &known,
            consumer_secret: consumer_secret.as_ref(),
        };
        let mask = Arc::new(Mask::new(hidden(&armed, &placed).iter()));
        Ok(Some(Ready {
            organization,
            key,
            connection: whose.connection,
            link_name: link_name.clone(),
            rules: connection.rules,
            service_link_name: connection.service_link_name,
            definition: connection.definition,
            user: user.clone(),
            material,
            known,
            consumer_secret,
            hosts,
            base,
            placed,
            mask,
            row,
            read_at,
        }))
    }

    /// The connection, where this caller may use it and its credential serves.
    async fn permitted(
        &self,
        caller: Caller,
        link_name: &LinkName,
        user: &Principal,
    ) -> Result<Permitted, EngineError> {
        let look = self
            .store
            .call_look(caller.organization(), caller.key(), link_name, user)
            .await?;
        let look = look.ok_or(Problem::InvalidKey)?;
        if let Caller::Key(key, _) = caller {
            self.count(key.organization, look.key.as_ref())?;
        }
        permit(look.key.as_ref(), caller)?;
        let unknown = || Problem::UnknownConnection(link_name.to_string());
        let mut connection = look.connection.ok_or_else(unknown)?;
        let credential = connection.credential.take();
        let credential = credential.filter(|row| !is_taken_off(&row.principal, row.state));
        if !connection.disabled {
            whose(connection.mode, user, credential.is_some())?;
        }
        let first = serving(connection.disabled, credential)?;
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
        whose: &Whose,
        generation: i64,
        error: VaultError,
    ) -> EngineError {
        tracing::error!(connection = %whose.connection, %error, "a stored secret cannot be opened");
        let noted = async {
            let mut tx = self.store.begin(organization).await?;
            let (state, cause) = (CredentialState::VaultError, Cause::VaultUnreadable);
            tx.credential_state_set(whose, generation, state, cause).await?;
            tx.commit().await
        };
        match noted.await {
            Ok(()) => Problem::NotServing(Status::Error, Some(Cause::VaultUnreadable)).into(),
            Err(error) => error.into(),
        }
    }
}

/// The secrets of a credential, opened.
struct Opened {
    material: Material,
    known: Known,
    consumer_secret: Option<Secret>,
}

fn open(
    key: &DataKey<'_>,
    whose: &Whose,
    connection: &LookedAt,
    row: &CredentialRow,
    sealed: Option<&[u8]>,
) -> Result<Opened, VaultError> {
    let stored = refresh::open(key, whose, "access_token", row.generation, sealed)?;
    let fields = connection.fields.clone();
    let (secret_fields, generation) = (connection.secret_fields.as_deref(), connection.secret_generation);
    let known = known::of_fields(key, whose.connection, fields, secret_fields, generation)?;
    let place = secret_place(connection.service, connection.service_secret_generation);
    let consumer_secret = match (&connection.service_secret, connection.definition.oauth1()) {
        (Some(sealed), Some(_)) => Some(key.open(&place, sealed)?),
        _ => None,
    };
    Ok(Opened {
        material: Material::read(&connection.definition, stored)?,
        known: known.with_all(&row.kept),
        consumer_secret,
    })
}

/// What must not come back in an answer: the secrets themselves, and what is sent instead of them.
fn hidden(armed: &Armed<'_>, placed: &Placed) -> Vec<Secret> {
    let mut hidden: Vec<Secret> = armed.secrets().into_iter().cloned().collect();
    // User name and password travel encoded together, and would be known by that.
    let encoded = placed
        .headers
        .iter()
        .filter_map(|header| header.value.to_str().ok()?.strip_prefix("Basic "));
    hidden.extend(encoded.map(|text| Secret::text(text.to_owned())));
    hidden
}
