//! Services: the list, the definition form, and a service's own page.
//!
//! # Layout
//! - [`list`], [`new`], [`detail`] with [`facts`], [`edit`] with [`impact`]: one file a page
//! - [`form`], which *new* and *edit* share: [`authentication`] with [`values`] and [`discovery`], [`scopes`], [`calls`],
//!   [`connection_fields`], [`advanced`]
//! - [`catalogue`]: the form for a default service

pub mod advanced;
pub mod authentication;
pub mod calls;
pub mod catalogue;
pub mod connection_fields;
pub mod detail;
pub mod discovery;
pub mod edit;
pub mod facts;
pub mod form;
pub mod impact;
pub mod list;
pub mod new;
pub mod scopes;
pub mod values;
