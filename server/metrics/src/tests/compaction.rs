//! Compaction changes where samples stand, never which there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use jobs::{Lease, Leases};
use kernel::{Db, TestClock};
use model::Time;
use sqlx::PgPool;

use super::{HOUR_MS, MINUTE_MS, NOON, at, clock, count, kill_whoever_waits, open, read_between, sample, write};
use crate::duplicates::{Raw, sort_unique};
use crate::{Compacted, Error, Metrics, STALE_NAN};

const DAY_MS: i64 = 24 * HOUR_MS;

/// Everything of a metric around the test's day.
async fn everything(metrics: &Metrics, metric: &str) -> Vec<(i64, u64)> {
    read_between(metrics, metric, NOON.plus_ms(-DAY_MS), NOON.plus_ms(3 * DAY_MS)).await
}

/// Waits until a replica has seen all that is committed.
async fn settle(metrics: &Metrics) {
    let mut connection = metrics.db.pool().acquire().await.unwrap();
    let writers = crate::store::writers::all(&mut connection).await.unwrap();
    drop(connection);
    while !metrics.state.has_applied(&writers) {
        tokio::task::yield_now().await;
    }
}

/// A sample every five minutes, from noon until `minutes` later, each written in its time.
async fn scrape(metrics: &Metrics, clock: &TestClock, metric: &str, minutes: i64) -> Vec<(i64, u64)> {
    let mut written: Vec<(i64, u64)> = Vec::new();
    for step in 0..=minutes / 5 {
        let now: Time = at(step * 5);
        clock.set(now);
        write(metrics, vec![sample(metric, now, step as f64), sample("other", now, 1.0)]).await;
        written.push((now.0, (step as f64).to_bits()));
    }
    written
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn compacted_samples_read_as_before_also_after_a_restart(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let expected: Vec<(i64, u64)> = scrape(&metrics, &clock, "steady", 5 * 60).await;
    assert_eq!(everything(&metrics, "steady").await, expected);

    let compacted: Compacted = metrics.compact().await.unwrap();
    assert_eq!((compacted.led, compacted.windows, compacted.late), (true, 2, 0));
    assert_eq!(compacted.samples, 2 * 48);
    assert_eq!(everything(&metrics, "steady").await, expected);
    assert_eq!(metrics.compact().await.unwrap().windows, 0);
    metrics.close().await;

    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(again.state.head.read().unwrap().floor(), at(4 * 60).0, "what stands in chunks is not read back");
    assert_eq!(everything(&again, "steady").await, expected);
    assert_eq!(read_between(&again, "steady", at(115), at(125)).await, expected[23..=25]);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn chunks_alone_hold_every_bit(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let bits: [u64; 5] = [STALE_NAN, 0x7ff8_0000_dead_beef, (-0.0_f64).to_bits(), 0.1_f64.to_bits(), f64::INFINITY.to_bits()];
    let samples = (0_i64..).zip(bits).map(|(step, bits)| sample("odd", NOON.plus_ms(step * 7_001), f64::from_bits(bits)));
    write(&metrics, samples.collect()).await;
    let expected: Vec<(i64, u64)> = (0_i64..).zip(bits).map(|(step, bits)| (NOON.0 + step * 7_001, bits)).collect();
    clock.set(at(150));
    assert_eq!(metrics.compact().await.unwrap().windows, 1);
    metrics.close().await;
    // Nothing but the chunks is left to read.
    clock.set(at(6 * 60));
    sqlx::query("truncate metric_batch").execute(&pool).await.unwrap();
    let again: Arc<Metrics> = open(&pool, &clock).await;
    assert_eq!(everything(&again, "odd").await, expected);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_window_behind_the_head_is_made_from_its_batches(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let expected: Vec<(i64, u64)> = scrape(&metrics, &clock, "steady", 3 * 60).await;
    metrics.close().await;
    clock.set(at(12 * 60));
    let again: Arc<Metrics> = open(&pool, &clock).await;
    let compacted: Compacted = again.compact().await.unwrap();
    assert_eq!((compacted.windows, compacted.samples), (2, 2 * 37));
    assert_eq!(everything(&again, "steady").await, expected);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn what_is_late_is_read_at_once_and_compacted_when_nothing_more_can_come(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let mut expected: Vec<(i64, u64)> = scrape(&metrics, &clock, "steady", 145).await;
    assert_eq!(metrics.compact().await.unwrap().windows, 1);
    metrics.close().await;

    clock.set(at(210));
    let again: Arc<Metrics> = open(&pool, &clock).await;
    let late: Time = at(103);
    assert!(again.state.head.read().unwrap().floor() > late.0);
    write(&again, vec![sample("steady", late, 0.25)]).await;
    expected.push((late.0, 0.25_f64.to_bits()));
    expected.sort_unstable();
    assert_eq!(everything(&again, "steady").await, expected);
    assert_eq!(again.compact().await.unwrap(), Compacted { led: true, ..Compacted::default() });

    clock.set(at(265));
    let compacted: Compacted = again.compact().await.unwrap();
    assert_eq!((compacted.windows, compacted.late), (1, 1));
    assert_eq!(count(&pool, "select count(*) from metric_chunk where run = 1").await, 1);
    assert_eq!(everything(&again, "steady").await, expected);
    assert_eq!(again.compact().await.unwrap().late, 0);
    again.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_compaction_that_dies_before_its_watermark_leaves_everything_as_it_was(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    let expected: Vec<(i64, u64)> = scrape(&metrics, &clock, "steady", 145).await;
    let mut blocker = pool.begin().await.unwrap();
    sqlx::query("lock table metric_window in exclusive mode").execute(&mut *blocker).await.unwrap();
    let compacting: Arc<Metrics> = Arc::clone(&metrics);
    let dying = tokio::spawn(async move { compacting.compact().await });
    kill_whoever_waits(&pool, "insert into metric_window %").await;
    assert!(matches!(dying.await.unwrap(), Err(Error::Database(_))));
    blocker.rollback().await.unwrap();

    assert_eq!(count(&pool, "select count(*) from metric_chunk").await, 0);
    assert_eq!(everything(&metrics, "steady").await, expected);
    assert_eq!(metrics.compact().await.unwrap().windows, 1);
    assert_eq!(everything(&metrics, "steady").await, expected);
    metrics.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn of_two_replicas_one_compacts(pool: PgPool) {
    let clock = clock();
    let one: Arc<Metrics> = open(&pool, &clock).await;
    let two: Arc<Metrics> = open(&pool, &clock).await;
    let expected: Vec<(i64, u64)> = scrape(&one, &clock, "steady", 145).await;
    settle(&two).await;
    let (first, second) = tokio::join!(one.compact(), two.compact());
    assert_eq!(first.unwrap().windows + second.unwrap().windows, 1);
    assert_eq!(count(&pool, "select count(*) from metric_window where runs = 1").await, 1);
    assert_eq!(everything(&one, "steady").await, expected);
    assert_eq!(everything(&two, "steady").await, expected);
    one.close().await;
    two.close().await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn a_leader_of_an_earlier_epoch_writes_nothing(pool: PgPool) {
    let clock = clock();
    let metrics: Arc<Metrics> = open(&pool, &clock).await;
    scrape(&metrics, &clock, "steady", 145).await;
    let leases = |owner: &str| Leases::new(Db::from_pool(pool.clone()), owner.to_owned());
    let earlier: Lease = leases("earlier").acquire("metrics.compaction", at(145)).await.unwrap().unwrap();
    assert!(!metrics.compact().await.unwrap().led);
    leases("later").acquire("metrics.compaction", at(146)).await.unwrap().unwrap();
    let refused = metrics.compactor.lead(&earlier).await;
    assert!(matches!(refused, Err(Error::Lease(jobs::Error::LostLease { .. }))));
    assert_eq!(count(&pool, "select count(*) from metric_chunk").await, 0);
    metrics.close().await;
}

/// Numbers without a pattern, the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// One write: some series, times up to two hours late, few distinct values, so that they meet.
fn throw(dice: &mut Dice, now: Time, written: &mut BTreeMap<String, Vec<Raw>>) -> Vec<crate::Sample> {
    let values: [f64; 4] = [1.0, 2.5, -0.0, f64::from_bits(STALE_NAN)];
    let mut samples: Vec<crate::Sample> = Vec::new();
    for _ in 0..=dice.below(6) {
        let metric: String = format!("metric_{}", dice.below(4));
        let late: u64 = if dice.below(3) == 0 { dice.below(115) } else { dice.below(2) };
        let when: Time = now.plus_ms(-(late as i64) * MINUTE_MS);
        let value: f64 = values[dice.below(4) as usize];
        samples.push(sample(&metric, when, value));
        written.entry(metric).or_default().push((when.0, value.to_bits()));
    }
    samples
}

async fn compare(metrics: &Metrics, written: &BTreeMap<String, Vec<Raw>>, said: &str) {
    for (metric, samples) in written {
        let mut expected: Vec<Raw> = samples.clone();
        sort_unique(&mut expected);
        assert_eq!(everything(metrics, metric).await, expected, "{metric} {said}");
    }
}

/// Two replicas, random writes, late ones among them; compaction, house-keeping and restarts at random moments.
async fn live_through(pool: &PgPool, seed: u64) {
    let clock = clock();
    let mut dice = Dice(seed);
    let mut written: BTreeMap<String, Vec<Raw>> = BTreeMap::new();
    let mut replicas: [Arc<Metrics>; 2] = [open(pool, &clock).await, open(pool, &clock).await];
    for step in 0..90 {
        clock.set(at(step * 7));
        let chosen: usize = dice.below(2) as usize;
        let samples = throw(&mut dice, at(step * 7), &mut written);
        write(&replicas[chosen], samples).await;
        match dice.below(12) {
            0 | 1 => {
                replicas[chosen].compact().await.unwrap();
            }
            2 => replicas[chosen].maintain().await.unwrap(),
            3 => {
                replicas[chosen].close().await;
                replicas[chosen] = open(pool, &clock).await;
            }
            4 => {
                settle(&replicas[chosen]).await;
                compare(&replicas[chosen], &written, "on the way").await;
            }
            _ => {}
        }
    }
    for round in 0..3_i64 {
        clock.advance_ms(3 * HOUR_MS);
        for replica in &replicas {
            settle(replica).await;
            compare(replica, &written, &format!("of seed {seed} in round {round}")).await;
            replica.compact().await.unwrap();
            replica.maintain().await.unwrap();
        }
    }
    assert_eq!(count(pool, "select count(*) from metric_batch").await, 0, "everything stands in chunks");
    for replica in &replicas {
        compare(replica, &written, "out of chunks").await;
        replica.close().await;
    }
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whatever_happens_the_same_samples_come_out(pool: PgPool) {
    live_through(&pool, 1).await;
}

#[sqlx::test(migrator = "kernel::MIGRATOR")]
async fn whatever_happens_the_same_samples_come_out_again(pool: PgPool) {
    live_through(&pool, 20_261_122).await;
}
