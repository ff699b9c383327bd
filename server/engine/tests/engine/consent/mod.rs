//! The provider's answer: accepted once, from the session, the person, the organization and the service that left
//! for it; everything else is refused before any token request and changes nothing.
//!
//! - [`matrix`]: every wrong way to come back
//! - [`once`]: replays, races, departures that were replaced
//! - [`outcome`]: what a no or a failed exchange does to what was there

mod matrix;
mod once;
mod outcome;

use domain::{id::ServiceId, link_name::LinkName};
use engine::{
    actor::Admin,
    connect::finish::{Finished, Refused},
};
use sandbox::{Fault, Switch};
use serde_json::json;

use crate::common::{SESSION, World, until};

/// A world with a service that names its issuer and a connection `link` whose consent is at the provider.
pub(super) struct Away {
    pub(super) world: World,
    pub(super) link: LinkName,
    pub(super) service: ServiceId,
    pub(super) query: String,
}

impl Away {
    pub(super) async fn new() -> Self {
        Self::with(None).await
    }

    pub(super) async fn with(fault: Option<Fault>) -> Self {
        let world = World::new().await;
        let options = json!({"rotation": "strict", "issuer": world.provider.issuer});
        world.service("sandbox", options).await;
        let link = world.draft("sandbox", "link").await;
        world
            .provider
            .sandbox
            .set_all(fault.into_iter().map(Switch::from).collect());
        let (service, query) = world.depart(&world.admin, &link).await;
        Self {
            world,
            link,
            service,
            query,
        }
    }

    pub(super) async fn comes_back(
        &self,
        admin: &Admin,
        session: &[u8],
        service: ServiceId,
        query: &str,
    ) -> Finished {
        self.world
            .engine
            .finish_consent(admin, session, service, query)
            .await
            .unwrap()
    }

    /// Comes back in some wrong way: refused, nothing asked of the provider, no row changed.
    pub(super) async fn is_refused(
        &self,
        admin: &Admin,
        session: &[u8],
        service: ServiceId,
        query: &str,
    ) -> Refused {
        let before = (
            self.world.database.digest().await,
            self.world.provider.token_requests().len(),
        );
        let Finished::Refused(why, _) = self.comes_back(admin, session, service, query).await else {
            panic!("accepted: {query}")
        };
        let after = (
            self.world.database.digest().await,
            self.world.provider.token_requests().len(),
        );
        assert_eq!(before, after, "{why:?} changes nothing and asks nothing");
        why
    }

    pub(super) async fn right_answer_is_accepted(&self) {
        let finished = self
            .comes_back(&self.world.admin, &SESSION, self.service, &self.query)
            .await;
        assert!(matches!(finished, Finished::See(link) if link == self.link));
        assert_eq!(self.world.vend_working("link").await, 1);
        // Noted in the background: rows that are compared from here on have it already.
        until("the use is noted", async || {
            let noted = "select exists (select from use_record) and exists (select from function_key where last_used_at is not null)";
            self.world.database.value(noted).await
        })
        .await;
    }

    pub(super) fn changed(&self, name: &str, change: impl Fn(&str) -> Option<String>) -> String {
        let pairs = form_urlencoded::parse(self.query.as_bytes());
        let mut out = form_urlencoded::Serializer::new(String::new());
        for (key, value) in pairs {
            let value = if key == name {
                change(&value)
            } else {
                Some(value.into_owned())
            };
            if let Some(value) = value {
                out.append_pair(&key, &value);
            }
        }
        out.finish()
    }
}
