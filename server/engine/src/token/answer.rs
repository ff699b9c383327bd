//! From an HTTP answer of a token endpoint, or its absence, to a decision. Pure: no state, no I/O.
//!
//! What matters most is telling "did not happen" from "may have
//! happened", since a refresh token that rotates must not be sent twice.

use domain::{
    connection::Cause,
    member::MemberPath,
    scope::ScopeName,
    service::{OAuth2, Values, oauth2::options},
    text::quoted,
};
use http::{StatusCode, header};
use serde_json::{Map, Value};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    egress::{Answer, EgressError},
    said::said,
    vault::Secret,
};

/// What a successful answer holds.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// The access token.
    pub access: Secret,
    /// The refresh token, where one came.
    pub refresh: Option<Secret>,
    /// `Bearer` where the provider names none.
    pub token_type: String,
    /// Seconds of life; None where the provider names none or something that is no duration.
    pub expires_in: Option<f64>,
    /// Scopes, where the provider names them.
    pub scopes: Option<Vec<ScopeName>>,
    /// Values that the service wants kept.
    pub kept: Values,
}

/// The decision.
#[derive(Debug)]
pub enum Verdict {
    /// Tokens.
    Success(Tokens),
    /// The grant is gone: `invalid_grant` and its relatives.
    GrantRefused(String),
    /// The provider refuses the client itself.
    ClientRefused(String),
    /// Too many requests; seconds until another try makes sense.
    Throttled(f64, String),
    /// Out of order; the request changed nothing.
    Unavailable(String),
    /// The request may have changed something and its answer is lost or unreadable.
    Uncertain(String),
    /// The operator's rules do not let the request go.
    AddressRefused(String),
}

impl Verdict {
    /// The cause to store for a failure; None for success.
    #[must_use]
    pub const fn cause(&self) -> Option<Cause> {
        match self {
            Self::Success(_) => None,
            Self::GrantRefused(_) => Some(Cause::RevokedOrExpired),
            Self::ClientRefused(_) => Some(Cause::ClientRefused),
            Self::Throttled(..) => Some(Cause::Throttled),
            Self::Unavailable(_) => Some(Cause::ProviderUnavailable),
            Self::Uncertain(_) => Some(Cause::AnswerUnreadable),
            Self::AddressRefused(_) => Some(Cause::AddressRefused),
        }
    }

    /// The provider's words, or ours where it said nothing.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Success(_) => "",
            Self::GrantRefused(words)
            | Self::ClientRefused(words)
            | Self::Throttled(_, words)
            | Self::Unavailable(words)
            | Self::Uncertain(words)
            | Self::AddressRefused(words) => words,
        }
    }

    /// The same failure, whose words say first where it happened.
    #[must_use]
    pub fn at(self, place: &str) -> Self {
        let told = |words| format!("{place}: {words}");
        match self {
            Self::Success(tokens) => Self::Success(tokens),
            Self::GrantRefused(words) => Self::GrantRefused(told(words)),
            Self::ClientRefused(words) => Self::ClientRefused(told(words)),
            Self::Throttled(seconds, words) => Self::Throttled(seconds, told(words)),
            Self::Unavailable(words) => Self::Unavailable(told(words)),
            Self::Uncertain(words) => Self::Uncertain(told(words)),
            Self::AddressRefused(words) => Self::AddressRefused(told(words)),
        }
    }
}

const WORDS: usize = 300;
/// The longest value that is kept.
const KEPT: usize = 1000;
/// The longest token that is believed.
const TOKEN: usize = 64 * 1024;
/// Longer lives than ten years are taken for "never ends".
const LONGEST: f64 = 10.0 * 365.0 * 86_400.0;

/// Judges what came back, or did not. `sent` are the secrets of the request: a provider that repeats one in its
/// words does not get it onto a page or into the log.
///
/// `now` is our time, for providers that name the end itself.
#[must_use]
pub fn judge(
    result: Result<&Answer, &EgressError>,
    oauth2: &OAuth2,
    sent: &[&Secret],
    now: OffsetDateTime,
) -> Verdict {
    match result {
        Ok(answer) => judge_answer(answer, oauth2, sent, now),
        Err(error @ EgressError::Refused(_)) => Verdict::AddressRefused(error.to_string()),
        Err(error @ EgressError::NotSent(_)) => Verdict::Unavailable(error.to_string()),
        Err(error @ (EgressError::Uncertain(_) | EgressError::TooLarge { .. })) => {
            Verdict::Uncertain(error.to_string())
        }
    }
}

fn judge_answer(answer: &Answer, oauth2: &OAuth2, sent: &[&Secret], now: OffsetDateTime) -> Verdict {
    let status = answer.status;
    let body = members(answer).map(Value::Object);
    let retry = retry_after(answer);
    if let Some(body) = &body {
        if let Some(verdict) = error_of(body, &oauth2.options.answer, status, retry, sent) {
            return verdict;
        }
        if status.is_success() {
            let reading = Reading {
                answer,
                body,
                oauth2,
                now,
            };
            return match reading.tokens() {
                Ok(tokens) => Verdict::Success(tokens),
                Err(why) => Verdict::Uncertain(why),
            };
        }
    }
    let words = format!("The provider answered {status} without an OAuth error.");
    match status {
        StatusCode::TOO_MANY_REQUESTS => Verdict::Throttled(retry.unwrap_or(60.0), words),
        StatusCode::REQUEST_TIMEOUT => Verdict::Unavailable(words),
        // A wrong address, or a provider that is being moved: it is tried again, and says what to look at.
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::GONE => {
            Verdict::Unavailable(format!(
                "The provider answered {status} where the service has its token URL. Compare that with the provider's page."
            ))
        }
        _ if status.is_server_error() => Verdict::Unavailable(words),
        _ if status.is_success() => Verdict::Uncertain(format!(
            "The provider answered {status} with something that is no token answer."
        )),
        StatusCode::UNAUTHORIZED => Verdict::ClientRefused(words),
        _ => Verdict::Unavailable(words),
    }
}

/// JSON, or the form encoding that some providers answer with; None for anything else.
fn members(answer: &Answer) -> Option<Map<String, Value>> {
    let body = answer.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answer.body);
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        return Some(members);
    }
    let kind = answer
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .unwrap_or_default();
    kind.starts_with("application/x-www-form-urlencoded").then(|| {
        form_urlencoded::parse(body)
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect()
    })
}

/// An error in the answer, whatever its status: some providers send errors with status 200.
fn error_of(
    body: &Value,
    options: &options::Answer,
    status: StatusCode,
    retry: Option<f64>,
    sent: &[&Secret],
) -> Option<Verdict> {
    let at = |path: Option<&MemberPath>, usual: &str| {
        let text = match path {
            Some(path) => path.text(body),
            None => body.get(usual).and_then(Value::as_str).map(str::to_owned),
        };
        text.filter(|text| !text.is_empty())
    };
    // Where the provider says what success looks like, its absence is an error, and its presence means that a member
    // of the error's name is none.
    let succeeded = options.success.as_ref().map(|success| success.holds(body));
    let code = match succeeded {
        Some(true) if options.error.is_some() => None,
        Some(false) => Some(at(options.error.as_ref(), "error").unwrap_or_else(|| "error".into())),
        _ => at(options.error.as_ref(), "error"),
    }?;
    let description = at(options.error_description.as_ref(), "error_description");
    let words = said(description.as_deref().unwrap_or(&code), sent, WORDS);
    Some(match code.as_str() {
        "invalid_grant"
        | "invalid_refresh_token"
        | "bad_refresh_token"
        | "token_expired"
        | "token_revoked"
        | "invalid_code" => Verdict::GrantRefused(words),
        "invalid_client"
        | "unauthorized_client"
        | "unsupported_grant_type"
        | "invalid_scope"
        | "invalid_client_secret"
        | "invalid_request" => Verdict::ClientRefused(words),
        "slow_down" | "Access Denied" => Verdict::Throttled(retry.unwrap_or(600.0), words),
        "temporarily_unavailable" | "server_error" => Verdict::Unavailable(words),
        _ if status == StatusCode::TOO_MANY_REQUESTS => Verdict::Throttled(retry.unwrap_or(60.0), words),
        _ if status.is_server_error() => Verdict::Unavailable(words),
        _ => Verdict::ClientRefused(words),
    })
}

pub(crate) fn retry_after(answer: &Answer) -> Option<f64> {
    let seconds = answer
        .headers
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse::<f64>()
        .ok()?;
    seconds.is_finite().then(|| seconds.clamp(1.0, 3600.0))
}

/// An answer being read by a service's own rules.
struct Reading<'a> {
    answer: &'a Answer,
    body: &'a Value,
    oauth2: &'a OAuth2,
    now: OffsetDateTime,
}

impl Reading<'_> {
    fn tokens(&self) -> Result<Tokens, String> {
        let paths = &self.oauth2.options.answer;
        let access = self.token(paths.access_token.as_ref(), "access_token")?;
        let access = access.ok_or_else(|| {
            let name = paths
                .access_token
                .as_ref()
                .map_or("access_token", MemberPath::as_str);
            format!("The provider's answer holds no {name}.")
        })?;
        // What is never used is not kept either.
        let refresh = match self.oauth2.options.refresh.by {
            options::RefreshBy::Never => None,
            _ => self.token(paths.refresh_token.as_ref(), "refresh_token")?,
        };
        let token_type = self.body.get("token_type").and_then(Value::as_str);
        let own: Vec<&Secret> = [&access].into_iter().chain(&refresh).collect();
        let kept = kept(self.body, paths, &own);
        Ok(Tokens {
            access,
            refresh,
            token_type: token_type.map_or_else(|| "Bearer".into(), |t| quoted(t, 40)),
            expires_in: self.expires_in(),
            scopes: self.scopes(),
            kept,
        })
    }

    /// What stands at a path of the body or in a header; at the standard's name where there is no path.
    fn member(&self, path: Option<&MemberPath>, usual: &str) -> Option<Value> {
        match path.map(|path| (path, path.header())) {
            Some((_, Some(header))) => {
                let value = self.answer.headers.get(header)?.to_str().ok()?;
                Some(Value::String(value.to_owned()))
            }
            Some((path, None)) => path.find(self.body).cloned(),
            None => self.body.get(usual).cloned(),
        }
    }

    /// A token that can travel in a header: visible ASCII (RFC 6749 appendix A.12), at most 64 KiB. An empty one is none.
    fn token(&self, path: Option<&MemberPath>, usual: &str) -> Result<Option<Secret>, String> {
        match self.member(path, usual) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.is_empty() => Ok(None),
            Some(Value::String(text))
                if text.len() <= TOKEN && text.bytes().all(|b| (b' '..=b'~').contains(&b)) =>
            {
                Ok(Some(Secret::text(text)))
            }
            Some(_) => Err(format!(
                "The provider's answer holds an {usual} that cannot be used."
            )),
        }
    }

    /// Seconds of life: as a duration in the provider's unit, as the end itself, or as the service says.
    fn expires_in(&self) -> Option<f64> {
        let paths = &self.oauth2.options.answer;
        let unit = paths.expires_unit.seconds();
        let duration = self.member(paths.expires_in.as_ref(), "expires_in");
        let end = || {
            let end = self.member(Some(paths.expires_at.as_ref()?), "")?;
            duration_until(&end, self.now)
        };
        expires_in(duration.as_ref())
            .map(|life| life * unit)
            .or_else(end)
            .or_else(|| paths.lifetime.map(f64::from))
            .filter(|life| *life > 0.0 && *life < LONGEST)
    }

    fn scopes(&self) -> Option<Vec<ScopeName>> {
        let found = self.member(self.oauth2.options.answer.scope.as_ref(), "scope")?;
        match found {
            Value::String(text) => Some(self.oauth2.scope_delimiter.split(&text)),
            // Some providers answer with a list.
            Value::Array(list) => {
                let names = list.iter().filter_map(Value::as_str);
                Some(names.filter_map(|name| name.parse().ok()).collect())
            }
            _ => None,
        }
    }
}

/// Values that the service wants kept, as far as they are there. What lacks them is not judged here: an answer to a
/// refresh may leave them out, and a token that it hands over must not be lost for that.
fn kept(body: &Value, options: &options::Answer, secrets: &[&Secret]) -> Values {
    let one = |pair| keep(body, std::iter::once(pair), secrets).unwrap_or_default();
    options.keep.iter().flat_map(one).collect()
}

/// Values of an answer; each must be there and fit on one line. They are no secrets, and everybody sees them: one of
/// `secrets` is never among them.
pub(crate) fn keep<'a>(
    body: &Value,
    wanted: impl Iterator<Item = (&'a str, &'a MemberPath)>,
    secrets: &[&Secret],
) -> Result<Values, String> {
    let mut kept = Values::new();
    for (name, path) in wanted {
        let text = path.text(body).filter(|text| !text.is_empty());
        let text =
            text.ok_or_else(|| format!("The provider's answer holds no {path}, which the service needs."))?;
        let line = domain::text::single_line(&text, KEPT)
            .map_err(|error| format!("The provider's {path} cannot be used: it {error}."))?;
        let mut texts = secrets.iter().filter_map(|secret| secret.as_text());
        if texts.any(|secret| line == secret || (secret.len() >= 8 && line.contains(secret))) {
            return Err(format!(
                "The provider's {path} holds a secret, which is not kept as a value."
            ));
        }
        kept.insert(name.to_owned(), line.to_owned());
    }
    Ok(kept)
}

/// Seconds until an end that is given as RFC 3339, or as seconds or milliseconds since 1970.
fn duration_until(end: &Value, now: OffsetDateTime) -> Option<f64> {
    let number = match end {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) => Some(number),
            Err(_) => {
                let end = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
                return Some((end - now).as_seconds_f64());
            }
        },
        _ => None,
    }?;
    // Later than the year 5000 in seconds: milliseconds.
    let seconds = if number > 1e11 { number / 1000.0 } else { number };
    #[expect(
        clippy::cast_precision_loss,
        reason = "whole seconds since 1970 fit into a double"
    )]
    let since = now.unix_timestamp() as f64;
    Some(seconds - since)
}

/// Seconds as a number or as text. None for what is no duration, and for zero and less: a token that is handed out is
/// not over yet, so such a provider names no end.
fn expires_in(value: Option<&Value>) -> Option<f64> {
    let seconds = match value? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }?;
    (seconds > 0.0 && seconds < LONGEST).then_some(seconds)
}

#[cfg(test)]
mod tests;
