//! What a person allowed, and what the client must present to have it.

use crate::account::Account;
use crate::grants::GrantError;
use crate::seal;

/// What a person allowed; a code stands for it until it is redeemed.
pub(crate) struct Consent {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) challenge: Challenge,
    pub(crate) account: &'static Account,
    pub(crate) scopes: Vec<String>,
    pub(crate) expires_ms: u64,
}

/// What the verifier is held against (RFC 7636, 4.2).
pub(crate) enum Challenge {
    /// There must be no verifier.
    None,
    S256(String),
    Plain(String),
}

/// What a client presents with a code.
pub(crate) struct Redemption<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) code: &'a str,
    pub(crate) redirect_uri: &'a str,
    pub(crate) verifier: Option<&'a str>,
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
        if self.challenge.is_met_by(asked.verifier) {
            Ok(())
        } else {
            Err(GrantError::WrongVerifier)
        }
    }
}

impl Challenge {
    fn is_met_by(&self, verifier: Option<&str>) -> bool {
        match (self, verifier) {
            (Self::None, verifier) => verifier.is_none(),
            (Self::S256(challenge), Some(verifier)) => {
                seal::equal(seal::s256(verifier).as_bytes(), challenge.as_bytes())
            }
            (Self::Plain(challenge), Some(verifier)) => {
                seal::equal(verifier.as_bytes(), challenge.as_bytes())
            }
            (_, None) => false,
        }
    }
}
