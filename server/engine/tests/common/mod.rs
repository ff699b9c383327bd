//! What the integration tests stand on: a real PostgreSQL, a real provider, an engine between them.
//!
//! - [`database`]: one database a test, copied from a migrated template, dropped at the end
//! - [`provider`]: the sandbox on a loopback socket, and the person who presses its buttons
//! - [`world`]: an organization with its administrator, services, connections and keys
//! - [`stored`]: what stands in the credential's row, and how to age it

pub(crate) mod database;
pub(crate) mod provider;
pub(crate) mod stored;
pub(crate) mod world;

pub(crate) use database::Database;
pub(crate) use provider::Provider;
pub(crate) use world::{SESSION, World, problem};
