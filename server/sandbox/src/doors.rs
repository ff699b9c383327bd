//! Doors that open to what a person was given once: API keys, and user and password (RFC 7617).

use std::collections::BTreeMap;

use serde::Deserialize;

const MAX_DOORS: usize = 1_000;

/// What opens a door with keys: all of these.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyDoor {
    pub parameters: Vec<KeyParameter>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyParameter {
    #[serde(rename = "in")]
    pub place: KeyPlace,
    pub name: String,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    Header,
    Query,
    /// A member of a form or of a JSON object.
    Form,
}

/// What opens a door with Basic.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasicDoor {
    pub user: String,
    pub password: String,
}

/// Doors of one kind by name. There are never more than a thousand.
pub(crate) struct Doors<D>(BTreeMap<String, D>);

impl<D> Default for Doors<D> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<D> Doors<D> {
    /// Whether there was room for it.
    pub(crate) fn put(&mut self, name: &str, door: D) -> bool {
        let room = self.0.len() < MAX_DOORS || self.0.contains_key(name);
        if room {
            self.0.insert(name.to_owned(), door);
        }
        room
    }

    pub(crate) fn get(&self, name: &str) -> Option<&D> {
        self.0.get(name)
    }
}
