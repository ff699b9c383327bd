//! What the browser runs.
//!
//! Every page works without these. An island renders a small element of its own on the server; in the browser it
//! looks after the plain HTML around it, so that nothing is rendered twice and the bundle stays small.
//!
//! # Layout
//! - [`live_form`]: every form of the page: checks while typing, posts without a page load
//! - [`copy_button`], [`list_filter`], [`scope_rows`], [`when`]: one file an island
//! - [`check`], [`icon`]: pure parts
//! - `dom`: the browser's interfaces, in the few shapes that islands need

pub mod check;
pub mod copy_button;
pub mod icon;
pub mod list_filter;
pub mod live_form;
pub mod scope_rows;
pub mod when;

#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod form;
