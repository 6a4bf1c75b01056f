//! Who gets a job, when, and what may be written about it.

use super::{START, job, put, take, take_one};
use crate::queue::{CLAIM_LIMIT, JOB_LEASE_MS};
use crate::{Claimed, Error, JobId, extend, fail, finish, oldest_due, purge, retry_later};
use kernel::{Db, Tx};
use model::Time;
use sqlx::PgPool;
use std::collections::BTreeSet;

const DAY_MS: i64 = 86_400_000;

async fn finish_now(db: &Db, claimed: &Claimed, now: Time) -> Result<(), Error> {
    let mut tx: Tx = db.begin().await.unwrap();
    finish(&mut tx, claimed, now).await?;
    tx.commit().await.unwrap();
    Ok(())
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_workers_never_hold_one_job(pool: PgPool) {
    let db = Db::from_pool(pool);
    for n in 0..100 {
        put(&db, job(&n.to_string())).await;
    }
    let take_all = || async {
        let mut ids: Vec<JobId> = Vec::new();
        loop {
            let claimed = take(&db, START).await;
            if claimed.is_empty() {
                return ids;
            }
            assert!(claimed.len() <= CLAIM_LIMIT);
            ids.extend(claimed.iter().map(|job| job.id));
        }
    };
    let (left, right, third) = tokio::join!(take_all(), take_all(), take_all());
    let all: Vec<JobId> = [left, right, third].concat();
    let distinct: BTreeSet<JobId> = all.iter().copied().collect();
    assert_eq!((all.len(), distinct.len()), (100, 100));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_job_is_due_at_its_time_and_not_before(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    assert!(take(&db, START.plus_ms(-1)).await.is_empty());
    assert_eq!(oldest_due(&db, START.plus_ms(-1)).await.unwrap(), None);
    assert_eq!(oldest_due(&db, START.plus_ms(9_000)).await.unwrap(), Some(START));
    let claimed = take_one(&db, START).await;
    assert_eq!((claimed.run_at, claimed.attempt, claimed.payload["key"].as_str()), (START, 1, Some("a")));
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_dead_workers_job_is_taken_over_after_its_lease_and_it_cannot_finish_any_more(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    let dead = take_one(&db, START).await;
    assert!(take(&db, START.plus_ms(JOB_LEASE_MS - 1)).await.is_empty());
    let later = START.plus_ms(JOB_LEASE_MS);
    let alive = take_one(&db, later).await;
    assert_eq!((alive.id, alive.attempt), (dead.id, 2));
    assert!(matches!(finish_now(&db, &dead, later).await, Err(Error::LostJob { id }) if id == dead.id));
    finish_now(&db, &alive, later).await.unwrap();
    assert!(matches!(finish_now(&db, &alive, later).await, Err(Error::LostJob { .. })), "done is done");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn an_extended_job_stays_with_its_worker(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    let held = take_one(&db, START).await;
    let mut tx: Tx = db.begin().await.unwrap();
    extend(&mut tx, &held, START.plus_ms(20_000)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(take(&db, START.plus_ms(20_000 + JOB_LEASE_MS - 1)).await.is_empty());
    assert_eq!(take(&db, START.plus_ms(20_000 + JOB_LEASE_MS)).await.len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_retry_waits_longer_each_time(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    let mut now = START;
    for delay_ms in [1_000, 2_000, 4_000, 8_000] {
        let held = take_one(&db, now).await;
        let mut tx: Tx = db.begin().await.unwrap();
        let due_at = retry_later(&mut tx, &held, "no answer", now).await.unwrap();
        tx.commit().await.unwrap();
        assert!((delay_ms..delay_ms * 11 / 10).contains(&due_at.since(now)));
        assert!(take(&db, due_at.plus_ms(-1)).await.is_empty());
        now = due_at;
    }
    assert_eq!(take_one(&db, now).await.attempt, 5);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_failed_job_is_over_and_goes_after_ninety_days(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    let held = take_one(&db, START).await;
    let mut tx: Tx = db.begin().await.unwrap();
    fail(&mut tx, &held, "no such address", START).await.unwrap();
    assert_eq!(purge(&mut tx, START.plus_ms(90 * DAY_MS)).await.unwrap(), 0);
    assert_eq!(purge(&mut tx, START.plus_ms(90 * DAY_MS + 1)).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(take(&db, START.plus_ms(DAY_MS)).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn kinds_without_a_handler_are_left_alone(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, crate::Job { kind: "test.unknown".to_owned(), ..job("a") }).await;
    assert!(take(&db, START).await.is_empty());
}
