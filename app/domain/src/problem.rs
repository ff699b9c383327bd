//! Every failure that people or programs meet, in words: what happened, why, and what to do next.
//!
//! Codes are part of the HTTP contract and never change; sentences may become better.

use crate::connection::{Cause, Status};

/// A failure with a stable code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// No key, or one that does not exist, was revoked or is misspelt.
    InvalidKey,
    /// The key exists and may not do this.
    ForbiddenForKey(&'static str),
    /// The credential may not travel to that host; why.
    HostNotAllowed(String),
    /// The rules of the connection or of the key do not permit this method or path.
    NotPermitted(&'static str),
    /// No connection of this link name, or the key may not use it.
    UnknownConnection(String),
    /// No such service.
    UnknownService(String),
    /// The link name is in use.
    LinkNameTaken(String),
    /// Something still needs it.
    InUse(String),
    /// Somebody else changed it since it was read.
    Changed,
    /// The idempotency key was used with another request before.
    UsedForAnother,
    /// The first request with this idempotency key is still under way.
    Underway,
    /// The request body is larger than allowed.
    TooLarge,
    /// The provider's answer is larger than what can be read as a whole.
    AnswerTooLarge,
    /// Fields are wrong.
    Invalid(crate::form::FieldErrors),
    /// The connection does not serve; the status says which way.
    NotServing(Status, Option<Cause>),
    /// The named user has not connected an account.
    NotConnectedFor(String),
    /// Too many attempts or calls.
    RateLimited {
        /// Seconds until another try makes sense.
        retry_after: u64,
    },
    /// The provider answered with an error of its own.
    ProviderError(String),
    /// The provider gave no complete answer, and the request may have taken effect.
    ProviderSilent(String),
    /// The provider cannot be reached at the moment.
    ProviderUnavailable {
        /// Seconds until another try makes sense.
        retry_after: u64,
    },
    /// The server itself cannot do its work at the moment (database, vault).
    Unavailable,
}

impl Problem {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidKey => "invalid_key",
            Self::ForbiddenForKey(_) => "forbidden_for_key",
            Self::HostNotAllowed(_) => "host_not_allowed",
            Self::NotPermitted(_) => "not_permitted",
            Self::UnknownConnection(_) => "unknown_connection",
            Self::UnknownService(_) => "unknown_service",
            Self::LinkNameTaken(_) => "link_name_taken",
            Self::InUse(_) => "in_use",
            Self::Changed => "changed",
            Self::UsedForAnother => "idempotency_key_reused",
            Self::Underway => "in_progress",
            Self::TooLarge => "too_large",
            Self::AnswerTooLarge => "answer_too_large",
            Self::Invalid(_) => "invalid",
            Self::NotServing(Status::Disabled, _) => "disabled",
            Self::NotServing(Status::Revoked, _) => "revoked",
            Self::NotServing(Status::NeedsReauthorization, _) => "needs_reauthorization",
            Self::NotServing(Status::NotConnected, _) | Self::NotConnectedFor(_) => "not_connected",
            Self::NotServing(..) | Self::ProviderError(_) | Self::ProviderSilent(_) => "provider_error",
            Self::RateLimited { .. } => "rate_limited",
            Self::ProviderUnavailable { .. } => "provider_unavailable",
            Self::Unavailable => "unavailable",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::InvalidKey => 401,
            Self::ForbiddenForKey(_) | Self::HostNotAllowed(_) | Self::NotPermitted(_) => 403,
            Self::UnknownConnection(_) | Self::UnknownService(_) => 404,
            Self::LinkNameTaken(_) | Self::InUse(_) | Self::Underway => 409,
            Self::Changed => 412,
            Self::TooLarge => 413,
            Self::Invalid(_) | Self::UsedForAnother => 422,
            Self::NotServing(
                Status::Disabled | Status::Revoked | Status::NeedsReauthorization | Status::NotConnected,
                _,
            )
            | Self::NotConnectedFor(_) => 424,
            Self::NotServing(..)
            | Self::ProviderError(_)
            | Self::ProviderSilent(_)
            | Self::AnswerTooLarge => 502,
            Self::RateLimited { .. } => 429,
            Self::ProviderUnavailable { .. } | Self::Unavailable => 503,
        }
    }

    /// What happened, why, what to do: at most three short sentences.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::InvalidKey => "This function key is not valid. It may be misspelt or revoked. Send `Authorization: Bearer cnx_…` with a key from Setup > Function keys.".into(),
            Self::ForbiddenForKey(need) => format!("This function key may not do this: it needs the scope `{need}`. Create a key that has it under Setup > Function keys."),
            Self::UnknownConnection(name) => format!("No connection has the link name `{name}`, or this key may not use it. Compare the spelling with Setup > Connections."),
            Self::UnknownService(name) => format!("No service has the link name `{name}`. It may have been deleted meanwhile."),
            Self::LinkNameTaken(name) => format!("The link name `{name}` is already in use. Choose another one."),
            Self::InUse(by) => format!("It is still used by {by}."),
            Self::HostNotAllowed(why) => format!("The credential may not travel there: {why}."),
            Self::NotPermitted(whose) => format!("The rules of this {whose} do not permit this method or path. Compare them under Setup, or use another {whose}."),
            Self::Changed => "Somebody else changed this since you read it. Read it again, then repeat your change with the new ETag in If-Match.".into(),
            Self::UsedForAnother => "This Idempotency-Key was used with another request before. Use a new one for a new request.".into(),
            Self::Underway => "The first request with this Idempotency-Key is still under way. Repeat it in a moment.".into(),
            Self::TooLarge => "The request is too large.".into(),
            Self::AnswerTooLarge => "The provider's answer is larger than 16 MiB, too large to be read as a whole. Use the proxy, which passes any size through.".into(),
            Self::ProviderSilent(words) => format!("The provider gave no complete answer ({words}). The request may have taken effect: look before you send it again."),
            Self::Invalid(_) => "Some fields need another value.".into(),
            Self::NotServing(status, cause) => explain(*status, *cause).to_owned(),
            Self::NotConnectedFor(user) => format!("The user `{user}` has not connected an account here. Open the connection's page and connect it."),
            Self::RateLimited { .. } => "There were too many attempts. Wait a little and try again.".into(),
            Self::ProviderError(words) => format!("The provider answered with an error: “{words}”."),
            Self::ProviderUnavailable { .. } => "The provider does not answer at the moment. Nothing is lost; try again shortly.".into(),
            Self::Unavailable => "The server cannot reach its database at the moment. Nothing was changed; try again shortly.".into(),
        }
    }
}

/// Why a connection is in its status, and what mends it. One sentence or two, for the page and for programs.
#[must_use]
pub const fn explain(status: Status, cause: Option<Cause>) -> &'static str {
    match (status, cause) {
        (Status::Disabled, _) => "An administrator has disabled this connection. Enable it on its page.",
        (Status::Revoked, _) => "An administrator has revoked this connection. Connect it again on its page.",
        (Status::NotConnected, _) => "Nobody has connected this yet. Open its page and choose Connect.",
        (_, Some(cause)) => because(cause),
        (Status::NeedsReauthorization, None) => "The provider needs consent once more. Reconnect.",
        (Status::Error, None) => "This connection does not work. Open its page to see why.",
        (Status::Connected | Status::Expiring, None) => "",
    }
}

/// The sentence of a cause.
#[must_use]
pub const fn because(cause: Cause) -> &'static str {
    match cause {
        Cause::LostRotation => {
            "The server stopped while the provider was renewing the token, and this provider accepts a token only once. Reconnect."
        }
        Cause::RevokedOrExpired => {
            "The provider no longer accepts this grant: it was withdrawn there or has ended. Reconnect."
        }
        Cause::NoRefreshToken => {
            "No refresh token came back, so it cannot renew itself. Add access_type=offline or the offline scope to the service, then reconnect."
        }
        Cause::ClientRefused => {
            "The provider refuses the client ID or secret. Correct the service: it is tried again at once."
        }
        Cause::Throttled => "The provider asks us to slow down. The next try comes by itself.",
        Cause::ProviderUnavailable => {
            "The last refresh did not succeed at the provider. The next try comes by itself."
        }
        Cause::AnswerUnreadable => {
            "The provider's last answer could not be read. The next try comes by itself."
        }
        Cause::AddressRefused => {
            "The operator's rules do not let requests go to the token URL. Correct the URL, or ask the operator to allow its host."
        }
        Cause::ServiceMoved => {
            "The service's token URL moved to another host, and stored tokens are not sent there. Reconnect."
        }
        Cause::VaultUnreadable => {
            "The stored secret cannot be opened with the server's keys. Ask the operator to restore the root key, or reconnect."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_and_status_says_what_to_do() {
        for cause in Cause::ALL {
            assert!(
                because(*cause).matches(". ").count() <= 2 && because(*cause).ends_with('.'),
                "{cause:?}"
            );
        }
        for status in [
            Status::Disabled,
            Status::Revoked,
            Status::NotConnected,
            Status::NeedsReauthorization,
            Status::Error,
        ] {
            assert!(!explain(status, None).is_empty(), "{status:?}");
        }
    }

    #[test]
    fn codes_and_statuses_of_the_contract() {
        for (problem, code, status) in [
            (Problem::InvalidKey, "invalid_key", 401),
            (Problem::ForbiddenForKey("invoke"), "forbidden_for_key", 403),
            (Problem::UnknownConnection("x".into()), "unknown_connection", 404),
            (Problem::LinkNameTaken("x".into()), "link_name_taken", 409),
            (Problem::InUse("x".into()), "in_use", 409),
            (
                Problem::NotServing(Status::NotConnected, None),
                "not_connected",
                424,
            ),
            (
                Problem::NotServing(Status::NeedsReauthorization, None),
                "needs_reauthorization",
                424,
            ),
            (Problem::NotServing(Status::Disabled, None), "disabled", 424),
            (Problem::NotServing(Status::Revoked, None), "revoked", 424),
            (Problem::NotServing(Status::Error, None), "provider_error", 502),
            (Problem::RateLimited { retry_after: 1 }, "rate_limited", 429),
            (
                Problem::ProviderUnavailable { retry_after: 1 },
                "provider_unavailable",
                503,
            ),
        ] {
            assert_eq!((problem.code(), problem.status()), (code, status));
        }
    }
}
