//! Credentials: sealed tokens, their state, and the lease under which one caller refreshes them.

use domain::{
    connection::{Cause, CredentialFacts, CredentialState},
    id::{AttemptId, ConnectionId, ServiceId, UserId},
    principal::Principal,
    scope::ScopeName,
    service::Values,
};
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    StoreError, Tx,
    connections::{scopes, texts, word},
    exactly_one,
};

/// Which credential: a connection has one for each owner.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Whose {
    /// The connection.
    pub connection: ConnectionId,
    /// The owner.
    pub principal: Principal,
}

impl Whose {
    /// The organization's own.
    #[must_use]
    pub const fn organization(connection: ConnectionId) -> Self {
        let principal = Principal::Organization;
        Self {
            connection,
            principal,
        }
    }
}

/// A credential as stored, sealed tokens included.
#[derive(Debug, Clone)]
pub struct CredentialRow {
    /// Whose it is.
    pub principal: Principal,
    /// Its state.
    pub state: CredentialState,
    /// Why.
    pub cause: Option<Cause>,
    /// Number of this version.
    pub generation: i64,
    /// Sealed; None once revoked.
    pub access_token: Option<Vec<u8>>,
    /// Sealed; None where none came along.
    pub refresh_token: Option<Vec<u8>>,
    /// As the provider named it, `Bearer` mostly.
    pub token_type: String,
    /// What the provider granted.
    pub granted: Vec<ScopeName>,
    /// Whose account it is.
    pub account: Option<String>,
    /// End of the access token; None where the provider names none.
    pub expires_at: Option<OffsetDateTime>,
    /// When a refresh in the background becomes due.
    pub refresh_after: Option<OffsetDateTime>,
    /// When this version came into being.
    pub born_at: OffsetDateTime,
    /// Whether the provider was seen to change the refresh token.
    pub rotates: bool,
    /// Whether it renews itself without a refresh token.
    pub renews_alone: bool,
    /// Values that its provider's answers brought along.
    pub kept: Values,
    /// Failures in a row.
    pub fail_count: i32,
    /// Not before this time.
    pub next_try_at: OffsetDateTime,
    /// End of the current refresher's lease.
    pub lease_until: Option<OffsetDateTime>,
    /// The attempt that has not been resolved.
    pub attempt: Option<AttemptId>,
    /// Whether that attempt was itself a recovery of a lost one.
    pub attempt_recovers: bool,
    /// The database's time at this reading.
    pub now: OffsetDateTime,
}

impl CredentialRow {
    /// Whether it renews itself.
    #[must_use]
    pub const fn renews(&self) -> bool {
        self.refresh_token.is_some() || self.renews_alone
    }

    /// What is shown of it.
    #[must_use]
    pub fn facts(&self) -> CredentialFacts {
        CredentialFacts {
            state: self.state,
            cause: self.cause,
            provider_words: None,
            generation: self.generation,
            expires_at: self.expires_at,
            renews: self.renews(),
            refresh_after: self.refresh_after,
            refreshing: self.lease_until.is_some_and(|until| until > self.now),
        }
    }
}

/// A new version of a credential, sealed for its generation.
pub struct NewCredential<'a> {
    /// Its number.
    pub generation: i64,
    /// Sealed access token; None where it is still to be fetched.
    pub access_token: Option<&'a [u8]>,
    /// Sealed refresh token.
    pub refresh_token: Option<&'a [u8]>,
    /// As the provider named it.
    pub token_type: &'a str,
    /// What was granted.
    pub granted: &'a [ScopeName],
    /// Seconds until the access token ends.
    pub expires_in: Option<f64>,
    /// Seconds until a refresh becomes due.
    pub refresh_in: Option<f64>,
    /// Whether it renews itself without a refresh token.
    pub renews_alone: bool,
    /// Values that the provider's answers brought along.
    pub kept: &'a Values,
}

/// How a refresh attempt ended, for the attempt's own row.
#[derive(Debug, Clone, Default)]
pub struct Ending<'a> {
    /// A stable word.
    pub outcome: &'a str,
    /// The provider's status.
    pub http_status: Option<i32>,
    /// The provider's error code or words.
    pub error: Option<&'a str>,
    /// How long the request took.
    pub latency_ms: Option<i32>,
}

/// The state that a failed refresh leaves behind.
#[derive(Debug, Clone)]
pub struct Setback<'a> {
    /// The new state.
    pub state: CredentialState,
    /// Why.
    pub cause: Cause,
    /// The provider's own words.
    pub words: Option<&'a str>,
    /// Seconds until another try makes sense.
    pub retry_in: f64,
    /// Whether the attempt stays unresolved: its answer may still have changed something at the provider.
    pub unresolved: bool,
}

impl Tx {
    /// The credential of a connection; `lock` keeps others from changing it until this transaction ends.
    pub(crate) async fn credential(
        &mut self,
        whose: &Whose,
        lock: bool,
    ) -> Result<CredentialRow, StoreError> {
        let principal = whose.principal.stored();
        if lock {
            sqlx::query!(
                "select 1 as one from credential where organization_id = $1 and connection_id = $2 and principal = $3 for update",
                self.organization.uuid(), whose.connection.uuid(), principal
            )
            .fetch_one(&mut *self.inner)
            .await?;
        }
        let row = sqlx::query!(
            r#"select k.state, k.cause, k.generation, k.access_token, k.refresh_token, k.token_type, k.granted_scopes, k.account,
                 k.expires_at, k.refresh_after, coalesce(k.refreshed_at, k.connected_at) as "born_at!", k.rotates, k.renews_alone,
                 k.kept as "kept: Json<Values>", k.fail_count, k.next_try_at, k.lease_until, k.attempt_id, coalesce(a.outcome = 'recovery', false) as "recovers!",
                 clock_timestamp() as "now!"
               from credential k left join refresh_attempt a on a.organization_id = k.organization_id and a.id = k.attempt_id
               where k.organization_id = $1 and k.connection_id = $2 and k.principal = $3"#,
            self.organization.uuid(), whose.connection.uuid(), principal
        )
        .fetch_one(&mut *self.inner)
        .await?;
        Ok(CredentialRow {
            principal: whose.principal.clone(),
            state: word(&row.state)?,
            cause: row.cause.as_deref().map(word).transpose()?,
            generation: row.generation,
            access_token: row.access_token,
            refresh_token: row.refresh_token,
            token_type: row.token_type,
            granted: scopes(&row.granted_scopes),
            account: row.account,
            expires_at: row.expires_at,
            refresh_after: row.refresh_after,
            born_at: row.born_at,
            rotates: row.rotates,
            renews_alone: row.renews_alone,
            kept: row.kept.0,
            fail_count: row.fail_count,
            next_try_at: row.next_try_at,
            lease_until: row.lease_until,
            attempt: row.attempt_id.map(AttemptId::from_uuid),
            attempt_recovers: row.recovers,
            now: row.now,
        })
    }

    /// The generation that the next consent's credential will have.
    pub(crate) async fn next_generation(&mut self, whose: &Whose) -> Result<i64, StoreError> {
        // Two consents to a connection that has no credential yet must not both make its first generation.
        sqlx::query!(
            "select 1 as one from connection where organization_id = $1 and id = $2 for no key update",
            self.organization.uuid(),
            whose.connection.uuid()
        )
        .fetch_one(&mut *self.inner)
        .await?;
        let current = sqlx::query_scalar!(
            "select generation from credential where organization_id = $1 and connection_id = $2 and principal = $3 for update",
            self.organization.uuid(),
            whose.connection.uuid(),
            whose.principal.stored()
        );
        Ok(current.fetch_optional(&mut *self.inner).await?.unwrap_or(0) + 1)
    }

    /// Puts the credential of a fresh consent in place of whatever was there.
    pub(crate) async fn credential_put(
        &mut self,
        whose: &Whose,
        new: &NewCredential<'_>,
        account: Option<&str>,
        by: Option<UserId>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into credential (organization_id, connection_id, principal, generation, state, access_token, refresh_token,
               token_type, granted_scopes, expires_at, refresh_after, account, connected_by, renews_alone, kept)
             values ($1, $2, $12, $3, 'active', $4, $5, $6, $7, clock_timestamp() + make_interval(secs => $8),
               clock_timestamp() + make_interval(secs => $9), $10, $11, $13, $14)
             on conflict (organization_id, connection_id, principal) do update set
               generation = excluded.generation, state = 'active', cause = null, provider_words = null,
               access_token = excluded.access_token, refresh_token = excluded.refresh_token, token_type = excluded.token_type,
               granted_scopes = excluded.granted_scopes, expires_at = excluded.expires_at, refresh_after = excluded.refresh_after,
               account = excluded.account, renews_alone = excluded.renews_alone, kept = excluded.kept, connected_by = excluded.connected_by, connected_at = clock_timestamp(), refreshed_at = null,
               rotates = false, fail_count = 0, next_try_at = clock_timestamp(), lease_owner = null, lease_until = null, attempt_id = null",
            self.organization.uuid(), whose.connection.uuid(), new.generation, new.access_token, new.refresh_token,
            new.token_type, &texts(new.granted), new.expires_in, new.refresh_in, account, by.map(UserId::uuid),
            whose.principal.stored(), new.renews_alone, Json(new.kept) as _
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Takes the lease for one attempt. The caller holds the row's lock and has seen that nobody else has it.
    pub(crate) async fn lease(
        &mut self,
        whose: &Whose,
        attempt: AttemptId,
        owner: Uuid,
        generation: i64,
        seconds: f64,
    ) -> Result<(), StoreError> {
        let leased = sqlx::query!(
            "update credential set lease_owner = $3, lease_until = clock_timestamp() + make_interval(secs => $5), attempt_id = $4
             where organization_id = $1 and connection_id = $2 and principal = $7 and generation = $6",
            self.organization.uuid(), whose.connection.uuid(), owner, attempt.uuid(), seconds, generation, whose.principal.stored()
        );
        exactly_one(&leased.execute(&mut *self.inner).await?)
    }

    /// The next version after a refresh, fenced: only for the attempt and the generation that hold the lease.
    /// False where somebody else took over.
    pub(crate) async fn credential_advance(
        &mut self,
        whose: &Whose,
        attempt: AttemptId,
        new: &NewCredential<'_>,
        rotated: bool,
    ) -> Result<bool, StoreError> {
        let advanced = sqlx::query!(
            "update credential set generation = $4::bigint, access_token = $5, refresh_token = $6, token_type = $7, granted_scopes = $8,
               expires_at = clock_timestamp() + make_interval(secs => $9), refresh_after = clock_timestamp() + make_interval(secs => $10),
               state = 'active', cause = null, provider_words = null, refreshed_at = clock_timestamp(), rotates = rotates or $11,
               fail_count = 0, next_try_at = clock_timestamp(), lease_owner = null, lease_until = null, attempt_id = null,
               renews_alone = $13, kept = kept || $14
             where organization_id = $1 and connection_id = $2 and principal = $12 and attempt_id = $3 and generation = $4::bigint - 1",
            self.organization.uuid(), whose.connection.uuid(), attempt.uuid(), new.generation, new.access_token,
            new.refresh_token, new.token_type, &texts(new.granted), new.expires_in, new.refresh_in, rotated,
            whose.principal.stored(), new.renews_alone, Json(new.kept) as _
        );
        Ok(advanced.execute(&mut *self.inner).await?.rows_affected() == 1)
    }

    /// What a failed attempt leaves behind, fenced like [`Self::credential_advance`].
    pub(crate) async fn credential_set_back(
        &mut self,
        whose: &Whose,
        attempt: AttemptId,
        setback: &Setback<'_>,
    ) -> Result<bool, StoreError> {
        let set = sqlx::query!(
            "update credential set state = $4, cause = $5, provider_words = $6, fail_count = fail_count + 1,
               next_try_at = clock_timestamp() + make_interval(secs => $7), lease_owner = null, lease_until = null,
               attempt_id = case when $8 then attempt_id end
             where organization_id = $1 and connection_id = $2 and principal = $9 and attempt_id = $3",
            self.organization.uuid(), whose.connection.uuid(), attempt.uuid(), setback.state.word(), setback.cause.word(),
            setback.words, setback.retry_in, setback.unresolved, whose.principal.stored()
        );
        Ok(set.execute(&mut *self.inner).await?.rows_affected() == 1)
    }

    /// Sets state and cause of this generation without an attempt; a newer one is left alone.
    pub(crate) async fn credential_state_set(
        &mut self,
        whose: &Whose,
        generation: i64,
        state: CredentialState,
        cause: Cause,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "update credential set state = $4, cause = $5
             where organization_id = $1 and connection_id = $2 and principal = $6 and generation = $3",
            self.organization.uuid(),
            whose.connection.uuid(),
            generation,
            state.word(),
            cause.word(),
            whose.principal.stored()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Erases both tokens: nothing of this credential can be used here again.
    pub(crate) async fn credential_erase(&mut self, whose: &Whose) -> Result<(), StoreError> {
        let erased = sqlx::query!(
            "update credential set state = 'revoked', cause = null, provider_words = null, access_token = null, refresh_token = null,
               generation = generation + 1, lease_owner = null, lease_until = null, attempt_id = null, expires_at = null, refresh_after = null
             where organization_id = $1 and connection_id = $2 and principal = $3",
            self.organization.uuid(), whose.connection.uuid(), whose.principal.stored()
        );
        exactly_one(&erased.execute(&mut *self.inner).await?)
    }

    /// Whose credentials a connection has, the organization's own first; all locked, revoked ones left out.
    pub(crate) async fn credential_owners(
        &mut self,
        connection: ConnectionId,
    ) -> Result<Vec<Whose>, StoreError> {
        let rows = sqlx::query_scalar!(
            "select principal from credential where organization_id = $1 and connection_id = $2 and state <> 'revoked'
             order by principal for update",
            self.organization.uuid(),
            connection.uuid()
        );
        let read = |text: String| {
            let principal = text
                .parse()
                .map_err(|error| StoreError::inconsistent("credential", error))?;
            Ok(Whose {
                connection,
                principal,
            })
        };
        rows.fetch_all(&mut *self.inner)
            .await?
            .into_iter()
            .map(read)
            .collect()
    }

    /// A service's credentials renew themselves in another way from now on.
    pub(crate) async fn credential_renews(
        &mut self,
        service: ServiceId,
        alone: bool,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "update credential k set renews_alone = $3 from connection c
             where k.organization_id = $1 and c.organization_id = $1 and c.id = k.connection_id and c.service_id = $2
               and k.renews_alone <> $3",
            self.organization.uuid(),
            service.uuid(),
            alone
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The token endpoints of a service moved: its credentials are not sent to the new ones.
    pub(crate) async fn credentials_strand(&mut self, service: ServiceId) -> Result<(), StoreError> {
        sqlx::query!(
            "update credential k set state = 'needs_reauth', cause = 'service_moved', provider_words = null,
               refresh_token = null, generation = generation + 1, access_token = null, lease_owner = null, lease_until = null,
               attempt_id = null from connection c
             where k.organization_id = $1 and c.organization_id = $1 and c.id = k.connection_id and c.service_id = $2
               and k.state <> 'revoked'",
            self.organization.uuid(),
            service.uuid()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Lets blocked credentials of a service try again after its settings were changed.
    pub(crate) async fn credentials_unblock(&mut self, service: ServiceId) -> Result<(), StoreError> {
        sqlx::query!(
            "update credential k set state = 'backoff', next_try_at = clock_timestamp(), fail_count = 0 from connection c
             where k.organization_id = $1 and c.organization_id = $1 and c.id = k.connection_id and c.service_id = $2
               and k.state = 'blocked'",
            self.organization.uuid(), service.uuid()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
