//! Temporary credentials (RFC 5849, 2.1), and the token credentials that they become (2.3).

use crate::account::{ACCOUNTS, Account};
use crate::seal;
use crate::shelf::Shelf;

/// A temporary pair on its way through the browser.
#[derive(Clone)]
pub(crate) struct Temporary {
    pub(crate) consumer_key: String,
    pub(crate) secret: String,
    pub(crate) callback: String,
    /// Who allowed it, and what proves that the client heard of it.
    pub(crate) allowed: Option<(&'static Account, String)>,
    pub(crate) spent: bool,
}

/// A pair that calls are signed with. It does not end by itself.
#[derive(Clone)]
pub(crate) struct Granted {
    pub(crate) consumer_key: String,
    pub(crate) secret: String,
    pub(crate) account: &'static Account,
}

pub(crate) struct Tokens {
    temporary: Shelf<String, Temporary>,
    granted: Shelf<String, Granted>,
}

impl Tokens {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            temporary: Shelf::new(capacity),
            granted: Shelf::new(capacity),
        }
    }

    /// A new temporary pair: its token and its secret.
    pub(crate) fn begin(&mut self, consumer_key: &str, callback: &str) -> (String, String) {
        let (token, secret) = (seal::random_text(), seal::random_text());
        let temporary = Temporary {
            consumer_key: consumer_key.to_owned(),
            secret: secret.clone(),
            callback: callback.to_owned(),
            allowed: None,
            spent: false,
        };
        self.temporary.put(token.clone(), temporary);
        (token, secret)
    }

    /// A temporary pair that is still good.
    pub(crate) fn temporary(&self, token: &str) -> Option<&Temporary> {
        let temporary = self.temporary.get(&token.to_owned())?;
        (!temporary.spent).then_some(temporary)
    }

    /// The person has allowed it: the verifier.
    pub(crate) fn allow(&mut self, token: &str, account: &'static Account) -> Option<String> {
        let temporary = self.temporary.get_mut(&token.to_owned())?;
        let verifier = seal::random_text();
        temporary.allowed = Some((account, verifier.clone()));
        Some(verifier)
    }

    /// It is good for nothing any more.
    pub(crate) fn spend(&mut self, token: &str) {
        if let Some(temporary) = self.temporary.get_mut(&token.to_owned()) {
            temporary.spent = true;
        }
    }

    /// The token credentials of an account: token and secret.
    pub(crate) fn grant(&mut self, consumer_key: &str, account: &'static Account) -> (String, String) {
        let (token, secret) = (seal::random_text(), seal::random_text());
        let granted = Granted {
            consumer_key: consumer_key.to_owned(),
            secret: secret.clone(),
            account,
        };
        self.granted.put(token.clone(), granted);
        (token, secret)
    }

    pub(crate) fn granted(&self, token: &str) -> Option<&Granted> {
        self.granted.get(&token.to_owned())
    }
}

/// A fixed pair speaks for the first account.
pub(crate) fn fixed(consumer_key: &str, secret: &str) -> Granted {
    let [first, ..] = &ACCOUNTS;
    Granted {
        consumer_key: consumer_key.to_owned(),
        secret: secret.to_owned(),
        account: first,
    }
}
