//! Which headers pass, in both directions.

use domain::call::header::is_callers;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use url::Url;

use super::mask::Mask;

/// Headers of an answer that are not for the caller: meant for one hop (RFC 9110 section 7.6.1), for a browser that
/// trusts the answering site, for a cache or a proxy between (which would take one organization's answer for
/// everybody's, or a provider's word for ours), or set by this server.
const NOT_PASSED_BACK: [&str; 44] = [
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "age",
    "alt-svc",
    "cache-control",
    "cdn-cache-control",
    "clear-site-data",
    "cloudflare-cdn-cache-control",
    "connection",
    "content-security-policy",
    "content-security-policy-report-only",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "expires",
    "keep-alive",
    "nel",
    "pragma",
    "proxy-authenticate",
    "proxy-connection",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "server-timing",
    "service-worker-allowed",
    "set-cookie",
    "strict-transport-security",
    "surrogate-control",
    "surrogate-key",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-content-type-options",
    "x-lighttpd-send-file",
    "x-lighttpd-send-tempfile",
    "x-litespeed-cache-control",
    "x-litespeed-location",
    "x-reproxy-url",
    "x-sendfile",
];

/// Says that an answer is the provider's, not ours: an error of ours never carries it.
pub(super) const FROM_PROVIDER: (HeaderName, HeaderValue) = (
    HeaderName::from_static("connections-answer"),
    HeaderValue::from_static("provider"),
);

/// The caller's headers without those that a caller may not set or that are meant for this hop alone.
pub(super) fn outward(mut headers: HeaderMap) -> HeaderMap {
    let of_this_hop = named_by_connection(&headers);
    let mut out = HeaderMap::with_capacity(headers.len() + 2);
    let mut current: Option<HeaderName> = None;
    for (name, value) in headers.drain() {
        if name.is_some() {
            current = name;
        }
        if let Some(name) = &current
            && is_callers(name.as_str())
            && !name.as_str().starts_with("connections-")
            && !of_this_hop.contains(name)
        {
            out.append(name.clone(), value);
        }
    }
    out.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    out
}

/// The provider's headers without those that are not for the caller; an echo of the credential is blotted out.
/// Addresses become whole ones: a relative one would lead a client to this server, with its key.
pub(super) fn inward(mut headers: HeaderMap, asked: &Url, mask: &Mask) -> HeaderMap {
    let of_this_hop = named_by_connection(&headers);
    let mut out = HeaderMap::with_capacity(headers.len() + 4);
    let mut current: Option<HeaderName> = None;
    for (name, value) in headers.drain() {
        if name.is_some() {
            current = name;
        }
        if let Some(name) = &current
            && NOT_PASSED_BACK.binary_search(&name.as_str()).is_err()
            && !name.as_str().starts_with("connections-")
            && !name.as_str().starts_with("x-accel-")
            && !of_this_hop.contains(name)
        {
            let value = match *name {
                header::LOCATION | header::CONTENT_LOCATION => whole(asked, value),
                _ => value,
            };
            out.append(name.clone(), mask.header(value));
        }
    }
    let (name, value) = FROM_PROVIDER;
    out.insert(name, value);
    // Opened in a browser, a provider's page must not run as one of ours.
    out.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'"),
    );
    out.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out
}

/// The address as it reads from where it was given; what is no address stays what it is.
fn whole(asked: &Url, value: HeaderValue) -> HeaderValue {
    let joined = value.to_str().ok().and_then(|text| asked.join(text).ok());
    joined
        .and_then(|url| HeaderValue::from_str(url.as_str()).ok())
        .unwrap_or(value)
}

/// Names that the Connection header declares to be of this hop.
fn named_by_connection(headers: &HeaderMap) -> Vec<HeaderName> {
    let values = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::Secret;

    fn map(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }
    fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn the_list_can_be_searched() {
        assert!(NOT_PASSED_BACK.is_sorted());
    }

    #[test]
    fn only_what_is_the_callers_goes_out() {
        let out = outward(map(&[
            ("accept", "text/html"),
            ("accept", "text/plain"),
            ("authorization", "Bearer cnx_1"),
            ("cookie", "a=b"),
            ("connection", "close, x-of-this-hop"),
            ("x-of-this-hop", "1"),
            ("x-forwarded-for", "127.0.0.1"),
            ("accept-encoding", "gzip"),
            ("connections-answer", "x"),
            ("x-request-id", "7"),
        ]));
        assert_eq!(names(&out), ["accept", "accept-encoding", "x-request-id"]);
        assert_eq!(out.get_all("accept").iter().count(), 2);
        assert_eq!(out["accept-encoding"], "identity");
    }

    #[test]
    fn only_what_is_for_the_caller_comes_back() {
        let mask = Mask::new([&Secret::text("s3cret-token".to_owned())]);
        let back = inward(
            map(&[
                ("content-type", "text/html"),
                ("set-cookie", "a=b"),
                ("connection", "x-of-this-hop"),
                ("x-of-this-hop", "1"),
                ("content-security-policy", "default-src *"),
                ("connections-answer", "ours"),
                ("location", "/next?token=s3cret-token"),
                ("cache-control", "public"),
                ("x-accel-redirect", "/internal"),
            ]),
            &Url::parse("https://api.example.com/v2/x").unwrap(),
            &mask,
        );
        assert_eq!(back["cache-control"], "no-store");
        let expected = [
            "cache-control",
            "connections-answer",
            "content-security-policy",
            "content-type",
            "location",
            "x-content-type-options",
        ];
        assert_eq!(names(&back), expected);
        assert_eq!(back["connections-answer"], "provider");
        assert_eq!(
            back["location"],
            "https://api.example.com/next?token=************"
        );
        assert!(
            back["content-security-policy"]
                .to_str()
                .unwrap()
                .starts_with("sandbox")
        );
    }
}
