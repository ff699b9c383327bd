//! Connectors: which connection belongs to a configuration of a name.

use domain::{id::ConnectionId, name::Name};

use super::{StoreError, Tx};

impl Tx {
    /// The connection of this name and configuration, where there is one.
    pub(crate) async fn connector(
        &mut self,
        name: &Name,
        fingerprint: &[u8],
    ) -> Result<Option<ConnectionId>, StoreError> {
        let id = sqlx::query_scalar!(
            "select connection_id from connector where organization_id = $1 and name = $2 and fingerprint = $3",
            self.organization.uuid(),
            name.as_str(),
            fingerprint
        );
        let id = id.fetch_optional(&mut *self.inner).await?;
        Ok(id.map(ConnectionId::from_uuid))
    }

    /// Notes whose connection it is; `connector_pkey` refuses a configuration that is there.
    pub(crate) async fn connector_insert(
        &mut self,
        name: &Name,
        fingerprint: &[u8],
        connection: ConnectionId,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into connector (organization_id, name, fingerprint, connection_id) values ($1, $2, $3, $4)",
            self.organization.uuid(),
            name.as_str(),
            fingerprint,
            connection.uuid()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }
}
