//! Step 1: somebody wants a connection: the organization an account of its own, or a person theirs.

use domain::{
    id::ConsentId, link_name::LinkName, principal::Principal, problem::Problem, scope::ScopeName,
    service::Obtained,
};

use crate::{
    Engine,
    actor::{Admin, Member, Person},
    error::EngineError,
    random,
    store::{
        StoreError, connections::ConnectionRow, consents::ConsentRow, credentials::Whose,
        services::ServiceRow,
    },
};

/// What the page *Continue to …* shows.
#[derive(Debug, Clone)]
pub struct ConsentPreview {
    /// The connection.
    pub connection: ConnectionRow,
    /// Its service.
    pub service: ServiceRow,
    /// Whose credential it will be.
    pub principal: Principal,
    /// What will be asked.
    pub scopes: Vec<ScopeName>,
}

impl Engine {
    /// Records the intent to ask for consent to a connection's scopes, for the organization. An existing credential
    /// keeps serving.
    ///
    /// # Errors
    /// Not found.
    pub async fn begin_consent(&self, admin: &Admin, link_name: &LinkName) -> Result<ConsentId, EngineError> {
        self.begin(admin.member(), link_name, Principal::Organization)
            .await
    }

    /// The same for the account of one person: a member's own, or, by an administrator, that of another program's user.
    ///
    /// # Errors
    /// Not found; [`Problem::NotPermitted`] for somebody else's account, and where the connection has no accounts of
    /// single people.
    pub async fn begin_consent_of(
        &self,
        person: &impl Person,
        link_name: &LinkName,
        principal: Principal,
    ) -> Result<ConsentId, EngineError> {
        let member = person.person();
        if !may_connect(member, &principal) {
            return Err(Problem::NotPermitted("connection").into());
        }
        self.begin(member, link_name, principal).await
    }

    async fn begin(
        &self,
        member: &Member,
        link_name: &LinkName,
        principal: Principal,
    ) -> Result<ConsentId, EngineError> {
        let id = ConsentId::from_uuid(random::uuid());
        let mut tx = self.store.begin(member.organization).await?;
        let connection = tx.connection_by_link_name(link_name).await?;
        let service = tx.service(connection.service).await?;
        let fits = match principal {
            Principal::Organization => connection.mode.has_organization(),
            Principal::Member(_) | Principal::External(_) => connection.mode.has_people(),
        };
        if !fits || service.input.definition.obtained() != Obtained::Consent {
            return Err(Problem::NotPermitted("connection").into());
        }
        let whose = Whose {
            connection: connection.id,
            principal,
        };
        tx.consent_insert(id, member.user, connection.service, &whose, &connection.scopes)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// What a consent will ask; only for the person who began it.
    ///
    /// # Errors
    /// Not found for others, and for one that is over.
    pub async fn consent_preview(
        &self,
        person: &impl Person,
        id: ConsentId,
    ) -> Result<ConsentPreview, EngineError> {
        let member = person.person();
        let mut tx = self.store.begin(member.organization).await?;
        let consent = tx.consent(id).await?;
        open_for(member, &consent)?;
        Ok(ConsentPreview {
            connection: tx.connection(consent.connection).await?,
            service: tx.service(consent.service).await?,
            principal: consent.principal,
            scopes: consent.scopes,
        })
    }
}

/// Whether a member may connect this account: everybody their own, administrators all others.
pub(super) fn may_connect(member: &Member, principal: &Principal) -> bool {
    *principal == Principal::Member(member.user)
        || (member.role.administers() && !matches!(principal, Principal::Member(_)))
}

/// Refuses a consent that is over, that another person began, or that its person may no longer finish.
pub(super) fn open_for(member: &Member, consent: &ConsentRow) -> Result<(), StoreError> {
    let own = consent.user == member.user && may_connect(member, &consent.principal);
    if own && !consent.consumed && !consent.expired {
        Ok(())
    } else {
        Err(StoreError::NotFound)
    }
}
