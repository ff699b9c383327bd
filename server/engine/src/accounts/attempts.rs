//! How many tries a guesser has. Three buckets: the account, the network address, and the browser from which
//! the owner signed in before. A known browser has a bucket of its own and is not held up by the other two, so
//! ten thousand foreign guesses do not lock the owner out.

use std::net::IpAddr;

use domain::{email::Email, problem::Problem};
use time::Duration;

use crate::{Engine, error::EngineError, random};

/// Where a try comes from.
#[derive(Debug, Clone, Copy, Default)]
pub struct Guess<'a> {
    /// The network address.
    pub address: &'a str,
    /// The cookie of a browser that signed in before, as it was sent.
    pub device: Option<&'a str>,
}

const WINDOW: Duration = Duration::minutes(15);
const PER_ACCOUNT: i32 = 10;
const PER_ADDRESS: i32 = 60;
const PER_DEVICE: i32 = 10;
const PURPOSE: &str = "device";

impl Engine {
    /// A cookie for a browser from which this account signed in: good for this account only.
    #[must_use]
    pub fn device_cookie(&self, email: &Email) -> String {
        let name = random::token();
        let signature = self.vault.sign(PURPOSE, &format!("{name} {email}"));
        format!("{name}.{signature}")
    }

    fn knows_device<'a>(&self, email: &Email, guess: &Guess<'a>) -> Option<&'a str> {
        let (name, signature) = guess.device?.split_once('.')?;
        self.vault
            .verify(PURPOSE, &format!("{name} {email}"), signature)
            .then_some(name)
    }

    /// Counts a try before anything is compared.
    pub(super) async fn count_attempt(&self, email: &Email, guess: &Guess<'_>) -> Result<(), EngineError> {
        let allowed = match self.knows_device(email, guess) {
            Some(device) => {
                self.store
                    .attempt(&subject("device", device), PER_DEVICE, WINDOW)
                    .await?
            }
            None => {
                let address = self
                    .store
                    .attempt(&subject("address", &network(guess.address)), PER_ADDRESS, WINDOW)
                    .await?;
                address
                    && self
                        .store
                        .attempt(&subject("account", email.as_str()), PER_ACCOUNT, WINDOW)
                        .await?
            }
        };
        let retry_after = WINDOW.whole_seconds().unsigned_abs();
        if allowed {
            Ok(())
        } else {
            Err(Problem::RateLimited { retry_after }.into())
        }
    }

    /// A right password clears the buckets that it used; the address's stays, since others may sit behind it.
    pub(super) async fn forget_attempts(&self, email: &Email, guess: &Guess<'_>) -> Result<(), EngineError> {
        let used = match self.knows_device(email, guess) {
            Some(device) => subject("device", device),
            None => subject("account", email.as_str()),
        };
        Ok(self.store.attempts_forget(&used).await?)
    }

    /// Counts the creation of an organization from an address.
    ///
    /// # Errors
    /// [`Problem::RateLimited`].
    pub async fn count_sign_up(&self, address: &str) -> Result<(), EngineError> {
        let allowed = self
            .store
            .attempt(&subject("sign-up", &network(address)), PER_ADDRESS, WINDOW)
            .await?;
        let retry_after = WINDOW.whole_seconds().unsigned_abs();
        if allowed {
            Ok(())
        } else {
            Err(Problem::RateLimited { retry_after }.into())
        }
    }
}

/// One bucket an IPv4 address or an IPv6 network of /64, which one household or server is given as a whole.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => format!("{:?}", &address.segments()[..4]),
        Ok(address) => address.to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Subjects are stored hashed: the table tells nobody's address.
fn subject(kind: &str, value: &str) -> [u8; 32] {
    random::sha256(format!("{kind}\0{value}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_network_is_one_guesser() {
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:2"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
