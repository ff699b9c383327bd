//! Management: what the console does, for programs with a key of the scope `manage`. The same use cases, the same
//! parsers, the same sentences.
//!
//! # Layout
//! - [`services`], [`connections`], [`verbs`], [`credentials`], [`keys`], [`audit`], [`catalogue`]: one file an area,
//!   with its description for [`super::openapi`] beside it
//! - [`document`]: a JSON body as the fields of the form that the console posts
//! - [`once`]: creations under an `Idempotency-Key`
//! - [`reply`], [`query`]: answers with their versions; cursors and filters

pub(crate) mod audit;
pub(crate) mod catalogue;
pub(crate) mod connections;
pub(crate) mod credentials;
pub(super) mod document;
pub(crate) mod keys;
mod once;
mod query;
pub(super) mod reply;
pub(crate) mod services;
pub(crate) mod verbs;
