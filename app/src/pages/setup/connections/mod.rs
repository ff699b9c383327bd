//! Connections: the list, the way to a new one, and a connection's own page.
//!
//! # Layout
//! - [`list`] with its [`table`]: all of them; [`start`]: the first steps where there is none
//! - [`new`], [`create`] with [`asked`], [`authorize`]: pick a service, name the connection, go to the provider
//! - [`credentials`]: type in a credential, or bring tokens from elsewhere
//! - [`detail`] with [`menu`], [`tested`], [`attention`], [`facts`], [`hosts`], [`snippet`], [`try_it`], [`people`],
//!   [`activity`] and [`settings`]: one connection

pub mod activity;
pub mod asked;
pub mod attention;
pub mod authorize;
pub mod create;
pub mod credentials;
pub mod detail;
pub mod facts;
pub mod hosts;
pub mod list;
pub mod menu;
pub mod new;
pub mod people;
pub mod settings;
pub mod snippet;
pub mod start;
pub mod table;
pub mod tested;
pub mod try_it;
