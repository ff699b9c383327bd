//! Step 2: the browser leaves for the provider.

use domain::{id::ConsentId, scope::ScopeName, service::OAuth2};
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, basic::BasicClient,
};
use url::Url;

use crate::{Engine, actor::Admin, error::EngineError, random, store::StoreError, vault::Secret};

use super::verifier_place;

impl Engine {
    /// Mints state and PKCE verifier, binds the consent to this browser session and starts its ten minutes. Called
    /// again, it replaces them: only the last departure can come back.
    ///
    /// # Errors
    /// Not found for a consent that is over or that another person began.
    pub async fn start_consent(
        &self,
        admin: &Admin,
        session_hash: &[u8],
        id: ConsentId,
    ) -> Result<Url, EngineError> {
        let mut tx = self.store.begin(admin.organization()).await?;
        let consent = tx.consent(id).await?;
        if consent.user != admin.member().user || consent.consumed || consent.expired {
            return Err(StoreError::NotFound.into());
        }
        let service = tx.service(consent.service).await?;
        let (state, verifier) = (random::token(), random::token());
        let started = consent.started + 1;
        let sealed = self
            .data_key(&mut tx)
            .await?
            .seal(&verifier_place(id, started), &Secret::text(verifier.clone()))?;
        tx.consent_start(
            id,
            session_hash,
            &random::sha256(state.as_bytes()),
            &sealed,
            started,
        )
        .await?;
        tx.commit().await?;
        let redirect = self.redirect_url(service.id);
        authorization_url(
            service.input.definition.oauth2(),
            &redirect,
            &consent.scopes,
            state,
            verifier,
        )
        .ok_or_else(|| StoreError::inconsistent("service", "its authorize URL cannot be used").into())
    }
}

/// The authorization request (RFC 6749 section 4.1.1): the service's own query is kept, scopes are joined by the
/// service's delimiter.
fn authorization_url(
    oauth2: &OAuth2,
    redirect: &Url,
    scopes: &[ScopeName],
    state: String,
    verifier: String,
) -> Option<Url> {
    let client = BasicClient::new(ClientId::new(oauth2.client_id.clone()))
        .set_auth_uri(AuthUrl::new(oauth2.authorize_url.to_string()).ok()?)
        .set_redirect_uri(RedirectUrl::new(redirect.to_string()).ok()?);
    let mut request = client.authorize_url(|| CsrfToken::new(state));
    if !scopes.is_empty() {
        request = request.add_extra_param("scope", oauth2.scope_delimiter.join(scopes));
    }
    if oauth2.options.pkce {
        let verifier = PkceCodeVerifier::new(verifier);
        request = request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    }
    Some(request.url().0)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    fn parameters(pkce: bool) -> (Url, HashMap<String, String>) {
        let oauth2: OAuth2 = serde_json::from_str(&format!(
            r#"{{"client_id": "1000.X", "authorize_url": "https://accounts.zoho.com/oauth/v2/auth?access_type=offline",
                "access_token_url": "https://accounts.zoho.com/oauth/v2/token", "scope_delimiter": "comma", "options": {{"pkce": {pkce}}}}}"#
        ))
        .unwrap();
        let redirect = Url::parse("https://connect.example/oauth/callback/svc_1").unwrap();
        let scopes = [
            "ZohoCRM.modules.ALL".parse().unwrap(),
            "ZohoCRM.users.READ".parse().unwrap(),
        ];
        // The verifier of RFC 7636 appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned();
        let url = authorization_url(&oauth2, &redirect, &scopes, "the-state".into(), verifier).unwrap();
        let pairs = url.query_pairs().into_owned().collect();
        (url, pairs)
    }

    #[test]
    fn asks_for_a_code_with_state_pkce_and_the_own_query() {
        let (url, pairs) = parameters(true);
        assert_eq!(url.host_str(), Some("accounts.zoho.com"));
        for (name, value) in [
            ("access_type", "offline"),
            ("response_type", "code"),
            ("client_id", "1000.X"),
            ("state", "the-state"),
            ("scope", "ZohoCRM.modules.ALL,ZohoCRM.users.READ"),
            ("redirect_uri", "https://connect.example/oauth/callback/svc_1"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ] {
            assert_eq!(pairs.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert_eq!(pairs.len(), 8);
    }

    #[test]
    fn pkce_is_left_out_only_where_the_service_says_so() {
        assert!(!parameters(false).1.contains_key("code_challenge"));
    }
}
