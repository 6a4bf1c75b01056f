//! The worker's loop: what becomes of jobs that are done, put off, hopeless, or blow up.

use super::{START, job, put, take, take_one};
use crate::{Claimed, Handler, Registry, Verdict, finish, run};
use async_trait::async_trait;
use kernel::{Clock, Db, TestClock, Tx};
use model::Time;
use sqlx::PgPool;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Far above what anything here takes; a hang fails instead of hanging.
const PATIENCE: Duration = Duration::from_secs(60);

/// Notes every job, answers with `verdict`, and ends the workers after `enough` jobs.
struct Noting {
    verdict: Verdict,
    max_attempts: i32,
    enough: usize,
    noted: Mutex<Vec<Claimed>>,
    shutdown: CancellationToken,
}

impl Noting {
    fn new(verdict: Verdict, enough: usize) -> Arc<Self> {
        let noted: Mutex<Vec<Claimed>> = Mutex::default();
        Arc::new(Self { verdict, max_attempts: 3, enough, noted, shutdown: CancellationToken::new() })
    }

    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<String> = self.noted.lock().unwrap().iter().map(|job| job.key.clone()).collect();
        keys.sort();
        keys
    }
}

#[async_trait]
impl Handler for Noting {
    fn kind(&self) -> &'static str {
        "test.work"
    }

    fn max_attempts(&self) -> i32 {
        self.max_attempts
    }

    async fn run(&self, job: &Claimed, _now: Time) -> Verdict {
        let mut noted = self.noted.lock().unwrap();
        noted.push(job.clone());
        if noted.len() >= self.enough {
            self.shutdown.cancel();
        }
        drop(noted);
        self.verdict.clone()
    }
}

/// One worker at `now`, until its handler has had enough.
async fn work(db: &Db, handler: &Arc<Noting>, now: Time) {
    let clock: Arc<dyn Clock> = Arc::new(TestClock::new(now));
    let handler: Arc<Noting> = Arc::clone(handler);
    let shutdown = handler.shutdown.clone();
    let registry = Registry::new().with(handler);
    tokio::time::timeout(PATIENCE, run(db.clone(), clock, registry, shutdown)).await.expect("it must end");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn two_workers_do_every_job_once(pool: PgPool) {
    let db = Db::from_pool(pool);
    let mut expected: Vec<String> = (100..200).map(|n| n.to_string()).collect();
    expected.sort();
    for key in &expected {
        put(&db, job(key)).await;
    }
    let handler = Noting::new(Verdict::Done, expected.len());
    tokio::join!(work(&db, &handler, START), work(&db, &handler, START));
    assert_eq!(handler.keys(), expected);
    assert!(take(&db, START.plus_ms(86_400_000)).await.is_empty(), "all are recorded as done");
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_job_that_is_put_off_comes_back(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    work(&db, &Noting::new(Verdict::Retry("no answer".to_owned()), 1), START).await;
    assert!(take(&db, START.plus_ms(999)).await.is_empty());
    assert_eq!(take_one(&db, START.plus_ms(1_100)).await.attempt, 2);
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_retry_of_the_last_attempt_is_a_failure(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    for attempt in 0..3 {
        let handler = Noting::new(Verdict::Retry("no answer".to_owned()), 1);
        work(&db, &handler, START.plus_ms(attempt * 10_000)).await;
    }
    assert!(take(&db, START.plus_ms(86_400_000)).await.is_empty());
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_job_whose_last_attempt_killed_its_worker_is_not_run_again(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    for attempt in 0..3 {
        take_one(&db, START.plus_ms(attempt * 30_000)).await;
    }
    put(&db, job("b")).await;
    let handler = Noting::new(Verdict::Done, 1);
    work(&db, &handler, START.plus_ms(90_000)).await;
    assert_eq!(handler.keys(), ["b"]);
    assert!(take(&db, START.plus_ms(86_400_000)).await.is_empty());
}

/// Panics, and ends the worker.
struct Exploding(CancellationToken);

#[async_trait]
impl Handler for Exploding {
    fn kind(&self) -> &'static str {
        "test.work"
    }

    async fn run(&self, _job: &Claimed, _now: Time) -> Verdict {
        self.0.cancel();
        panic!("as it must")
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_handler_that_panics_costs_an_attempt_and_not_the_worker(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    let shutdown = CancellationToken::new();
    let registry = Registry::new().with(Arc::new(Exploding(shutdown.clone())));
    let clock: Arc<dyn Clock> = Arc::new(TestClock::new(START));
    tokio::time::timeout(PATIENCE, run(db.clone(), clock, registry, shutdown)).await.expect("it must end");
    assert_eq!(take_one(&db, START.plus_ms(1_100)).await.attempt, 2);
}

/// Finishes its job in its own transaction, together with what it does.
struct Recording {
    db: Db,
    shutdown: CancellationToken,
}

#[async_trait]
impl Handler for Recording {
    fn kind(&self) -> &'static str {
        "test.work"
    }

    async fn run(&self, job: &Claimed, now: Time) -> Verdict {
        let mut tx: Tx = self.db.begin().await.unwrap();
        finish(&mut tx, job, now).await.unwrap();
        tx.commit().await.unwrap();
        self.shutdown.cancel();
        Verdict::Recorded
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_handler_may_record_the_end_itself(pool: PgPool) {
    let db = Db::from_pool(pool);
    put(&db, job("a")).await;
    let shutdown = CancellationToken::new();
    let registry = Registry::new().with(Arc::new(Recording { db: db.clone(), shutdown: shutdown.clone() }));
    let clock: Arc<dyn Clock> = Arc::new(TestClock::new(START));
    tokio::time::timeout(PATIENCE, run(db.clone(), clock, registry, shutdown)).await.expect("it must end");
    assert!(take(&db, START.plus_ms(86_400_000)).await.is_empty());
}
