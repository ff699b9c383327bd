//! The audit record: who did what, when, from where. Written in the same transaction as the deed; the server's
//! role can add and read lines, not change or remove them.

use domain::{
    id::{AuditId, ConnectionId, FunctionKeyId, ServiceId, UserId},
    link_name::LinkName,
};
use time::OffsetDateTime;

use super::{StoreError, Tx};

/// Who acts.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    /// A signed-in person.
    pub user: Option<UserId>,
    /// A function key.
    pub key: Option<FunctionKeyId>,
    /// The network address, where the deed came over the network.
    pub address: Option<String>,
}

/// A line to be written.
#[derive(Debug, Clone, Default)]
pub struct Deed<'a> {
    /// A stable word: `connection.connected`.
    pub action: &'a str,
    /// The service it was done to.
    pub service: Option<ServiceId>,
    /// The connection it was done to.
    pub connection: Option<ConnectionId>,
    /// What the thing was called.
    pub subject: &'a str,
    /// More words, never a secret.
    pub detail: &'a str,
}

/// A line as read.
#[derive(Debug, Clone)]
pub struct AuditRow {
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub action: String,
    /// The person's name; None for what the server did by itself.
    pub person: Option<String>,
    /// The function key's name, where a program did it.
    pub key: Option<String>,
    /// The network address it was done from.
    pub address: Option<String>,
    /// More words.
    pub detail: String,
}

/// Which lines a list shows.
#[derive(Debug, Clone, Default)]
pub struct AuditFilter {
    /// Those about a connection that is still there.
    pub connection: Option<LinkName>,
    /// Those about a service that is still there.
    pub service: Option<LinkName>,
    /// From this time on.
    pub after: Option<OffsetDateTime>,
    /// Before this time.
    pub before: Option<OffsetDateTime>,
}

/// A line as listed.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: OffsetDateTime,
    /// What.
    pub action: String,
    /// The person's name.
    pub person: Option<String>,
    /// The function key's name.
    pub key: Option<String>,
    /// The network address.
    pub address: Option<String>,
    /// The service's link name, while it is there.
    pub service: Option<String>,
    /// The connection's link name, while it is there.
    pub connection: Option<String>,
    /// What the thing was called.
    pub subject: String,
    /// More words.
    pub detail: String,
}

impl Tx {
    /// At most `most` lines older than the line `before`, the newest first.
    pub(crate) async fn audit_before(
        &mut self,
        filter: &AuditFilter,
        before: Option<AuditId>,
        most: i64,
    ) -> Result<Vec<AuditLine>, StoreError> {
        let rows = sqlx::query!(
            r#"select a.id, a.at, a.action, u.name as "person?", k.name as "key?", a.address, s.link_name as "service?",
                 c.link_name as "connection?", a.subject, a.detail
               from audit_event a left join user_account u on u.id = a.user_id
               left join function_key k on k.organization_id = a.organization_id and k.id = a.function_key_id
               left join service s on s.organization_id = a.organization_id and s.id = a.service_id
               left join connection c on c.organization_id = a.organization_id and c.id = a.connection_id
               where a.organization_id = $1 and ($2::uuid is null or a.id < $2) and ($3::text is null or c.link_name = $3)
                 and ($4::text is null or s.link_name = $4) and ($5::timestamptz is null or a.at >= $5)
                 and ($6::timestamptz is null or a.at < $6)
               order by a.id desc limit $7"#,
            self.organization.uuid(),
            before.map(AuditId::uuid),
            filter.connection.as_ref().map(LinkName::as_str),
            filter.service.as_ref().map(LinkName::as_str),
            filter.after,
            filter.before,
            most
        );
        let rows = rows.fetch_all(&mut *self.inner).await?;
        Ok(rows
            .into_iter()
            .map(|r| AuditLine {
                id: AuditId::from_uuid(r.id),
                at: r.at,
                action: r.action,
                person: r.person,
                key: r.key,
                address: r.address,
                service: r.service,
                connection: r.connection,
                subject: r.subject,
                detail: r.detail,
            })
            .collect())
    }

    /// Writes a line.
    pub(crate) async fn audit(&mut self, actor: &Actor, deed: Deed<'_>) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into audit_event (organization_id, id, user_id, function_key_id, address, action, service_id, connection_id,
               subject, detail) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            self.organization.uuid(), crate::random::uuid(), actor.user.map(UserId::uuid), actor.key.map(FunctionKeyId::uuid),
            actor.address, deed.action, deed.service.map(ServiceId::uuid), deed.connection.map(ConnectionId::uuid),
            deed.subject, deed.detail
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The newest lines about a connection.
    pub(crate) async fn audit_of(
        &mut self,
        connection: ConnectionId,
        most: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let rows = sqlx::query!(
            r#"select a.at, a.action, a.detail, a.address, u.name as "person?", k.name as "key?"
               from audit_event a left join user_account u on u.id = a.user_id
               left join function_key k on k.organization_id = a.organization_id and k.id = a.function_key_id
               where a.organization_id = $1 and a.connection_id = $2 order by a.id desc limit $3"#,
            self.organization.uuid(),
            connection.uuid(),
            most
        );
        let rows = rows.fetch_all(&mut *self.inner).await?;
        Ok(rows
            .into_iter()
            .map(|r| AuditRow {
                at: r.at,
                action: r.action,
                person: r.person,
                key: r.key,
                address: r.address,
                detail: r.detail,
            })
            .collect())
    }
}
