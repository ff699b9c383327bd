//! Consents: one pass through a provider's consent screen each.

use domain::{
    id::{ConnectionId, ConsentId, ServiceId, UserId},
    principal::Principal,
    scope::ScopeName,
};

use time::OffsetDateTime;

use super::{
    StoreError, Tx,
    connections::{scopes, texts},
    credentials::Whose,
    exactly_one,
};

/// A consent as stored.
#[derive(Debug, Clone)]
pub struct ConsentRow {
    /// Its id.
    pub id: ConsentId,
    /// Who began it and must finish it.
    pub user: UserId,
    /// What it is for.
    pub service: ServiceId,
    /// What it is for.
    pub connection: ConnectionId,
    /// Whose credential it will be.
    pub principal: Principal,
    /// What is asked.
    pub scopes: Vec<ScopeName>,
    /// Hash of the browser session that left for the provider.
    pub session_hash: Option<Vec<u8>>,
    /// Sealed PKCE verifier, or the secret of an OAuth 1.0a request token.
    pub verifier: Option<Vec<u8>>,
    /// Hash of that request token.
    pub request_token_hash: Option<Vec<u8>>,
    /// How often the browser left for the provider; part of what the verifier's seal is bound to.
    pub started: i32,
    /// Whether its time is over.
    pub expired: bool,
    /// Whether an answer of the provider was accepted for it.
    pub consumed: bool,
}

/// What came of a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A credential.
    Connected,
    /// The person or the provider said no.
    Denied,
    /// The code could not be exchanged.
    Failed,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Connected => "connected",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

/// A consent that led nowhere.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// When the answer came.
    pub at: OffsetDateTime,
    /// Which way.
    pub kind: TroubleKind,
    /// The provider's words.
    pub words: Option<String>,
}

/// Which way a consent led nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// The person or the provider said no.
    Denied,
    /// The code could not be exchanged.
    Failed,
    /// The server stopped while it was exchanging the code.
    Interrupted,
}

macro_rules! consent_query {
    ($tail:literal $(, $value:expr)*) => {
        sqlx::query!(
            r#"select id, user_id, service_id, connection_id, principal, scopes, session_hash, verifier, request_token_hash, started,
                 expires_at <= clock_timestamp() as "expired!", consumed_at is not null as "consumed!"
               from consent where organization_id = $1 and "# + $tail
            $(, $value)*
        )
    };
}

macro_rules! consent_row {
    ($row:expr) => {{
        let row = $row;
        Ok(ConsentRow {
            principal: row
                .principal
                .parse()
                .map_err(|error| StoreError::inconsistent("consent", error))?,
            request_token_hash: row.request_token_hash,
            id: ConsentId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            service: ServiceId::from_uuid(row.service_id),
            connection: ConnectionId::from_uuid(row.connection_id),
            scopes: scopes(&row.scopes),
            session_hash: row.session_hash,
            verifier: row.verifier,
            started: row.started,
            expired: row.expired,
            consumed: row.consumed,
        })
    }};
}

impl Tx {
    /// Records the intent to ask for consent; it can be started within a day.
    pub(crate) async fn consent_insert(
        &mut self,
        id: ConsentId,
        user: UserId,
        service: ServiceId,
        whose: &Whose,
        scopes: &[ScopeName],
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into consent (organization_id, id, user_id, service_id, connection_id, principal, scopes, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, now() + interval '1 day')",
            self.organization.uuid(), id.uuid(), user.uuid(), service.uuid(), whose.connection.uuid(), whose.principal.stored(),
            &texts(scopes)
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// A consent by its id, locked.
    pub(crate) async fn consent(&mut self, id: ConsentId) -> Result<ConsentRow, StoreError> {
        let row = consent_query!("id = $2 for update", self.organization.uuid(), id.uuid())
            .fetch_one(&mut *self.inner)
            .await?;
        consent_row!(row)
    }

    /// A consent by the hash of its state, locked.
    pub(crate) async fn consent_by_state(&mut self, hash: &[u8]) -> Result<ConsentRow, StoreError> {
        let row = consent_query!("state_hash = $2 for update", self.organization.uuid(), hash)
            .fetch_one(&mut *self.inner)
            .await?;
        consent_row!(row)
    }

    /// The browser leaves for the provider: binds the session and starts the ten minutes.
    pub(crate) async fn consent_start(
        &mut self,
        id: ConsentId,
        session_hash: &[u8],
        state_hash: &[u8],
        verifier: &[u8],
        request_token_hash: Option<&[u8]>,
        started: i32,
    ) -> Result<(), StoreError> {
        let updated = sqlx::query!(
            "update consent set session_hash = $3, state_hash = $4, verifier = $5, started = $6, request_token_hash = $7,
               expires_at = clock_timestamp() + interval '10 minutes'
             where organization_id = $1 and id = $2 and consumed_at is null",
            self.organization.uuid(),
            id.uuid(),
            session_hash,
            state_hash,
            verifier,
            started,
            request_token_hash
        );
        exactly_one(&updated.execute(&mut *self.inner).await?)
    }

    /// Accepts the one answer that a consent takes; [`StoreError::NotFound`] for a second one.
    pub(crate) async fn consent_consume(&mut self, id: ConsentId) -> Result<(), StoreError> {
        let updated = sqlx::query!(
            "update consent set consumed_at = clock_timestamp(), verifier = null
             where organization_id = $1 and id = $2 and consumed_at is null and expires_at > clock_timestamp()",
            self.organization.uuid(), id.uuid()
        );
        exactly_one(&updated.execute(&mut *self.inner).await?)
    }

    /// Writes what came of an accepted answer, once; false where the consent was closed or its connection deleted
    /// meanwhile.
    pub(crate) async fn consent_close(
        &mut self,
        id: ConsentId,
        outcome: Outcome,
        words: Option<&str>,
    ) -> Result<bool, StoreError> {
        let updated = sqlx::query!(
            "update consent set outcome = $3, provider_words = $4 where organization_id = $1 and id = $2 and outcome is null",
            self.organization.uuid(),
            id.uuid(),
            outcome.word(),
            words
        );
        Ok(updated.execute(&mut *self.inner).await?.rows_affected() == 1)
    }

    /// Ends every consent of a connection that is still open: none of them may bring a credential any more.
    pub(crate) async fn consents_end(&mut self, connection: ConnectionId) -> Result<(), StoreError> {
        sqlx::query!(
            "update consent set consumed_at = coalesce(consumed_at, clock_timestamp()), outcome = 'ended', verifier = null
             where organization_id = $1 and connection_id = $2 and outcome is null",
            self.organization.uuid(),
            connection.uuid()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The same for one owner of a connection's credentials.
    pub(crate) async fn consents_of_person_end(&mut self, whose: &Whose) -> Result<(), StoreError> {
        sqlx::query!(
            "update consent set consumed_at = coalesce(consumed_at, clock_timestamp()), outcome = 'ended', verifier = null
             where organization_id = $1 and connection_id = $2 and principal = $3 and outcome is null",
            self.organization.uuid(),
            whose.connection.uuid(),
            whose.principal.stored()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The same for every connection of a service.
    pub(crate) async fn consents_of_service_end(&mut self, service: ServiceId) -> Result<(), StoreError> {
        sqlx::query!(
            "update consent set consumed_at = coalesce(consumed_at, clock_timestamp()), outcome = 'ended', verifier = null
             where organization_id = $1 and service_id = $2 and outcome is null",
            self.organization.uuid(),
            service.uuid()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The last accepted answer for a connection, where it did not lead to a credential.
    pub(crate) async fn consent_trouble(
        &mut self,
        connection: ConnectionId,
    ) -> Result<Option<Trouble>, StoreError> {
        let row = sqlx::query!(
            r#"select consumed_at as "at!", outcome, provider_words, consumed_at < clock_timestamp() - interval '40 seconds' as "old!"
               from consent where organization_id = $1 and connection_id = $2 and consumed_at is not null
               order by consumed_at desc limit 1"#,
            self.organization.uuid(),
            connection.uuid()
        );
        Ok(row
            .fetch_optional(&mut *self.inner)
            .await?
            .and_then(|row| match row.outcome.as_deref() {
                Some("denied") => Some(Trouble {
                    at: row.at,
                    kind: TroubleKind::Denied,
                    words: row.provider_words,
                }),
                Some("failed") => Some(Trouble {
                    at: row.at,
                    kind: TroubleKind::Failed,
                    words: row.provider_words,
                }),
                None if row.old => Some(Trouble {
                    at: row.at,
                    kind: TroubleKind::Interrupted,
                    words: None,
                }),
                _ => None,
            }))
    }
}
