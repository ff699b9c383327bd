//! Callers of one process share one attempt.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::id::OrganizationId;
use tokio::sync::watch;

use crate::{Engine, store::credentials::Whose};

type Key = (OrganizationId, Whose);

/// Attempts under way in this process.
#[derive(Default)]
pub(crate) struct Flights(Mutex<HashMap<Key, watch::Receiver<()>>>);

impl Flights {
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes a flight off the map when it ends, however it ends.
struct Landing {
    engine: Arc<Engine>,
    key: Key,
    _done: watch::Sender<()>,
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.engine.flights.lock().remove(&self.key);
    }
}

impl Engine {
    /// Joins the attempt that is under way, or begins one. The attempt goes on without its callers.
    pub(super) fn fly(
        self: &Arc<Self>,
        organization: OrganizationId,
        whose: &Whose,
        generation: i64,
    ) -> watch::Receiver<()> {
        let key = (organization, whose.clone());
        let mut flights = self.flights.lock();
        if let Some(flight) = flights.get(&key) {
            return flight.clone();
        }
        let (done, flight) = watch::channel(());
        flights.insert(key.clone(), flight.clone());
        drop(flights);
        let landing = Landing {
            engine: Arc::clone(self),
            key,
            _done: done,
        };
        let whose = whose.clone();
        self.tasks.spawn(async move {
            if let Err(error) = landing
                .engine
                .refresh_once(organization, &whose, generation)
                .await
            {
                tracing::warn!(%organization, connection = %whose.connection, %error, "a refresh could not be carried out");
            }
        });
        flight
    }

    /// Joins or begins an attempt and waits for its end.
    pub(crate) async fn land(self: &Arc<Self>, organization: OrganizationId, whose: &Whose, generation: i64) {
        // The sender is dropped at the end of the flight: an error is the signal.
        let _ended = self.fly(organization, whose, generation).changed().await;
    }
}
