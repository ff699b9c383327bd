//! Why an address is not called, in plain words with the remedy.

use super::origin::Origin;

/// A refusal is a decision of policy: nothing was sent, and trying again does not help.
///
/// The texts show scheme, host and port at most: a path or a query may hold a secret. Where a name leads into a
/// private network only the kind of network is named, not the address, for the reader may be another
/// organization than the network's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("{0} addresses cannot be called; use an https address")]
    Scheme(String),
    #[error("the address has no host; use one such as https://api.example.com/")]
    NoHost,
    #[error(
        "the address of {0} holds a user name or password; remove them and choose an authentication that sends them"
    )]
    Userinfo(Origin),
    #[error("{0} is not encrypted; use https, or ask the operator to add {0} to CONNECTIONS_ALLOW_HOSTS")]
    PlainHttp(Origin),
    #[error(
        "{origin} uses a port that belongs to {service}; use the port of the web service, or ask the operator to add {origin} to CONNECTIONS_ALLOW_HOSTS"
    )]
    Port { origin: Origin, service: &'static str },
    #[error("{0} ends with a dot; write the host without it")]
    TrailingDot(Origin),
    #[error(
        "{0} is a local name; use a public host, or ask the operator to add {0} to CONNECTIONS_ALLOW_HOSTS"
    )]
    LocalName(Origin),
    #[error(
        "{origin} is not a public address ({range}); ask the operator to add {origin} to CONNECTIONS_ALLOW_HOSTS"
    )]
    Address { origin: Origin, range: &'static str },
    #[error(
        "{host} does not lead to a public address ({range}); ask the operator to add its origin to CONNECTIONS_ALLOW_HOSTS"
    )]
    Resolved { host: String, range: &'static str },
    #[error("the connection was not made to a public address ({0}) and was closed before anything was sent")]
    Peer(&'static str),
    #[error(
        "{0} is not among the allowed hosts of this service; add it there if the credential may go to it"
    )]
    HostNotAllowed(Origin),
    #[error("the path holds a backslash or a control character; write / or percent-encode it")]
    PathCharacter,
    #[error("the path leads out of the service's base address {0}; write a path below it, without ..")]
    LeavesBase(Origin),
}
