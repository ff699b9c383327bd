//! What the integration tests stand on: a real PostgreSQL, a real provider, an engine between them.
//!
//! - [`database`], [`template`]: one database a test, copied from a migrated template, dropped at the end
//! - [`provider`]: the sandbox on a loopback socket, and the person who presses its buttons
//! - [`world`]: an organization with its administrator, services, connections and keys
//! - [`stored`]: what stands in the credential's row, and how to age it

pub(crate) mod database;
pub(crate) mod provider;
pub(crate) mod stored;
mod template;
pub(crate) mod world;

use std::time::Duration;

use domain::{form::FieldErrors, problem::Problem};
use engine::error::EngineError;

pub(crate) use database::Database;
pub(crate) use provider::Provider;
pub(crate) use world::{SESSION, World};

/// The failure in the words of the contract.
pub(crate) fn problem<T: std::fmt::Debug>(result: Result<T, EngineError>) -> Problem {
    result.expect_err("this must fail").problem()
}

/// The fields that are wrong.
pub(crate) fn fields<T: std::fmt::Debug>(result: Result<T, EngineError>) -> FieldErrors {
    match problem(result) {
        Problem::Invalid(errors) => errors,
        other => panic!("{other:?}"),
    }
}

/// Waits for something that must come soon.
pub(crate) async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let wait = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let came = tokio::time::timeout(Duration::from_secs(20), wait).await;
    came.unwrap_or_else(|_| panic!("{what}: not within 20 s"));
}
