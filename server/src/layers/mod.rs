//! What every request passes, from the outside in:
//! - [`headers`]: security headers and the nonce; outermost, so that errors carry them too
//! - [`failure`]: failures become pages
//! - [`origin`]: the public address, and no state-changing request from another site
//! - body limit and time-out (tower-http), then the session

pub(crate) mod failure;
pub(crate) mod headers;
pub(crate) mod origin;
