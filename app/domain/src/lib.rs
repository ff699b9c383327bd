//! What the product talks about: names, addresses, services, connections and their states.
//!
//! Everything here is a pure value: no clock, no randomness, no network, no SQL, no secret. Text becomes a
//! type once, at the edge, by the same parser in the browser, in a form post, in the API and in a database row.
//!
//! # Layout
//! - [`id`], [`name`], [`link_name`], [`email`], [`url`], [`allowed_host`], [`scope`]: single values
//! - [`template`], [`url_template`], [`host_template`]: text, URLs and hosts with places for values; [`pairs`], [`member`], [`pattern`]: lists, paths and expressions in options
//! - [`organization`]: roles and what each may do; [`principal`]: whose credential it is
//! - [`service`]: the definition of a third party
//! - [`call`]: requests made with a connection's credential
//! - [`connection`]: states of a credential, and the status and reason that people see
//! - [`function_key`]: the text form of keys, their scopes
//! - [`snippet`]: code that uses a connection by its link name
//! - [`form`]: fields as typed, field errors, and the parser of each form
//! - [`problem`]: every failure in words, with what to do next
//! - [`when`]: times and numbers as people say them; [`text`]: what may stand on one line

pub mod allowed_host;
pub mod call;
pub mod connection;
pub mod email;
pub mod form;
pub mod function_key;
pub mod host_template;
pub mod id;
pub mod link_name;
pub mod member;
pub mod name;
pub mod organization;
pub mod pairs;
pub mod pattern;
pub mod principal;
pub mod problem;
pub mod scope;
pub mod service;
pub mod snippet;
pub mod template;
pub mod text;
pub mod url;
pub mod url_template;
pub mod when;
