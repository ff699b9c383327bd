//! Who acts, as types. A use case that changes things takes a [`Manager`], one that needs the person's own browser an
//! [`Admin`]; both are made in one place each, so there is no flag to forget.

use std::ops::Deref;

use domain::{
    function_key::KeyScope,
    id::{FunctionKeyId, OrganizationId, UserId},
    organization::Role,
    problem::Problem,
};

use crate::{Engine, error::EngineError, ready::KeyHash, store::audit::Actor};

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

/// Whoever may change things: an administrator, or a function key of the scope `manage`.
#[derive(Debug, Clone)]
pub struct Manager {
    organization: OrganizationId,
    actor: Actor,
}

/// A member who may change things. Where a [`Manager`] is wanted, an administrator is one.
#[derive(Debug, Clone)]
pub struct Admin {
    member: Member,
    manager: Manager,
}

/// A function key of the scope `connectors`.
#[derive(Debug, Clone)]
pub struct Registrar {
    pub(crate) manager: Manager,
    pub(crate) key: FunctionKeyId,
    /// Whether it may use only the connections that it is given.
    pub(crate) limited: bool,
}

/// A signed-in person, whatever the role.
pub trait Person {
    /// The member.
    fn person(&self) -> &Member;
}

impl Person for Member {
    fn person(&self) -> &Member {
        self
    }
}
impl Person for Admin {
    fn person(&self) -> &Member {
        &self.member
    }
}

/// Whoever may look at an organization's things.
pub trait Insider {
    /// The organization.
    fn organization(&self) -> OrganizationId;
}

/// Whoever stands in the audit record.
pub trait Audited {
    /// For the audit record.
    fn audited(&self) -> Actor;
}

impl Audited for Member {
    fn audited(&self) -> Actor {
        self.actor()
    }
}
impl Audited for Manager {
    fn audited(&self) -> Actor {
        self.actor()
    }
}

impl Insider for Member {
    fn organization(&self) -> OrganizationId {
        self.organization
    }
}
impl Insider for Manager {
    fn organization(&self) -> OrganizationId {
        self.organization
    }
}

impl Member {
    /// For the audit record.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            user: Some(self.user),
            key: None,
            address: self.address.clone(),
        }
    }

    /// This member as an administrator; None for those who are not.
    #[must_use]
    pub fn admin(self) -> Option<Admin> {
        let actor = self.actor();
        self.role.administers().then_some(Admin {
            manager: Manager {
                organization: self.organization,
                actor,
            },
            member: self,
        })
    }
}

impl Manager {
    /// The organization.
    #[must_use]
    pub const fn organization(&self) -> OrganizationId {
        self.organization
    }
    /// For the audit record.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.actor.clone()
    }
    /// The person, where it is one.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        self.actor.user
    }
    /// The function key, where it is one.
    #[must_use]
    pub const fn key(&self) -> Option<FunctionKeyId> {
        self.actor.key
    }
}

impl Admin {
    /// The member behind it.
    #[must_use]
    pub const fn member(&self) -> &Member {
        &self.member
    }
}

impl Deref for Admin {
    type Target = Manager;
    fn deref(&self) -> &Manager {
        &self.manager
    }
}

impl Engine {
    /// The manager that a function key is.
    ///
    /// # Errors
    /// [`Problem::InvalidKey`] for a key that is unknown, revoked or past its end; [`Problem::ForbiddenForKey`] for one
    /// without the scope, and for one that is limited to some connections: managing has no such limits.
    pub async fn manager_by_key(
        &self,
        hash: KeyHash,
        address: Option<String>,
    ) -> Result<Manager, EngineError> {
        let registrar = self.presenting(hash, KeyScope::Manage, address).await?;
        if registrar.limited {
            return Err(Problem::ForbiddenForKey(KeyScope::Manage.word()).into());
        }
        Ok(registrar.manager)
    }

    /// The registrar that a function key is.
    ///
    /// # Errors
    /// [`Problem::InvalidKey`] and [`Problem::ForbiddenForKey`], as [`Self::manager_by_key`].
    pub async fn registrar_by_key(
        &self,
        hash: KeyHash,
        address: Option<String>,
    ) -> Result<Registrar, EngineError> {
        self.presenting(hash, KeyScope::Connectors, address).await
    }

    async fn presenting(
        &self,
        hash: KeyHash,
        scope: KeyScope,
        address: Option<String>,
    ) -> Result<Registrar, EngineError> {
        let key = self.recognize(hash).await?;
        let mut tx = self.store.begin(key.organization).await?;
        tx.concerns_no_call();
        let found = tx.key_present(key.id).await?.ok_or(Problem::InvalidKey)?;
        if !found.scopes.contains(&scope) {
            return Err(Problem::ForbiddenForKey(scope.word()).into());
        }
        tx.commit().await?;
        let actor = Actor {
            user: None,
            key: Some(key.id),
            address,
        };
        Ok(Registrar {
            manager: Manager {
                organization: key.organization,
                actor,
            },
            key: key.id,
            limited: found.limited,
        })
    }
}
