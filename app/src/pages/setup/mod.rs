//! Setup: what administrators work with.

pub mod connections;
pub mod keys;
pub mod services;
