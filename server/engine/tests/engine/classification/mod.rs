//! What each answer of a token endpoint does to a credential, and what callers get meanwhile.
//!
//! - [`passing`]: out of order, too many requests: tried again later
//! - [`uncertain`]: answers that may hide a rotation
//! - [`refused`]: the grant, the client or the address is refused

mod passing;
mod refused;
mod uncertain;

use domain::problem::Problem;
use sandbox::{Fault, Switch};

use crate::common::{World, problem};

fn error(code: &str) -> Fault {
    Fault::Error {
        code: code.into(),
        status: None,
    }
}

fn status(code: u16, retry_after: Option<u32>) -> Fault {
    Fault::Status { code, retry_after }
}

/// A refresh that meets this, once, with an access token that has ended; what the caller is told.
async fn meet(world: &World, fault: Fault) -> Problem {
    world.expire("link").await;
    world.provider.sandbox.set(Switch::times(fault, 1));
    problem(world.vend("link").await)
}
