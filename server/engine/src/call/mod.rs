//! A call made for a function: to the service's own hosts only, with the credential in its place, both bodies passing
//! through.
//!
//! # Layout
//! - [`Call`], [`Answered`], and the call itself: this file
//! - [`target`]: where a call goes, decided before a credential is near it
//! - [`form`]: bodies that carry a credential, or that a signature covers
//! - [`headers`]: which headers pass, in both directions
//! - [`mask`]: an echo of the credential in an answer is blotted out
//! - [`body`]: the answer's body on its way
//! - [`signed`]: a request that a function sends itself, signed for it

use std::sync::Arc;

use domain::{
    call::Method, link_name::LinkName, principal::Principal, problem::Problem, service::calls::LimitKind,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use time::OffsetDateTime;
use url::Url;

use crate::{
    Engine,
    actor::Member,
    clock,
    connections::deed,
    egress::{EgressError, Passed, Passing, PassingBody, Refusal},
    error::EngineError,
    limits::Place,
    oauth1::skew,
    ready::{Caller, Ready},
};

pub mod body;
mod form;
mod headers;
pub(crate) mod mask;
mod signed;
mod target;

pub use body::AnswerBody;
pub use target::Target;

/// A call may take a while: a credential with less life than this is renewed first, in seconds.
pub const LEAST_LIFE: f64 = 30.0;

/// What a caller wants sent.
pub struct Call {
    /// The method.
    pub method: Method,
    /// Where to.
    pub target: Target,
    /// The caller's headers; what a caller may not set is left out.
    pub headers: HeaderMap,
    /// The body. One in memory can be sent again after a refusal.
    pub body: PassingBody,
}

/// The provider's answer, cleaned.
pub struct Answered {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body as it comes.
    pub body: AnswerBody,
}

/// A request that was judged and can be sent, more than once where its body is in memory.
struct Judged {
    method: Method,
    url: Url,
    headers: HeaderMap,
}

impl Engine {
    /// Makes a call. A provider's 401 renews the credential once, or teaches the provider's time, and sends the call once
    /// more, where that may help and the body is still there.
    ///
    /// # Errors
    /// The codes of the HTTP contract, as [`Problem`]. Whatever a provider answers is not an error.
    pub async fn call(self: &Arc<Self>, ready: Arc<Ready>, call: Call) -> Result<Answered, EngineError> {
        let place = self.place_for_call(&ready)?;
        let Call {
            method,
            target,
            headers,
            body,
        } = call;
        let judged = Judged {
            url: self.judge(&ready, method, &target)?,
            method,
            headers: headers::outward(headers),
        };
        let again = match &body {
            PassingBody::Whole(bytes) => Some(bytes.clone()),
            PassingBody::Stream(_) => None,
        };
        let used = self.clocks.of(&judged.url);
        let passed = self.send(&ready, &judged, body).await?;
        if !ready.refuses(passed.status) {
            return Ok(answered(&ready, &judged.url, passed, place));
        }
        if let (Some(bytes), true) = (&again, self.learns_the_time(&ready, &judged.url, &passed, used)) {
            let passed = self
                .send(&ready, &judged, PassingBody::Whole(bytes.clone()))
                .await?;
            return Ok(answered(&ready, &judged.url, passed, place));
        }
        match (self.renew(&ready).await, again) {
            // What was permitted to the old credential is asked again for the new one: much may have changed meanwhile.
            (Some(renewed), Some(bytes))
                if self
                    .judge(&renewed, method, &target)
                    .is_ok_and(|url| url == judged.url) =>
            {
                let passed = self.send(&renewed, &judged, PassingBody::Whole(bytes)).await?;
                if renewed.refuses(passed.status) {
                    self.renewals.brought_nothing(renewed.whose());
                }
                let both = renewed.masking(&ready);
                Ok(answered(&both, &judged.url, passed, place))
            }
            _ => Ok(answered(&ready, &judged.url, passed, place)),
        }
    }

    /// Whether a request that was signed with the offset `used` was refused for its time, and the provider's is known now.
    fn learns_the_time(&self, ready: &Ready, url: &Url, refused: &Passed, used: i64) -> bool {
        if ready.consumer_secret.is_none() {
            return false;
        }
        let ours = clock::now().unix_timestamp();
        let learned = skew::learned_from_head(&refused.headers, ours, used);
        if let Some(offset) = learned {
            self.clocks.learn(url, offset);
        }
        learned.is_some()
    }

    /// Where a call goes, where the service, the connection and the key permit it.
    fn judge(&self, ready: &Ready, method: Method, target: &Target) -> Result<Url, Problem> {
        let url = target.url(&ready.base)?;
        self.egress
            .policy()
            .credential_may_travel(&url, &ready.hosts)
            .map_err(refused)?;
        let key_rules = ready.key.as_ref().map(|key| &key.rules);
        for (whose, rules) in [("connection", Some(&ready.rules)), ("function key", key_rules)] {
            if rules.is_some_and(|rules| !rules.permit(method, url.path())) {
                return Err(Problem::NotPermitted(whose));
            }
        }
        Ok(url)
    }

    /// A call that a person makes from the console; it stands in the audit record.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub async fn try_call(
        self: &Arc<Self>,
        member: &Member,
        link_name: &LinkName,
        user: &Principal,
        call: Call,
    ) -> Result<Answered, EngineError> {
        let ready = self
            .ready_for(Caller::Person(member.organization), link_name, user, LEAST_LIFE)
            .await?;
        let mut tx = self.store.begin(member.organization).await?;
        tx.concerns_no_call();
        let row = tx.connection(ready.connection).await?;
        let detail = format!("{} {}", call.method, call.target.path());
        tx.audit(&member.actor(), deed("connection.tried", &row, &detail))
            .await?;
        tx.commit().await?;
        self.call(Arc::new(ready), call).await
    }

    async fn send(&self, ready: &Ready, judged: &Judged, body: PassingBody) -> Result<Passed, Problem> {
        let mut headers = judged.headers.clone();
        for placed in &ready.placed.headers {
            headers.insert(placed.name.clone(), placed.value.clone());
        }
        let body = form::with_members(body, &mut headers, &ready.placed.form).await?;
        if matches!(&body, PassingBody::Whole(bytes) if bytes.is_empty()) && !judged.method.asks_by_query() {
            // Some servers refuse a POST that says nothing of a length.
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let mut url = judged.url.clone();
        target::with_parameters(&mut url, &ready.placed.parameters)?;
        let offset = self.clocks.of(&url);
        let body = form::signed(ready, offset, judged.method.word(), &mut url, &mut headers, body).await?;
        let method = http::Method::from_bytes(judged.method.word().as_bytes()).unwrap_or_default();
        let patience = self.settings.calls.patience;
        let passing = Passing {
            method,
            url,
            headers,
            body,
            patience,
        };
        self.egress.pass(passing).await.map_err(|error| match error {
            EgressError::Refused(refusal) => refused(refusal),
            EgressError::NotSent(failure) => {
                tracing::info!(connection = %ready.connection, %failure, "a provider could not be reached");
                Problem::ProviderUnavailable { retry_after: 5 }
            }
            EgressError::Uncertain(failure) => Problem::ProviderSilent(failure.to_string()),
            error @ EgressError::TooLarge { .. } => Problem::ProviderSilent(error.to_string()),
        })
    }
}

/// A refusal in the words of the contract.
fn refused(refusal: Refusal) -> Problem {
    match refusal {
        Refusal::PathCharacter | Refusal::LeavesBase(_) | Refusal::NoHost => target::wrong(refusal),
        other => Problem::HostNotAllowed(other.to_string()),
    }
}

impl Ready {
    /// Whether the provider says that the token has ended.
    fn refuses(&self, status: StatusCode) -> bool {
        status == StatusCode::UNAUTHORIZED
            || self.definition.calls.refused_statuses.contains(&status.as_u16())
    }
}

/// Whether an answer may mean that there were too many calls. Providers that say when a limit ends say so in every
/// answer (GitHub); one that is good must not look as if it had to be waited for.
fn may_be_limit(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::TOO_MANY_REQUESTS | StatusCode::FORBIDDEN | StatusCode::SERVICE_UNAVAILABLE
    )
}

/// The provider's headers with a `Retry-After`, where it tells the end of a limit in a header of its own.
fn limited(ready: &Ready, status: StatusCode, mut headers: HeaderMap) -> HeaderMap {
    let calls = &ready.definition.calls;
    let Some(name) = calls.limit_header.as_ref().filter(|_| may_be_limit(status)) else {
        return headers;
    };
    let told = headers
        .get(name.as_str())
        .and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok());
    if let (Some(told), false) = (told, headers.contains_key(header::RETRY_AFTER))
        && let Ok(value) =
            HeaderValue::from_str(&seconds_left(calls.limit_kind, told, ready.now()).to_string())
    {
        headers.insert(header::RETRY_AFTER, value);
    }
    headers
}

/// Whole seconds until a limit ends, between none and a day.
fn seconds_left(kind: LimitKind, told: f64, now: OffsetDateTime) -> i64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "whole seconds since 1970 fit into a double"
    )]
    let since = now.unix_timestamp() as f64;
    let left = match kind {
        LimitKind::Seconds => told,
        LimitKind::Epoch => told - since,
        LimitKind::EpochMilliseconds => told / 1000.0 - since,
    };
    #[expect(clippy::cast_possible_truncation, reason = "bounded to a day")]
    let left = left.ceil().clamp(0.0, 86_400.0) as i64;
    left
}

fn answered(ready: &Ready, url: &Url, passed: Passed, place: Place) -> Answered {
    let mask = Arc::clone(&ready.mask);
    Answered {
        status: passed.status,
        headers: headers::inward(limited(ready, passed.status, passed.headers), url, &mask),
        body: AnswerBody::new(passed.body, mask, place),
    }
}
