//! Calls made with a connection's credential: what they may do, and how a function says what it wants.
//!
//! # Layout
//! - [`method`]: HTTP methods
//! - [`rules`]: methods and paths that a connection's or a key's calls may use
//! - [`invocation`]: the names of Deluge's `invokeurl`, read into one request
//! - [`fill`]: `{name}` in a URL
//! - [`content`]: the body that an invocation sends
//! - [`header`]: which headers a caller may set
//! - [`sign`]: a request that a function wants signed and sends itself

pub mod content;
pub mod fill;
pub mod header;
pub mod invocation;
pub mod method;
pub mod rules;
pub mod sign;

pub use content::{Content, File};
pub use invocation::{Format, Invocation, Shape};
pub use method::{Method, MethodError};
pub use rules::{CallRules, PathPattern, PathPatternError};
pub use sign::ToSign;
