//! Connections, with what is known of their credential without opening it.

use domain::{
    call::CallRules,
    connection::CredentialFacts,
    form::connection::{ConnectionChange, ConnectionInput},
    id::{ConnectionId, ServiceId, UserId},
    link_name::LinkName,
    principal::{CredentialMode, Principal},
    scope::ScopeName,
    service::Values,
};
use sqlx::types::Json;
use time::OffsetDateTime;

use super::{StoreError, Tx, exactly_one};

/// A key that used a connection.
#[derive(Debug, Clone)]
pub struct KeyUse {
    /// The key's name.
    pub name: String,
    /// When it did, the last time.
    pub at: OffsetDateTime,
}

/// A connection as stored.
#[derive(Debug, Clone)]
pub struct ConnectionRow {
    /// Its id.
    pub id: ConnectionId,
    /// What functions write.
    pub link_name: LinkName,
    /// What people read.
    pub name: String,
    /// Its service.
    pub service: ServiceId,
    /// The service's name.
    pub service_name: String,
    /// The service's link name.
    pub service_link_name: String,
    /// What is asked of the provider.
    pub scopes: Vec<ScopeName>,
    /// What its calls may do.
    pub rules: CallRules,
    /// Whose credential serves.
    pub mode: CredentialMode,
    /// What it was asked for, what is secret of it apart.
    pub fields: Values,
    /// The sealed rest.
    pub secret_fields: Option<Vec<u8>>,
    /// Number of that seal.
    pub secret_generation: i64,
    /// How many people have connected accounts of their own.
    pub people: i64,
    /// Number of this version; every edit adds one.
    pub version: i64,
    /// When it was disabled.
    pub disabled_at: Option<OffsetDateTime>,
    /// When it was created.
    pub created_at: OffsetDateTime,
    /// Who created it, by name.
    pub created_by: Option<String>,
    /// When a key last used it.
    pub last_used_at: Option<OffsetDateTime>,
    /// Its credential, where somebody consented before.
    pub credential: Option<Credential>,
    /// The database's time at this reading.
    pub now: OffsetDateTime,
}

/// What is shown of a credential.
#[derive(Debug, Clone)]
pub struct Credential {
    /// State, cause, generation, times.
    pub facts: CredentialFacts,
    /// Whose account it is, where the provider tells.
    pub account: Option<String>,
    /// What the provider granted.
    pub granted: Vec<ScopeName>,
    /// Values that the provider's answers brought along.
    pub kept: Values,
    /// When somebody last consented.
    pub connected_at: OffsetDateTime,
    /// Who.
    pub connected_by: Option<String>,
    /// When it last renewed itself.
    pub refreshed_at: Option<OffsetDateTime>,
}

/// A person's credential.
#[derive(Debug, Clone)]
pub struct PersonRow {
    /// Whose it is.
    pub principal: Principal,
    /// The member's name, where it is one.
    pub member: Option<String>,
    /// State, cause, generation, times.
    pub facts: CredentialFacts,
    /// Whose account it is at the provider, where that tells.
    pub account: Option<String>,
    /// When the person consented.
    pub connected_at: OffsetDateTime,
    /// The database's time at this reading.
    pub now: OffsetDateTime,
}

macro_rules! connection_query {
    ($tail:literal $(, $value:expr)*) => {
        sqlx::query!(
            r#"select c.id, c.link_name, c.name, c.service_id, s.name as service_name, s.link_name as service_link_name, c.scopes,
                 c.call_rules as "call_rules: Json<CallRules>", c.version, c.credential_mode, c.fields as "fields: Json<Values>",
                 c.secret_fields, c.secret_generation,
                 (select count(*) from credential p where p.organization_id = c.organization_id and p.connection_id = c.id
                    and p.principal <> '' and p.state <> 'revoked') as "people!",
                 c.disabled_at, c.created_at, v.name as "created_by?", clock_timestamp() as "now!",
                 (select max(r.last_used_at) from use_record r
                    where r.organization_id = c.organization_id and r.connection_id = c.id) as last_used_at,
                 k.state as "state?", k.cause, k.provider_words, k.generation as "generation?", k.expires_at,
                 (k.refresh_token is not null or k.renews_alone) as renews, k.refresh_after, (k.lease_until > clock_timestamp()) as refreshing,
                 k.account, k.granted_scopes as "granted_scopes?", k.kept as "kept?: Json<Values>", k.connected_at as "connected_at?", u.name as "connected_by?", k.refreshed_at
               from connection c
               join service s on s.organization_id = c.organization_id and s.id = c.service_id
               left join credential k on k.organization_id = c.organization_id and k.connection_id = c.id and k.principal = ''
               left join user_account u on u.id = k.connected_by left join user_account v on v.id = c.created_by
               where c.organization_id = $1 and "# + $tail
            $(, $value)*
        )
    };
}

macro_rules! connection_row {
    ($row:expr) => {{
        let row = $row;
        let credential = match (row.state, row.generation, row.granted_scopes, row.connected_at) {
            (Some(state), Some(generation), Some(granted), Some(connected_at)) => Some(Credential {
                facts: CredentialFacts {
                    state: word(&state)?,
                    cause: row.cause.as_deref().map(word).transpose()?,
                    provider_words: row.provider_words,
                    generation,
                    expires_at: row.expires_at,
                    renews: row.renews.unwrap_or(false),
                    refresh_after: row.refresh_after,
                    refreshing: row.refreshing.unwrap_or(false),
                },
                account: row.account,
                granted: scopes(&granted),
                kept: row.kept.map(|kept| kept.0).unwrap_or_default(),
                connected_at,
                connected_by: row.connected_by,
                refreshed_at: row.refreshed_at,
            }),
            _ => None,
        };
        Ok::<_, StoreError>(ConnectionRow {
            id: ConnectionId::from_uuid(row.id),
            link_name: row
                .link_name
                .parse()
                .map_err(|e| StoreError::inconsistent("connection", e))?,
            name: row.name,
            service: ServiceId::from_uuid(row.service_id),
            service_name: row.service_name,
            service_link_name: row.service_link_name,
            scopes: scopes(&row.scopes),
            rules: row.call_rules.0,
            mode: word(&row.credential_mode)?,
            fields: row.fields.0,
            secret_fields: row.secret_fields,
            secret_generation: row.secret_generation,
            people: row.people,
            version: row.version,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
            created_by: row.created_by,
            last_used_at: row.last_used_at,
            credential,
            now: row.now,
        })
    }};
}

pub(super) fn word<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|error| StoreError::inconsistent("credential", error))
}

pub(super) fn scopes(texts: &[String]) -> Vec<ScopeName> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

pub(super) fn texts(scopes: &[ScopeName]) -> Vec<String> {
    scopes.iter().map(|scope| scope.as_str().to_owned()).collect()
}

impl Tx {
    /// Creates a connection; `connection_link_name_key` refuses a link name that is in use.
    pub(crate) async fn connection_insert(
        &mut self,
        id: ConnectionId,
        service: ServiceId,
        input: &ConnectionInput,
        secret_fields: Option<&[u8]>,
        by: Option<UserId>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into connection (organization_id, id, service_id, link_name, name, scopes, created_by, call_rules,
               credential_mode, fields, secret_fields)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            self.organization.uuid(), id.uuid(), service.uuid(), input.link_name.as_str(), input.name.as_str(),
            &texts(&input.scopes), by.map(UserId::uuid), Json(&input.rules) as _, input.mode.word(),
            Json(&input.fields) as _, secret_fields
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// A connection by its link name.
    pub(crate) async fn connection_by_link_name(
        &mut self,
        link_name: &LinkName,
    ) -> Result<ConnectionRow, StoreError> {
        let row = connection_query!("c.link_name = $2", self.organization.uuid(), link_name.as_str());
        connection_row!(row.fetch_one(&mut *self.inner).await?)
    }

    /// A connection by its id.
    pub(crate) async fn connection(&mut self, id: ConnectionId) -> Result<ConnectionRow, StoreError> {
        let row = connection_query!("c.id = $2", self.organization.uuid(), id.uuid());
        connection_row!(row.fetch_one(&mut *self.inner).await?)
    }

    /// Every connection, by name.
    pub(crate) async fn connections(&mut self) -> Result<Vec<ConnectionRow>, StoreError> {
        let rows = connection_query!("true order by lower(c.name), c.id", self.organization.uuid());
        let rows = rows.fetch_all(&mut *self.inner).await?;
        rows.into_iter().map(|row| connection_row!(row)).collect()
    }

    /// The connections of a service, by name.
    pub(crate) async fn connections_of(
        &mut self,
        service: ServiceId,
    ) -> Result<Vec<ConnectionRow>, StoreError> {
        let rows = connection_query!(
            "c.service_id = $2 order by lower(c.name), c.id",
            self.organization.uuid(),
            service.uuid()
        );
        let rows = rows.fetch_all(&mut *self.inner).await?;
        rows.into_iter().map(|row| connection_row!(row)).collect()
    }

    /// At most `most` connections older than `before`, the newest first; of one service, where it is named.
    pub(crate) async fn connections_before(
        &mut self,
        service: Option<&LinkName>,
        before: Option<ConnectionId>,
        most: i64,
    ) -> Result<Vec<ConnectionRow>, StoreError> {
        let rows = connection_query!(
            "($2::text is null or s.link_name = $2) and ($3::uuid is null or c.id < $3) order by c.id desc limit $4",
            self.organization.uuid(),
            service.map(LinkName::as_str),
            before.map(ConnectionId::uuid),
            most
        );
        let rows = rows.fetch_all(&mut *self.inner).await?;
        rows.into_iter().map(|row| connection_row!(row)).collect()
    }

    /// Changes what can be changed; not found for another version than this.
    pub(crate) async fn connection_change(
        &mut self,
        id: ConnectionId,
        version: i64,
        change: &ConnectionChange,
    ) -> Result<(), StoreError> {
        let updated = sqlx::query!(
            "update connection set name = $4, scopes = $5, call_rules = $6, version = version + 1
             where organization_id = $1 and id = $2 and version = $3",
            self.organization.uuid(),
            id.uuid(),
            version,
            change.name.as_str(),
            &texts(&change.scopes),
            Json(&change.rules) as _
        );
        exactly_one(&updated.execute(&mut *self.inner).await?)
    }

    /// Credentials of single people, the newest first.
    pub(crate) async fn people(&mut self, id: ConnectionId) -> Result<Vec<PersonRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select k.principal, k.state, k.cause, k.provider_words, k.generation, k.expires_at,
                 (k.refresh_token is not null or k.renews_alone) as "renews!", k.refresh_after,
                 (k.lease_until > clock_timestamp()) as refreshing, k.account, k.connected_at, clock_timestamp() as "now!",
                 (select u.name from user_account u where 'm:usr_' || replace(u.id::text, '-', '') = k.principal) as "member?"
               from credential k
               where k.organization_id = $1 and k.connection_id = $2 and k.principal <> '' and k.state <> 'revoked'
               order by k.connected_at desc limit 500"#,
            self.organization.uuid(),
            id.uuid()
        );
        let mut people = Vec::new();
        for row in rows.fetch_all(&mut *self.inner).await? {
            let principal: Principal = row
                .principal
                .parse()
                .map_err(|error| StoreError::inconsistent("credential", error))?;
            people.push(PersonRow {
                principal,
                member: row.member,
                facts: CredentialFacts {
                    state: word(&row.state)?,
                    cause: row.cause.as_deref().map(word).transpose()?,
                    provider_words: row.provider_words,
                    generation: row.generation,
                    expires_at: row.expires_at,
                    renews: row.renews,
                    refresh_after: row.refresh_after,
                    refreshing: row.refreshing.unwrap_or(false),
                },
                account: row.account,
                connected_at: row.connected_at,
                now: row.now,
            });
        }
        Ok(people)
    }

    /// Switches it off or on.
    pub(crate) async fn connection_disable(
        &mut self,
        id: ConnectionId,
        by: Option<UserId>,
        off: bool,
    ) -> Result<(), StoreError> {
        let updated = sqlx::query!(
            "update connection set disabled_at = case when $3 then now() end, disabled_by = case when $3 then $4::uuid end
             where organization_id = $1 and id = $2",
            self.organization.uuid(), id.uuid(), off, by.map(UserId::uuid)
        );
        exactly_one(&updated.execute(&mut *self.inner).await?)
    }

    /// Removes it with its credential, consents and use records.
    pub(crate) async fn connection_delete(&mut self, id: ConnectionId) -> Result<(), StoreError> {
        let deleted = sqlx::query!(
            "delete from connection where organization_id = $1 and id = $2",
            self.organization.uuid(),
            id.uuid()
        );
        exactly_one(&deleted.execute(&mut *self.inner).await?)
    }

    /// Keys that used it in the last 24 hours, the latest first.
    pub(crate) async fn keys_that_used(&mut self, id: ConnectionId) -> Result<Vec<KeyUse>, StoreError> {
        let uses = sqlx::query_as!(
            KeyUse,
            "select k.name, r.last_used_at as at from use_record r join function_key k on k.organization_id = r.organization_id and k.id = r.function_key_id
             where r.organization_id = $1 and r.connection_id = $2 and r.last_used_at > now() - interval '24 hours'
             order by r.last_used_at desc",
            self.organization.uuid(), id.uuid()
        );
        Ok(uses.fetch_all(&mut *self.inner).await?)
    }
}
