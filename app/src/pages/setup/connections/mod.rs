//! Connections: the list, the way to a new one, and a connection's own page.
//!
//! # Layout
//! - [`list`] with its [`table`]: all of them; [`start`]: the first steps where there is none
//! - [`new`], [`create`], [`authorize`]: pick a service, name the connection, go to the provider
//! - [`detail`] with [`attention`], [`facts`], [`hosts`], [`snippet`], [`try_it`], [`activity`] and [`settings`]: one
//!   connection

pub mod activity;
pub mod attention;
pub mod authorize;
pub mod create;
pub mod detail;
pub mod facts;
pub mod hosts;
pub mod list;
pub mod new;
pub mod settings;
pub mod snippet;
pub mod start;
pub mod table;
pub mod try_it;
