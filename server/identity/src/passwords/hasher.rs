//! argon2id beside the runtime: on blocking threads, one at a time per core, with a short queue. More at once would only take memory
//! and make every other screen slow.

use super::rules;
use crate::error::Error;
use argon2::password_hash::{Error as PhcError, PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{ARGON2ID_IDENT, Algorithm, Argon2, Params, Version};
use kernel::secrets::random_256;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long somebody waits for a permit before being told that we are overloaded.
const QUEUE: Duration = Duration::from_secs(2);
/// RFC 9106 section 3.1 recommends 16 bytes.
const SALT_BYTES: usize = 16;

/// How much work one hash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Cost {
    /// OWASP's minimum for argon2id (Password Storage Cheat Sheet); about 19 ms.
    pub const OURS: Self = Self { memory_kib: 19_456, passes: 2, lanes: 1 };

    fn argon2(self) -> Result<Argon2<'static>, PhcError> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, None).map_err(PhcError::from)?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    fn made(self, hash: &PasswordHash<'_>) -> Result<bool, PhcError> {
        let params = Params::try_from(hash)?;
        let cost = Self { memory_kib: params.m_cost(), passes: params.t_cost(), lanes: params.p_cost() };
        Ok(hash.algorithm == ARGON2ID_IDENT && cost == self)
    }

    /// A hash of nobody's password, so that verifying for a stranger takes as long as for a person.
    fn decoy(self) -> String {
        let Self { memory_kib, passes, lanes } = self;
        let (salt, output) = ("A".repeat(22), "A".repeat(43));
        format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${salt}${output}")
    }
}

/// What verifying found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub right: bool,
    /// Right, but hashed at another cost than ours: hash it anew.
    pub stale: bool,
}

const WRONG: Verdict = Verdict { right: false, stale: false };

/// Hashes and verifies.
pub(crate) struct Hasher {
    cost: Cost,
    permits: Arc<Semaphore>,
    queue: Duration,
    runs: AtomicU64,
}

impl Hasher {
    /// One permit per core.
    pub fn for_this_machine() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        Self::new(Cost::OURS, cores, QUEUE)
    }

    pub fn new(cost: Cost, permits: usize, queue: Duration) -> Self {
        Self { cost, permits: Arc::new(Semaphore::new(permits)), queue, runs: AtomicU64::new(0) }
    }

    /// How many times argon2 ran.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// A PHC string to store.
    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        let (cost, password) = (self.cost, password.to_owned());
        self.run(move || hash_now(cost, &password)).await
    }

    /// Compares with `stored`. Without one it does the same work and finds it wrong.
    pub async fn verify(&self, password: &str, stored: Option<String>) -> Result<Verdict, Error> {
        let cost = self.cost;
        let known = stored.is_some() && rules::is_possible(password);
        let password = if known { password.to_owned() } else { String::new() };
        let stored = stored.filter(|_| known).unwrap_or_else(|| cost.decoy());
        let verdict = self.run(move || verify_now(cost, &password, &stored)).await?;
        Ok(if known { verdict } else { WRONG })
    }

    async fn run<T, W>(&self, work: W) -> Result<T, Error>
    where
        T: Send + 'static,
        W: FnOnce() -> Result<T, PhcError> + Send + 'static,
    {
        let permit = self.permit().await?;
        self.runs.fetch_add(1, Ordering::Relaxed);
        // The permit travels with the work: a caller who goes away does not free the core that still hashes.
        let running = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        running.await.map_err(Error::HashingThread)?.map_err(Error::Hashing)
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, Error> {
        let waiting = Arc::clone(&self.permits).acquire_owned();
        match tokio::time::timeout(self.queue, waiting).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Error::Overloaded),
        }
    }
}

fn hash_now(cost: Cost, password: &str) -> Result<String, PhcError> {
    let random = random_256();
    let salt = SaltString::encode_b64(&random[..SALT_BYTES])?;
    let hash = cost.argon2()?.hash_password(password.as_bytes(), &salt)?;
    Ok(hash.to_string())
}

fn verify_now(cost: Cost, password: &str, stored: &str) -> Result<Verdict, PhcError> {
    let hash = PasswordHash::new(stored)?;
    // Cost and algorithm come from the stored hash.
    match Argon2::default().verify_password(password.as_bytes(), &hash) {
        Ok(()) => Ok(Verdict { right: true, stale: !cost.made(&hash)? }),
        Err(PhcError::Password) => Ok(WRONG),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

    fn hasher() -> Hasher {
        Hasher::new(CHEAP, 1, QUEUE)
    }

    #[tokio::test]
    async fn only_the_right_password_is_right() {
        let hasher = hasher();
        let stored = hasher.hash("correct horse").await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        let right = hasher.verify("correct horse", Some(stored.clone())).await.unwrap();
        assert_eq!(right, Verdict { right: true, stale: false });
        assert_eq!(hasher.verify("Correct horse", Some(stored)).await.unwrap(), WRONG);
    }

    #[tokio::test]
    async fn a_stranger_costs_one_run_like_everybody() {
        let hasher = hasher();
        assert_eq!(hasher.verify("anything at all", None).await.unwrap(), WRONG);
        assert_eq!(hasher.verify(&"x".repeat(10_000), None).await.unwrap(), WRONG);
        assert_eq!(hasher.runs(), 2);
    }

    #[tokio::test]
    async fn a_hash_of_another_cost_is_right_but_stale() {
        let stored = hasher().hash("correct horse").await.unwrap();
        let dearer = Hasher::new(Cost { passes: 2, ..CHEAP }, 1, QUEUE);
        let verdict = dearer.verify("correct horse", Some(stored)).await.unwrap();
        assert_eq!(verdict, Verdict { right: true, stale: true });
    }

    #[tokio::test]
    async fn without_a_permit_the_queue_ends_in_overloaded() {
        let hasher = Hasher::new(CHEAP, 0, Duration::from_millis(1));
        assert!(matches!(hasher.verify("correct horse", None).await, Err(Error::Overloaded)));
        assert_eq!(hasher.runs(), 0);
    }

    #[tokio::test]
    async fn an_unreadable_hash_is_an_error_not_a_refusal() {
        let verdict = hasher().verify("correct horse", Some("plain".to_owned())).await;
        assert!(matches!(verdict, Err(Error::Hashing(_))));
    }
}
