//! All that changes, behind one mutex.

use crate::Settings;
use crate::client::Clients;
use crate::fault::Switches;
use crate::grants::Grants;
use crate::ledger::Ledger;

pub(crate) struct Memory {
    pub(crate) clients: Clients,
    pub(crate) grants: Grants,
    pub(crate) ledger: Ledger,
    pub(crate) switches: Switches,
}

impl Memory {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            clients: Clients::new(&settings.redirect_prefixes),
            grants: Grants::new(settings.grant_capacity),
            ledger: Ledger::new(settings.ledger_capacity.clamp(1, Settings::MAX_LEDGER)),
            switches: Switches::default(),
        }
    }
}
