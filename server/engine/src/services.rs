//! Services: defined, changed, deleted by administrators.
//!
//! # Layout
//! - defining, cloning, deleting, listing, and the rules for secrets: this file
//! - [`edit`]: changing one that is in use, and what that does to its connections

use domain::{
    form::{
        FieldErrors,
        service::{check_secret, secret_field},
    },
    id::ServiceId,
    link_name::LinkName,
    name::Name,
    problem::Problem,
    service::{Authentication, Definition, ServiceInput, ServiceSecret},
};
use url::Url;

use crate::{
    Engine,
    actor::{Admin, Insider, Manager},
    catalogue,
    error::EngineError,
    page::{self, Paged},
    random,
    store::{StoreError, Tx, audit::Deed, connections::ConnectionRow, services::ServiceRow},
    token::assertion::check_key,
    vault::{DataKey, Place, Secret, VaultError},
};

mod edit;

pub use edit::EditImpact;

const PURPOSE: &str = "redirect";

/// Where a client secret stands.
pub(crate) fn secret_place(service: ServiceId, generation: i64) -> Place {
    Place::new("service", service.uuid(), "", "client_secret", generation)
}

impl Engine {
    /// A redirect URL for a service that is still to be defined, and the signed id that the form carries.
    #[must_use]
    pub fn mint_redirect(&self, manager: &Manager) -> (Url, String) {
        let id = ServiceId::from_uuid(random::uuid());
        let signature = self.vault.sign(PURPOSE, &minted_for(manager, id));
        (self.redirect_url(id), format!("{id}.{signature}"))
    }

    /// The id behind a minted redirect; None for one that was forged, or minted for somebody else.
    #[must_use]
    pub fn minted_redirect(&self, manager: &Manager, minted: &str) -> Option<ServiceId> {
        let (id, signature) = minted.split_once('.')?;
        let id: ServiceId = id.parse().ok()?;
        self.vault
            .verify(PURPOSE, &minted_for(manager, id), signature)
            .then_some(id)
    }

    /// The redirect URL of a service: one of its own, so that a code of one service is never taken for another's.
    #[must_use]
    pub fn redirect_url(&self, service: ServiceId) -> Url {
        let mut url = self.settings.public_url.clone();
        url.set_path(&format!("/oauth/callback/{service}"));
        url
    }

    /// Creates a custom service under its minted id.
    ///
    /// # Errors
    /// Field errors: a URL that the operator's rules refuse, a link name in use, a redirect id that is not ours.
    pub async fn create_service(
        &self,
        manager: &Manager,
        input: &ServiceInput,
        secret: Option<&Secret>,
        minted: &str,
        catalogue: Option<&str>,
    ) -> Result<ServiceId, EngineError> {
        let mut errors = self.policy_errors(&input.definition);
        if let (Some(field), None) = (secret_field(&input.definition), secret) {
            errors.add(field, missing_secret(&input.definition));
        }
        if !errors.is_empty() {
            return Err(errors.into());
        }
        let secret = fitting(&input.definition, secret)?;
        let again =
            "This form is no longer valid. Copy the redirect URL that is shown now and send the form again.";
        let id = self
            .minted_redirect(manager, minted)
            .ok_or_else(|| EngineError::field("redirect_id", again))?;
        let mut tx = self.store.begin(manager.organization()).await?;
        let used = tx.redirect_use(id).await.map_err(EngineError::from);
        used.map_err(|e| e.on_constraint("redirect_used_key", "redirect_id", again))?;
        self.insert_service(&mut tx, manager, id, input, secret, catalogue)
            .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The sandbox's service, made where the organization has none yet.
    ///
    /// # Errors
    /// [`Problem::UnknownService`] where no sandbox runs.
    pub async fn sandbox_service(&self, admin: &Admin, secret: &str) -> Result<ServiceRow, EngineError> {
        let unknown = || EngineError::Problem(Problem::UnknownService(catalogue::SANDBOX.into()));
        let issuer = self.settings.sandbox.as_ref().ok_or_else(unknown)?;
        let mut tx = self.store.begin(admin.organization()).await?;
        let mut input = catalogue::sandbox(issuer).map_err(|_| unknown())?;
        match tx.service_of_catalogue(catalogue::SANDBOX).await {
            Ok(row) => {
                // The sandbox may run at another address than when this service was made.
                if row.input.definition != input.definition {
                    input.name = row.input.name;
                    tx.service_update(row.id, row.version, &input).await?;
                }
            }
            Err(StoreError::NotFound) => {
                let id = ServiceId::from_uuid(random::uuid());
                input.link_name = free_service_link_name(&mut tx, &input.link_name).await?;
                let secret = Secret::text(secret.to_owned());
                self.insert_service(
                    &mut tx,
                    admin,
                    id,
                    &input,
                    Some(&secret),
                    Some(catalogue::SANDBOX),
                )
                .await?;
            }
            Err(error) => return Err(error.into()),
        }
        let row = tx.service_of_catalogue(catalogue::SANDBOX).await?;
        tx.commit().await?;
        Ok(row)
    }

    pub(crate) async fn insert_service(
        &self,
        tx: &mut Tx,
        manager: &Manager,
        id: ServiceId,
        input: &ServiceInput,
        secret: Option<&Secret>,
        catalogue: Option<&str>,
    ) -> Result<(), EngineError> {
        let key = self.data_key(tx).await?;
        let sealed = secret
            .map(|secret| key.seal(&secret_place(id, 1), secret))
            .transpose()?;
        let user = manager.user();
        let inserted = tx
            .service_insert(id, input, sealed.as_deref(), catalogue, user)
            .await
            .map_err(EngineError::from);
        let taken = Problem::LinkNameTaken(input.link_name.to_string()).detail();
        inserted.map_err(|e| e.on_constraint("service_link_name_key", "link_name", taken))?;
        let deed = Deed {
            action: "service.created",
            service: Some(id),
            subject: input.name.as_str(),
            ..Deed::default()
        };
        Ok(tx.audit(&manager.actor(), deed).await?)
    }

    pub(crate) async fn replace_secret(
        &self,
        tx: &mut Tx,
        manager: &Manager,
        row: &ServiceRow,
        secret: Option<&Secret>,
    ) -> Result<(), EngineError> {
        if secret.is_none() && row.client_secret.is_none() {
            return Ok(());
        }
        let generation = row.secret_generation + 1;
        let key = self.data_key(tx).await?;
        let sealed = secret
            .map(|secret| key.seal(&secret_place(row.id, generation), secret))
            .transpose()?;
        Ok(tx
            .service_secret_set(row.id, generation, sealed.as_deref(), manager.user())
            .await?)
    }

    /// The secret of the service itself, opened; None where it has none.
    pub(crate) fn client_secret(
        &self,
        key: &DataKey<'_>,
        row: &ServiceRow,
    ) -> Result<Option<Secret>, VaultError> {
        let place = secret_place(row.id, row.secret_generation);
        row.client_secret
            .as_deref()
            .map(|sealed| key.open(&place, sealed))
            .transpose()
    }

    /// The sandbox as a default service; None where none runs.
    #[must_use]
    pub fn sandbox(&self) -> Option<ServiceInput> {
        let issuer = self.settings.sandbox.as_ref()?;
        catalogue::sandbox(issuer).ok()
    }

    /// Deletes a service that no connection uses.
    ///
    /// # Errors
    /// [`Problem::InUse`] with the names of the connections; [`Problem::Changed`] for another version than the
    /// `expected` one.
    pub async fn delete_service(
        &self,
        manager: &Manager,
        link_name: &LinkName,
        expected: Option<i64>,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.service_by_link_name(link_name).await?;
        unchanged(expected, row.version)?;
        let users = tx.connections_of(row.id).await?;
        if !users.is_empty() {
            return Err(Problem::InUse(format!("{}. Delete these connections first", names(&users))).into());
        }
        match tx.service_delete(row.id).await {
            // A connection was made between the look and the deletion.
            Err(error) if error.is_constraint("connection_service_fkey") => {
                return Err(Problem::InUse("a connection that was made just now".into()).into());
            }
            Err(error) if error.is_constraint("revocation_outbox_service_fkey") => {
                let waits = "a withdrawal that the provider has not confirmed; it is tried again by itself, for a day at most";
                return Err(Problem::InUse(waits.into()).into());
            }
            other => other?,
        }
        let deed = Deed {
            action: "service.deleted",
            service: Some(row.id),
            subject: row.input.name.as_str(),
            ..Deed::default()
        };
        tx.audit(&manager.actor(), deed).await?;
        Ok(tx.commit().await?)
    }

    /// Makes another service from this one's definition, with its client secret, under names of its own.
    ///
    /// # Errors
    /// A field error for a link name in use; not found.
    pub async fn clone_service(
        &self,
        manager: &Manager,
        from: &LinkName,
        name: Name,
        link_name: LinkName,
    ) -> Result<(), EngineError> {
        let mut tx = self.store.begin(manager.organization()).await?;
        let row = tx.service_by_link_name(from).await?;
        self.check_policy(&row.input.definition)?;
        let key = self.data_key(&mut tx).await?;
        let secret = self.client_secret(&key, &row)?;
        let input = ServiceInput {
            name,
            link_name,
            definition: row.input.definition,
        };
        let id = ServiceId::from_uuid(random::uuid());
        self.insert_service(&mut tx, manager, id, &input, secret.as_ref(), None)
            .await?;
        Ok(tx.commit().await?)
    }

    /// A page of services, the newest first: those older than `before`, and whether there are more.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn services_page(
        &self,
        insider: &impl Insider,
        before: Option<ServiceId>,
        most: usize,
    ) -> Result<Paged<ServiceRow>, EngineError> {
        let mut tx = self.store.begin(insider.organization()).await?;
        let rows = tx.services_before(before, page::wanted(most)).await?;
        Ok(Paged::cut(rows, most))
    }

    /// Every service of the organization.
    ///
    /// # Errors
    /// [`EngineError::Store`].
    pub async fn services(&self, insider: &impl Insider) -> Result<Vec<ServiceRow>, EngineError> {
        Ok(self.store.begin(insider.organization()).await?.services().await?)
    }

    /// A service and its connections.
    ///
    /// # Errors
    /// Not found for a link name that does not exist here.
    pub async fn service(
        &self,
        insider: &impl Insider,
        link_name: &LinkName,
    ) -> Result<(ServiceRow, Vec<ConnectionRow>), EngineError> {
        let mut tx = self.store.begin(insider.organization()).await?;
        let service = tx.service_by_link_name(link_name).await?;
        let connections = tx.connections_of(service.id).await?;
        Ok((service, connections))
    }

    /// What the operator's rules say about a URL as it is typed; None where they have nothing against it.
    #[must_use]
    pub fn policy_objection(&self, url: &Url) -> Option<String> {
        self.egress
            .policy()
            .check(url)
            .err()
            .map(|refusal| refusal.to_string())
    }

    pub(crate) fn check_policy(&self, definition: &Definition) -> Result<(), EngineError> {
        let errors = self.policy_errors(definition);
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors.into())
        }
    }

    fn policy_errors(&self, definition: &Definition) -> FieldErrors {
        let mut errors = FieldErrors::default();
        // Where a connection's values decide the address, the same rules are asked when a request leaves.
        for (field, url) in definition.endpoints() {
            if let Some(objection) = url.plain().and_then(|url| self.policy_objection(url.as_url())) {
                errors.add(field, objection);
            }
        }
        if let Some(url) = definition.identity_url().and_then(|url| url.plain())
            && !definition.may_tell_identity(url.as_url(), |_| None)
        {
            let words = format!(
                "The access token would travel to {}. Add that host to Allowed hosts.",
                url.host()
            );
            errors.add("identity_url", words);
        }
        errors
    }
}

/// A secret that the definition can use: of its kind, and, for a key that signs, one that does.
fn fitting<'a>(
    definition: &Definition,
    secret: Option<&'a Secret>,
) -> Result<Option<&'a Secret>, EngineError> {
    let (Some(field), Some(secret)) = (secret_field(definition), secret) else {
        return Ok(None);
    };
    let refused = |words: String| EngineError::field(field, words);
    check_secret(definition.secret(), secret.as_text().unwrap_or_default()).map_err(refused)?;
    if definition.secret() == ServiceSecret::PrivateKey {
        let signs = match &definition.authentication {
            Authentication::OAuth2(oauth2) => check_key(oauth2.options.assertion.algorithm, secret),
            _ => crate::oauth1::RsaKey::read(secret)
                .map(|_| ())
                .map_err(|error| error.to_string()),
        };
        signs.map_err(|why| refused(format!("This key cannot be used: {why}.")))?;
    }
    Ok(Some(secret))
}

fn missing_secret(definition: &Definition) -> &'static str {
    match definition.secret() {
        ServiceSecret::PrivateKey => "The private key is missing.",
        ServiceSecret::Text | ServiceSecret::None => "The client secret is missing.",
    }
}

/// Refuses an edit that was made from another version.
pub(crate) fn unchanged(expected: Option<i64>, version: i64) -> Result<(), Problem> {
    match expected {
        Some(other) if other != version => Err(Problem::Changed),
        _ => Ok(()),
    }
}

/// The row was there a moment ago: somebody else changed it meanwhile.
pub(crate) fn overtaken(error: StoreError) -> EngineError {
    match error {
        StoreError::NotFound => Problem::Changed.into(),
        other => other.into(),
    }
}

/// Whoever a redirect was minted for: a person, or a key.
fn minted_for(manager: &Manager, id: ServiceId) -> String {
    let whose = match (manager.user(), manager.key()) {
        (Some(user), _) => user.to_string(),
        (None, Some(key)) => key.to_string(),
        (None, None) => String::new(),
    };
    format!("{} {whose} {id}", manager.organization())
}

/// Up to five names, then how many more.
fn names(connections: &[ConnectionRow]) -> String {
    let shown: Vec<&str> = connections.iter().take(5).map(|c| c.name.as_str()).collect();
    let more = connections.len().saturating_sub(shown.len());
    let list = shown.join(", ");
    if more == 0 {
        list
    } else {
        format!("{list} and {more} more")
    }
}

pub(crate) async fn free_service_link_name(tx: &mut Tx, wanted: &LinkName) -> Result<LinkName, EngineError> {
    let taken: Vec<LinkName> = tx
        .services()
        .await?
        .into_iter()
        .map(|s| s.input.link_name)
        .collect();
    Ok(first_free(wanted, &taken))
}

/// The wanted link name, or the first numbered one that is free.
pub(crate) fn first_free(wanted: &LinkName, taken: &[LinkName]) -> LinkName {
    if !taken.contains(wanted) {
        return wanted.clone();
    }
    (2..)
        .map(|number| wanted.numbered(number))
        .find(|name| !taken.contains(name))
        .unwrap_or_else(|| wanted.clone())
}
