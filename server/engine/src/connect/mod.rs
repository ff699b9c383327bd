//! How a connection comes by its credential: through consent in the browser (OAuth 2.0 authorization code, RFC 6749
//! section 4.1, with PKCE, RFC 7636; OAuth 1.0a, RFC 5849), by asking for a token, or from a person who types it in.
//!
//! An answer of a provider is accepted only from the browser session, the person and for the service and
//! connection that left for it, once, within ten minutes, with the issuer that the service names. All of that is
//! checked before any token request. Each service has a redirect URL of its own, and the id in its path is
//! compared with the consent's: a code that one service's provider issued is never sent to another's token URL.
//!
//! # Layout
//! - [`begin`]: somebody wants a connection: the intent is stored
//! - [`start`]: the browser leaves for the provider; [`mod@oauth1`]: the requests around it for OAuth 1.0a
//! - [`callback`]: what a provider's answer says
//! - [`finish`]: it comes back and is judged; [`mod@exchange`]: what it brings becomes a credential
//! - [`request`], [`typed`]: without a browser
//! - [`identity`]: whose account it is; [`keep`]: into the row

pub mod begin;
pub mod callback;
mod exchange;
pub mod finish;
pub mod identity;
pub(crate) mod keep;
mod oauth1;
pub mod request;
pub mod start;
pub mod typed;

use domain::id::ConsentId;

use crate::vault::Place;

/// Where a consent's PKCE verifier stands; each departure has a seal of its own.
fn verifier_place(consent: ConsentId, started: i32) -> Place {
    Place::new("consent", consent.uuid(), "", "verifier", i64::from(started))
}
