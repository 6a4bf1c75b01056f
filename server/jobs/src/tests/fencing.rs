//! Of several replicas one leads, and an earlier leader cannot write.

use super::START;
use crate::leases::LEASE_MS;
use crate::{Error, Lease, Leases, guard};
use kernel::{Db, Tx};
use model::Time;
use sqlx::PgPool;

const NAME: &str = "test.leader";

fn replicas(pool: PgPool) -> (Db, Leases, Leases) {
    let db = Db::from_pool(pool);
    (db.clone(), Leases::new(db.clone(), "a".to_owned()), Leases::new(db, "b".to_owned()))
}

async fn lead(replica: &Leases, now: Time) -> Lease {
    replica.acquire(NAME, now).await.unwrap().expect("nobody leads")
}

async fn may_write(db: &Db, lease: &Lease) -> bool {
    let mut tx: Tx = db.begin().await.unwrap();
    let guarded = guard(&mut tx, lease).await;
    // A dropped transaction rolls back some time later, and until then its lock would keep the next leader away.
    tx.rollback().await.unwrap();
    match guarded {
        Ok(()) => true,
        Err(Error::LostLease { epoch, .. }) if epoch == lease.epoch => false,
        Err(error) => panic!("{error}"),
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn one_leads_until_its_lease_ends(pool: PgPool) {
    let (_db, left, right) = replicas(pool);
    let lease = lead(&left, START).await;
    assert_eq!((lease.epoch, lease.until), (1, START.plus_ms(LEASE_MS)));
    let last = START.plus_ms(LEASE_MS - 1);
    assert_eq!(right.acquire(NAME, last).await.unwrap(), None);
    assert_eq!(left.acquire(NAME, last).await.unwrap(), None, "who leads renews");
    let renewed = left.renew(&lease, last).await.unwrap();
    assert_eq!((renewed.epoch, renewed.until), (1, last.plus_ms(LEASE_MS)));
    assert_eq!(right.acquire(NAME, START.plus_ms(LEASE_MS)).await.unwrap(), None);
    assert_eq!(lead(&right, renewed.until).await.epoch, 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn the_old_epoch_is_refused_once_another_leads(pool: PgPool) {
    let (db, left, right) = replicas(pool);
    let old = lead(&left, START).await;
    assert!(may_write(&db, &old).await);
    let new = lead(&right, old.until).await;
    assert!(!may_write(&db, &old).await);
    assert!(may_write(&db, &new).await);
    assert!(matches!(left.renew(&old, old.until).await, Err(Error::LostLease { .. })));
    left.release(&old, old.until).await.unwrap();
    assert!(may_write(&db, &new).await, "a late release takes nothing from the new leader");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn nobody_takes_over_while_the_leader_is_writing_and_it_can_still_renew(pool: PgPool) {
    let (db, left, right) = replicas(pool);
    let lease = lead(&left, START).await;
    let mut writing: Tx = db.begin().await.unwrap();
    guard(&mut writing, &lease).await.unwrap();
    assert_eq!(right.acquire(NAME, lease.until).await.unwrap(), None);
    let renewed = left.renew(&lease, START.plus_ms(5_000)).await.unwrap();
    writing.commit().await.unwrap();
    assert_eq!(lead(&right, renewed.until).await.epoch, 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_leader_that_is_late_leads_on_when_nobody_came(pool: PgPool) {
    let (db, left, _right) = replicas(pool);
    let lease = lead(&left, START).await;
    let renewed = left.renew(&lease, lease.until.plus_ms(60_000)).await.unwrap();
    assert_eq!(renewed.epoch, lease.epoch);
    assert!(may_write(&db, &renewed).await);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_released_lease_can_be_taken_at_once(pool: PgPool) {
    let (_db, left, right) = replicas(pool);
    let lease = lead(&left, START).await;
    left.release(&lease, START.plus_ms(1)).await.unwrap();
    assert_eq!(lead(&right, START.plus_ms(1)).await.epoch, 2);
}
