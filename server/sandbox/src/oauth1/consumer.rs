//! The applications that sign as OAuth 1.0a has it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use url::Url;

use super::signature::SignatureMethod;
use crate::jwt::PublicKey;
use crate::quirks::Wanted;

const MAX_CONSUMERS: usize = 1_000;

/// A consumer, as it is registered. It holds secrets, so it has no `Debug`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consumer {
    /// The name shown on the consent page.
    pub application: String,
    pub secret: String,
    /// Compared as strings, but for a query of the moment's own behind one; `oob` is one, too.
    pub callbacks: Vec<String>,
    /// For RSA-SHA1.
    #[serde(default)]
    pub public_key: Option<PublicKey>,
    /// The signature methods that are taken; all of them by default.
    #[serde(default)]
    pub methods: Option<Vec<SignatureMethod>>,
    #[serde(default)]
    pub realm: Option<String>,
    #[serde(default = "post")]
    pub initiate_method: String,
    #[serde(default = "post")]
    pub token_method: String,
    #[serde(default = "yes")]
    pub callback_confirmed: bool,
    #[serde(default = "five_minutes")]
    pub skew_seconds: u64,
    #[serde(default)]
    pub authorize_parameters: Wanted,
    #[serde(default)]
    pub fixed_token: Option<FixedToken>,
}

/// Credentials that somebody copied from a page of the provider.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedToken {
    pub token: String,
    pub secret: String,
}

impl Consumer {
    pub(crate) fn takes(&self, method: SignatureMethod) -> bool {
        self.methods
            .as_ref()
            .is_none_or(|methods| methods.contains(&method))
    }

    /// Where the person goes back to; nowhere with `oob`.
    pub(crate) fn callback(&self, text: &str) -> Option<Option<Url>> {
        let own = |rest: &str| rest.is_empty() || rest.starts_with('?');
        if !self
            .callbacks
            .iter()
            .any(|known| text.strip_prefix(known).is_some_and(own))
        {
            return None;
        }
        if text == "oob" {
            return Some(None);
        }
        Url::parse(text).ok().map(Some)
    }

    fn is_usable(&self) -> bool {
        let web = |text: &String| {
            let scheme = Url::parse(text).ok().map(|url| url.scheme().to_owned());
            text == "oob" || matches!(scheme.as_deref(), Some("http" | "https"))
        };
        !self.secret.is_empty() && self.callbacks.iter().all(web)
    }
}

/// All consumers by key.
#[derive(Default)]
pub(crate) struct Consumers(BTreeMap<String, Arc<Consumer>>);

impl Consumers {
    pub(crate) fn get(&self, key: &str) -> Option<&Arc<Consumer>> {
        self.0.get(key)
    }

    /// Whether it was taken: there is room, and its addresses are those of the web.
    pub(crate) fn register(&mut self, key: &str, consumer: Consumer) -> bool {
        let room = self.0.len() < MAX_CONSUMERS || self.0.contains_key(key);
        let taken = room && consumer.is_usable();
        if taken {
            self.0.insert(key.to_owned(), Arc::new(consumer));
        }
        taken
    }
}

fn post() -> String {
    "POST".into()
}

fn yes() -> bool {
    true
}

fn five_minutes() -> u64 {
    300
}
