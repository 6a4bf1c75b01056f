//! Leadership: who of several replicas does what only one may do.

use crate::error::Error;
use crate::store;
use kernel::{Db, Tx};
use model::Time;

/// How long a lease lasts without being renewed. A leader that died is replaced after this and one look of another replica.
pub const LEASE_MS: i64 = 15_000;

/// How often a leader renews: two renewals may fail before the lease ends.
pub const RENEW_EVERY_MS: i64 = 5_000;

/// The right to lead under a name, for an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// What is led: `alerting.evaluator`.
    pub name: String,
    pub owner: String,
    /// Grows with every change of leader, and fences the writes of earlier ones.
    pub epoch: i64,
    /// When it ends unless it is renewed.
    pub until: Time,
}

/// Hands out leases to one process.
#[derive(Clone, Debug)]
pub struct Leases {
    db: Db,
    owner: String,
}

impl Leases {
    /// For `owner`, which names this process and this start of it: a process that comes back under its old name must not believe that it
    /// still leads.
    #[must_use]
    pub fn new(db: Db, owner: String) -> Self {
        Self { db, owner }
    }

    /// Takes the lease of `name` when nobody holds it at `now`. `None` when somebody does (ourselves included: renew then), or while a
    /// guarded transaction of the last leader is still open.
    ///
    /// # Errors
    /// The database's.
    pub async fn acquire(&self, name: &str, now: Time) -> Result<Option<Lease>, Error> {
        let until = now.plus_ms(LEASE_MS);
        let mut tx = self.db.begin().await?;
        store::ensure_lease(&mut tx, name).await?;
        let epoch = store::take_lease(&mut tx, name, &self.owner, now, until).await?;
        tx.commit().await?;
        Ok(epoch.map(|epoch| Lease { name: name.to_owned(), owner: self.owner.clone(), epoch, until }))
    }

    /// The same lease, for another [`LEASE_MS`] from `now` on; also after its end, as long as nobody has taken it.
    ///
    /// # Errors
    /// [`Error::LostLease`] when somebody has. The database's.
    pub async fn renew(&self, lease: &Lease, now: Time) -> Result<Lease, Error> {
        let until = now.plus_ms(LEASE_MS);
        match store::prolong_lease(self.db.pool(), lease, until).await? {
            1 => Ok(Lease { until, ..lease.clone() }),
            _ => Err(lost(lease)),
        }
    }

    /// Gives the lease back, so that another replica need not wait for its end. Without effect when it is lost already.
    ///
    /// # Errors
    /// The database's.
    pub async fn release(&self, lease: &Lease, now: Time) -> Result<(), Error> {
        store::prolong_lease(self.db.pool(), lease, now).await?;
        Ok(())
    }
}

/// To be called in every transaction that only the leader may commit, before its first write: no other leader can be made until the
/// transaction ends.
///
/// # Errors
/// [`Error::LostLease`] when another leader was made: roll back and stop leading. The database's.
pub async fn guard(tx: &mut Tx, lease: &Lease) -> Result<(), Error> {
    if store::hold_lease(tx, lease).await? { Ok(()) } else { Err(lost(lease)) }
}

fn lost(lease: &Lease) -> Error {
    Error::LostLease { name: lease.name.clone(), epoch: lease.epoch }
}
