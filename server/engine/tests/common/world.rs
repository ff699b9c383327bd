//! An organization with its administrator, and what an administrator makes in it.

use std::collections::BTreeMap;

use domain::principal::Principal;
use std::sync::Arc;

use domain::{
    form::{connection::ConnectionInput, key::KeyInput},
    function_key::KeyScope,
    id::{OrganizationId, ServiceId, UserId},
    link_name::LinkName,
    organization::Role,
    service::ServiceInput,
};
use engine::{
    Engine, Settings,
    actor::Admin,
    connect::finish::Finished,
    egress::{EgressClient, EgressPolicy},
    error::EngineError,
    keys::FunctionKey,
    random,
    store::Store,
    vault::{Secret, Vault},
    vend::Vended,
};
use serde_json::{Value, json};

use super::{Database, Provider, provider::PUBLIC_URL};

/// Hash of the browser session in which everything happens.
pub(crate) const SESSION: [u8; 32] = [7; 32];
/// The root key ring.
pub(crate) const RING: &str = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

pub(crate) struct World {
    pub(crate) engine: Arc<Engine>,
    pub(crate) provider: Provider,
    pub(crate) admin: Admin,
    pub(crate) key: FunctionKey,
    pub(crate) database: Database,
}

impl World {
    pub(crate) async fn new() -> Self {
        let (database, provider) = (Database::new().await, Provider::start().await);
        let engine = engine(&database, &[&provider.issuer], RING).await;
        let admin = organization(&engine, &database, "ada@example.com").await;
        let key = key(&engine, &admin, &[]).await;
        Self {
            engine,
            provider,
            admin,
            key,
            database,
        }
    }

    /// A new world whose connection `link` is connected to the sandbox; `rotation` is what the service says of it.
    pub(crate) async fn connected(rotation: &str) -> Self {
        let world = Self::new().await;
        world.service("sandbox", json!({"rotation": rotation})).await;
        world.connect("sandbox", "link").await;
        world
    }

    /// Another server on the same database.
    pub(crate) async fn replica(&self) -> Arc<Engine> {
        engine(&self.database, &[&self.provider.issuer], RING).await
    }

    /// A service at the sandbox.
    pub(crate) fn input(&self, link_name: &str, options: Value) -> ServiceInput {
        let base = &self.provider.issuer;
        let definition = json!({
            "authentication": {
                "type": "oauth2", "client_id": sandbox::BUILT_IN_CLIENT_ID, "authorize_url": format!("{base}/authorize"),
                "access_token_url": format!("{base}/token"), "revoke_token_url": format!("{base}/revoke"), "options": options,
            },
            "scopes": [{"name": "profile", "display_name": ""}, {"name": "reports.read", "display_name": ""}],
        });
        ServiceInput {
            name: format!("Service {link_name}").parse().unwrap(),
            link_name: link_name.parse().unwrap(),
            definition: serde_json::from_value(definition).unwrap(),
        }
    }

    pub(crate) async fn service(&self, link_name: &str, options: Value) -> ServiceId {
        self.service_of(&self.admin, &self.input(link_name, options))
            .await
    }

    pub(crate) async fn service_of(&self, admin: &Admin, input: &ServiceInput) -> ServiceId {
        let (_, minted) = self.engine.mint_redirect(admin);
        self.engine
            .create_service(admin, input, Some(&client_secret()), &minted, None)
            .await
            .unwrap()
    }

    /// A connection that nobody has consented to.
    pub(crate) async fn draft(&self, service: &str, link_name: &str) -> LinkName {
        self.draft_of(&self.admin, service, link_name).await
    }

    pub(crate) async fn draft_of(&self, admin: &Admin, service: &str, link_name: &str) -> LinkName {
        let (service, _) = self.engine.service(admin.member(), &link(service)).await.unwrap();
        let input = connection_input(link_name);
        self.engine
            .create_connection(admin, service.id, &input, &BTreeMap::new())
            .await
            .unwrap();
        input.link_name
    }

    /// A connection with a credential.
    pub(crate) async fn connect(&self, service: &str, link_name: &str) -> LinkName {
        self.connect_of(&self.admin, service, link_name).await
    }

    pub(crate) async fn connect_of(&self, admin: &Admin, service: &str, link_name: &str) -> LinkName {
        let name = self.draft_of(admin, service, link_name).await;
        self.consent_of(admin, &name).await;
        name
    }

    /// One pass through the consent screen, which must succeed.
    pub(crate) async fn consent(&self, link_name: &LinkName) {
        self.consent_of(&self.admin, link_name).await;
    }

    pub(crate) async fn consent_of(&self, admin: &Admin, link_name: &LinkName) {
        let (service, query) = self.depart(admin, link_name).await;
        let finished = self
            .engine
            .finish_consent(admin, &SESSION, service, &query)
            .await
            .unwrap();
        assert!(matches!(finished, Finished::See(_)), "{finished:?}");
    }

    /// Goes to the provider and allows; the service and the query with which the browser is sent back.
    pub(crate) async fn depart(&self, admin: &Admin, link_name: &LinkName) -> (ServiceId, String) {
        let id = self.engine.begin_consent(admin, link_name).await.unwrap();
        let service = self.engine.consent_preview(admin, id).await.unwrap().service.id;
        let departed = self.engine.start_consent(admin, &SESSION, id).await.unwrap();
        let url = departed.url().unwrap();
        (service, self.provider.allow(&url).await)
    }

    pub(crate) async fn vend(&self, link_name: &str) -> Result<Vended, EngineError> {
        self.engine
            .vend(self.key, &link(link_name), &Principal::Organization, 60.0)
            .await
    }

    /// Vends and makes sure that the provider accepts the token; its version.
    pub(crate) async fn vend_working(&self, link_name: &str) -> i64 {
        let vended = self.vend(link_name).await.unwrap();
        let who = self
            .provider
            .who(vended.access_token.as_ref().unwrap().as_text().unwrap())
            .await;
        assert_eq!(who.as_deref(), Ok("ada@example.com"));
        vended.version
    }
}

pub(crate) fn client_secret() -> Secret {
    Secret::text(sandbox::BUILT_IN_CLIENT_SECRET.into())
}

pub(crate) fn link(name: &str) -> LinkName {
    name.parse().unwrap()
}

pub(crate) fn connection_input(link_name: &str) -> ConnectionInput {
    let name = format!("Connection {link_name}").parse().unwrap();
    ConnectionInput {
        scopes: vec!["profile".parse().unwrap(), "reports.read".parse().unwrap()],
        ..ConnectionInput::new(name, link(link_name))
    }
}

/// An engine that may go to these origins.
pub(crate) async fn engine(database: &Database, origins: &[&str], ring: &str) -> Arc<Engine> {
    let allow = |policy: EgressPolicy, origin: &&str| policy.allow(origin.parse().unwrap());
    let policy = origins.iter().fold(EgressPolicy::default(), allow);
    let store = Store::connect(&database.server_url(), 8).await.unwrap();
    let settings = Settings {
        public_url: PUBLIC_URL.parse().unwrap(),
        sandbox: origins.first().map(|origin| origin.parse().unwrap()),
        sign_up: engine::SignUpPolicy::Open,
        calls: engine::CallLimits::default(),
    };
    Engine::new(
        store,
        Vault::new(ring.parse().unwrap()),
        EgressClient::new(policy).unwrap(),
        settings,
    )
}

/// An organization with its owner, without the password that a sign-up would hash.
pub(crate) async fn organization(engine: &Arc<Engine>, database: &Database, email: &str) -> Admin {
    let id = OrganizationId::from_uuid(random::uuid());
    let data_key = engine.vault.new_data_key(id).unwrap();
    let insert = sqlx::query("insert into organization (id, name, data_key) values ($1, $2, $3)");
    let inserted = insert
        .bind(id.uuid())
        .bind(email)
        .bind(data_key)
        .execute(&database.superuser);
    inserted.await.unwrap();
    colleague(engine, database, id, email).await
}

/// One more administrator of an organization.
pub(crate) async fn colleague(
    engine: &Arc<Engine>,
    database: &Database,
    id: OrganizationId,
    email: &str,
) -> Admin {
    let user = UserId::from_uuid(random::uuid());
    let (organization, person, role) = (id.uuid(), user.uuid(), Role::Owner.word());
    database
        .sql(format!(
            "insert into user_account (id, email, name, password_hash) values ('{person}', '{email}', 'Somebody', '');
             insert into membership (organization_id, user_id, role) values ('{organization}', '{person}', '{role}')"
        ))
        .await;
    engine
        .member(id, user, None)
        .await
        .unwrap()
        .unwrap()
        .admin()
        .unwrap()
}

/// A key that may ask for credentials of these connections, or of all.
pub(crate) async fn key(engine: &Arc<Engine>, admin: &Admin, connections: &[&str]) -> FunctionKey {
    let input = KeyInput {
        connections: connections.iter().map(|name| link(name)).collect(),
        ..KeyInput::new("Nightly".parse().unwrap(), vec![KeyScope::CredentialsRead])
    };
    let (id, _) = engine.create_key(admin, &input).await.unwrap();
    FunctionKey {
        organization: admin.organization(),
        id,
    }
}
