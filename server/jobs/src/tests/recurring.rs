//! Schedules enqueue one job when their time has come.

use super::{START, take};
use crate::Schedule;
use crate::schedules::{ensure, remove, tick};
use kernel::{Db, Tx};
use model::Time;
use serde_json::json;
use sqlx::PgPool;

const HOUR_MS: i64 = 3_600_000;

fn hourly() -> Schedule {
    Schedule {
        name: "test.hourly".to_owned(),
        kind: "test.work".to_owned(),
        payload: json!({ "what": "sweep" }),
        every_ms: HOUR_MS,
        next_at: START,
    }
}

async fn write(db: &Db, schedule: &Schedule) {
    let mut tx: Tx = db.begin().await.unwrap();
    ensure(&mut tx, schedule).await.unwrap();
    tx.commit().await.unwrap();
}

async fn ticked(db: &Db, now: Time) -> usize {
    let mut tx: Tx = db.begin().await.unwrap();
    let enqueued = tick(&mut tx, now).await.unwrap();
    tx.commit().await.unwrap();
    enqueued
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_schedule_makes_one_job_for_each_occurrence(pool: PgPool) {
    let db = Db::from_pool(pool);
    write(&db, &hourly()).await;
    assert_eq!(ticked(&db, START.plus_ms(-1)).await, 0);
    assert_eq!((ticked(&db, START).await, ticked(&db, START).await), (1, 0));
    assert_eq!(ticked(&db, START.plus_ms(HOUR_MS)).await, 1);
    let jobs = take(&db, START.plus_ms(HOUR_MS)).await;
    assert_eq!(jobs.iter().map(|job| job.run_at.since(START)).collect::<Vec<i64>>(), [0, HOUR_MS]);
    assert_eq!(jobs[0].payload["what"], "sweep");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_standstill_is_made_up_for_by_one_job(pool: PgPool) {
    let db = Db::from_pool(pool);
    write(&db, &hourly()).await;
    assert_eq!(ticked(&db, START.plus_ms(10 * HOUR_MS + 5)).await, 1);
    assert_eq!(ticked(&db, START.plus_ms(11 * HOUR_MS - 1)).await, 0);
    assert_eq!(ticked(&db, START.plus_ms(11 * HOUR_MS)).await, 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn replicas_that_tick_at_once_make_one_job(pool: PgPool) {
    let db = Db::from_pool(pool);
    write(&db, &hourly()).await;
    let mut first: Tx = db.begin().await.unwrap();
    assert_eq!(tick(&mut first, START).await.unwrap(), 1);
    assert_eq!(ticked(&db, START).await, 0, "the row is in other hands");
    first.commit().await.unwrap();
    assert_eq!(take(&db, START).await.len(), 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn writing_a_schedule_again_keeps_its_place_unless_the_distance_changes(pool: PgPool) {
    let db = Db::from_pool(pool);
    write(&db, &hourly()).await;
    ticked(&db, START).await;
    write(&db, &hourly()).await;
    assert_eq!(ticked(&db, START.plus_ms(1)).await, 0);
    write(&db, &Schedule { every_ms: 2 * HOUR_MS, next_at: START.plus_ms(1), ..hourly() }).await;
    assert_eq!(ticked(&db, START.plus_ms(1)).await, 1);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_removed_schedule_is_silent(pool: PgPool) {
    let db = Db::from_pool(pool);
    write(&db, &hourly()).await;
    let mut tx: Tx = db.begin().await.unwrap();
    remove(&mut tx, "test.hourly").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ticked(&db, START).await, 0);
}
