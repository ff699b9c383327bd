//! Who acts, as types. A use case that only administrators may run takes an [`Admin`], which is made from a
//! [`Member`] in one place; there is no flag to forget.

use domain::{
    id::{OrganizationId, UserId},
    organization::Role,
};

use crate::store::audit::Actor;

/// A signed-in person in an organization.
#[derive(Debug, Clone)]
pub struct Member {
    /// The organization that the person works in.
    pub organization: OrganizationId,
    /// The person.
    pub user: UserId,
    /// What the person may do.
    pub role: Role,
    /// The person's name.
    pub name: String,
    /// The person's address.
    pub email: String,
    /// The organization's name.
    pub organization_name: String,
    /// The network address of the request.
    pub address: Option<String>,
}

/// A member who may change things.
#[derive(Debug, Clone)]
pub struct Admin(Member);

impl Member {
    /// This member as an administrator; None for those who are not.
    #[must_use]
    pub fn admin(self) -> Option<Admin> {
        self.role.administers().then_some(Admin(self))
    }
}

impl Admin {
    /// The member behind it.
    #[must_use]
    pub const fn member(&self) -> &Member {
        &self.0
    }
    /// The organization.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.0.organization
    }
    /// For the audit record.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            user: Some(self.0.user),
            key: None,
            address: self.0.address.clone(),
        }
    }
}
