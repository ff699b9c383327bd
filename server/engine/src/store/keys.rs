//! Function keys: only their hashes are stored.

use domain::{
    call::CallRules,
    form::key::KeyInput,
    function_key::KeyScope,
    id::{ConnectionId, FunctionKeyId, UserId},
};
use sqlx::types::Json;
use time::OffsetDateTime;

use super::{StoreError, Tx};

/// A key as listed.
#[derive(Debug, Clone)]
pub struct KeyRow {
    /// Its id, not its secret.
    pub id: FunctionKeyId,
    /// What people read.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// Whether it may use only [`Self::connections`].
    pub limited: bool,
    /// Link names of the connections that it is limited to.
    pub connections: Vec<String>,
    /// What its calls may do.
    pub rules: CallRules,
    /// How many calls a minute it may make; None for any number.
    pub calls_per_minute: Option<u32>,
    /// When it ends by itself.
    pub expires_at: Option<OffsetDateTime>,
    /// Who made it.
    pub created_by: Option<String>,
    /// When.
    pub created_at: OffsetDateTime,
    /// When it was last used.
    pub last_used_at: Option<OffsetDateTime>,
    /// When it was revoked.
    pub revoked_at: Option<OffsetDateTime>,
}

/// What a key may do, as it is presented.
pub(crate) struct PresentKey {
    pub(crate) scopes: Vec<KeyScope>,
    pub(crate) limited: bool,
}

macro_rules! key_query {
    ($tail:literal $(, $value:expr)*) => {
        sqlx::query!(
            r#"select k.id, k.name, k.scopes, k.limited, k.created_at, k.last_used_at, k.revoked_at, u.name as "created_by?",
                 k.call_rules as "call_rules: Json<CallRules>", k.calls_per_minute, k.expires_at,
                 array(select c.link_name from function_key_connection f
                       join connection c on c.organization_id = f.organization_id and c.id = f.connection_id
                       where f.organization_id = k.organization_id and f.function_key_id = k.id order by c.link_name) as "connections!"
               from function_key k left join user_account u on u.id = k.created_by
               where k.organization_id = $1 and "# + $tail
            $(, $value)*
        )
    };
}

macro_rules! key_row {
    ($row:expr) => {{
        let row = $row;
        KeyRow {
            id: FunctionKeyId::from_uuid(row.id),
            name: row.name,
            scopes: key_scopes(&row.scopes),
            limited: row.limited,
            connections: row.connections,
            rules: row.call_rules.0,
            calls_per_minute: row.calls_per_minute.and_then(|most| u32::try_from(most).ok()),
            expires_at: row.expires_at,
            created_by: row.created_by,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            revoked_at: row.revoked_at,
        }
    }};
}

fn key_scopes(words: &[String]) -> Vec<KeyScope> {
    words.iter().filter_map(|word| word.parse().ok()).collect()
}

impl Tx {
    /// Creates a key.
    pub(crate) async fn key_insert(
        &mut self,
        id: FunctionKeyId,
        input: &KeyInput,
        hash: &[u8],
        by: Option<UserId>,
    ) -> Result<(), StoreError> {
        let scopes: Vec<String> = input.scopes.iter().map(|scope| scope.word().to_owned()).collect();
        sqlx::query!(
            "insert into function_key (organization_id, id, name, key_hash, scopes, limited, created_by, call_rules, calls_per_minute, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp() + make_interval(days => $10))",
            self.organization.uuid(), id.uuid(), input.name.as_str(), hash, &scopes, !input.connections.is_empty(), by.map(UserId::uuid),
            Json(&input.rules) as _, input.calls_per_minute.and_then(|most| i32::try_from(most).ok()),
            input.expires_in_days.map(i32::from)
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Limits a key to one more connection.
    pub(crate) async fn key_limit(
        &mut self,
        id: FunctionKeyId,
        connection: ConnectionId,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into function_key_connection (organization_id, function_key_id, connection_id) values ($1, $2, $3)
             on conflict do nothing",
            self.organization.uuid(), id.uuid(), connection.uuid()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Every key: live ones first, the newest first.
    pub(crate) async fn keys(&mut self) -> Result<Vec<KeyRow>, StoreError> {
        let rows = key_query!(
            "true order by k.revoked_at is not null, k.id desc",
            self.organization.uuid()
        );
        let rows = rows.fetch_all(&mut *self.inner).await?;
        Ok(rows.into_iter().map(|row| key_row!(row)).collect())
    }

    /// At most `most` keys older than `before`, the newest first.
    pub(crate) async fn keys_before(
        &mut self,
        before: Option<FunctionKeyId>,
        most: i64,
    ) -> Result<Vec<KeyRow>, StoreError> {
        let rows = key_query!(
            "($2::uuid is null or k.id < $2) order by k.id desc limit $3",
            self.organization.uuid(),
            before.map(FunctionKeyId::uuid),
            most
        );
        let rows = rows.fetch_all(&mut *self.inner).await?;
        Ok(rows.into_iter().map(|row| key_row!(row)).collect())
    }

    /// One key.
    pub(crate) async fn key(&mut self, id: FunctionKeyId) -> Result<KeyRow, StoreError> {
        let row = key_query!("k.id = $2", self.organization.uuid(), id.uuid());
        let row = row.fetch_one(&mut *self.inner).await?;
        Ok(key_row!(row))
    }

    /// What a key may do that is neither revoked nor past its end; notes that it was used, at most once a minute.
    pub(crate) async fn key_present(&mut self, id: FunctionKeyId) -> Result<Option<PresentKey>, StoreError> {
        let row = sqlx::query!(
            r#"select scopes, limited, (last_used_at is null or last_used_at < now() - interval '1 minute') as "stale!"
               from function_key where organization_id = $1 and id = $2 and revoked_at is null
               and (expires_at is null or expires_at > clock_timestamp())"#,
            self.organization.uuid(),
            id.uuid()
        );
        let Some(row) = row.fetch_optional(&mut *self.inner).await? else {
            return Ok(None);
        };
        if row.stale {
            let noted = sqlx::query!(
                "update function_key set last_used_at = now() where organization_id = $1 and id = $2",
                self.organization.uuid(),
                id.uuid()
            );
            noted.execute(&mut *self.inner).await?;
        }
        Ok(Some(PresentKey {
            scopes: key_scopes(&row.scopes),
            limited: row.limited,
        }))
    }

    /// Revokes a key and answers with its name; [`StoreError::NotFound`] where it is unknown or revoked already.
    pub(crate) async fn key_revoke(
        &mut self,
        id: FunctionKeyId,
        by: Option<UserId>,
    ) -> Result<String, StoreError> {
        let name = sqlx::query_scalar!(
            "update function_key set revoked_at = now(), revoked_by = $3
             where organization_id = $1 and id = $2 and revoked_at is null returning name",
            self.organization.uuid(),
            id.uuid(),
            by.map(UserId::uuid)
        );
        Ok(name.fetch_one(&mut *self.inner).await?)
    }

    /// Notes that a key used a connection; writes at most once a minute a pair.
    pub(crate) async fn use_note(
        &mut self,
        key: FunctionKeyId,
        connection: ConnectionId,
    ) -> Result<(), StoreError> {
        let (organization, key, connection) = (self.organization.uuid(), key.uuid(), connection.uuid());
        sqlx::query!(
            "insert into use_record as r (organization_id, connection_id, function_key_id, last_used_at) values ($1, $2, $3, now())
             on conflict (organization_id, connection_id, function_key_id) do update set last_used_at = now()
             where r.last_used_at < now() - interval '1 minute'",
            organization, connection, key
        )
        .execute(&mut *self.inner)
        .await?;
        sqlx::query!(
            "update function_key set last_used_at = now() where organization_id = $1 and id = $2
             and (last_used_at is null or last_used_at < now() - interval '1 minute')",
            organization,
            key
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
