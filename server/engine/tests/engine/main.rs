//! The engine against a real PostgreSQL, as the server's role, and a real provider over real HTTP.
//!
//! Needs `TEST_DATABASE_ADMIN_URL`: `.ci/postgres with test cargo test -p engine` sets it.
#![cfg(test)]

#[path = "../common/mod.rs"]
mod common;

mod accounts;
mod classification;
mod connections;
mod connectors;
mod consent;
mod doors;
mod import;
mod isolation;
mod names;
mod outage;
mod outbox;
mod recovery;
mod repeat;
mod revoke;
mod services;
mod storm;
mod vault;
