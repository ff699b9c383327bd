//! Services.

use domain::{
    id::{ServiceId, UserId},
    link_name::LinkName,
    service::{Definition, ServiceInput},
};
use sqlx::types::Json;
use time::OffsetDateTime;

use super::{StoreError, Tx, exactly_one};

/// A service as stored. The client secret is sealed.
#[derive(Debug, Clone)]
pub struct ServiceRow {
    /// Its id, part of its redirect URL.
    pub id: ServiceId,
    /// Name, link name, definition.
    pub input: ServiceInput,
    /// The sealed secret of the service itself; None where it has none.
    pub client_secret: Option<Vec<u8>>,
    /// Number of the client secret.
    pub secret_generation: i64,
    /// When the client secret was set.
    pub secret_set_at: OffsetDateTime,
    /// Who set it, by name.
    pub secret_set_by: Option<String>,
    /// The catalogue entry it was made from.
    pub catalogue: Option<String>,
    /// When it was defined.
    pub created_at: OffsetDateTime,
    /// Who defined it, by name.
    pub created_by: Option<String>,
    /// How many connections use it.
    pub connections: i64,
    /// Number of this version; every edit adds one.
    pub version: i64,
}

macro_rules! service_query {
    ($tail:literal $(, $value:expr)*) => {
        sqlx::query!(
            r#"select s.id, s.link_name, s.name, s.definition as "definition: Json<Definition>", s.client_secret, s.secret_generation,
                 s.secret_set_at, u.name as "secret_set_by?", s.catalogue, s.created_at, s.version, v.name as "created_by?",
                 (select count(*) from connection c where c.organization_id = s.organization_id and c.service_id = s.id) as "connections!"
               from service s left join user_account u on u.id = s.secret_set_by left join user_account v on v.id = s.created_by
               where s.organization_id = $1 and "# + $tail
            $(, $value)*
        )
    };
}

macro_rules! service_row {
    ($row:expr) => {{
        let row = $row;
        let read = |error: String| StoreError::inconsistent("service", error);
        Ok(ServiceRow {
            id: ServiceId::from_uuid(row.id),
            input: ServiceInput {
                name: row
                    .name
                    .parse()
                    .map_err(|e: domain::name::NameError| read(e.to_string()))?,
                link_name: row
                    .link_name
                    .parse()
                    .map_err(|e: domain::link_name::LinkNameError| read(e.to_string()))?,
                definition: row.definition.0,
            },
            client_secret: row.client_secret,
            secret_generation: row.secret_generation,
            secret_set_at: row.secret_set_at,
            secret_set_by: row.secret_set_by,
            catalogue: row.catalogue,
            created_at: row.created_at,
            created_by: row.created_by,
            connections: row.connections,
            version: row.version,
        })
    }};
}

impl Tx {
    /// Takes a minted id; `redirect_used_key` refuses one that was taken before.
    pub(crate) async fn redirect_use(&mut self, id: ServiceId) -> Result<(), StoreError> {
        let organization = self.organization.uuid();
        sqlx::query!(
            "insert into redirect_used (organization_id, service_id) values ($1, $2)",
            organization,
            id.uuid()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Creates a service; `service_link_name_key` refuses a link name that is in use.
    pub(crate) async fn service_insert(
        &mut self,
        id: ServiceId,
        input: &ServiceInput,
        secret: Option<&[u8]>,
        catalogue: Option<&str>,
        by: Option<UserId>,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into service (organization_id, id, link_name, name, definition, client_secret, catalogue, created_by, secret_set_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
            self.organization.uuid(), id.uuid(), input.link_name.as_str(), input.name.as_str(),
            Json(&input.definition) as _, secret, catalogue, by.map(UserId::uuid)
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Replaces name and definition of this version; not found for another. The link name stays.
    pub(crate) async fn service_update(
        &mut self,
        id: ServiceId,
        version: i64,
        input: &ServiceInput,
    ) -> Result<(), StoreError> {
        let updated = sqlx::query!(
            "update service set name = $4, definition = $5, version = version + 1, updated_at = now()
             where organization_id = $1 and id = $2 and version = $3",
            self.organization.uuid(),
            id.uuid(),
            version,
            input.name.as_str(),
            Json(&input.definition) as _
        );
        exactly_one(&updated.execute(&mut *self.inner).await?)
    }

    /// Replaces the client secret by the one of the next number.
    pub(crate) async fn service_secret_set(
        &mut self,
        id: ServiceId,
        generation: i64,
        secret: Option<&[u8]>,
        by: Option<UserId>,
    ) -> Result<(), StoreError> {
        let updated = sqlx::query!(
            "update service set client_secret = $4, secret_generation = $3::bigint, secret_set_at = now(), secret_set_by = $5
             where organization_id = $1 and id = $2 and secret_generation = $3::bigint - 1",
            self.organization.uuid(), id.uuid(), generation, secret, by.map(UserId::uuid)
        );
        exactly_one(&updated.execute(&mut *self.inner).await?)
    }

    /// Removes a service; `connection_service_fkey` refuses while connections use it.
    pub(crate) async fn service_delete(&mut self, id: ServiceId) -> Result<(), StoreError> {
        let deleted = sqlx::query!(
            "delete from service where organization_id = $1 and id = $2",
            self.organization.uuid(),
            id.uuid()
        );
        exactly_one(&deleted.execute(&mut *self.inner).await?)
    }

    /// A service by its id.
    pub(crate) async fn service(&mut self, id: ServiceId) -> Result<ServiceRow, StoreError> {
        let row = service_query!("s.id = $2", self.organization.uuid(), id.uuid())
            .fetch_one(&mut *self.inner)
            .await?;
        service_row!(row)
    }

    /// A service by its link name.
    pub(crate) async fn service_by_link_name(
        &mut self,
        link_name: &LinkName,
    ) -> Result<ServiceRow, StoreError> {
        let row = service_query!("s.link_name = $2", self.organization.uuid(), link_name.as_str());
        service_row!(row.fetch_one(&mut *self.inner).await?)
    }

    /// The service that was made from a catalogue entry, the oldest first.
    pub(crate) async fn service_of_catalogue(&mut self, entry: &str) -> Result<ServiceRow, StoreError> {
        let row = service_query!(
            "s.catalogue = $2 order by s.id limit 1",
            self.organization.uuid(),
            entry
        );
        service_row!(row.fetch_one(&mut *self.inner).await?)
    }

    /// Every service, by name.
    pub(crate) async fn services(&mut self) -> Result<Vec<ServiceRow>, StoreError> {
        let rows = service_query!("true order by lower(s.name), s.id", self.organization.uuid())
            .fetch_all(&mut *self.inner)
            .await?;
        rows.into_iter().map(|row| service_row!(row)).collect()
    }

    /// At most `most` services older than `before`, the newest first.
    pub(crate) async fn services_before(
        &mut self,
        before: Option<ServiceId>,
        most: i64,
    ) -> Result<Vec<ServiceRow>, StoreError> {
        let rows = service_query!(
            "($2::uuid is null or s.id < $2) order by s.id desc limit $3",
            self.organization.uuid(),
            before.map(ServiceId::uuid),
            most
        );
        let rows = rows.fetch_all(&mut *self.inner).await?;
        rows.into_iter().map(|row| service_row!(row)).collect()
    }
}
