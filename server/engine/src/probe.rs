//! *Test connection*: one small request with the credential in its place, to see whether the provider takes it.

use std::sync::Arc;

use domain::{
    link_name::LinkName,
    principal::Principal,
    problem::Problem,
    service::{Definition, Question},
};
use form_urlencoded::Serializer;
use http::{HeaderValue, Method, header};
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

use crate::{
    Engine,
    actor::{Audited, Insider},
    call::LEAST_LIFE,
    clock,
    connections::deed,
    egress::{Answer, EgressError, Outbound, join},
    error::EngineError,
    known::Known,
    material::Material,
    oauth1,
    placement::{Placed, place, place_what_is_known},
    ready::{Caller, Ready},
    said::said,
    sign::{Signature, Signer},
    vault::Secret,
};

/// A credential with all that puts it onto a request.
#[derive(Clone, Copy)]
pub(crate) struct Armed<'a> {
    pub(crate) definition: &'a Definition,
    pub(crate) material: &'a Material,
    pub(crate) known: &'a Known,
    pub(crate) consumer_secret: Option<&'a Secret>,
}

/// What a test told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// The provider's status.
    pub status: u16,
    /// What it said, where it was an error.
    pub words: Option<String>,
    /// How long it took.
    pub milliseconds: u64,
}

impl Tested {
    /// Whether the provider took the credential.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        self.status < 400
    }
}

impl Armed<'_> {
    /// What its requests carry.
    pub(crate) fn placed(&self) -> Result<Placed, Problem> {
        place(self.definition, self.material, self.known)
    }

    /// The same before everything is known that calls carry.
    pub(crate) fn placed_first(&self) -> Result<Placed, Problem> {
        place_what_is_known(self.definition, self.material, self.known)
    }

    /// A request with the credential in its place, which may be its body, and with nothing else in it; signed for a
    /// clock that far from ours.
    fn request(&self, placed: &Placed, method: &Method, url: &Url, offset: i64) -> Result<Outbound, Problem> {
        let (method, mut url) = (method.clone(), url.clone());
        if !placed.parameters.is_empty() {
            let pairs = placed.parameters.iter();
            let pairs = pairs.map(|(name, value)| (name.as_str(), value.as_text().unwrap_or_default()));
            url.query_pairs_mut().extend_pairs(pairs);
        }
        let signed = self
            .signer(offset)
            .map(|signer| signer.sign(method.as_str(), &url, &[], &[]));
        let mut outbound = match signed.transpose().map_err(Problem::ProviderError)? {
            Some(Signature::Header(name, value)) => Outbound::new(method, url).header(name, value),
            Some(Signature::Url(url)) => Outbound::new(method, url),
            None => Outbound::new(method, url),
        };
        outbound = outbound.header(header::ACCEPT, HeaderValue::from_static("application/json"));
        for placed in &placed.headers {
            outbound = outbound.header(placed.name.clone(), placed.value.clone());
        }
        if !placed.form.is_empty() {
            let pairs = placed.form.iter();
            let pairs = pairs.map(|(name, value)| (name.as_str(), value.as_text().unwrap_or_default()));
            let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
            let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
            outbound = outbound.header(header::CONTENT_TYPE, kind).body(form);
        }
        Ok(outbound)
    }

    /// What must not be repeated of what its requests carry.
    pub(crate) fn secrets(&self) -> Vec<&Secret> {
        let own = self.material.secrets().into_iter().chain(self.known.secrets());
        own.chain(self.consumer_secret).collect()
    }

    /// What signs its requests, where they are signed, for a clock that far from ours.
    pub(crate) fn signer(&self, offset: i64) -> Option<Signer<'_>> {
        let (Some(service), Some(consumer_secret), Material::Pair { token, secret }) =
            (self.definition.oauth1(), self.consumer_secret, self.material)
        else {
            return None;
        };
        Some(Signer {
            service,
            consumer_secret,
            token: Some(oauth1::Token {
                token: token.as_text().unwrap_or_default(),
                secret,
            }),
            known: self.known,
            offset,
        })
    }

    /// What to ask, as an address with the connection's values.
    fn question(&self) -> Option<Result<(Method, Url), Problem>> {
        let value_of = |name: &str| self.known.get(name);
        let asked = match self.definition.question()? {
            Question::Request(request) => {
                let base = match self.definition.base(value_of) {
                    Ok(base) => base?,
                    Err(error) => return Some(Err(Problem::ProviderError(error.to_string()))),
                };
                let method = Method::from_bytes(request.method.word().as_bytes()).unwrap_or_default();
                let url = join(base.as_url(), &request.path.to_string());
                url.map(|url| (method, url))
                    .map_err(|refusal| refusal.to_string())
            }
            Question::Identity(url) => url
                .fill(value_of)
                .map(|url| (Method::GET, url.as_url().clone()))
                .map_err(|error| error.to_string()),
        };
        Some(asked.map_err(Problem::ProviderError))
    }
}

impl Ready {
    /// Its credential with all that puts it onto a request.
    pub(crate) const fn armed(&self) -> Armed<'_> {
        Armed {
            definition: &self.definition,
            material: &self.material,
            known: &self.known,
            consumer_secret: self.consumer_secret.as_ref(),
        }
    }
}

impl Engine {
    /// Sends a request with nothing in it but the credential; once more with the provider's time where it says that
    /// ours is wrong.
    pub(crate) async fn send_armed(
        &self,
        armed: &Armed<'_>,
        placed: &Placed,
        method: &Method,
        url: &Url,
    ) -> Result<Result<Answer, EgressError>, Problem> {
        let first = armed.request(placed, method, url, self.clocks.of(url))?;
        let answer = match self.egress.send(first).await {
            Ok(answer) if answer.status.is_client_error() && armed.definition.oauth1().is_some() => answer,
            other => return Ok(other),
        };
        let refused = oauth1::problem::Problem::read(&answer.headers, &answer.body);
        let ours = clock::now().unix_timestamp();
        let learned = refused.and_then(|problem| oauth1::skew::learned(&problem, &answer.headers, ours));
        let Some(offset) = learned else {
            return Ok(Ok(answer));
        };
        self.clocks.learn(url, offset);
        Ok(self
            .egress
            .send(armed.request(placed, method, url, offset)?)
            .await)
    }

    /// Asks the provider; None where the service does not say what to ask.
    pub(crate) async fn test(&self, armed: &Armed<'_>) -> Option<Result<Tested, Problem>> {
        let (method, url) = match armed.question()? {
            Ok(asked) => asked,
            Err(why) => return Some(Err(why)),
        };
        let value_of = |name: &str| armed.known.get(name);
        let hosts = armed.definition.hosts(value_of);
        if !armed.definition.may_tell_identity(&url, value_of)
            && let Err(refusal) = self.egress.policy().credential_may_travel(&url, &hosts)
        {
            return Some(Err(Problem::HostNotAllowed(refusal.to_string())));
        }
        let begun = Instant::now();
        let asked = match armed.placed() {
            Ok(placed) => self.send_armed(armed, &placed, &method, &url).await,
            Err(problem) => Err(problem),
        };
        let answered = match asked {
            Ok(answered) => answered,
            Err(problem) => return Some(Err(problem)),
        };
        Some(match answered {
            Ok(answer) => Ok(Tested {
                status: answer.status.as_u16(),
                words: (answer.status.as_u16() >= 400)
                    .then(|| words(&answer.body, armed))
                    .flatten(),
                milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            }),
            Err(EgressError::Refused(refusal)) => Err(Problem::HostNotAllowed(refusal.to_string())),
            Err(EgressError::NotSent(_)) => Err(Problem::ProviderUnavailable { retry_after: 5 }),
            Err(error) => Err(Problem::ProviderSilent(error.to_string())),
        })
    }

    /// Tests a connection: its service's test request with its credential, renewed first where that is due.
    ///
    /// # Errors
    /// The codes of the HTTP contract; [`Problem::Invalid`] where the service does not say what to ask;
    /// [`Problem::ProviderSilent`] where no answer came.
    pub async fn test_connection(
        self: &Arc<Self>,
        insider: &(impl Insider + Audited),
        link_name: &LinkName,
        user: &Principal,
    ) -> Result<Tested, EngineError> {
        let caller = Caller::Person(insider.organization());
        let ready = self.ready_for(caller, link_name, user, LEAST_LIFE).await?;
        let tested = self.test(&ready.armed()).await.ok_or_else(|| {
            EngineError::field(
                "sample_request",
                "The service does not say what to ask. Add a sample request or an identity URL to it.",
            )
        })?;
        let mut tx = self.store.begin(insider.organization()).await?;
        tx.concerns_no_call();
        let row = tx.connection(ready.connection).await?;
        let detail = match &tested {
            Ok(tested) => tested.status.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        tx.audit(&insider.audited(), deed("connection.tested", &row, &detail))
            .await?;
        tx.commit().await?;
        Ok(tested?)
    }
}

/// What a provider says about an error, without the secrets that it may repeat.
fn words(body: &[u8], armed: &Armed<'_>) -> Option<String> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let error = value.get("error");
    let nested = error.and_then(|error| error.get("message"));
    let candidates = [
        value.get("error_description"),
        value.get("message"),
        nested,
        error,
    ];
    let text = candidates.into_iter().flatten().find_map(Value::as_str)?;
    Some(said(text, &armed.secrets(), 200))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_test_request_is_made_as_the_service_says() {
        for (rest, method, url, body) in [
            (
                r#""test_request": {"type": "POST", "path": "/users/ping"}"#,
                "POST",
                "https://a.example/api/users/ping",
                Some("key=k%26y"),
            ),
            (
                r#""sample_request": {"path": "/me"}"#,
                "GET",
                "https://a.example/api/me",
                Some("key=k%26y"),
            ),
        ] {
            let definition: Definition = serde_json::from_str(&format!(
                r#"{{"authentication": {{"type": "api_key", "parameters": [{{"key": "key", "param_type": "form"}}]}},
                    "api_base_url": "https://a.example/api", {rest}}}"#
            ))
            .unwrap();
            let key = BTreeMap::from([("key".to_owned(), Secret::text("k&y".into()))]);
            let armed = Armed {
                definition: &definition,
                material: &Material::Values(key),
                known: &Known::default(),
                consumer_secret: None,
            };
            let Some(Ok((asked, at))) = armed.question() else {
                panic!("{rest}")
            };
            let outbound = armed
                .request(&armed.placed().unwrap(), &asked, &at, 0)
                .unwrap_or_else(|problem| panic!("{}", problem.detail()));
            let sent = outbound
                .body
                .as_ref()
                .map(|body| std::str::from_utf8(body).unwrap());
            assert_eq!(
                (outbound.method.as_str(), outbound.url.as_str(), sent),
                (method, url, body)
            );
        }
    }
}
