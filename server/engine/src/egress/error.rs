//! How a request fails, sorted by what the caller may do next.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::origin::Origin;
use super::refusal::Refusal;

/// The longest detail that is quoted: part of it (the names in a certificate, say) is the peer's own text.
const MAX_DETAIL: usize = 200;

/// Why there is no answer. No text holds a path, a query, a header or a body.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// Policy; nothing was sent, and it will be refused again.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The content of the request did not leave this process, and will not any more: safe to send again.
    #[error("{0}; nothing was sent")]
    NotSent(Failure),
    /// The provider may have received the request and acted on it. When in doubt, it is this.
    #[error("{0}; the request may have taken effect")]
    Uncertain(Failure),
    /// The provider acted on the request and answered with more than is read.
    #[error("the answer of {origin} is larger than {limit} bytes")]
    TooLarge { origin: Origin, limit: usize },
}

/// What went wrong, and with whom.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {reason}")]
pub struct Failure {
    pub origin: Origin,
    pub reason: Reason,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    #[error("the host name could not be looked up ({0})")]
    Name(Detail),
    #[error("no connection could be made ({0})")]
    Connection(Detail),
    #[error("the connection broke ({0})")]
    Broken(Detail),
    #[error("no complete answer within {0:?}")]
    Deadline(Duration),
}

/// The innermost cause, without control characters and not longer than a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail(String);

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl EgressError {
    /// Sorts what the HTTP client reports. `unsent` says that the body cannot have left.
    pub(super) fn from_client(error: &reqwest::Error, origin: Origin, unsent: bool) -> Self {
        if let Some(refusal) = causes(error).find_map(|cause| cause.downcast_ref::<Refusal>()) {
            return Self::Refused(refusal.clone());
        }
        let detail = Detail::of(error);
        if error.is_dns() {
            Self::NotSent(Failure {
                origin,
                reason: Reason::Name(detail),
            })
        } else if error.is_connect() {
            Self::NotSent(Failure {
                origin,
                reason: Reason::Connection(detail),
            })
        } else {
            Self::sorted(origin, Reason::Broken(detail), unsent)
        }
    }

    /// Sorts why a connection could not be made: nothing was sent.
    pub(super) fn from_connect(error: &(dyn Error + Send + Sync + 'static), origin: Origin) -> Self {
        let chain = || std::iter::successors(Some(error as &(dyn Error + 'static)), |&cause| cause.source());
        if let Some(refusal) = chain().find_map(|cause| cause.downcast_ref::<Refusal>()) {
            return Self::Refused(refusal.clone());
        }
        let detail = Detail::cleaned(&chain().last().map(ToString::to_string).unwrap_or_default());
        let of_name = chain().any(|cause| cause.to_string().starts_with("dns error"));
        let reason = if of_name {
            Reason::Name(detail)
        } else {
            Reason::Connection(detail)
        };
        Self::NotSent(Failure { origin, reason })
    }

    /// Sorts what broke while a request was under way.
    pub(super) fn from_exchange(error: &hyper::Error, origin: Origin, unsent: bool) -> Self {
        let innermost =
            std::iter::successors(Some(error as &(dyn Error + 'static)), |&cause| cause.source()).last();
        let detail = Detail::cleaned(&innermost.map(ToString::to_string).unwrap_or_default());
        Self::sorted(origin, Reason::Broken(detail), unsent)
    }

    pub(super) fn deadline(after: Duration, origin: Origin, unsent: bool) -> Self {
        Self::sorted(origin, Reason::Deadline(after), unsent)
    }

    fn sorted(origin: Origin, reason: Reason, unsent: bool) -> Self {
        let failure = Failure { origin, reason };
        if unsent {
            Self::NotSent(failure)
        } else {
            Self::Uncertain(failure)
        }
    }
}

impl Detail {
    /// The client's own message may quote the whole address, query and all; the innermost cause does not.
    fn of(error: &reqwest::Error) -> Self {
        let innermost = causes(error).last().map(ToString::to_string).unwrap_or_default();
        Self::cleaned(&innermost)
    }

    fn cleaned(text: &str) -> Self {
        Self(
            text.chars()
                .filter(|c| !c.is_control())
                .take(MAX_DETAIL)
                .collect(),
        )
    }
}

/// The causes below `error`, outermost first, without `error` itself.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_stays_on_one_short_line() {
        let long = format!("bad\r\n\u{1b}[31mname {}", "é".repeat(500));
        let detail = Detail::cleaned(&long).to_string();
        assert!(detail.starts_with("bad[31mname é"), "{detail}");
        assert_eq!(detail.chars().count(), MAX_DETAIL);
    }
}
