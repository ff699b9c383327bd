//! RFC 5849, 3.2: whether a request is signed by whom it says, now, and for the first time.

use std::sync::Arc;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri};

use crate::ledger::Flight;
use crate::memory::Memory;
use crate::oauth1::consumer::Consumer;
use crate::oauth1::message::Message;
use crate::oauth1::problem::Problem;
use crate::oauth1::signature::SignatureMethod;
use crate::{Sandbox, seal};

/// A request before anything is known about it.
pub(super) struct Request<'a> {
    pub(super) sandbox: &'a Sandbox,
    pub(super) flight: &'a Flight,
    pub(super) message: Message,
}

/// Who has signed.
pub(super) struct Signed {
    pub(super) key: String,
    pub(super) consumer: Arc<Consumer>,
}

impl<'a> Request<'a> {
    pub(super) fn read(
        sandbox: &'a Sandbox,
        flight: &'a Flight,
        (method, uri): (&Method, &Uri),
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Self {
        let base_uri = format!("{}{}", sandbox.settings().issuer(), uri.path());
        Self {
            sandbox,
            flight,
            message: Message::read(method, base_uri, uri.query(), headers, body),
        }
    }

    /// The consumer, before it has proved anything.
    pub(super) fn consumer(&self, memory: &mut Memory) -> Result<Signed, Problem> {
        let key = self.message.required("oauth_consumer_key")?;
        let consumer = memory.oauth1.consumers.get(key).cloned();
        let token = self.message.one("oauth_token")?;
        memory.ledger.edit(self.flight.sequence, |entry| {
            entry.client_id = consumer.as_ref().map(|_| key.to_owned());
            entry.fingerprint = token.map(seal::fingerprint);
        });
        let consumer = consumer.ok_or(Problem::new("consumer_key_unknown"))?;
        Ok(Signed {
            key: key.to_owned(),
            consumer,
        })
    }

    /// Everything that holds for all legs; `token_secret` is empty where there is no token yet.
    pub(super) fn verify(
        &self,
        memory: &mut Memory,
        signed: &Signed,
        token_secret: &str,
    ) -> Result<(), Problem> {
        let consumer = &signed.consumer;
        let name = self.message.required("oauth_signature_method")?;
        let method = SignatureMethod::named(name).ok_or(Problem::new("signature_method_rejected"))?;
        if !consumer.takes(method) {
            return Err(Problem::unmet("signature_method_rejected", "methods"));
        }
        if self
            .message
            .one("oauth_version")?
            .is_some_and(|version| version != "1.0")
        {
            return Err(Problem::new("version_rejected"));
        }
        if consumer.realm.is_some() && consumer.realm != self.message.realm {
            return Err(Problem::unmet("permission_denied", "realm"));
        }
        self.check_time(consumer, method)?;
        if !method.verifies(&self.message, consumer, token_secret) {
            return Err(Problem::new("signature_invalid"));
        }
        self.check_nonce(memory, &signed.key, method)
    }

    /// The HTTP method that the consumer's provider wants for this leg.
    pub(super) fn check_method(&self, wanted: &str, demand: &'static str) -> Result<(), Problem> {
        if self.message.method.as_str() == wanted {
            return Ok(());
        }
        Err(Problem::unmet("method_rejected", demand))
    }

    /// PLAINTEXT may do without (3.1); what is there must be right.
    fn check_time(&self, consumer: &Consumer, method: SignatureMethod) -> Result<(), Problem> {
        if method == SignatureMethod::Plaintext && self.message.one("oauth_timestamp")?.is_none() {
            return Ok(());
        }
        let told = self.message.required("oauth_timestamp")?;
        let told: u64 = told.parse().map_err(|_| Problem::new("parameter_rejected"))?;
        let now_s = self.sandbox.epoch_s();
        if now_s.abs_diff(told) > consumer.skew_seconds {
            return Err(Problem::timestamp(now_s, consumer.skew_seconds));
        }
        Ok(())
    }

    /// 3.3: once for each timestamp and token. Only what is signed well uses a nonce up.
    fn check_nonce(&self, memory: &mut Memory, key: &str, method: SignatureMethod) -> Result<(), Problem> {
        let nonce = self.message.one("oauth_nonce")?;
        if method == SignatureMethod::Plaintext && nonce.is_none() {
            return Ok(());
        }
        let nonce = self.message.required("oauth_nonce")?;
        let time = self.message.one("oauth_timestamp")?.unwrap_or_default();
        let token = self.message.one("oauth_token")?.unwrap_or_default();
        if memory.is_first(key, &format!("oauth1 {time} {token} {nonce}")) {
            Ok(())
        } else {
            Err(Problem::new("nonce_used"))
        }
    }
}
