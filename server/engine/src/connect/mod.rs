//! Consent, OAuth 2.0 authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636): one file a step.
//!
//! An answer of a provider is accepted only from the browser session, the person and for the service and
//! connection that left for it, once, within ten minutes, with the issuer that the service names. All of that is
//! checked before any token request. Each service has a redirect URL of its own, and the id in its path is
//! compared with the consent's: a code that one service's provider issued is never sent to another's token URL.
//!
//! # Layout
//! - [`begin`]: an administrator wants a connection: the intent is stored
//! - [`start`]: the browser leaves for the provider
//! - [`callback`]: what a provider's answer says
//! - [`finish`]: it comes back; the code becomes a credential
//! - [`identity`]: whose account it is

pub mod begin;
pub mod callback;
pub mod finish;
pub mod identity;
pub mod start;

use domain::id::ConsentId;

use crate::vault::Place;

/// Where a consent's PKCE verifier stands; each departure has a seal of its own.
fn verifier_place(consent: ConsentId, started: i32) -> Place {
    Place::new("consent", consent.uuid(), "", "verifier", i64::from(started))
}
