//! What is signed: the method, the address without its query, and every parameter (RFC 5849 section 3.4.1).

use url::Url;

use super::{
    Request, SignError,
    encode::{Octets, percent, read_form},
};

/// The signature base string (RFC 5849 section 3.4.1.1). `protocol` are the parameters of the `Authorization` header;
/// `realm` among them and `oauth_signature` anywhere are left out.
pub(super) fn base_string(request: &Request<'_>, protocol: &[(String, String)]) -> Result<String, SignError> {
    let address = address(request.url)?;
    let parameters = normalized(&collected(request, protocol));
    Ok([request.method.to_uppercase(), address, parameters]
        .map(percent)
        .join("&"))
}

/// The base string URI (RFC 5849 section 3.4.1.2). The parser has lowered scheme and host and dropped a default port;
/// the path stays as it is sent.
fn address(url: &Url) -> Result<String, SignError> {
    let host = url
        .host_str()
        .filter(|_| matches!(url.scheme(), "http" | "https"));
    let host = host.ok_or(SignError::Url)?;
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Ok(format!("{}://{host}{port}{}", url.scheme(), url.path()))
}

/// The parameters of all sources, decoded (RFC 5849 section 3.4.1.3.1).
fn collected(request: &Request<'_>, protocol: &[(String, String)]) -> Vec<Octets> {
    let query = read_form(request.url.query().unwrap_or_default());
    let header = protocol.iter().filter(|(name, _)| name != "realm").map(octets);
    let form = request.form.iter().map(octets);
    let all = query.into_iter().chain(header).chain(form);
    all.filter(|(name, _)| name != b"oauth_signature").collect()
}

fn octets((name, value): &(String, String)) -> Octets {
    (name.clone().into_bytes(), value.clone().into_bytes())
}

/// Encoded first, then sorted by name and value, so that the order is that of encoded text (RFC 5849 section
/// 3.4.1.3.2).
fn normalized(parameters: &[Octets]) -> String {
    let encoded = parameters
        .iter()
        .map(|(name, value)| (percent(name), percent(value)));
    let mut encoded: Vec<(String, String)> = encoded.collect();
    encoded.sort();
    let pairs: Vec<String> = encoded
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn the_example_of_section_3_4_1_1() {
        let url = Url::parse("http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b").unwrap();
        let request = Request {
            method: "post",
            url: &url,
            form: &pairs(&[("c2", ""), ("a3", "2 q")]),
        };
        let protocol = pairs(&[
            ("realm", "Example"),
            ("oauth_consumer_key", "9djdj82h48djs9d2"),
            ("oauth_token", "kkk9d7dh3k39sjv7"),
            ("oauth_signature_method", "HMAC-SHA1"),
            ("oauth_timestamp", "137131201"),
            ("oauth_nonce", "7d8f3e4a"),
            ("oauth_signature", "bYT5CMsGcbgUdFHObYMEfcx6bsw="),
        ]);
        assert_eq!(
            base_string(&request, &protocol).unwrap(),
            "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26\
             c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26\
             oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7"
        );
    }

    #[test]
    fn addresses_of_section_3_4_1_2() {
        for (url, expected) in [
            (
                "http://EXAMPLE.COM:80/r%20v/X?id=123",
                "http://example.com/r%20v/X",
            ),
            (
                "https://www.example.net:8080/?q=1",
                "https://www.example.net:8080/",
            ),
            ("https://example.net:443", "https://example.net/"),
            ("http://example.net:443/", "http://example.net:443/"),
            ("https://example.net:80/", "https://example.net:80/"),
            (
                "HTTPS://user:word@Example.net/a/./b//c;d#e",
                "https://example.net/a/b//c;d",
            ),
            ("http://[::1]:8080/%7euser/%2f", "http://[::1]:8080/%7euser/%2f"),
        ] {
            assert_eq!(address(&Url::parse(url).unwrap()).unwrap(), expected);
        }
        for url in ["ftp://example.net/", "mailto:a@example.net", "file:///etc"] {
            assert_eq!(address(&Url::parse(url).unwrap()), Err(SignError::Url), "{url}");
        }
    }

    #[test]
    fn parameters_are_sorted_as_encoded_text() {
        let url = Url::parse("https://a.example/?z=1&z=0&a%20b=2&a=%25&a=&&=&%c3%a9=%ff&a-=1&A=1&realm=mine")
            .unwrap();
        let request = Request {
            method: "GET",
            url: &url,
            form: &pairs(&[("z", "00"), ("", "x"), ("oauth_signature", "forged")]),
        };
        assert_eq!(
            normalized(&collected(&request, &[])),
            "=&=x&%C3%A9=%FF&A=1&a=&a=%25&a%20b=2&a-=1&realm=mine&z=0&z=00&z=1",
            "only the realm of the header is none of the parameters"
        );
    }

    #[test]
    fn unusual_methods_are_encoded() {
        let url = Url::parse("https://a.example/").unwrap();
        let request = Request {
            method: "m-search!",
            url: &url,
            form: &[],
        };
        assert_eq!(
            base_string(&request, &[]).unwrap(),
            "M-SEARCH%21&https%3A%2F%2Fa.example%2F&"
        );
    }

    proptest! {
        /// Where parameters stand and in which order makes no difference.
        #[test]
        fn order_and_source_do_not_matter(
            all in prop::collection::vec(("\\PC{0,6}", "\\PC{0,6}"), 0..8).prop_shuffle(),
            cut in 0usize..8,
        ) {
            let url = Url::parse("https://a.example/").unwrap();
            let one = base_string(&Request { method: "POST", url: &url, form: &all }, &[]).unwrap();
            let (query, form) = all.split_at(cut.min(all.len()));
            let mut long = url.clone();
            if !query.is_empty() {
                long.query_pairs_mut().extend_pairs(query);
            }
            let form: Vec<_> = form.iter().rev().cloned().collect();
            let other = base_string(&Request { method: "POST", url: &long, form: &form }, &[]).unwrap();
            prop_assert_eq!(&one, &other);
            prop_assert_eq!(one.split('&').count(), 3);
        }
    }
}
