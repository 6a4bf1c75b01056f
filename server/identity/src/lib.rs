#![doc = include_str!("../README.md")]

pub mod devices;
pub mod error;
pub mod passwords;
pub mod people;
pub mod preferences;
pub mod refused;
pub mod sessions;
pub mod setup;
pub mod signin;
pub mod teams;
pub mod tokens;

mod cache;
mod invitations;
mod secret;
mod store;
mod text;
mod throttle;

#[cfg(test)]
mod tests;

pub use error::{Error, Expected, Mistake};
pub use invitations::{Invitation, Invited, Join};
pub use passwords::rules::PasswordProblem;
pub use people::{Membership, Person, PersonRow};
pub use preferences::Preferences;
pub use refused::RefusedForm;
pub use sessions::{SessionRow, Who};
pub use setup::SetUp;
pub use signin::{SignIn, SignedIn};
pub use teams::{Member, TeamRow};
pub use tokens::{MadeToken, NewToken, TokenKind, TokenRow};

use cache::Cache;
use kernel::{Clock, Db};
use model::{Actor, Time};
use passwords::hasher::Hasher;
use std::sync::Arc;

/// The room. Cheap to clone; clones share the hashing permits and the look-up caches.
#[derive(Clone)]
pub struct Identity {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    clock: Arc<dyn Clock>,
    hasher: Hasher,
    sessions: Cache<sessions::Known>,
    tokens: Cache<Actor>,
}

impl Identity {
    /// On `db`, told the time by `clock`. Touches neither yet.
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self::with_hasher(db, clock, Hasher::for_this_machine())
    }

    fn with_hasher(db: Db, clock: Arc<dyn Clock>, hasher: Hasher) -> Self {
        Self { inner: Arc::new(Inner { db, clock, hasher, sessions: Cache::new(), tokens: Cache::new() }) }
    }

    /// How often a password has been hashed or verified since start. What the throttle turns away is not in it.
    #[must_use]
    pub fn password_hashes(&self) -> u64 {
        self.hasher().runs()
    }

    fn db(&self) -> &Db {
        &self.inner.db
    }

    fn hasher(&self) -> &Hasher {
        &self.inner.hasher
    }

    fn now(&self) -> Time {
        self.inner.clock.now()
    }

    /// After any change of who may do what: the next request of everybody looks again. Other replicas follow within the cache's life.
    fn forget_look_ups(&self) {
        self.inner.sessions.clear();
        self.inner.tokens.clear();
    }
}
