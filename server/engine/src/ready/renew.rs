//! Another credential in place of one that the provider refused.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration as Wait,
};

use domain::function_key::KeyScope;
use time::Duration;
use tokio::time::Instant;

use super::{Caller, Ready, hidden};
use crate::{Engine, call::mask::Mask, keys::FunctionKey, store::credentials::Whose};

/// A younger credential is not refused for its age: renewing it would bring another one that is refused as well.
const YOUNG: Duration = Duration::seconds(30);
/// After a renewal that brought nothing. Providers count renewals: a function that lacks a scope must not use up what
/// all callers of a connection live on.
const PAUSE: Wait = Wait::from_secs(600);
const MOST: usize = 10_000;

/// Owners whose renewed credential was refused as well, and when. One person's account says nothing of another's.
#[derive(Default)]
pub(crate) struct Renewals(Mutex<HashMap<Whose, Instant>>);

impl Renewals {
    /// Notes that a renewed credential was refused as well.
    pub(crate) fn brought_nothing(&self, whose: Whose) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() >= MOST {
            noted.clear();
        }
        noted.insert(whose, Instant::now());
    }

    fn is_paused(&self, whose: &Whose) -> bool {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        noted.get(whose).is_some_and(|at| at.elapsed() < PAUSE)
    }
}

impl Ready {
    /// Which credential it is.
    pub(crate) fn whose(&self) -> Whose {
        Whose {
            connection: self.connection,
            principal: self.row.principal.clone(),
        }
    }

    /// The same, with the credential before it blotted out as well: the answer may repeat either.
    pub(crate) fn masking(mut self, before: &Self) -> Self {
        let mut both = hidden(&self.armed(), &self.placed);
        both.extend(hidden(&before.armed(), &before.placed));
        self.mask = Arc::new(Mask::new(both.iter()));
        self
    }
}

impl Engine {
    /// Renews the credential that the provider refused with 401, once for its generation however many callers met the
    /// refusal. None where renewing is not possible or brings nothing: then the refusal stands.
    pub(crate) async fn renew(self: &Arc<Self>, refused: &Ready) -> Option<Ready> {
        let row = &refused.row;
        let young = refused.now() - row.born_at < YOUNG;
        if !row.renews() || young || self.renewals.is_paused(&refused.whose()) {
            return None;
        }
        self.land(refused.organization, &refused.whose(), row.generation)
            .await;
        let organization = refused.organization;
        let caller = match &refused.key {
            Some(key) => Caller::Key(
                FunctionKey {
                    organization,
                    id: key.id,
                },
                KeyScope::Invoke,
            ),
            None => Caller::Person(organization),
        };
        let renewed = self
            .ready_for(caller, &refused.link_name, &refused.user, 0.0)
            .await
            .ok()?;
        // The link name may lead to another connection by now.
        let same = renewed.whose() == refused.whose();
        (same && renewed.row.generation > row.generation).then_some(renewed)
    }
}

#[cfg(test)]
mod tests {
    use domain::{id::ConnectionId, principal::Principal};

    use super::*;

    #[test]
    fn one_persons_refusal_is_not_anothers() {
        let connection = ConnectionId::from_uuid(uuid::Uuid::from_u128(7));
        let of = |id: &str| Whose {
            connection,
            principal: Principal::External(id.into()),
        };
        let renewals = Renewals::default();
        renewals.brought_nothing(of("a"));
        assert!(renewals.is_paused(&of("a")));
        assert!(!renewals.is_paused(&of("b")) && !renewals.is_paused(&Whose::organization(connection)));
    }
}
