//! Services: the list, the definition form, and a service's own page.
//!
//! # Layout
//! - [`list`], [`new`], [`detail`], [`edit`]: one file a page
//! - [`form`] with [`scopes`] and [`advanced`]: the definition form, which *new* and *edit* share

pub mod advanced;
pub mod detail;
pub mod edit;
pub mod form;
pub mod list;
pub mod new;
pub mod scopes;
