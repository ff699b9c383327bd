//! What a person allowed, and what the client must present to have it.

use crate::account::Account;
use crate::grants::GrantError;
use crate::seal;

/// What a person allowed; a code stands for it until it is redeemed.
pub(crate) struct Consent {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) code_challenge: String,
    pub(crate) account: &'static Account,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_ms: u64,
}

/// What a client presents with a code.
pub(crate) struct Redemption<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: &'a str,
}

impl Consent {
    /// Whether this client may have it now. That it is this consent's client is known already.
    pub(crate) fn check(&self, asked: &Redemption<'_>, now_ms: u64) -> Result<(), GrantError> {
        if now_ms >= self.expires_ms {
            return Err(GrantError::CodeExpired);
        }
        if self.redirect_uri != asked.redirect_uri {
            return Err(GrantError::OtherRedirect);
        }
        let challenge = seal::s256(asked.verifier);
        if !seal::equal(challenge.as_bytes(), self.code_challenge.as_bytes()) {
            return Err(GrantError::WrongVerifier);
        }
        Ok(())
    }
}
