//! Organizations, people and memberships.

use domain::{email::Email, id::UserId, name::Name, organization::Role};

use super::{StoreError, Tx, exactly_one};

/// A member as shown.
#[derive(Debug, Clone)]
pub struct MemberRow {
    /// The organization's name.
    pub organization: String,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// What the person may do.
    pub role: Role,
}

impl Tx {
    /// Whether no organization exists; until this transaction ends, nobody else is told so.
    pub(crate) async fn is_first_organization(&mut self) -> Result<bool, StoreError> {
        sqlx::query!("select pg_advisory_xact_lock(20261121)")
            .execute(&mut *self.inner)
            .await?;
        let any = sqlx::query_scalar!(r#"select door_any_organization() as "any!""#)
            .fetch_one(&mut *self.inner)
            .await?;
        Ok(!any)
    }

    /// Creates the organization of this transaction.
    pub(crate) async fn organization_insert(
        &mut self,
        name: &Name,
        data_key: &[u8],
    ) -> Result<(), StoreError> {
        let id = self.organization.uuid();
        sqlx::query!(
            "insert into organization (id, name, data_key) values ($1, $2, $3)",
            id,
            name.as_str(),
            data_key
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// The sealed data key.
    pub(crate) async fn data_key(&mut self) -> Result<Vec<u8>, StoreError> {
        let key = sqlx::query_scalar!(
            "select data_key from organization where id = $1",
            self.organization.uuid()
        );
        Ok(key.fetch_one(&mut *self.inner).await?)
    }

    /// Creates a person; the constraint `user_account_email_key` refuses a second one of an address.
    pub(crate) async fn user_insert(
        &mut self,
        id: UserId,
        name: &Name,
        email: &Email,
        hash: &str,
    ) -> Result<(), StoreError> {
        sqlx::query!(
            "insert into user_account (id, email, name, password_hash) values ($1, $2, $3, $4)",
            id.uuid(),
            email.as_str(),
            name.as_str(),
            hash
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// Makes a person a member.
    pub(crate) async fn membership_insert(&mut self, user: UserId, role: Role) -> Result<(), StoreError> {
        let organization = self.organization.uuid();
        sqlx::query!(
            "insert into membership (organization_id, user_id, role) values ($1, $2, $3)",
            organization,
            user.uuid(),
            role.word()
        )
        .execute(&mut *self.inner)
        .await?;
        Ok(())
    }

    /// A member with role and names; [`StoreError::NotFound`] for everybody else.
    pub(crate) async fn member(&mut self, user: UserId) -> Result<MemberRow, StoreError> {
        let row = sqlx::query!(
            "select o.name as organization, u.name, u.email, m.role from membership m
             join organization o on o.id = m.organization_id join user_account u on u.id = m.user_id
             where m.organization_id = $1 and m.user_id = $2",
            self.organization.uuid(),
            user.uuid()
        )
        .fetch_one(&mut *self.inner)
        .await?;
        let role = row
            .role
            .parse()
            .map_err(|error| StoreError::inconsistent("membership", error))?;
        Ok(MemberRow {
            organization: row.organization,
            name: row.name,
            email: row.email,
            role,
        })
    }

    /// The stored hash of a member's password.
    pub(crate) async fn password_hash(&mut self, user: UserId) -> Result<String, StoreError> {
        let hash = sqlx::query_scalar!(
            "select password_hash from user_account where id = $1",
            user.uuid()
        );
        Ok(hash.fetch_one(&mut *self.inner).await?)
    }

    /// Replaces it.
    pub(crate) async fn password_hash_set(&mut self, user: UserId, hash: &str) -> Result<(), StoreError> {
        let set = sqlx::query!(
            "update user_account set password_hash = $2 where id = $1",
            user.uuid(),
            hash
        );
        exactly_one(&set.execute(&mut *self.inner).await?)
    }
}
