//! Requests signed as OAuth 1.0a (RFC 5849 section 3), for a service and its credential.

use domain::service::{OAuth1, oauth1::SignatureMethod, oauth2::ParamType};
use http::{HeaderName, HeaderValue, header};
use url::Url;

use crate::{
    clock,
    known::Known,
    oauth1::{Client, Method, Request, SignError, Stamp, Token, sign},
    random,
    vault::Secret,
};

/// The consumer of a service, with a token once there is one.
#[derive(Clone, Copy)]
pub(crate) struct Signer<'a> {
    pub(crate) service: &'a OAuth1,
    pub(crate) consumer_secret: &'a Secret,
    pub(crate) token: Option<Token<'a>>,
    pub(crate) known: &'a Known,
    /// How far the provider's clock is from ours, in seconds.
    pub(crate) offset: i64,
}

/// A signature in its place.
pub(crate) enum Signature {
    /// A header to set, marked as sensitive.
    Header(HeaderName, HeaderValue),
    /// The URL with the signed parameters in its query.
    Url(Url),
}

impl Signer<'_> {
    /// Signs one request. `form` are the pairs of a form-encoded body; `extra` further protocol parameters.
    pub(crate) fn sign(
        &self,
        method: &str,
        url: &Url,
        form: &[(String, String)],
        extra: &[(&str, &str)],
    ) -> Result<Signature, String> {
        let client = Client {
            key: &self.service.consumer_key,
            secret: self.consumer_secret,
        };
        let nonce = random::token();
        let stamp = Stamp {
            nonce: &nonce,
            timestamp: clock::now().unix_timestamp() + self.offset,
        };
        let request = Request { method, url, form };
        let way = way(self.service.signature_method);
        let signed = sign(&request, &client, self.token, way, &stamp, extra);
        let signed = signed.map_err(|error: SignError| error.to_string())?;
        if self.service.param_type == ParamType::Query {
            let mut url = url.clone();
            signed.add_to_query(&mut url);
            return Ok(Signature::Url(url));
        }
        let realm = self.service.options.realm.as_ref();
        let realm = realm.map(|realm| realm.fill(|name| self.known.get(name)));
        let realm = realm.transpose().map_err(|error| error.to_string())?;
        let value = signed.header(realm.as_deref());
        let mut value =
            HeaderValue::from_bytes(value.bytes()).map_err(|_| "the signature does not fit into a header")?;
        value.set_sensitive(true);
        Ok(Signature::Header(header::AUTHORIZATION, value))
    }
}

const fn way(method: SignatureMethod) -> Method {
    match method {
        SignatureMethod::HmacSha1 => Method::HmacSha1,
        SignatureMethod::HmacSha256 => Method::HmacSha256,
        SignatureMethod::RsaSha1 => Method::RsaSha1,
        SignatureMethod::Plaintext => Method::Plaintext,
    }
}
