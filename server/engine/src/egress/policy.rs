//! Where requests may go: the part that can be decided by looking at an address.

use std::net::IpAddr;
use std::str::FromStr;

use domain::allowed_host::AllowedHost;
use url::{Host, Url};

use super::address::not_public;
use super::origin::{Origin, OriginError, Scheme, has_userinfo};
use super::refusal::Refusal;

/// Suffixes of names that mean something on the local network only.
const LOCAL_SUFFIXES: [&str; 7] = [
    ".localhost",
    ".localdomain",
    ".local",
    ".internal",
    ".intranet",
    ".lan",
    ".home.arpa",
];

/// Ports of services that are not web services, where a stray request does harm.
const FOREIGN_PORTS: [(u16, &str); 30] = [
    (0, "nothing"),
    (20, "FTP"),
    (21, "FTP"),
    (22, "SSH"),
    (23, "Telnet"),
    (25, "mail"),
    (53, "DNS"),
    (110, "mail"),
    (111, "RPC"),
    (135, "RPC"),
    (139, "Windows file sharing"),
    (143, "mail"),
    (389, "LDAP"),
    (445, "Windows file sharing"),
    (465, "mail"),
    (587, "mail"),
    (636, "LDAP"),
    (993, "mail"),
    (995, "mail"),
    (1433, "SQL Server"),
    (1521, "Oracle"),
    (2049, "NFS"),
    (2379, "etcd"),
    (3306, "MySQL"),
    (3389, "remote desktop"),
    (5432, "PostgreSQL"),
    (5900, "VNC"),
    (6379, "Redis"),
    (11211, "memcached"),
    (27017, "MongoDB"),
];

/// The operator's exceptions to the guard. The default has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EgressPolicy {
    exceptions: Vec<Origin>,
}

/// An entry of the operator's list that is not an origin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the entry {entry:?} cannot be used: {reason}")]
pub struct PolicyError {
    entry: String,
    reason: OriginError,
}

/// Requests of different classes never share a client, and so never a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PolicyClass {
    /// https, public addresses.
    Guarded,
    /// An origin the operator vouches for: any address, http where the origin says so.
    Excepted,
}

impl EgressPolicy {
    /// Adds an exception, as `CONNECTIONS_ALLOW_HOSTS` does.
    #[must_use]
    pub fn allow(mut self, origin: Origin) -> Self {
        if !self.exceptions.contains(&origin) {
            self.exceptions.push(origin);
        }
        self
    }

    /// Whether a request to `url` is permitted, as far as the address tells. Names are checked again when they
    /// are resolved.
    pub fn check(&self, url: &Url) -> Result<(), Refusal> {
        self.class_of(url).map(|_| ())
    }

    /// Whether a credential of a service with these allowed hosts may be sent to `url`: the request must be
    /// permitted, and one of the hosts must cover it. An empty list permits nothing.
    pub fn credential_may_travel(&self, url: &Url, allowed: &[AllowedHost]) -> Result<(), Refusal> {
        self.check(url)?;
        if allowed.iter().any(|host| host.covers(url)) {
            return Ok(());
        }
        Err(Refusal::HostNotAllowed(origin_of(url)?))
    }

    pub(super) fn class_of(&self, url: &Url) -> Result<PolicyClass, Refusal> {
        let origin = origin_of(url)?;
        if has_userinfo(url) {
            return Err(Refusal::Userinfo(origin));
        }
        if self.exceptions.contains(&origin) {
            return Ok(PolicyClass::Excepted);
        }
        if origin.scheme() == Scheme::Http {
            return Err(Refusal::PlainHttp(origin));
        }
        if let Some((_, service)) = FOREIGN_PORTS.iter().find(|(port, _)| *port == origin.port()) {
            return Err(Refusal::Port { origin, service });
        }
        check_host(origin)?;
        Ok(PolicyClass::Guarded)
    }
}

fn origin_of(url: &Url) -> Result<Origin, Refusal> {
    match (Origin::of(url), url.scheme()) {
        (Some(origin), _) => Ok(origin),
        (None, "http" | "https") => Err(Refusal::NoHost),
        (None, other) => Err(Refusal::Scheme(other.to_owned())),
    }
}

fn check_host(origin: Origin) -> Result<(), Refusal> {
    let address = match origin.host() {
        Host::Domain(name) if name.ends_with('.') => return Err(Refusal::TrailingDot(origin)),
        Host::Domain(name) if is_local(name) => return Err(Refusal::LocalName(origin)),
        Host::Domain(_) => return Ok(()),
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => IpAddr::V6(*address),
    };
    match not_public(address) {
        Some(range) => Err(Refusal::Address { origin, range }),
        None => Ok(()),
    }
}

/// A name without a dot is completed by the resolver's search list, so it is local too.
fn is_local(name: &str) -> bool {
    !name.contains('.') || LOCAL_SUFFIXES.iter().any(|suffix| name.ends_with(suffix))
}

/// Reads a list of origins separated by commas or spaces.
impl FromStr for EgressPolicy {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split(|c: char| c == ',' || c.is_whitespace())
            .filter(|entry| !entry.is_empty())
            .map(|entry| entry.parse().map_err(|reason| PolicyError::new(entry, reason)))
            .try_fold(Self::default(), |policy, origin| Ok(policy.allow(origin?)))
    }
}

impl PolicyError {
    /// Names the entry, but not a password that was put into it.
    fn new(entry: &str, reason: OriginError) -> Self {
        let entry = match entry.rsplit_once('@') {
            Some((_, host)) => format!("…@{host}"),
            None => entry.to_owned(),
        };
        Self { entry, reason }
    }
}
