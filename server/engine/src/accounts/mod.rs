//! Organizations and people: sign-up, sign-in, a forgotten password.
//!
//! # Layout
//! - this file: the use cases
//! - [`password`]: hashing, off the async threads and limited in number
//! - [`attempts`]: how many tries a guesser has, without locking the owner out

use domain::{
    email::Email,
    form::account::{SignUp, check_new_password},
    id::{OrganizationId, UserId},
    name::Name,
    organization::Role,
};

use crate::{
    Engine, SignUpPolicy,
    actor::Member,
    error::EngineError,
    random,
    store::{
        StoreError,
        audit::{Actor, Deed},
    },
    vault::Secret,
};

pub mod attempts;
pub mod password;

/// A person whose password was right.
pub struct Known {
    /// The organization that a session opens.
    pub organization: OrganizationId,
    /// The person.
    pub user: UserId,
    /// What the password was compared with.
    hash: String,
}

/// Somebody who becomes a member.
pub struct NewMember {
    /// What people read.
    pub name: Name,
    /// What they sign in with.
    pub email: Email,
    /// What they may do.
    pub role: Role,
}

const WRONG: &str = "The email address or the password is not right. Check both and try again.";

impl Engine {
    /// Whether a stranger may create an organization now.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn sign_up_is_open(&self) -> Result<bool, EngineError> {
        match self.settings.sign_up {
            SignUpPolicy::Open => Ok(true),
            SignUpPolicy::Invite => Ok(false),
            SignUpPolicy::First => Ok(!self.store.any_organization().await?),
        }
    }

    /// Creates an organization and its owner.
    ///
    /// # Errors
    /// Field errors for a weak password or an address that has an account.
    pub async fn sign_up(
        &self,
        input: &SignUp,
        password: &Secret,
        address: Option<String>,
    ) -> Result<(OrganizationId, UserId), EngineError> {
        let text = password.as_text().unwrap_or_default();
        check_new_password(text).map_err(|error| EngineError::field("password", error))?;
        let hash = self.passwords.hash(password).await?;
        let (organization, user) = (
            OrganizationId::from_uuid(random::uuid()),
            UserId::from_uuid(random::uuid()),
        );
        let data_key = self.vault.new_data_key(organization)?;
        let mut tx = self.store.begin(organization).await?;
        if self.settings.sign_up == SignUpPolicy::First && !tx.is_first_organization().await? {
            return Err(EngineError::field(
                "",
                "Somebody else has just created the first organization. Ask them to add you to it.",
            ));
        }
        tx.organization_insert(&input.organization, &data_key).await?;
        tx.user_insert(user, &input.name, &input.email, &hash)
            .await
            .map_err(has_account)?;
        tx.membership_insert(user, Role::Owner).await?;
        let actor = Actor {
            user: Some(user),
            key: None,
            address,
        };
        let deed = Deed {
            action: "organization.created",
            subject: input.organization.as_str(),
            ..Deed::default()
        };
        tx.audit(&actor, deed).await?;
        tx.commit().await?;
        Ok((organization, user))
    }

    /// Makes a new person a member of the organization that somebody is in.
    ///
    /// # Errors
    /// Field errors for an address without an account (`organization_of`), one that has an account already (`email`), and
    /// a weak password.
    pub async fn add_member(
        &self,
        organization_of: &Email,
        member: &NewMember,
        password: &Secret,
    ) -> Result<UserId, EngineError> {
        let text = password.as_text().unwrap_or_default();
        check_new_password(text).map_err(|error| EngineError::field("password", error))?;
        let nobody = || EngineError::field("organization_of", "No account has this address.");
        let (_, organization) = self.store.user(organization_of).await?.ok_or_else(nobody)?;
        let hash = self.passwords.hash(password).await?;
        let user = UserId::from_uuid(random::uuid());
        let mut tx = self.store.begin(organization).await?;
        tx.user_insert(user, &member.name, &member.email, &hash)
            .await
            .map_err(has_account)?;
        tx.membership_insert(user, member.role).await?;
        let deed = Deed {
            action: "user.added",
            subject: member.email.as_str(),
            detail: member.role.word(),
            ..Deed::default()
        };
        tx.audit(&Actor::default(), deed).await?;
        tx.commit().await?;
        Ok(user)
    }

    /// Checks an address and a password. Takes the same time whether the address is known or not.
    ///
    /// # Errors
    /// One field error for a wrong address and a wrong password alike, so that neither is told apart;
    /// [`domain::problem::Problem::RateLimited`] after too many.
    pub async fn sign_in(
        &self,
        email: &Email,
        password: &Secret,
        guess: &attempts::Guess<'_>,
    ) -> Result<Known, EngineError> {
        self.count_attempt(email, guess).await?;
        let known = self.store.user(email).await?;
        let stored = match known {
            Some((user, organization)) => {
                Some(self.store.begin(organization).await?.password_hash(user).await?)
            }
            None => None,
        };
        let right = self.passwords.verify(password, stored.clone()).await?;
        match known.filter(|_| right) {
            Some((user, organization)) => {
                self.forget_attempts(email, guess).await?;
                Ok(Known {
                    organization,
                    user,
                    hash: stored.unwrap_or_default(),
                })
            }
            None => Err(EngineError::field("", WRONG)),
        }
    }

    /// Whether the password that was checked is still the person's.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn is_still(&self, known: &Known) -> Result<bool, EngineError> {
        let now = self
            .store
            .begin(known.organization)
            .await?
            .password_hash(known.user)
            .await?;
        Ok(now == known.hash)
    }

    /// The member behind a session; None where the membership has ended.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn member(
        &self,
        organization: OrganizationId,
        user: UserId,
        address: Option<String>,
    ) -> Result<Option<Member>, EngineError> {
        match self.store.begin(organization).await?.member(user).await {
            Ok(row) => Ok(Some(Member {
                organization,
                user,
                role: row.role,
                name: row.name,
                email: row.email,
                organization_name: row.organization,
                address,
            })),
            Err(crate::store::StoreError::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Sets another password and ends every session of the person.
    ///
    /// # Errors
    /// Field errors for an unknown address or a weak password.
    pub async fn reset_password(&self, email: &Email, password: &Secret) -> Result<(), EngineError> {
        let text = password.as_text().unwrap_or_default();
        check_new_password(text).map_err(|error| EngineError::field("password", error))?;
        let known = self.store.user(email).await?;
        let (user, organization) =
            known.ok_or_else(|| EngineError::field("email", "No account has this address."))?;
        let hash = self.passwords.hash(password).await?;
        let mut tx = self.store.begin(organization).await?;
        tx.password_hash_set(user, &hash).await?;
        let deed = Deed {
            action: "user.password_reset",
            subject: email.as_str(),
            ..Deed::default()
        };
        tx.audit(&Actor::default(), deed).await?;
        tx.commit().await?;
        Ok(self.store.sessions_of_user_delete(user).await?)
    }
}

fn has_account(error: StoreError) -> EngineError {
    let words = "This address already has an account. Sign in instead.";
    EngineError::from(error).on_constraint("user_account_email_key", "email", words)
}
