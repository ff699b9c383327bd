//! The one outbound HTTP client: every token, revocation, identity, metadata and proxied request passes here.
//!
//! Addresses are typed in by the administrators of organizations that do not know each other, and answers come
//! from machines nobody here controls. So this module decides where a request may go, and bounds what an answer
//! may cost.
//!
//! # What holds, and why
//! - **Only https to public addresses**, unless the operator lists the origin in `CONNECTIONS_ALLOW_HOSTS`.
//!   [`EgressPolicy::check`] decides on the parsed host; [`address`] lists what is not public.
//! - **A name cannot change its mind.** A name is looked up once per connection, every answer must be public,
//!   and the connector gets only those answers: there is no second look-up to rebind. Literal addresses never
//!   reach a resolver; the policy has checked them.
//! - **The peer is checked before any byte of HTTP is written.** A layer around the connector reads the address
//!   of the connected socket. It runs after the TLS handshake, so that a peer which should not have been
//!   reached could at most have seen a ClientHello; that it is reached at all is what the resolver prevents.
//!   A pooled connection was checked when it was made.
//! - **Classes do not mix.** Excepted origins have a client of their own, so that a connection made under an
//!   exception is never taken from the pool for a request without one.
//! - **No detours.** No redirect is followed (the answer is handed back), no proxy of the environment is used,
//!   nothing is sent twice, nothing is decompressed.
//! - **Every request ends.** One deadline covers the look-up, the connection and the whole answer, whose body
//!   is cut off at a limit.
//! - **A failure says whether the request went out**: see [`EgressError`]. A refresh token that rotates must not
//!   be sent again unless it surely was not sent.
//!
//! # Layout
//! `origin`, `policy`, `address`, `join` decide on addresses and do no I/O; `refusal` is what they answer.
//! `resolve` and `connector` carry the decision to the socket. `request` is what goes in and comes out, `client`
//! sends it, `stream` passes bodies through over the connections of `wire`, `handover` knows whether the body left, `error` is how it fails.

mod address;
mod client;
mod connector;
mod error;
mod handover;
mod join;
mod origin;
mod policy;
mod refusal;
mod request;
mod resolve;
mod stream;
mod wire;

pub use address::not_public;
pub use client::{EgressClient, EgressSetupError};
pub use error::{EgressError, Failure, Reason};
pub use join::join;
pub use origin::{Origin, OriginError};
pub use policy::{EgressPolicy, PolicyError};
pub use refusal::Refusal;
pub use request::{Answer, Outbound};
pub use resolve::{LookingUp, NameLookup, SystemLookup};
pub use stream::{BoxError, Download, Passed, Passing, PassingBody, Patience, Upload};
