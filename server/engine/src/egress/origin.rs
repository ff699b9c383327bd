//! Scheme, host and port of an address: what a policy decides on, and all of an address that an error may show.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// The origin of an http or https address. Two spellings of one origin are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: Host<String>,
    port: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scheme {
    Http,
    Https,
}

/// Why a text is not an origin; the text names the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    #[error("it is not an address; write an origin such as https://api.example.com or http://127.0.0.1:4000")]
    NotAnAddress,
    #[error("its scheme is neither http nor https; write an origin such as https://api.example.com")]
    Scheme,
    #[error("it holds a user name or password; write the origin alone, such as https://api.example.com")]
    Userinfo,
    #[error("it goes on after the host; write the origin alone, such as https://api.example.com")]
    MoreThanAnOrigin,
}

impl Origin {
    /// The origin of `url`, if that is an http or https address.
    pub fn of(url: &Url) -> Option<Self> {
        let scheme = Scheme::of(url)?;
        let host = url.host()?.to_owned();
        let port = url.port().unwrap_or(scheme.usual_port());
        Some(Self { scheme, host, port })
    }

    pub(super) fn scheme(&self) -> Scheme {
        self.scheme
    }

    pub(super) fn host(&self) -> &Host<String> {
        &self.host
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

impl Scheme {
    fn of(url: &Url) -> Option<Self> {
        match url.scheme() {
            "http" => Some(Self::Http),
            "https" => Some(Self::Https),
            _ => None,
        }
    }

    fn usual_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text.trim()).map_err(|_| OriginError::NotAnAddress)?;
        let origin = Self::of(&url).ok_or(OriginError::Scheme)?;
        if has_userinfo(&url) {
            return Err(OriginError::Userinfo);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(OriginError::MoreThanAnOrigin);
        }
        Ok(origin)
    }
}

pub(super) fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.host)?;
        if self.port == self.scheme.usual_port() {
            return Ok(());
        }
        write!(f, ":{}", self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_origin_has_one_form() {
        for (given, normal) in [
            ("https://API.example.com", "https://api.example.com"),
            ("https://api.example.com:443/", "https://api.example.com"),
            ("http://localhost:80", "http://localhost"),
            ("http://127.1:4000", "http://127.0.0.1:4000"),
            (" http://[0::1]:4000 ", "http://[::1]:4000"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://api.example.com:443", "http://api.example.com:443"),
        ] {
            assert_eq!(given.parse::<Origin>().unwrap().to_string(), normal);
        }
    }

    #[test]
    fn what_is_not_an_origin() {
        for (given, error) in [
            ("", OriginError::NotAnAddress),
            ("api.example.com", OriginError::NotAnAddress),
            ("https://", OriginError::NotAnAddress),
            ("localhost:4000", OriginError::Scheme),
            ("ftp://api.example.com", OriginError::Scheme),
            ("file:///etc/passwd", OriginError::Scheme),
            ("https://user@api.example.com", OriginError::Userinfo),
            ("https://:word@api.example.com", OriginError::Userinfo),
            ("https://api.example.com/v2", OriginError::MoreThanAnOrigin),
            ("https://api.example.com/?x", OriginError::MoreThanAnOrigin),
            ("https://api.example.com/#x", OriginError::MoreThanAnOrigin),
        ] {
            assert_eq!(given.parse::<Origin>(), Err(error), "{given}");
        }
    }
}
