//! Step 2: the browser leaves for the provider.

use domain::{
    id::{ConsentId, ServiceId},
    link_name::LinkName,
    scope::ScopeName,
    service::Authentication,
    text::quoted,
    url_template::UrlTemplate,
};
use form_urlencoded::Serializer;
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use url::Url;

use crate::{
    Engine,
    actor::{Member, Person},
    connections::deed,
    error::EngineError,
    known, random,
    store::{StoreError, connections::ConnectionRow, consents::Outcome},
    token::{Client, Unsendable, first_list, second_list},
    vault::Secret,
};

use super::{begin::open_for, verifier_place};

/// What leaves with the browser, and what stays here until it comes back.
pub(super) struct Departure {
    /// Where the browser goes.
    pub(super) url: Url,
    /// The PKCE verifier, or the secret of a request token.
    pub(super) secret: Secret,
    /// Hash of the request token.
    pub(super) request_token_hash: Option<[u8; 32]>,
}

/// What came of a try to leave.
#[derive(Debug)]
pub enum Departed {
    /// Where the browser goes.
    To(Url),
    /// The provider does not let anybody in; the connection's page says why.
    Failed(LinkName),
}

impl Departed {
    /// Where the browser goes; None where it stays.
    #[must_use]
    pub fn url(self) -> Option<Url> {
        match self {
            Self::To(url) => Some(url),
            Self::Failed(_) => None,
        }
    }
}

impl Engine {
    /// Mints state and PKCE verifier (or fetches a request token), binds the consent to this browser session and starts
    /// its ten minutes. Called again, it replaces them: only the last departure can come back.
    ///
    /// # Errors
    /// Not found for a consent that is over or that another person began. Where the provider gives no request token, or
    /// a URL cannot be made from the connection's fields, the consent is over: see [`Departed::Failed`].
    pub async fn start_consent(
        &self,
        person: &impl Person,
        session_hash: &[u8],
        id: ConsentId,
    ) -> Result<Departed, EngineError> {
        let member = person.person();
        let mut tx = self.store.begin(member.organization).await?;
        let consent = tx.consent(id).await?;
        open_for(member, &consent)?;
        let service = tx.service(consent.service).await?;
        let connection = tx.connection(consent.connection).await?;
        let key = self.data_key(&mut tx).await?;
        let known = known::of_connection(&key, &connection)?;
        let secret = self.client_secret(&key, &service)?;
        // A provider may be asked now, and no database connection waits for that.
        drop(tx);
        let state = random::token();
        let prepared = match &service.input.definition.authentication {
            Authentication::OAuth1(oauth1) => {
                self.departure(
                    oauth1,
                    service.id,
                    secret.as_ref(),
                    &known,
                    &consent.scopes,
                    &state,
                )
                .await
            }
            _ => {
                let verifier = random::token();
                let redirect = self.redirect_url(service.id);
                let definition = &service.input.definition;
                let oauth2 = definition
                    .oauth2()
                    .ok_or_else(|| StoreError::inconsistent("consent", "its service asks for none"))?;
                let client = Client::new(
                    definition,
                    oauth2,
                    secret.as_ref(),
                    &known,
                    redirect,
                    &consent.scopes,
                );
                let url = authorization_url(&client, &consent.scopes, &state, &verifier);
                url.map_err(|error| error.to_string()).map(|url| Departure {
                    url,
                    secret: Secret::text(verifier),
                    request_token_hash: None,
                })
            }
        };
        let departure = match prepared {
            Ok(departure) => departure,
            Err(words) => {
                self.note_no_departure(member, id, &connection, &words).await?;
                return Ok(Departed::Failed(connection.link_name));
            }
        };
        let mut tx = self.store.begin(member.organization).await?;
        let consent = tx.consent(id).await?;
        open_for(member, &consent)?;
        let started = consent.started + 1;
        let sealed = self
            .data_key(&mut tx)
            .await?
            .seal(&verifier_place(id, started), &departure.secret)?;
        let state_hash = random::sha256(state.as_bytes());
        let token_hash = departure.request_token_hash.as_ref().map(<[u8; 32]>::as_slice);
        tx.consent_start(id, session_hash, &state_hash, &sealed, token_hash, started)
            .await?;
        tx.commit().await?;
        Ok(Departed::To(departure.url))
    }

    async fn note_no_departure(
        &self,
        member: &Member,
        id: ConsentId,
        connection: &ConnectionRow,
        words: &str,
    ) -> Result<(), EngineError> {
        let words = quoted(words, 300);
        let mut tx = self.store.begin(member.organization).await?;
        open_for(member, &tx.consent(id).await?)?;
        tx.consent_consume(id).await?;
        tx.consent_close(id, Outcome::Failed, Some(&words)).await?;
        tx.audit(&member.actor(), deed("connection.failed", connection, &words))
            .await?;
        Ok(tx.commit().await?)
    }

    /// Where an OAuth 1.0a provider sends the browser back: the redirect URL, with the state of this departure.
    pub(super) fn callback_url(&self, service: ServiceId, state: &str) -> Url {
        let mut url = self.redirect_url(service);
        url.query_pairs_mut().append_pair("state", state);
        url
    }
}

/// The authorization request (RFC 6749 section 4.1.1): the service's own query is kept, scopes are joined by the
/// service's delimiter, and parameters have the provider's names.
fn authorization_url(
    client: &Client<'_>,
    scopes: &[ScopeName],
    state: &str,
    verifier: &str,
) -> Result<Url, Unsendable> {
    let oauth2 = client.oauth2;
    let authorize = &oauth2.options.authorize;
    let template = oauth2.authorize_url.as_ref();
    let template: &UrlTemplate =
        template.ok_or_else(|| Unsendable::Url("authorize URL", "it is missing".into()))?;
    let mut url = client.url("authorize URL", template)?.as_url().clone();
    let response_type = authorize
        .response_type
        .as_ref()
        .map_or("code", |line| line.as_str());
    let (first, second) = (first_list(oauth2, scopes), second_list(oauth2, scopes));
    let delimiter = oauth2.scope_delimiter;
    let (first, second) = (delimiter.join(&first), delimiter.join(&second));
    let redirect = client.redirect()?;
    let mut query = Query::default();
    for (name, value) in [
        ("response_type", response_type),
        ("client_id", &oauth2.client_id),
        ("state", state),
        ("redirect_uri", &redirect),
    ] {
        query.named(oauth2.name_of(name), value);
    }
    if oauth2.options.pkce {
        let verifier = PkceCodeVerifier::new(verifier.to_owned());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        query.named(oauth2.name_of("code_challenge"), challenge.as_str());
        query.named(oauth2.name_of("code_challenge_method"), "S256");
    }
    for (name, template) in client.shared() {
        query.named(oauth2.name_of(name), &client.filled(name, template)?);
    }
    for (name, template) in authorize.parameters.iter() {
        query.named(Some(name), &client.filled(name, template)?);
    }
    let second_name = authorize
        .second_scope_parameter
        .as_ref()
        .map(|name| name.as_str());
    query.scopes(oauth2.name_of("scope"), &first, authorize.raw_scope);
    query.scopes(second_name, &second, authorize.raw_scope);
    query.add_to(
        &mut url,
        authorize.fragment.as_ref().map(|fragment| fragment.as_str()),
    );
    Ok(url)
}

/// A query being written.
#[derive(Default)]
struct Query(Vec<String>);

impl Query {
    /// A parameter under the provider's name, where it has one; empty ones are left out.
    fn named(&mut self, name: Option<&str>, value: &str) {
        if let (Some(name), false) = (name, value.is_empty()) {
            let pair = Serializer::new(String::new()).append_pair(name, value).finish();
            self.0.push(pair);
        }
    }

    /// Scopes, encoded or as they are typed: then only what cannot stand in a query is encoded.
    fn scopes(&mut self, name: Option<&str>, scopes: &str, raw: bool) {
        match name.filter(|_| raw && !scopes.is_empty()) {
            Some(name) => {
                let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/,+@!$'()*".contains(c);
                let mut text = String::new();
                for c in scopes.chars() {
                    if plain(c) {
                        text.push(c);
                    } else {
                        text.push_str(&format!("%{:02X}", u32::from(c)));
                    }
                }
                self.0.push(format!("{name}={text}"));
            }
            None => self.named(name, scopes),
        }
    }

    /// Puts it behind what the URL has, or behind a route in its fragment.
    fn add_to(self, url: &mut Url, fragment: Option<&str>) {
        let query = self.0.join("&");
        match fragment {
            Some(route) => {
                let between = if route.contains('?') { '&' } else { '?' };
                url.set_fragment(Some(&format!("{route}{between}{query}")));
            }
            None => {
                let own = url.query().filter(|own| !own.is_empty()).map(str::to_owned);
                let all: Vec<String> = own.into_iter().chain([query]).collect();
                url.set_query(Some(&all.join("&")));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use domain::service::Definition;

    use super::*;
    use crate::known::Known;

    fn url(options: &str) -> Url {
        let definition: Definition = serde_json::from_str(&format!(
            r#"{{"authentication": {{"type": "oauth2", "client_id": "1000.X",
                "authorize_url": "https://accounts.zoho.com/oauth/v2/auth?access_type=offline",
                "access_token_url": "https://accounts.zoho.com/oauth/v2/token", "scope_delimiter": "comma", "options": {options}}}}}"#
        ))
        .unwrap();
        let redirect = Url::parse("https://connect.example/oauth/callback/svc_1").unwrap();
        let scopes = [
            "ZohoCRM.modules.ALL".parse().unwrap(),
            "ZohoCRM.users.READ".parse().unwrap(),
            "user_scope=me:read".parse().unwrap(),
        ];
        let second = options.contains("second_scope_parameter");
        let scopes = if second { &scopes[..] } else { &scopes[..2] };
        let known = Known::default().with("dc", "eu");
        let client = Client::new(
            &definition,
            definition.oauth2().unwrap(),
            None,
            &known,
            redirect,
            scopes,
        );
        // The verifier of RFC 7636 appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        authorization_url(&client, scopes, "the-state", verifier).unwrap()
    }
    fn parameters(options: &str) -> HashMap<String, String> {
        url(options).query_pairs().into_owned().collect()
    }

    #[test]
    fn asks_for_a_code_with_state_pkce_and_the_own_query() {
        let pairs = parameters("{}");
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
        assert_eq!(url("{}").host_str(), Some("accounts.zoho.com"));
    }

    #[test]
    fn pkce_is_left_out_only_where_the_service_says_so() {
        assert!(!parameters(r#"{"pkce": false}"#).contains_key("code_challenge"));
    }

    #[test]
    fn parameters_have_the_names_and_values_of_the_provider() {
        let pairs = parameters(
            r#"{"parameter_names": {"client_id": "client_key", "response_type": "", "scope": "perms"},
                "audience": "urn:{dc}", "authorize": {"parameters": {"prompt": "consent", "n": "{nonce}"},
                "second_scope_parameter": "user_scope", "redirect_value": "RuName-1"}}"#,
        );
        for (name, value) in [
            ("client_key", "1000.X"),
            ("perms", "ZohoCRM.modules.ALL,ZohoCRM.users.READ"),
            ("user_scope", "me:read"),
            ("redirect_uri", "RuName-1"),
            ("audience", "urn:eu"),
            ("prompt", "consent"),
        ] {
            assert_eq!(pairs.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert!(!pairs.contains_key("response_type") && !pairs.contains_key("scope"));
        assert_eq!(pairs["n"].len(), 43, "a fresh random text");
    }

    #[test]
    fn scopes_may_stand_as_they_are_typed() {
        let raw = url(r#"{"authorize": {"raw_scope": true, "second_scope_parameter": "user_scope"}}"#);
        let query = raw.query().unwrap();
        assert!(
            query.contains("&scope=ZohoCRM.modules.ALL,ZohoCRM.users.READ&user_scope=me:read"),
            "{query}"
        );
    }

    #[test]
    fn a_query_may_follow_a_route_in_the_fragment() {
        let route = url(r#"{"authorize": {"fragment": "/oauth/authorize"}}"#);
        assert_eq!(route.query(), Some("access_type=offline"));
        let fragment = route.fragment().unwrap();
        assert!(
            fragment.starts_with("/oauth/authorize?response_type=code&client_id=1000.X&state=the-state"),
            "{fragment}"
        );
    }
}
