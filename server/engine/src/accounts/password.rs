//! Passwords: Argon2id with 46 MiB, two passes, one lane (OWASP's password storage cheat sheet asks for at
//! least 19 MiB; ASVS 5.0 appendix C for 46 MiB). Hashing takes memory and a core, so only a few run at a time
//! and none on the threads that serve requests.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use domain::problem::Problem;
use tokio::sync::Semaphore;

use crate::{error::EngineError, random, vault::Secret};

const MEMORY_KIB: u32 = 47_104;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// At once: two hashes hold 92 MiB for a fraction of a second.
const AT_ONCE: usize = 2;
/// More than this many waiting are sent away: at a quarter of a second each, nobody waits longer.
const WAITING: usize = 40;

/// Hashes and verifies.
pub(crate) struct Hasher {
    places: Semaphore,
    /// Running and waiting.
    admitted: Semaphore,
}

impl Hasher {
    pub(crate) fn new() -> Self {
        Self {
            places: Semaphore::new(AT_ONCE),
            admitted: Semaphore::new(AT_ONCE + WAITING),
        }
    }

    /// A PHC string with a salt of its own.
    pub(crate) async fn hash(&self, password: &Secret) -> Result<String, EngineError> {
        let password = password.clone();
        self.run(move || hash_now(&password))
            .await?
            .ok_or(EngineError::Interrupted)
    }

    /// Whether the password is right. Without a stored hash the same work is done and the answer is no.
    pub(crate) async fn verify(
        &self,
        password: &Secret,
        stored: Option<String>,
    ) -> Result<bool, EngineError> {
        let password = password.clone();
        self.run(move || match stored {
            Some(stored) => verify_now(&password, &stored),
            None => {
                let _ = hash_now(&password);
                false
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, EngineError> {
        let busy = || EngineError::Problem(Problem::RateLimited { retry_after: 10 });
        let _admitted = self.admitted.try_acquire().map_err(|_| busy())?;
        let _place = self
            .places
            .acquire()
            .await
            .map_err(|_| EngineError::Interrupted)?;
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|_| EngineError::Interrupted)
    }
}

fn argon2() -> Option<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).ok()?;
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash_now(password: &Secret) -> Option<String> {
    let salt = random::bytes::<16>();
    argon2()?
        .hash_password_with_salt(password.bytes(), &salt)
        .ok()
        .map(|hash| hash.to_string())
}

fn verify_now(password: &Secret, stored: &str) -> bool {
    let (Some(argon2), Ok(hash)) = (argon2(), PasswordHash::new(stored)) else {
        return false;
    };
    argon2.verify_password(password.bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn verifies_its_own_and_nothing_else() {
        let hasher = Hasher::new();
        let password = Secret::text("correct horse battery".into());
        let hash = hasher.hash(&password).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=47104,t=2,p=1$"), "{hash}");
        assert!(hasher.verify(&password, Some(hash.clone())).await.unwrap());
        assert!(
            !hasher
                .verify(&Secret::text("correct horse batter".into()), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!hasher.verify(&password, None).await.unwrap());
        assert!(!hasher.verify(&password, Some("garbage".into())).await.unwrap());
        assert_ne!(hasher.hash(&password).await.unwrap(), hash, "a salt of its own");
    }
}
