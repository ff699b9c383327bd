//! The addresses of a definition: who is asked what, and where a credential may travel.

use url::Url;

use super::{Authentication, Definition, SampleRequest, oauth1::SignatureMethod};
use crate::{
    allowed_host::AllowedHost,
    call::Method,
    url::ProviderUrl,
    url_template::{UrlFillError, UrlTemplate},
};

/// What is asked to see whether a provider takes a credential.
#[derive(Debug, Clone, Copy)]
pub enum Question<'a> {
    /// A request to the API.
    Request(&'a SampleRequest),
    /// `GET` of the identity URL.
    Identity(&'a UrlTemplate),
}

impl Definition {
    /// Where a person consents, as people read it.
    #[must_use]
    pub fn consent_host(&self) -> Option<String> {
        let url = match &self.authentication {
            Authentication::OAuth2(oauth2) if oauth2.grant_type.has_consent() => {
                oauth2.authorize_url.as_ref()
            }
            Authentication::OAuth1(oauth1) => oauth1.authorize_url.as_ref(),
            _ => None,
        };
        url.map(UrlTemplate::host)
    }

    /// The host that stands for the provider in lists.
    #[must_use]
    pub fn host(&self) -> String {
        let token = self.oauth2().map(|oauth2| oauth2.access_token_url.host());
        let base = || self.api_base_url.as_ref().map(UrlTemplate::host);
        let listed = || self.allowed_hosts.first().map(ToString::to_string);
        self.consent_host()
            .or(token)
            .or_else(base)
            .or_else(listed)
            .unwrap_or_default()
    }

    /// Where the access token comes from.
    #[must_use]
    pub fn access_token_url(&self) -> Option<&UrlTemplate> {
        match &self.authentication {
            Authentication::OAuth2(oauth2) => Some(&oauth2.access_token_url),
            Authentication::OAuth1(oauth1) => oauth1.access_token_url.as_ref(),
            Authentication::ApiKey(_) | Authentication::Basic(_) => None,
        }
    }

    /// What tells whose account it is.
    #[must_use]
    pub fn identity_url(&self) -> Option<&UrlTemplate> {
        match &self.authentication {
            Authentication::OAuth2(oauth2) => oauth2.options.identity_url.as_ref(),
            Authentication::OAuth1(oauth1) => oauth1.options.identity_url.as_ref(),
            Authentication::ApiKey(_) | Authentication::Basic(_) => None,
        }
    }

    /// What a test asks: the test request, else the sample where that only reads, else the identity URL.
    #[must_use]
    pub fn question(&self) -> Option<Question<'_>> {
        let sample = self.sample_request.as_ref();
        let reads = sample.filter(|sample| sample.method == Method::Get);
        let request = self.test_request.as_ref().or(reads).map(Question::Request);
        request.or_else(|| self.identity_url().map(Question::Identity))
    }

    /// Where the access token comes from, as a host that could be allowed.
    #[must_use]
    pub fn token_host(&self) -> Option<AllowedHost> {
        self.access_token_url()?
            .plain()
            .and_then(|url| AllowedHost::of(url.as_url()))
    }

    /// Whether a token can be withdrawn at the provider.
    #[must_use]
    pub fn can_withdraw(&self) -> bool {
        self.oauth2()
            .is_some_and(|oauth2| oauth2.revoke_token_url.is_some())
    }

    /// The only hosts that a credential of a connection with these values travels to.
    #[must_use]
    pub fn hosts<'v>(&self, value_of: impl Fn(&str) -> Option<&'v str> + Copy) -> Vec<AllowedHost> {
        self.allowed_hosts
            .iter()
            .filter_map(|host| host.fill(value_of))
            .collect()
    }

    /// The base of calls, with a connection's values.
    ///
    /// # Errors
    /// [`UrlFillError`] where a value is missing or cannot stand there.
    pub fn base<'v>(
        &self,
        value_of: impl Fn(&str) -> Option<&'v str> + Copy,
    ) -> Result<Option<ProviderUrl>, UrlFillError> {
        self.api_base_url
            .as_ref()
            .map(|url| url.fill(value_of))
            .transpose()
    }

    /// Whether a credential may travel to this identity URL: an allowed host, or where the token comes from.
    #[must_use]
    pub fn may_tell_identity<'v>(
        &self,
        url: &Url,
        value_of: impl Fn(&str) -> Option<&'v str> + Copy,
    ) -> bool {
        let home = self.access_token_url().and_then(|home| home.fill(value_of).ok());
        home.is_some_and(|home| home.as_url().origin() == url.origin())
            || self.hosts(value_of).iter().any(|host| host.covers(url))
    }

    /// Where client secret, codes and refresh tokens are sent, in words that can be compared: the origins of the token
    /// endpoints as they are written, what may stand in them, and every allowed host where each call carries the
    /// consumer secret itself (RFC 5849 section 3.4.4).
    #[must_use]
    pub fn secret_origins(&self) -> Vec<String> {
        let urls: Vec<Option<&UrlTemplate>> = match &self.authentication {
            Authentication::OAuth2(oauth2) => vec![
                Some(&oauth2.access_token_url),
                oauth2.refresh_token_url.as_ref(),
                oauth2.revoke_token_url.as_ref(),
                oauth2.options.token.exchange_url.as_ref(),
                oauth2.options.token.introspection_url.as_ref(),
            ],
            Authentication::OAuth1(oauth1) => {
                vec![
                    oauth1.request_token_url.as_ref(),
                    oauth1.access_token_url.as_ref(),
                ]
            }
            Authentication::ApiKey(_) | Authentication::Basic(_) => Vec::new(),
        };
        let urls: Vec<&UrlTemplate> = urls.into_iter().flatten().collect();
        let places = urls.iter().flat_map(|url| self.leads(url));
        let plaintext = self
            .oauth1()
            .filter(|oauth1| oauth1.signature_method == SignatureMethod::Plaintext);
        let calls = plaintext.into_iter().flat_map(|_| &self.allowed_hosts);
        urls.iter()
            .map(|url| url.origin())
            .chain(places)
            .chain(calls.map(ToString::to_string))
            .collect()
    }

    /// What the values in a URL's host may be: a field's choices, or the allowed hosts where the provider names it.
    fn leads(&self, url: &UrlTemplate) -> Vec<String> {
        let names = url.host_names().into_iter();
        names
            .flat_map(
                |name| match self.fields.iter().find(|field| field.name.as_str() == name) {
                    Some(field) => field.choices.iter().map(|choice| choice.value.clone()).collect(),
                    None => self
                        .allowed_hosts
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>(),
                },
            )
            .collect()
    }

    /// Every URL that the server or a browser will be sent to, with the name of its form field.
    #[must_use]
    pub fn endpoints(&self) -> Vec<(&'static str, &UrlTemplate)> {
        let own: Vec<(&'static str, Option<&UrlTemplate>)> = match &self.authentication {
            Authentication::OAuth2(oauth2) => vec![
                ("authorize_url", oauth2.authorize_url.as_ref()),
                ("access_token_url", Some(&oauth2.access_token_url)),
                ("refresh_token_url", oauth2.refresh_token_url.as_ref()),
                ("revoke_token_url", oauth2.revoke_token_url.as_ref()),
                ("identity_url", oauth2.options.identity_url.as_ref()),
                ("exchange_url", oauth2.options.token.exchange_url.as_ref()),
                (
                    "introspection_url",
                    oauth2.options.token.introspection_url.as_ref(),
                ),
            ],
            Authentication::OAuth1(oauth1) => vec![
                ("request_token_url", oauth1.request_token_url.as_ref()),
                ("authorize_url", oauth1.authorize_url.as_ref()),
                ("access_token_url", oauth1.access_token_url.as_ref()),
                ("identity_url", oauth1.options.identity_url.as_ref()),
            ],
            Authentication::ApiKey(_) | Authentication::Basic(_) => Vec::new(),
        };
        own.into_iter()
            .chain([("api_base_url", self.api_base_url.as_ref())])
            .filter_map(|(name, url)| url.map(|url| (name, url)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_asks_what_cannot_change_anything() {
        let asked = |rest: &str| {
            let definition: Definition = serde_json::from_str(&format!(
                r#"{{"authentication": {{"type": "oauth2", "client_id": "id", "access_token_url": "https://a.example/t",
                    "options": {{"identity_url": "https://a.example/me"}}}}{rest}}}"#
            ))
            .unwrap();
            match definition.question().unwrap() {
                Question::Request(request) => format!("{} {}", request.method.word(), request.path),
                Question::Identity(url) => url.to_string(),
            }
        };
        let sample = r#", "sample_request": {"path": "/list"}"#;
        let writes = r#", "sample_request": {"type": "POST", "path": "/list"}"#;
        let test = r#", "test_request": {"type": "POST", "path": "/ping"}"#;
        assert_eq!(asked(""), "https://a.example/me");
        assert_eq!(asked(sample), "GET /list");
        assert_eq!(
            asked(writes),
            "https://a.example/me",
            "a sample that writes is not sent unasked"
        );
        assert_eq!(asked(&format!("{sample}{test}")), "POST /ping");
    }
}
