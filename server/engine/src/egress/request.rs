//! What goes out and what comes back.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use url::Url;

use super::origin::Origin;

const DEADLINE: Duration = Duration::from_secs(15);
const MAX_BODY: usize = 64 * 1024;

/// One request. Headers, body and most of the address are taken for secret and do not show in `Debug`.
#[derive(Clone)]
pub struct Outbound {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Bytes>,
    /// From before the name is looked up until the answer is complete.
    pub deadline: Duration,
    /// The largest body of an answer that is read, in bytes.
    pub max_body: usize,
}

/// One complete answer, redirects and errors of the provider included.
#[derive(Clone)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The address that answered.
    pub remote: Option<SocketAddr>,
}

impl Outbound {
    /// A request without headers or body, with 15 seconds for an answer of at most 64 KiB.
    pub fn new(method: Method, url: Url) -> Self {
        let (headers, body) = (HeaderMap::new(), None);
        Self {
            method,
            url,
            headers,
            body,
            deadline: DEADLINE,
            max_body: MAX_BODY,
        }
    }

    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound")
            .field("method", &self.method)
            .field("origin", &Origin::of(&self.url).map(|origin| origin.to_string()))
            .field("body_length", &self.body.as_ref().map(Bytes::len))
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_length", &self.body.len())
            .field("remote", &self.remote)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_keeps_secrets() {
        let url = Url::parse("https://user:s3cret@api.example.com/s3cret?token=s3cret").unwrap();
        let outbound = Outbound::new(Method::POST, url)
            .header(
                http::header::AUTHORIZATION,
                HeaderValue::from_static("Bearer s3cret"),
            )
            .body("refresh_token=s3cret");
        let answer = Answer {
            status: StatusCode::OK,
            headers: outbound.headers.clone(),
            body: Bytes::from_static(b"s3cret"),
            remote: None,
        };
        let shown = format!("{outbound:?} {answer:?}");
        assert!(!shown.contains("s3cret"), "{shown}");
        assert!(
            shown.contains("https://api.example.com") && shown.contains("body_length: Some(20)"),
            "{shown}"
        );
    }
}
