//! All that changes, behind one mutex.

use crate::Settings;
use crate::client::Clients;
use crate::doors::{BasicDoor, Doors, KeyDoor};
use crate::fault::Switches;
use crate::grants::Grants;
use crate::ledger::Ledger;
use crate::oauth1::Oauth1;
use crate::seal;
use crate::shelf::Shelf;

pub(crate) struct Memory {
    pub(crate) clients: Clients,
    pub(crate) grants: Grants,
    pub(crate) ledger: Ledger,
    pub(crate) switches: Switches,
    pub(crate) oauth1: Oauth1,
    pub(crate) keys: Doors<KeyDoor>,
    pub(crate) basics: Doors<BasicDoor>,
    /// Nonces and ids of assertions by client: what must not come twice.
    pub(crate) once: Shelf<(String, String), ()>,
}

impl Memory {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            clients: Clients::new(&settings.redirect_prefixes),
            grants: Grants::new(settings.grant_capacity),
            ledger: Ledger::new(settings.ledger_capacity.clamp(1, Settings::MAX_LEDGER)),
            switches: Switches::default(),
            oauth1: Oauth1::new(settings.grant_capacity),
            keys: Doors::default(),
            basics: Doors::default(),
            once: Shelf::new(settings.grant_capacity),
        }
    }

    /// Whether this is the first time that this client says this; from now on it is not.
    pub(crate) fn is_first(&mut self, client_id: &str, text: &str) -> bool {
        let key = (client_id.to_owned(), seal::fingerprint(text));
        let first = self.once.get(&key).is_none();
        self.once.put(key, ());
        first
    }
}
