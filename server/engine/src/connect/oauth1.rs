//! OAuth 1.0a: the two requests around a consent (RFC 5849 sections 2.1 and 2.3).

use domain::{
    id::ServiceId,
    scope::ScopeName,
    service::{OAuth1, oauth1::LegVerb},
    url_template::UrlTemplate,
};
use http::Method;
use url::Url;

use super::start::Departure;
use crate::{
    Engine, clock,
    egress::{Answer, EgressError, Outbound},
    known::Known,
    oauth1::{
        Token,
        answer::{Credentials, Failure, temporary, token},
        problem, skew,
    },
    random,
    sign::{Signature, Signer},
    vault::Secret,
};

/// One of the two requests.
struct Leg<'a> {
    verb: LegVerb,
    url: Url,
    extra: [(&'static str, &'a str); 1],
}

impl Engine {
    /// A request token, and where the browser goes with it.
    pub(super) async fn departure(
        &self,
        service: &OAuth1,
        id: ServiceId,
        consumer_secret: Option<&Secret>,
        known: &Known,
        scopes: &[ScopeName],
        state: &str,
    ) -> Result<Departure, String> {
        let (request_url, authorize_url, _) =
            service.legs().ok_or("The service has no request token URL.")?;
        let secret = consumer_secret.ok_or("The consumer secret is missing.")?;
        let callback = self.callback_url(id, state);
        let leg = Leg {
            verb: service.options.request_method,
            url: filled(request_url, known)?,
            extra: [("oauth_callback", callback.as_str())],
        };
        let signer = Signer {
            service,
            consumer_secret: secret,
            token: None,
            known,
            offset: self.clocks.of(&leg.url),
        };
        let answered = self.leg(signer, &leg).await.map_err(at_request)?;
        let credentials =
            temporary(&answered, &[secret]).map_err(|failure| at_request(failure.words().to_owned()))?;
        let mut url = filled(authorize_url, known)?;
        consent_query(&mut url, service, known, scopes)?;
        url.query_pairs_mut()
            .append_pair("oauth_token", &credentials.token);
        Ok(Departure {
            url,
            secret: credentials.secret,
            request_token_hash: Some(random::sha256(credentials.token.as_bytes())),
        })
    }

    /// Token credentials for a verifier.
    pub(super) async fn token_credentials_request(
        &self,
        service: &OAuth1,
        consumer_secret: &Secret,
        known: &Known,
        temporary: Token<'_>,
        verifier: &Secret,
    ) -> Result<Credentials, String> {
        let (_, _, url) = service.legs().ok_or("The service has no access token URL.")?;
        let leg = Leg {
            verb: service.options.access_method,
            url: filled(url, known)?,
            extra: [("oauth_verifier", verifier.as_text().unwrap_or_default())],
        };
        let signer = Signer {
            service,
            consumer_secret,
            token: Some(temporary),
            known,
            offset: self.clocks.of(&leg.url),
        };
        let answered = self.leg(signer, &leg).await?;
        let sent = [consumer_secret, temporary.secret, verifier];
        token(&answered, &sent).map_err(|failure: Failure| failure.words().to_owned())
    }

    /// Sends a leg, and once more with the provider's time where it says that ours is wrong.
    async fn leg(&self, signer: Signer<'_>, leg: &Leg<'_>) -> Result<Answer, String> {
        let first = self.send_leg(&signer, leg).await?;
        let refused = problem::Problem::read(&first.headers, &first.body);
        let ours = clock::now().unix_timestamp();
        let learned = refused.and_then(|problem| skew::learned(&problem, &first.headers, ours));
        match learned {
            Some(offset) => {
                self.clocks.learn(&leg.url, offset);
                self.send_leg(&Signer { offset, ..signer }, leg).await
            }
            None => Ok(first),
        }
    }

    async fn send_leg(&self, signer: &Signer<'_>, leg: &Leg<'_>) -> Result<Answer, String> {
        let method = match leg.verb {
            LegVerb::Post => Method::POST,
            LegVerb::Get => Method::GET,
        };
        let signature = signer.sign(method.as_str(), &leg.url, &[], &leg.extra)?;
        let outbound = match signature {
            Signature::Header(name, value) => {
                Outbound::new(method.clone(), leg.url.clone()).header(name, value)
            }
            Signature::Url(url) => Outbound::new(method.clone(), url),
        };
        let outbound = if method == Method::POST {
            outbound.body("")
        } else {
            outbound
        };
        self.egress
            .send(outbound)
            .await
            .map_err(|error: EgressError| error.to_string())
    }
}

/// Words about the first leg, which stand beside those of the third.
fn at_request(words: String) -> String {
    format!("Request token URL: {words}")
}

fn filled(url: &UrlTemplate, known: &Known) -> Result<Url, String> {
    let filled = url.fill(|name| known.get(name));
    filled
        .map(|url| url.as_url().clone())
        .map_err(|error| error.to_string())
}

/// What providers want to know beside the token (Trello `name`, `scope`, `expiration`).
fn consent_query(url: &mut Url, service: &OAuth1, known: &Known, scopes: &[ScopeName]) -> Result<(), String> {
    let options = &service.options;
    let joined = options.scope_delimiter.join(scopes);
    let value_of = |name: &str| {
        if name == "scopes" {
            Some(joined.as_str())
        } else {
            known.get(name)
        }
    };
    let mut query = url.query_pairs_mut();
    for (name, template) in options.authorize_parameters.iter() {
        query.append_pair(name, &template.fill(value_of).map_err(|error| error.to_string())?);
    }
    if let (Some(name), false) = (&options.scope_parameter, joined.is_empty()) {
        query.append_pair(name.as_str(), &joined);
    }
    Ok(())
}
