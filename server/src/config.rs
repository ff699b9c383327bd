//! Settings: text to values, once. A wrong value stops the start with the variable's name and the remedy.

use std::{fmt::Display, net::IpAddr, str::FromStr};

use engine::{
    SignUpPolicy,
    egress::{EgressPolicy, Origin},
    vault::RootKeys,
};
use url::{Host, Url};

use crate::cli::{self, SignUp};

/// A setting that cannot be used. Never repeats a secret value.
#[derive(Debug, thiserror::Error)]
#[error("{variable}: {reason}")]
pub(crate) struct SettingError {
    variable: &'static str,
    reason: String,
}

fn wrong(variable: &'static str, reason: impl Display) -> SettingError {
    SettingError {
        variable,
        reason: reason.to_string(),
    }
}

/// Where browsers reach this server, and what follows from it.
#[derive(Debug, Clone)]
pub(crate) struct PublicUrl(Url);

impl PublicUrl {
    /// Whether cookies are Secure and HSTS is sent.
    pub(crate) fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
    pub(crate) const fn url(&self) -> &Url {
        &self.0
    }
    /// `https://connect.example`, without a slash.
    pub(crate) fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
    /// What a browser sends as Host.
    pub(crate) fn authority(&self) -> String {
        match self.0.port() {
            Some(port) => format!("{}:{port}", self.0.host_str().unwrap_or_default()),
            None => self.0.host_str().unwrap_or_default().to_owned(),
        }
    }
}

impl FromStr for PublicUrl {
    type Err = SettingError;
    fn from_str(text: &str) -> Result<Self, SettingError> {
        let refuse = |reason: &str| wrong("CONNECTIONS_PUBLIC_URL", reason);
        let url = Url::parse(text)
            .map_err(|error| refuse(&format!("{error}; it looks like https://connect.example")))?;
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(refuse("it has no host")),
        };
        match url.scheme() {
            "https" => {}
            "http" if loopback => {}
            "http" => {
                return Err(refuse(
                    "http is only for localhost; put TLS in front and use https",
                ));
            }
            _ => return Err(refuse("use https://, or http://localhost for trying it out")),
        }
        if url.path() != "/"
            || url.query().is_some()
            || url.fragment().is_some()
            || !url.username().is_empty()
        {
            return Err(refuse("leave out everything behind the host and port"));
        }
        Ok(Self(url))
    }
}

/// The ring of root keys from the one setting or the other.
pub(crate) fn root_keys(keys: &cli::Keys) -> Result<RootKeys, SettingError> {
    let (variable, text) = match (&keys.root_keys, &keys.root_keys_file) {
        (Some(text), _) if !text.trim().is_empty() => ("CONNECTIONS_ROOT_KEYS", text.clone()),
        (_, Some(path)) => {
            let read = std::fs::read_to_string(path);
            let text = read.map_err(|error| {
                wrong(
                    "CONNECTIONS_ROOT_KEYS_FILE",
                    format!("{}: {error}", path.display()),
                )
            })?;
            ("CONNECTIONS_ROOT_KEYS_FILE", text)
        }
        _ => ("CONNECTIONS_ROOT_KEYS", String::new()),
    };
    text.parse().map_err(|error| wrong(variable, error))
}

/// The operator's exceptions, the sandbox's own address implied.
pub(crate) fn egress_policy(list: &str, sandbox: Option<&Url>) -> Result<EgressPolicy, SettingError> {
    let policy: EgressPolicy = list
        .parse()
        .map_err(|error| wrong("CONNECTIONS_ALLOW_HOSTS", error))?;
    Ok(match sandbox.and_then(Origin::of) {
        Some(origin) => policy.allow(origin),
        None => policy,
    })
}

/// Addresses of reverse proxies.
pub(crate) fn proxies(list: &str) -> Result<Vec<IpAddr>, SettingError> {
    let entries = list.split([',', ' ']).filter(|entry| !entry.is_empty());
    let read = |entry: &str| {
        entry
            .parse::<IpAddr>()
            .map(|address| address.to_canonical())
            .map_err(|_| {
                wrong(
                    "CONNECTIONS_TRUSTED_PROXIES",
                    format!("{entry:?} is not an IP address"),
                )
            })
    };
    entries.map(read).collect()
}

/// The sandbox's issuer: its address as a browser on this machine reaches it.
pub(crate) fn sandbox_issuer(public: &PublicUrl, port: u16) -> Option<Url> {
    let host = public.url().host_str()?;
    Url::parse(&format!("http://{host}:{port}")).ok()
}

/// The engine's policy for a command-line choice.
pub(crate) const fn sign_up(choice: Option<SignUp>) -> SignUpPolicy {
    match choice {
        None => SignUpPolicy::First,
        Some(SignUp::Open) => SignUpPolicy::Open,
        Some(SignUp::Invite) => SignUpPolicy::Invite,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_and_https_beyond_this_machine() {
        for good in [
            "https://connect.example",
            "http://localhost:3000",
            "http://127.0.0.1:8080/",
            "http://[::1]:3000",
        ] {
            assert!(good.parse::<PublicUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://connect.example",
            "ftp://localhost",
            "https://a.example/x",
            "https://a.example/?q",
            "connect.example",
            "https://u@a.example",
        ] {
            let error = bad.parse::<PublicUrl>().unwrap_err().to_string();
            assert!(error.starts_with("CONNECTIONS_PUBLIC_URL: "), "{bad}: {error}");
        }
        let url: PublicUrl = "http://localhost:3000".parse().unwrap();
        assert_eq!(
            (url.origin().as_str(), url.authority().as_str()),
            ("http://localhost:3000", "localhost:3000")
        );
    }

    #[test]
    fn root_keys_are_required_and_never_repeated() {
        let keys = |text: Option<&str>| cli::Keys {
            root_keys: text.map(str::to_owned),
            root_keys_file: None,
        };
        assert!(
            root_keys(&keys(None))
                .unwrap_err()
                .to_string()
                .contains("no root key")
        );
        let error = root_keys(&keys(Some("k1:c2VjcmV0"))).unwrap_err().to_string();
        assert!(
            error.starts_with("CONNECTIONS_ROOT_KEYS: ") && !error.contains("c2VjcmV0"),
            "{error}"
        );
        let missing = cli::Keys {
            root_keys: None,
            root_keys_file: Some("/nonexistent/keys".into()),
        };
        assert!(
            root_keys(&missing)
                .unwrap_err()
                .to_string()
                .starts_with("CONNECTIONS_ROOT_KEYS_FILE: /nonexistent/keys")
        );
    }

    #[test]
    fn lists_name_the_bad_entry() {
        assert_eq!(proxies("10.0.0.1, ::1").map(|list| list.len()).ok(), Some(2));
        assert!(
            proxies("10.0.0.1,proxy")
                .unwrap_err()
                .to_string()
                .contains("\"proxy\"")
        );
        assert!(egress_policy("ftp://x", None).is_err());
    }
}
