//! What this process has read, a key and a link name at a time.
//!
//! An entry may be used only while changes made elsewhere surely arrive (`trusted_until`), and is kept only if no
//! change arrived while it was read: the reader takes a stamp before it reads, and a change that is heard of makes
//! the stamp old. A change that was committed before the read is in what was read; one committed later is heard of
//! either before the entry is kept (the stamp is old) or after (the entry goes).

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use domain::{
    id::{ConnectionId, OrganizationId},
    principal::Principal,
};
use tokio::{sync::Notify, time::Instant};

use super::{KeyHash, Ready};

/// Beyond this many entries all are thrown away: reading again costs little.
const MOST: usize = 50_000;

/// Beyond this many of one organization its own are: no organization drives out what others have.
const MOST_OF_ONE: usize = 5_000;

/// An opened credential stays in memory no longer than this without another look.
const AGE: Duration = Duration::from_secs(300);

/// Entries by key and link name.
pub(crate) struct Cache {
    entries: RwLock<Entries>,
    /// Changes heard of so far.
    changes: AtomicU64,
    /// Until when entries may be used, in milliseconds since `born`.
    trusted_until: AtomicU64,
    born: Instant,
    /// Wakes the listener when there is something to keep true.
    wanted: Notify,
}

#[derive(Default)]
struct Entries {
    keys: HashMap<KeyHash, OfKey>,
    organizations: HashMap<OrganizationId, Vec<KeyHash>>,
    count: usize,
}

struct OfKey {
    /// By link name, or by link name and user.
    connections: HashMap<String, Arc<Ready>>,
}

/// What stands between link name and user: no link name has it.
const BETWEEN: char = '\n';

fn entry_name(link_name: &str, user: &Principal) -> String {
    match user {
        Principal::Organization => link_name.to_owned(),
        user => format!("{link_name}{BETWEEN}{}", user.stored()),
    }
}

/// What had been heard of when a reading began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stamp(u64);

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// The credential of a connection.
    Connection(OrganizationId, ConnectionId),
    /// Anything of an organization.
    Organization(OrganizationId),
    /// Perhaps everything: news may have been missed.
    Everything,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            entries: RwLock::default(),
            changes: AtomicU64::new(0),
            trusted_until: AtomicU64::new(0),
            born: Instant::now(),
            wanted: Notify::new(),
        }
    }
}

impl Cache {
    fn now(&self) -> u64 {
        u64::try_from(self.born.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// What was read for this key, link name and user, where it may still be used.
    pub(crate) fn get(&self, key: &KeyHash, link_name: &str, user: &Principal) -> Option<Arc<Ready>> {
        if !self.is_trusted() || link_name.contains(BETWEEN) {
            return None;
        }
        let named;
        let name = match user {
            Principal::Organization => link_name,
            user => {
                named = entry_name(link_name, user);
                named.as_str()
            }
        };
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        let ready = entries.keys.get(key)?.connections.get(name)?;
        (ready.read_at.elapsed() < AGE).then(|| Arc::clone(ready))
    }

    /// Whether anything is kept for this key.
    pub(crate) fn knows(&self, key: &KeyHash) -> bool {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        self.is_trusted() && entries.keys.contains_key(key)
    }

    fn is_trusted(&self) -> bool {
        self.now() < self.trusted_until.load(Ordering::Acquire)
    }

    /// To be taken before a reading begins.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp(self.changes.load(Ordering::Acquire))
    }

    /// Keeps what was read, unless something changed meanwhile.
    pub(crate) fn put(&self, stamp: Stamp, key: KeyHash, ready: &Arc<Ready>) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if self.changes.load(Ordering::Acquire) != stamp.0 {
            return;
        }
        // Whoever has no account and is served by the organization's: there is no end to such names.
        if ready.user != ready.row.principal {
            return;
        }
        if entries.of(ready.organization) >= MOST_OF_ONE {
            entries.forget(ready.organization, |_| true);
        }
        if entries.count >= MOST {
            *entries = Entries::default();
        }
        entries.put(key, ready);
        drop(entries);
        self.wanted.notify_one();
    }

    /// Forgets what a change has made old.
    pub(crate) fn heard(&self, change: Change) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        // Under the lock: a reader that keeps an entry sees either the new number or is undone here.
        self.changes.fetch_add(1, Ordering::AcqRel);
        match change {
            Change::Connection(organization, connection) => {
                entries.forget(organization, |ready| ready.connection == connection);
            }
            Change::Organization(organization) => entries.forget(organization, |_| true),
            Change::Everything => *entries = Entries::default(),
        }
    }

    /// Forgets what nobody has looked at for a while.
    pub(crate) fn sweep(&self) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let organizations: Vec<OrganizationId> = entries.organizations.keys().copied().collect();
        for organization in organizations {
            entries.forget(organization, |ready| ready.read_at.elapsed() >= AGE);
        }
    }

    /// All changes committed before now were heard of; entries may be used for a while.
    pub(crate) fn trust(&self, asked: Instant, window: Duration) {
        let until = asked.duration_since(self.born) + window;
        let until = u64::try_from(until.as_millis()).unwrap_or(u64::MAX);
        self.trusted_until.store(until, Ordering::Release);
    }

    /// Whether there is nothing to keep true.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).count == 0
    }

    /// Ends when something was kept.
    pub(crate) async fn is_wanted(&self) {
        self.wanted.notified().await;
    }
}

impl Entries {
    /// How many entries an organization has.
    fn of(&self, organization: OrganizationId) -> usize {
        let hashes = self.organizations.get(&organization).into_iter().flatten();
        let entries = hashes.filter_map(|hash| self.keys.get(hash));
        entries.map(|of_key| of_key.connections.len()).sum()
    }

    fn put(&mut self, key: KeyHash, ready: &Arc<Ready>) {
        let organization = ready.organization;
        let of_key = self.keys.entry(key).or_insert_with(|| {
            self.organizations.entry(organization).or_default().push(key);
            OfKey {
                connections: HashMap::new(),
            }
        });
        let name = entry_name(ready.link_name.as_str(), &ready.user);
        if of_key.connections.insert(name, Arc::clone(ready)).is_none() {
            self.count += 1;
        }
    }

    fn forget(&mut self, organization: OrganizationId, gone: impl Fn(&Ready) -> bool) {
        let Some(hashes) = self.organizations.get_mut(&organization) else {
            return;
        };
        hashes.retain(|hash| {
            let Some(of_key) = self.keys.get_mut(hash) else {
                return false;
            };
            let before = of_key.connections.len();
            of_key.connections.retain(|_, ready| !gone(ready));
            self.count -= before - of_key.connections.len();
            let keep = !of_key.connections.is_empty();
            if !keep {
                self.keys.remove(hash);
            }
            keep
        });
        if hashes.is_empty() {
            self.organizations.remove(&organization);
        }
    }
}
