//! What pages are made of.
//!
//! # Layout
//! - [`shell`]: what stands around a page: navigation, notice, landmarks
//! - [`head`]: a page's heading with its breadcrumb and actions
//! - [`form`]: forms that say what is wrong; [`field`], [`area`], [`choice`], [`secret`], [`rows`]: their fields
//! - [`state`]: the status of a connection, and what comes next for it
//! - [`moment`]: times in words
//! - [`monogram`], [`note`], [`copy`], [`confirm`], [`search`]: small things

pub mod area;
pub mod choice;
pub mod confirm;
pub mod copy;
pub mod field;
pub mod form;
pub mod head;
pub mod moment;
pub mod monogram;
pub mod note;
pub mod rows;
pub mod rules;
pub mod search;
pub mod secret;
pub mod shell;
pub mod state;

pub use crate::islands::icon::{Icon, icon};
