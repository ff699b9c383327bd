//! What pages are made of.
//!
//! # Layout
//! - [`shell`]: what stands around a page: navigation, notice, landmarks
//! - [`head`]: a page's heading with its breadcrumb and actions
//! - [`form`]: forms that say what is wrong; [`frame`]: what stands around a field
//! - [`field`], [`area`], [`choice`], [`ticks`], [`secret`], [`rows`], [`pattern`]: fields
//! - [`state`]: the status of a connection, and what comes next for it
//! - [`moment`]: times in words
//! - [`monogram`], [`note`], [`copy`], [`confirm`], [`search`]: small things

pub mod area;
pub mod choice;
pub mod confirm;
pub mod copy;
pub mod field;
pub mod form;
pub mod frame;
pub mod head;
pub mod moment;
pub mod monogram;
pub mod note;
pub mod pattern;
pub mod rows;
pub mod rules;
pub mod search;
pub mod secret;
pub mod shell;
pub mod state;
pub mod ticks;

pub use crate::islands::icon::{Icon, icon};
