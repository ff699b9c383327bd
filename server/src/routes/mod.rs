//! Handlers, one file an area. A handler parses, calls one use case, and shows a page.

pub(crate) mod api;
pub(crate) mod console;
pub(crate) mod health;
pub(crate) mod oauth;
