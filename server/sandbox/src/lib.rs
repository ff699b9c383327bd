//! The sandbox: a small OAuth 2.0 provider that gives away nothing real.
//!
//! People take their first steps with it, and tests use it as an adversary: it keeps a ledger of every
//! request, and switches make it misbehave in the ways real providers do. It follows RFC 6749 (code and
//! refresh grants), RFC 7636 (S256 required), RFC 7009, RFC 8414, RFC 9207 and, for rotation, the strict
//! reading of RFC 9700: a refresh token works once, and its second use kills all its descendants.
//! A client may insist on what real providers insist on instead, see [`quirks`]; RFC 5849 (OAuth 1.0a), 7523 and
//! 7662, API keys and Basic are there for services that need them.
//! Everything lives in memory, is bounded, and is gone when the process ends.
//!
//! # Layout
//! - [`settings`](Settings), `client`, `account`: what the provider knows before the first request
//! - `quirks`: what the provider of one client insists on; the table of all of it is there
//! - `oauth1`: OAuth 1.0a, its consumers, signatures and credentials
//! - `doors`: API keys, and user and password
//! - `memory`: clients, codes, grants, ledger and switches behind one mutex, bounded by `shelf`
//! - `consent`, `grants`: what a person allowed; what is issued, rotated and revoked
//! - `seal`: chance, digests and tokens that carry their own proof
//! - `jwt`, `clock`: signed assertions, and the time of day that they name
//! - `ledger`: what was asked
//! - `fault`, `plan`: what shall go wrong, and what that means for one token request
//! - `parameters`, `page`: urlencoded input, HTML output
//! - `router`, `routes`, `serve`: one file an endpoint, one file that lists them, one that listens
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use sandbox::{Fault, Sandbox, Settings, Switch};
//!
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let mut settings = Settings::new(format!("http://{}", listener.local_addr()?).parse()?);
//! settings.redirect_prefixes = vec!["http://localhost:3000/oauth/callback/".into()];
//! let sandbox = Sandbox::new(settings);
//! sandbox.set(Switch::times(Fault::CommitThenDrop, 1));
//! sandbox::serve(listener, sandbox, std::future::pending()).await?;
//! # Ok(())
//! # }
//! ```

mod account;
mod client;
mod clock;
mod consent;
mod doors;
mod fault;
mod grants;
mod jwt;
mod ledger;
mod memory;
mod oauth1;
mod page;
mod parameters;
mod plan;
pub mod quirks;
mod router;
mod routes;
mod seal;
mod serve;
mod settings;
mod shelf;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

pub use client::{BUILT_IN_CLIENT_ID, BUILT_IN_CLIENT_SECRET, RegisterError, Registration, Scope};
pub use doors::{BasicDoor, KeyDoor, KeyParameter, KeyPlace};
pub use fault::{BodyFault, ExpiresInFault, Fault, IssFault, Switch};
pub use ledger::{Endpoint, Entry};
pub use oauth1::consumer::{Consumer, FixedToken};
pub use oauth1::signature::SignatureMethod;
pub use router::router;
pub use serve::serve;
pub use settings::Settings;

use memory::Memory;
use seal::Sealer;

/// The provider. A clone is another handle on the same provider.
#[derive(Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    sealer: Sealer,
    started: Instant,
    started_epoch_ms: u64,
    memory: Mutex<Memory>,
}

impl Sandbox {
    /// A provider that knows its built-in client and nothing else.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let memory = Mutex::new(Memory::new(&settings));
        Self {
            inner: Arc::new(Inner {
                settings,
                sealer: Sealer::new(),
                started: Instant::now(),
                started_epoch_ms: clock::epoch_ms(),
                memory,
            }),
        }
    }

    /// What was asked so far, oldest first.
    #[must_use]
    pub fn ledger(&self) -> Vec<Entry> {
        self.memory().ledger.entries()
    }

    /// Forgets the entries; sequence numbers go on.
    pub fn clear_ledger(&self) {
        self.memory().ledger.clear();
    }

    /// Turns on one switch, in place of one of the same kind.
    pub fn set(&self, switch: impl Into<Switch>) {
        self.memory().switches.set(switch.into());
    }

    /// Turns on exactly these switches; an empty list turns all off.
    pub fn set_all(&self, switches: Vec<Switch>) {
        self.memory().switches.replace(switches);
    }

    /// Adds a client, or replaces one that was registered before.
    ///
    /// # Errors
    /// The built-in client is fixed, a redirect URI must be an absolute http(s) URL, and the number of
    /// clients is limited.
    pub fn register(&self, client_id: &str, registration: Registration) -> Result<(), RegisterError> {
        self.memory().clients.register(client_id, registration)
    }

    fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    fn sealer(&self) -> &Sealer {
        &self.inner.sealer
    }

    /// Milliseconds since the provider was made: the clock of all that ends.
    fn now_ms(&self) -> u64 {
        u64::try_from(self.inner.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Seconds since 1970, by the same clock.
    fn epoch_s(&self) -> u64 {
        self.inner.started_epoch_ms.saturating_add(self.now_ms()) / 1_000
    }

    /// No critical section awaits or leaves half a change behind, so a poisoned lock is still sound.
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.inner.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
