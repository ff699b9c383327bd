//! A host to which a service's credentials may travel.
//!
//! An administrator lists them with the service (`allowed_hosts`); a credential goes nowhere else. An entry is a
//! host, `api.example.com`, with a port where it is not the usual one, `api.example.com:8443`, or a wildcard for
//! one or more labels below a host, `*.example.com`, which does not cover `example.com` itself.
//!
//! Entries and addresses go through the same WHATWG host parser, so case, IDNA and the odd spellings of an IPv4
//! address cannot make two hosts out of one. An entry says nothing about the scheme: whether plain http is
//! permitted is the operator's decision and asked elsewhere.
//!
//! A wildcard needs two labels below its star. That stops `*.com`; it does not know the public suffixes of more
//! than one label (`*.co.uk`), which would need a list that ages.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The longest name DNS can carry in text.
const MAX_NAME: usize = 253;
const MAX_LABEL: usize = 63;

/// One entry of a service's list of allowed hosts. `Display` gives the normal form, which parses to the same entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AllowedHost {
    wildcard: bool,
    host: Host<String>,
    port: Option<u16>,
}

/// Why an entry is not an allowed host; the text names the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AllowedHostError {
    #[error("enter a host such as api.example.com")]
    Empty,
    #[error("enter the host alone, such as api.example.com, without https:// and without a path")]
    NotAlone,
    #[error("this is not a valid host name; enter one such as api.example.com")]
    NotAHost,
    #[error("write the address in its usual form, such as 192.0.2.1 or [2001:db8::1]")]
    AddressForm,
    #[error("the port must be a number from 1 to 65535")]
    Port,
    #[error("a wildcard stands alone in front of a host with at least two parts, such as *.example.com")]
    Wildcard,
}

impl AllowedHost {
    /// The entry that covers exactly the host and port of `url`; None for a URL without a host.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        Some(Self {
            wildcard: false,
            host: url.host()?.to_owned(),
            port: url.port(),
        })
    }

    /// Whether this entry names the host and the port of `url`. Without a port of its own an entry means the
    /// usual port of the url's scheme.
    pub fn covers(&self, url: &Url) -> bool {
        let usual = match url.scheme() {
            "https" => 443,
            "http" => 80,
            _ => return false,
        };
        url.port().unwrap_or(usual) == self.port.unwrap_or(usual)
            && url.host().is_some_and(|host| self.covers_host(&host))
    }

    fn covers_host(&self, host: &Host<&str>) -> bool {
        match (&self.host, host) {
            (Host::Domain(mine), Host::Domain(theirs)) if self.wildcard => theirs
                .strip_suffix(mine.as_str())
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(|below| below.split('.').all(|label| !label.is_empty())),
            (Host::Domain(mine), Host::Domain(theirs)) => mine == theirs,
            (Host::Ipv4(mine), Host::Ipv4(theirs)) => mine == theirs,
            (Host::Ipv6(mine), Host::Ipv6(theirs)) => mine == theirs,
            _ => false,
        }
    }
}

impl FromStr for AllowedHost {
    type Err = AllowedHostError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AllowedHostError::Empty);
        }
        if text.contains(['/', '\\', '?', '#', '@']) {
            return Err(AllowedHostError::NotAlone);
        }
        let (wildcard, rest) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        if rest.contains('*') {
            return Err(AllowedHostError::Wildcard);
        }
        let (name, port) = split_port(rest)?;
        let host = parse_host(name)?;
        let at_least_two_labels = matches!(&host, Host::Domain(name) if name.contains('.'));
        if wildcard && !at_least_two_labels {
            return Err(AllowedHostError::Wildcard);
        }
        Ok(Self { wildcard, host, port })
    }
}

/// Splits `host:port`; the colons of an IPv6 address are inside its brackets.
fn split_port(text: &str) -> Result<(&str, Option<u16>), AllowedHostError> {
    let end_of_host = text.find(']').map_or(0, |bracket| bracket + 1);
    let Some(colon) = text[end_of_host..].find(':') else {
        return Ok((text, None));
    };
    let (host, port) = text.split_at(end_of_host + colon);
    let digits = &port[1..];
    if digits.contains(':') {
        return Err(AllowedHostError::AddressForm);
    }
    let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse::<u16>() {
        Ok(port) if all_digits && port != 0 => Ok((host, Some(port))),
        _ => Err(AllowedHostError::Port),
    }
}

fn parse_host(name: &str) -> Result<Host<String>, AllowedHostError> {
    // The parser would decode these, and what is shown would not be what was meant.
    if name.contains('%') {
        return Err(AllowedHostError::NotAHost);
    }
    let host = Host::parse(name).map_err(|_| AllowedHostError::NotAHost)?;
    match &host {
        Host::Domain(domain) if !is_plain_name(domain) => Err(AllowedHostError::NotAHost),
        // `0x7f.1` is 127.0.0.1 to every client: whoever means that writes it so.
        Host::Ipv4(address) if address.to_string() != name => Err(AllowedHostError::AddressForm),
        _ => Ok(host),
    }
}

fn is_plain_name(domain: &str) -> bool {
    domain.len() <= MAX_NAME
        && domain
            .split('.')
            .all(|label| (1..=MAX_LABEL).contains(&label.len()))
}

impl fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.wildcard { "*." } else { "" };
        write!(f, "{star}{}", self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

impl TryFrom<String> for AllowedHost {
    type Error = AllowedHostError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<AllowedHost> for String {
    fn from(host: AllowedHost) -> Self {
        host.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(text: &str) -> AllowedHost {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn covers(entry_text: &str, url: &str) -> bool {
        entry(entry_text).covers(&Url::parse(url).unwrap())
    }

    #[test]
    fn normal_form() {
        for (given, normal) in [
            ("api.zoom.us", "api.zoom.us"),
            ("  API.Zoom.US ", "api.zoom.us"),
            ("*.Example.com", "*.example.com"),
            ("api.example.com:8443", "api.example.com:8443"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("localhost:4000", "localhost:4000"),
            ("127.0.0.1:4000", "127.0.0.1:4000"),
            ("[2001:DB8::0:1]:8443", "[2001:db8::1]:8443"),
            ("*.example.com:8443", "*.example.com:8443"),
        ] {
            assert_eq!(entry(given).to_string(), normal);
            assert_eq!(entry(normal), entry(given));
        }
    }

    #[test]
    fn refused_entries() {
        use AllowedHostError::{AddressForm, Empty, NotAHost, NotAlone, Port, Wildcard};
        for (given, error) in [
            ("", Empty),
            ("  ", Empty),
            ("https://api.example.com", NotAlone),
            ("api.example.com/v2", NotAlone),
            ("api.example.com\\v2", NotAlone),
            ("user@api.example.com", NotAlone),
            ("api.example.com?x", NotAlone),
            ("api.example.com#x", NotAlone),
            ("api..example.com", NotAHost),
            (".example.com", NotAHost),
            ("api.example.com.", NotAHost),
            ("api example.com", NotAHost),
            ("%61pi.example.com", NotAHost),
            ("a<b.example.com", NotAHost),
            ("0x7f.0.0.1", AddressForm),
            ("127.1", AddressForm),
            ("2130706433", AddressForm),
            ("2001:db8::1", AddressForm),
            ("api.example.com:", Port),
            ("api.example.com:0", Port),
            ("api.example.com:+80", Port),
            ("api.example.com:65536", Port),
            ("api.example.com:80a", Port),
            ("*", Wildcard),
            ("*.com", Wildcard),
            ("*.localhost", Wildcard),
            ("*.127.0.0.1", Wildcard),
            ("*.*.example.com", Wildcard),
            ("api.*.example.com", Wildcard),
            ("*api.example.com", Wildcard),
            ("*.com:443", Wildcard),
        ] {
            assert_eq!(given.parse::<AllowedHost>(), Err(error), "{given}");
        }
        let long_label = format!("{}.example.com", "a".repeat(64));
        assert_eq!(long_label.parse::<AllowedHost>(), Err(NotAHost));
        let long_name = format!("{}example.com", "abcdefg.".repeat(32));
        assert_eq!(long_name.parse::<AllowedHost>(), Err(NotAHost));
    }

    #[test]
    fn covers_its_host_and_port_only() {
        for (listed, url, expected) in [
            ("api.example.com", "https://api.example.com/v2?x=1", true),
            ("api.example.com", "https://API.EXAMPLE.COM:443/", true),
            ("api.example.com:443", "https://api.example.com/", true),
            ("api.example.com", "https://api.example.com:8443/", false),
            ("api.example.com", "https://example.com/", false),
            ("api.example.com", "https://v2.api.example.com/", false),
            ("api.example.com", "https://api.example.com.evil.example/", false),
            ("api.example.com", "https://api.example.com@evil.example/", false),
            ("api.example.com", "https://api.example.com./", false),
            ("api.example.com:8443", "https://api.example.com:8443/", true),
            ("api.example.com:8443", "https://api.example.com/", false),
            ("api.example.com", "ftp://api.example.com/", false),
            ("api.example.com", "http://api.example.com/", true),
            ("api.example.com", "http://api.example.com:443/", false),
            ("bücher.example", "https://xn--bcher-kva.example/", true),
            ("bücher.example", "https://bu\u{308}cher.example/", true),
            ("127.0.0.1:4000", "http://127.0.0.1:4000/", true),
            ("127.0.0.1:4000", "http://0x7f.1:4000/", true),
            ("127.0.0.1:4000", "http://[::ffff:127.0.0.1]:4000/", false),
            ("[::1]:4000", "http://[0:0:0:0:0:0:0:1]:4000/", true),
        ] {
            assert_eq!(covers(listed, url), expected, "{listed} {url}");
        }
    }

    #[test]
    fn wildcard_covers_one_or_more_labels() {
        for (url, expected) in [
            ("https://a.example.com/", true),
            ("https://a.b.example.com/", true),
            ("https://example.com/", false),
            ("https://evilexample.com/", false),
            ("https://.example.com/", false),
            ("https://a..example.com/", false),
            ("https://a.example.com./", false),
            ("https://a.example.com:8443/", false),
            ("https://a.example.com.evil.example/", false),
        ] {
            // Where the parser itself refuses the address there is nothing to cover.
            let covered = Url::parse(url).is_ok_and(|url| entry("*.example.com").covers(&url));
            assert_eq!(covered, expected, "{url}");
        }
    }

    #[test]
    fn json_is_the_normal_form_and_is_checked() {
        let listed: AllowedHost = serde_json::from_str("\"API.example.com:8443\"").unwrap();
        assert_eq!(
            serde_json::to_string(&listed).unwrap(),
            "\"api.example.com:8443\""
        );
        let error = serde_json::from_str::<AllowedHost>("\"*.com\"")
            .unwrap_err()
            .to_string();
        assert!(error.contains("at least two parts"), "{error}");
    }
}
