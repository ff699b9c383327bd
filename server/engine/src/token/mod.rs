//! Token requests: how they are built, and what their answers mean.
//!
//! # Layout
//! - this file: the client at its provider, and its requests with the client's authentication
//! - [`message`]: parameters to a request, as the provider wants them sent
//! - [`assertion`]: JWTs that a client signs (RFC 7523)
//! - [`answer`]: from an HTTP answer, or its absence, to a decision
//! - [`more`]: what follows a token: a second exchange, its end by introspection

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    pairs::Pairs,
    scope::ScopeName,
    service::{
        Definition, OAuth2,
        oauth2::{
            ClientAuthentication, GrantType,
            options::{Encoding, Verb},
        },
    },
    template::Template,
    url::ProviderUrl,
    url_template::UrlTemplate,
};
use http::{HeaderName, HeaderValue, header};
use tokio::time::Instant;
use url::Url;

use crate::{
    Engine,
    egress::{Answer, EgressError, Failure, Origin, Outbound, Reason, Refusal},
    known::Known,
    random,
    vault::Secret,
};

pub mod answer;
pub(crate) mod assertion;
mod message;
mod more;

pub use answer::{Tokens, Verdict};
pub(crate) use message::{Message, Parameters};

/// How long a token request may take.
pub(crate) const DEADLINE: Duration = Duration::from_secs(15);

/// What is left of the deadline of a round that began then.
pub(crate) fn left(asked: Instant) -> Duration {
    DEADLINE.saturating_sub(asked.elapsed())
}

/// The client of a service at its provider, for one connection.
pub(crate) struct Client<'a> {
    definition: &'a Definition,
    pub(crate) oauth2: &'a OAuth2,
    /// Its secret, or its private key; None for a public client.
    pub(crate) secret: Option<&'a Secret>,
    /// What the connection brings along, with the values that every request has.
    pub(crate) known: Known,
    redirect: Url,
    /// What the connection asks for.
    scopes: &'a [ScopeName],
}

/// Why a request cannot be made as the service describes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsendable {
    /// A URL that does not come out of its template.
    #[error("The {0} cannot be used: {1}.")]
    Url(&'static str, String),
    /// A parameter that does not come out of its template.
    #[error("The parameter {0} cannot be filled: {1}.")]
    Parameter(String, String),
    /// The provider's words lead to a host that the service does not list.
    #[error("The {0} leads to {1}, which is not among the allowed hosts of the service.")]
    Host(&'static str, String),
    /// The private key does not sign.
    #[error("The private key cannot be used: {0}.")]
    Key(String),
}

impl Unsendable {
    /// What it means: nothing was sent, and nothing will be before the service's settings change.
    pub(crate) fn verdict(&self) -> Verdict {
        match self {
            Self::Url(..) | Self::Host(..) => Verdict::AddressRefused(self.to_string()),
            Self::Parameter(..) | Self::Key(_) => Verdict::ClientRefused(self.to_string()),
        }
    }
}

impl<'a> Client<'a> {
    /// A client with the values of its connection.
    pub(crate) fn new(
        definition: &'a Definition,
        oauth2: &'a OAuth2,
        secret: Option<&'a Secret>,
        known: &Known,
        redirect: Url,
        scopes: &'a [ScopeName],
    ) -> Self {
        let joined = oauth2.scope_delimiter.join(&first_list(oauth2, scopes));
        let mut known = known
            .clone()
            .with("client_id", oauth2.client_id.clone())
            .with("redirect_uri", redirect.as_str())
            .with("scopes", joined)
            .with("nonce", random::token());
        if let Some(secret) = secret {
            known = known.with_secret("client_secret", secret);
        }
        Self {
            definition,
            oauth2,
            secret,
            known,
            redirect,
            scopes,
        }
    }

    /// What was granted, as the connection asks for it. An answer names scopes of the second list without its
    /// parameter; a list of which it names nothing it does not speak of, and that one was granted as it was asked for.
    pub(crate) fn granted(&self, told: Vec<ScopeName>) -> Vec<ScopeName> {
        let second = second_list(self.oauth2, self.scopes);
        if second.is_empty() {
            return told;
        }
        let first = first_list(self.oauth2, self.scopes);
        let names_any = |list: &[ScopeName]| told.iter().any(|name| list.contains(name));
        let (of_first, of_second) = (names_any(&first), names_any(&second));
        let prefix = second_prefix(self.oauth2).unwrap_or_default();
        let is_granted = |scope: &&ScopeName| match scope.as_str().strip_prefix(&prefix) {
            Some(bare) => !of_second || told.iter().any(|name| name.as_str() == bare),
            None => !of_first || told.contains(scope),
        };
        let asked: Vec<ScopeName> = self.scopes.iter().filter(is_granted).cloned().collect();
        let unasked = told
            .into_iter()
            .filter(|name| !first.contains(name) && !second.contains(name));
        asked.iter().cloned().chain(unasked).collect()
    }

    /// What is sent as `redirect_uri`: the redirect URL, or the text that stands for it at the provider.
    pub(crate) fn redirect(&self) -> Result<String, Unsendable> {
        match &self.oauth2.options.authorize.redirect_value {
            Some(template) => self.filled("redirect_uri", template),
            None => Ok(self.redirect.to_string()),
        }
    }

    /// A URL with its values. Where words of the provider decide its host, that is one of the allowed hosts.
    pub(crate) fn url(&self, what: &'static str, url: &UrlTemplate) -> Result<ProviderUrl, Unsendable> {
        let value_of = |name: &str| self.known.get(name);
        let filled = url
            .fill(value_of)
            .map_err(|error| Unsendable::Url(what, error.to_string()))?;
        let fields = &self.definition.fields;
        let ours = |name: &&str| fields.iter().any(|field| field.name.as_str() == *name);
        let hosts = || self.definition.hosts(value_of);
        if !url.host_names().iter().all(ours) && !hosts().iter().any(|host| host.covers(filled.as_url())) {
            return Err(Unsendable::Host(what, filled.host().to_owned()));
        }
        Ok(filled)
    }

    /// The request of a grant without a person (RFC 6749 section 4.4.2, RFC 7523 section 2.1).
    pub(crate) fn grant(&self) -> Result<Outbound, Unsendable> {
        let token = &self.oauth2.options.token;
        let url = self.url("access token URL", &self.oauth2.access_token_url)?;
        let named = |usual: &'static str| token.grant_name.as_ref().map_or(usual, |name| name.as_str());
        let scopes = self.known.get("scopes").unwrap_or_default();
        match self.oauth2.grant_type {
            GrantType::JwtBearer => {
                let assertion = self.grant_assertion(url.as_url())?;
                let name = named("urn:ietf:params:oauth:grant-type:jwt-bearer");
                let standard = [("grant_type", name), ("assertion", &assertion)];
                self.request(url, token.method, &standard, &token.parameters)
            }
            GrantType::ClientCredentials | GrantType::AuthorizationCode => {
                let standard = [("grant_type", named("client_credentials")), ("scope", scopes)];
                self.request(url, token.method, &standard, &token.parameters)
            }
        }
    }

    /// What is sent with every request of a flow: for whom tokens are meant, and what for.
    pub(crate) fn shared(&self) -> impl Iterator<Item = (&'static str, &'a Template)> {
        let options = &self.oauth2.options;
        let both = [("audience", &options.audience), ("resource", &options.resource)];
        both.into_iter()
            .filter_map(|(name, template)| Some((name, template.as_ref()?)))
    }

    pub(crate) fn filled(&self, name: &str, template: &Template) -> Result<String, Unsendable> {
        template
            .fill(|value| self.known.get(value))
            .map_err(|error| Unsendable::Parameter(name.to_owned(), error.to_string()))
    }

    /// Puts parameters of the service in place of those of the same names.
    fn extend(&self, parameters: &mut Parameters, pairs: &Pairs<Template>) -> Result<(), Unsendable> {
        for (name, template) in pairs.iter() {
            parameters.set(name, self.filled(name, template)?);
        }
        Ok(())
    }

    /// A request with these parameters of the standard, under the provider's names, with the service's own
    /// parameters and the client's authentication.
    pub(crate) fn request(
        &self,
        url: ProviderUrl,
        verb: Verb,
        standard: &[(&str, &str)],
        extra: &Pairs<Template>,
    ) -> Result<Outbound, Unsendable> {
        let options = &self.oauth2.options;
        let mut parameters = Parameters::default();
        for (name, value) in standard {
            parameters.set_named(self.oauth2, name, (*value).to_owned());
        }
        for (name, template) in self.shared() {
            parameters.set_named(self.oauth2, name, self.filled(name, template)?);
        }
        let mut message = Message::new(url.as_url().clone(), http_verb(verb));
        message.encoding = match verb {
            Verb::Get => Encoding::Query,
            Verb::Post | Verb::Put => options.token.body,
        };
        self.authenticate(&mut parameters, &mut message, url.as_url())?;
        // What the service says last counts.
        self.extend(&mut parameters, extra)?;
        for (name, template) in options.token.headers.iter() {
            message.header(name, self.filled(name, template)?);
        }
        message.parameters = parameters;
        Ok(message.outbound())
    }

    /// The client's authentication (RFC 6749 section 2.3.1, RFC 7523 section 2.2).
    pub(crate) fn authenticate(
        &self,
        parameters: &mut Parameters,
        message: &mut Message,
        endpoint: &Url,
    ) -> Result<(), Unsendable> {
        let (id, secret) = (self.oauth2.client_id.as_str(), self.secret_text());
        let way = self.oauth2.options.client_authentication;
        if self.oauth2.grant_type == GrantType::JwtBearer && way != ClientAuthentication::PrivateKeyJwt {
            // The assertion says who asks, and the secret is a private key, which never travels.
            return Ok(());
        }
        match way {
            ClientAuthentication::Post => {
                parameters.set_named(self.oauth2, "client_id", id.to_owned());
                parameters.set_named(self.oauth2, "client_secret", secret.to_owned());
            }
            ClientAuthentication::Basic => message.authorization(basic(id, secret)),
            ClientAuthentication::Both => {
                parameters.set_named(self.oauth2, "client_id", id.to_owned());
                parameters.set_named(self.oauth2, "client_secret", secret.to_owned());
                message.authorization(basic(id, secret));
            }
            ClientAuthentication::BasicSecret => {
                message.authorization(format!("Basic {}", STANDARD.encode(format!("{secret}:"))));
            }
            ClientAuthentication::PrivateKeyJwt => {
                let signed = self.client_assertion(endpoint)?;
                parameters.set_named(self.oauth2, "client_id", id.to_owned());
                parameters.set(
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer".into(),
                );
                parameters.set("client_assertion", signed);
            }
            ClientAuthentication::None => parameters.set_named(self.oauth2, "client_id", id.to_owned()),
        }
        Ok(())
    }

    fn secret_text(&self) -> &str {
        self.secret.and_then(Secret::as_text).unwrap_or_default()
    }
}

/// The scopes of the first list: those that are not written for the second one.
pub(crate) fn first_list(oauth2: &OAuth2, scopes: &[ScopeName]) -> Vec<ScopeName> {
    let second = second_prefix(oauth2);
    let first = |scope: &&ScopeName| {
        second
            .as_ref()
            .is_none_or(|prefix| !scope.as_str().starts_with(prefix))
    };
    scopes.iter().filter(first).cloned().collect()
}

/// The scopes of the second list, without the name of its parameter.
pub(crate) fn second_list(oauth2: &OAuth2, scopes: &[ScopeName]) -> Vec<ScopeName> {
    let Some(prefix) = second_prefix(oauth2) else {
        return Vec::new();
    };
    let second = scopes
        .iter()
        .filter_map(|scope| scope.as_str().strip_prefix(&prefix));
    second.filter_map(|scope| scope.parse().ok()).collect()
}

fn second_prefix(oauth2: &OAuth2) -> Option<String> {
    let parameter = oauth2.options.authorize.second_scope_parameter.as_ref()?;
    Some(format!("{parameter}="))
}

fn http_verb(verb: Verb) -> http::Method {
    match verb {
        Verb::Post => http::Method::POST,
        Verb::Get => http::Method::GET,
        Verb::Put => http::Method::PUT,
    }
}

/// HTTP Basic with both halves form-encoded first (RFC 6749 section 2.3.1).
pub(crate) fn basic(id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!(
        "Basic {}",
        STANDARD.encode(format!("{}:{}", encoded(id), encoded(secret)))
    )
}

/// Adds a header that holds a secret. A value that cannot stand in a header is left out, and the provider says so.
pub(crate) fn sensitive(outbound: Outbound, name: HeaderName, value: &str) -> Outbound {
    match HeaderValue::from_str(value) {
        Ok(mut value) => {
            value.set_sensitive(true);
            outbound.header(name, value)
        }
        Err(_) => outbound,
    }
}

/// With less than this left of its deadline a request is not begun.
const LEAST_TIME: Duration = Duration::from_secs(5);

impl Engine {
    /// Sends a token request within what is left of its deadline. Where that is little (the database was slow, the
    /// machine slept), nothing is sent that might outlive a lease.
    pub(crate) async fn send_within(
        &self,
        outbound: Outbound,
        deadline: Duration,
    ) -> Result<Answer, EgressError> {
        if deadline < LEAST_TIME {
            let origin = Origin::of(&outbound.url).ok_or(Refusal::NoHost)?;
            let reason = Reason::Deadline(DEADLINE);
            return Err(EgressError::NotSent(Failure { origin, reason }));
        }
        let outbound = Outbound { deadline, ..outbound };
        self.egress.send(outbound).await
    }
}

/// The value of `Accept` on requests for tokens.
pub(crate) fn accept_json(outbound: Outbound) -> Outbound {
    outbound.header(header::ACCEPT, HeaderValue::from_static("application/json"))
}

#[cfg(test)]
mod tests;
