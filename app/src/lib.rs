//! The console: pages rendered on the server, islands that come alive in the browser.
//!
//! A page is a pure function from a model to a view. The server fills the model and calls [`render`]; nothing
//! here reads a database, a clock or a request. Only what stands under [`islands`] is compiled for the browser.
//!
//! # Layout
//! - [`page`]: what a page consists of ([`Page`], [`Chrome`], [`Form`]) and the list of all pages ([`Body`])
//! - [`document`]: the HTML document around a page, with its scripts and styles ([`render`])
//! - [`pages`]: one file a page, at the path of its URL; its model stands beside it
//! - [`components`]: what pages are made of
//! - [`islands`]: what the browser runs

// A page's view is one type as deep as its markup; the compiler's usual limit is meant for other programs.
#![recursion_limit = "256"]

pub mod islands;

#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod pages;

#[cfg(feature = "ssr")]
pub use document::{Assets, render};
#[cfg(feature = "ssr")]
pub use page::{Body, Chrome, Form, Notice, NoticeKind, Page};
