//! Sessions: tower-sessions over the engine's doors. A session holds who is signed in to which organization and
//! nothing else; its id is stored as a SHA-256 hash, so the table opens no session. Both ends, idle and absolute,
//! are decided by the database's clock.

use std::{collections::HashMap, fmt, sync::Arc};

use async_trait::async_trait;
use domain::id::{OrganizationId, UserId};
use engine::{Engine, random, store::doors::StoredSession};
use serde_json::Value;
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    Expiry, SessionManagerLayer, SessionStore,
    cookie::SameSite,
    session::{Id, Record},
    session_store::{Error, Result},
};

use crate::config::PublicUrl;

/// Without a request.
pub(crate) const IDLE: Duration = Duration::hours(12);
/// In all.
pub(crate) const LIFETIME: Duration = Duration::days(14);

pub(crate) const USER: &str = "user";
pub(crate) const ORGANIZATION: &str = "organization";

/// The store.
#[derive(Clone)]
pub(crate) struct DoorStore(Arc<Engine>);

impl fmt::Debug for DoorStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DoorStore")
    }
}

/// The layer. Lax: the provider's redirect back must carry the cookie.
pub(crate) fn layer(engine: Arc<Engine>, public: &PublicUrl) -> SessionManagerLayer<DoorStore> {
    let name = if public.is_https() { "__Host-cnx" } else { "cnx" };
    SessionManagerLayer::new(DoorStore(engine))
        .with_name(name)
        .with_secure(public.is_https())
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(LIFETIME))
}

/// How a session's id is stored and how a consent is bound to it.
pub(crate) fn hash(id: &Id) -> [u8; 32] {
    random::sha256(id.to_string().as_bytes())
}

fn failed(error: impl fmt::Display) -> Error {
    Error::Backend(error.to_string())
}

fn stored(record: &Record) -> Result<StoredSession> {
    let text = |name: &str| record.data.get(name).and_then(Value::as_str);
    if let Some(other) = record
        .data
        .keys()
        .find(|key| *key != USER && *key != ORGANIZATION)
    {
        return Err(Error::Encode(format!("a session holds no `{other}`")));
    }
    let user = text(USER).map(str::parse::<UserId>).transpose();
    let organization = text(ORGANIZATION).map(str::parse::<OrganizationId>).transpose();
    Ok(StoredSession {
        user: user.map_err(|e| Error::Encode(e.to_string()))?,
        organization: organization.map_err(|e| Error::Encode(e.to_string()))?,
        expires_at: record.expiry_date,
        stale: false,
    })
}

fn lifetime(record: &Record) -> Duration {
    #[expect(
        clippy::disallowed_methods,
        reason = "tower-sessions gives a date by this machine's clock; the door takes a length"
    )]
    let now = OffsetDateTime::now_utc();
    (record.expiry_date - now).min(LIFETIME)
}

#[async_trait]
impl SessionStore for DoorStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let session = stored(record)?;
        while !self
            .0
            .store
            .session_create(&hash(&record.id), &session, lifetime(record))
            .await
            .map_err(failed)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.0
            .store
            .session_save(&hash(&record.id), &stored(record)?)
            .await
            .map_err(failed)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let hash = hash(id);
        let Some(found) = self.0.store.session_load(&hash, IDLE).await.map_err(failed)? else {
            return Ok(None);
        };
        if found.stale {
            self.0.store.session_touch(&hash).await.map_err(failed)?;
        }
        let mut data = HashMap::new();
        if let Some(user) = found.user {
            data.insert(USER.to_owned(), Value::String(user.to_string()));
        }
        if let Some(organization) = found.organization {
            data.insert(ORGANIZATION.to_owned(), Value::String(organization.to_string()));
        }
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: found.expires_at,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.0.store.session_delete(&hash(id)).await.map_err(failed)
    }
}
