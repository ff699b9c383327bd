//! Parameters to a request: in a form, in a JSON object or in the query.

use domain::{
    call::header::is_services,
    service::{OAuth2, oauth2::options::Encoding},
};
use form_urlencoded::Serializer;
use http::{HeaderName, HeaderValue, Method, header};
use serde_json::{Map, Value};
use url::Url;

use super::{accept_json, sensitive};
use crate::egress::Outbound;

/// Parameters in order; a later one of the same name takes the place of an earlier one. Does not print: most are secret.
#[derive(Clone, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Sets a parameter.
    pub(crate) fn set(&mut self, name: &str, value: String) {
        match self.0.iter_mut().find(|(other, _)| other == name) {
            Some(pair) => pair.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Sets a parameter of the standard under the provider's name for it. An empty one is left out, as providers want
    /// it, and so is one that the provider does not take.
    pub(crate) fn set_named(&mut self, oauth2: &OAuth2, standard: &str, value: String) {
        if let (Some(name), false) = (oauth2.name_of(standard), value.is_empty()) {
            self.set(name, value);
        }
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }
}

/// A request that is being put together.
pub(crate) struct Message {
    url: Url,
    method: Method,
    headers: Vec<(String, String)>,
    /// How its parameters are sent.
    pub(crate) encoding: Encoding,
    /// Its parameters.
    pub(crate) parameters: Parameters,
}

impl Message {
    pub(crate) fn new(url: Url, method: Method) -> Self {
        Self {
            url,
            method,
            headers: Vec::new(),
            encoding: Encoding::default(),
            parameters: Parameters::default(),
        }
    }

    pub(crate) fn header(&mut self, name: &str, value: String) {
        self.headers.push((name.to_owned(), value));
    }

    pub(crate) fn authorization(&mut self, value: String) {
        self.header("authorization", value);
    }

    /// The request. Every header is taken for secret.
    pub(crate) fn outbound(self) -> Outbound {
        let pairs = self.parameters.pairs();
        let mut url = self.url;
        let body = match self.encoding {
            Encoding::Form => {
                let form = Serializer::new(String::new()).extend_pairs(pairs).finish();
                Some(("application/x-www-form-urlencoded", form))
            }
            Encoding::Json => {
                let members: Map<String, Value> = pairs
                    .iter()
                    .map(|(name, value)| (name.clone(), Value::String(value.clone())))
                    .collect();
                Some(("application/json", Value::Object(members).to_string()))
            }
            Encoding::Query => {
                if !pairs.is_empty() {
                    url.query_pairs_mut().extend_pairs(pairs);
                }
                None
            }
        };
        let mut outbound = accept_json(Outbound::new(self.method, url));
        if let Some((kind, body)) = body {
            outbound = outbound
                .header(header::CONTENT_TYPE, HeaderValue::from_static(kind))
                .body(body);
        }
        for (name, value) in &self.headers {
            if let Ok(name) = HeaderName::from_bytes(name.as_bytes())
                && is_services(name.as_str())
            {
                outbound = sensitive(outbound, name, value);
            }
        }
        outbound
    }
}
