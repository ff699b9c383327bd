//! From names to addresses, once per connection.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::not_public;
use super::policy::PolicyClass;
use super::refusal::Refusal;
use super::stream::BoxError;

/// All addresses of a name, or why there are none.
pub type LookingUp = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Asks for the addresses of a name. What it answers is not trusted.
pub trait NameLookup: Send + Sync + 'static {
    fn lookup(&self, name: &str) -> LookingUp;
}

/// The operating system's resolver.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemLookup;

impl NameLookup for SystemLookup {
    fn lookup(&self, name: &str) -> LookingUp {
        let name = name.to_owned();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}

/// What the connector asks. In the guarded class one answer that is not public spoils them all: a name that
/// leads to both sides is either an attack or a mistake.
pub(super) struct Resolver {
    pub(super) lookup: Arc<dyn NameLookup>,
    pub(super) class: PolicyClass,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let looking_up = guarded(Arc::clone(&self.lookup), self.class, name.as_str().to_owned());
        Box::pin(async move {
            let found = looking_up.await?;
            // The connector puts the port in place of the zero.
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

/// The addresses of a name, where its class permits all of them.
pub(super) async fn guarded(
    lookup: Arc<dyn NameLookup>,
    class: PolicyClass,
    name: String,
) -> Result<Vec<IpAddr>, BoxError> {
    let found = lookup.lookup(&name).await?;
    if class == PolicyClass::Guarded {
        all_public(&name, &found)?;
    }
    Ok(found)
}

fn all_public(host: &str, found: &[IpAddr]) -> Result<(), Refusal> {
    match found.iter().find_map(|ip| not_public(*ip)) {
        Some(range) => Err(Refusal::Resolved {
            host: host.to_owned(),
            range,
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(addresses: &[&str]) -> Vec<IpAddr> {
        addresses.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn one_private_answer_spoils_all() {
        assert_eq!(
            all_public("a.example.com", &found(&["8.8.8.8", "2606:4700::1111"])),
            Ok(())
        );
        for mixed in [
            ["8.8.8.8", "10.0.0.1"],
            ["127.0.0.1", "8.8.8.8"],
            ["8.8.8.8", "::1"],
            ["8.8.8.8", "fe80::1"],
        ] {
            assert!(all_public("a.example.com", &found(&mixed)).is_err(), "{mixed:?}");
        }
    }

    #[tokio::test]
    async fn the_system_resolver_answers() {
        let addresses = SystemLookup.lookup("localhost").await.unwrap();
        assert!(
            !addresses.is_empty() && addresses.iter().all(IpAddr::is_loopback),
            "{addresses:?}"
        );
    }
}
