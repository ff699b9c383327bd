//! Which headers a caller may set (security: request smuggling, impersonation of the credential).

/// Set by the server, meant for one hop, saying who the caller is, or changing method and path behind the back of the
/// rules: never the caller's to choose.
/// Hop-by-hop: RFC 9110 section 7.6.1. `accept-encoding`: a compressed answer cannot be searched for an echo of the
/// credential, so answers are asked for as they are.
const NOT_THE_CALLERS: [&str; 26] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-connections-user",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-method",
    "x-original-url",
    "x-real-ip",
    "x-rewrite-url",
];

/// Why a header of an invocation is refused; the text names the remedy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// Not a header name (RFC 9110 section 5.1).
    #[error("This is not a header name. Use letters, digits and -, such as Accept.")]
    Name,
    /// Ours to set.
    #[error("This header is set by the server. Leave it out.")]
    Ours,
    /// A line break or another control character.
    #[error("The value contains a line break or another control character. Remove it.")]
    Value,
}

/// Meant for one hop, saying where a request ends, which host it is for, or how its answer is packed. A connection to a
/// provider serves one request after the other, of everybody: a length that is not true would make the next one's head
/// part of this one's body (RFC 9112 section 11.2).
const NOT_A_SERVICES: [&str; 13] = [
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];

/// Whether a service may set this header on what is sent for it. Upper and lower case are the same.
#[must_use]
pub fn is_services(name: &str) -> bool {
    NOT_A_SERVICES
        .binary_search(&name.to_ascii_lowercase().as_str())
        .is_err()
}

/// Whether a caller may set this header. `name` in lower case.
#[must_use]
pub fn is_callers(name: &str) -> bool {
    NOT_THE_CALLERS.binary_search(&name).is_err()
        && !name.starts_with("x-forwarded-")
        && !name.starts_with("sec-")
}

/// Checks a header as a function wrote it.
///
/// # Errors
/// [`HeaderError`].
pub fn check(name: &str, value: &str) -> Result<(), HeaderError> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if name.is_empty() || name.len() > 100 || !name.bytes().all(token) {
        Err(HeaderError::Name)
    } else if !is_callers(&name.to_ascii_lowercase()) {
        Err(HeaderError::Ours)
    } else if value.chars().any(|c| c.is_control() && c != '\t') {
        Err(HeaderError::Value)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_frames_no_request() {
        assert!(NOT_A_SERVICES.is_sorted());
        for name in [
            "Content-Length",
            "transfer-encoding",
            "HOST",
            "Connection",
            "TE",
            "Upgrade",
        ] {
            assert!(!is_services(name), "{name}");
            assert!(!is_callers(&name.to_ascii_lowercase()), "{name}");
        }
        for name in ["Authorization", "Accept", "X-Api-Key", "Cookie", "Content-Type"] {
            assert!(is_services(name), "{name}");
        }
    }

    #[test]
    fn the_list_can_be_searched() {
        assert!(NOT_THE_CALLERS.is_sorted());
    }

    #[test]
    fn what_a_caller_may_set() {
        for name in [
            "accept",
            "content-type",
            "if-match",
            "x-request-id",
            "idempotency-key",
        ] {
            assert_eq!(check(name, "a value"), Ok(()), "{name}");
        }
        for name in [
            "Host",
            "AUTHORIZATION",
            "Transfer-Encoding",
            "Cookie",
            "X-Forwarded-For",
            "Sec-Fetch-Site",
        ] {
            assert_eq!(check(name, "x"), Err(HeaderError::Ours), "{name}");
        }
        for name in ["", "a b", "a:b", "ä", "a\r\nb"] {
            assert_eq!(check(name, "x"), Err(HeaderError::Name), "{name:?}");
        }
        for value in ["a\r\nHost: evil", "a\0b", "\u{7f}"] {
            assert_eq!(check("accept", value), Err(HeaderError::Value), "{value:?}");
        }
    }
}
