//! How much a key and an organization may call, a process at a time: calls a minute, and calls under way.
//!
//! A limit is a bucket that holds a minute's calls and fills steadily, so that a burst may spend a minute's worth and
//! then goes at the average. Counting in the database would cost every call more than the call itself; with several
//! replicas each counts for itself.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{
    id::{FunctionKeyId, OrganizationId},
    problem::Problem,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::{Engine, ready::Ready, store::look::KeyFacts};

/// Beyond this many buckets those that are full again are thrown away.
const MOST: usize = 20_000;

/// Buckets and places of this process.
#[derive(Default)]
pub(crate) struct Limits {
    keys: Buckets<FunctionKeyId>,
    organizations: Buckets<OrganizationId>,
    places: Places<OrganizationId>,
    places_of_keys: Places<FunctionKeyId>,
}

/// A place among the calls under way; given back when dropped.
pub(crate) struct Place {
    _of_organization: OwnedSemaphorePermit,
    _of_key: Option<OwnedSemaphorePermit>,
}

struct Places<K>(Mutex<HashMap<K, Arc<Semaphore>>>);

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Places<K> {
    fn take(&self, of: K, most: u32) -> Option<OwnedSemaphorePermit> {
        let most = usize::try_from(most)
            .unwrap_or(usize::MAX)
            .min(Semaphore::MAX_PERMITS);
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if places.len() >= MOST {
            places.retain(|_, semaphore| semaphore.available_permits() < most);
        }
        let semaphore = places.entry(of).or_insert_with(|| Arc::new(Semaphore::new(most)));
        Arc::clone(semaphore).try_acquire_owned().ok()
    }
}

struct Buckets<K>(Mutex<HashMap<K, Bucket>>);

impl<K> Default for Buckets<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl<K: Eq + Hash> Buckets<K> {
    /// Takes one call out; the seconds until there is one where there is none.
    fn take(&self, key: K, a_minute: u32, now: Instant) -> Result<(), u64> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST {
            buckets.retain(|_, bucket| now.duration_since(bucket.at).as_secs() < 60);
        }
        let full = f64::from(a_minute);
        let bucket = buckets.entry(key).or_insert(Bucket { left: full, at: now });
        let a_second = full / 60.0;
        bucket.left = (bucket.left + now.duration_since(bucket.at).as_secs_f64() * a_second).min(full);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        let wait = std::time::Duration::from_secs_f64((1.0 - bucket.left) / a_second);
        Err(wait.as_secs() + 1)
    }
}

impl Engine {
    /// Counts a call of this key and organization, also one that will be refused: refusing costs as much.
    ///
    /// # Errors
    /// [`Problem::RateLimited`] with the time until another call is within the limits.
    pub(crate) fn count(&self, organization: OrganizationId, key: Option<&KeyFacts>) -> Result<(), Problem> {
        let of_key = key.and_then(|key| Some((key.id, key.calls_per_minute?)));
        let of_all = self.settings.calls.a_minute;
        if of_key.is_none() && of_all.is_none() {
            return Ok(());
        }
        let now = Instant::now();
        let limited = |retry_after| Problem::RateLimited { retry_after };
        if let Some((key, most)) = of_key {
            self.limits.keys.take(key, most, now).map_err(limited)?;
        }
        if let Some(most) = of_all {
            self.limits
                .organizations
                .take(organization, most, now)
                .map_err(limited)?;
        }
        Ok(())
    }

    /// A place among the calls that are under way. One key may take half of an organization's.
    ///
    /// # Errors
    /// [`Problem::RateLimited`] where the organization or the key has as many calls under way as it may.
    pub(crate) fn place_for_call(&self, ready: &Ready) -> Result<Place, Problem> {
        let most = self.settings.calls.at_once;
        let full = || Problem::RateLimited { retry_after: 1 };
        let of_key = match &ready.key {
            Some(key) => Some(
                self.limits
                    .places_of_keys
                    .take(key.id, most.div_ceil(2))
                    .ok_or_else(full)?,
            ),
            None => None,
        };
        let of_organization = self
            .limits
            .places
            .take(ready.organization, most)
            .ok_or_else(full)?;
        Ok(Place {
            _of_organization: of_organization,
            _of_key: of_key,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_burst_of_a_minute_and_then_the_average() {
        let (buckets, begun) = (Buckets::<u8>::default(), Instant::now());
        let at = |seconds: f64| begun + Duration::from_secs_f64(seconds);
        for call in 0..30 {
            assert_eq!(buckets.take(1, 30, at(0.0)), Ok(()), "{call}");
        }
        assert_eq!(buckets.take(1, 30, at(0.0)), Err(3), "one every two seconds");
        assert_eq!(buckets.take(2, 30, at(0.0)), Ok(()), "another key");
        assert_eq!(buckets.take(1, 30, at(2.1)), Ok(()));
        assert!(buckets.take(1, 30, at(2.2)).is_err());
    }

    #[test]
    fn places_come_back() {
        let places = Places::<u8>::default();
        let first = places.take(7, 1);
        assert!(first.is_some() && places.take(7, 1).is_none());
        assert!(places.take(8, 1).is_some(), "another one's");
        drop(first);
        assert!(places.take(7, 1).is_some());
    }
}
