//! The only place that knows what time it is. Everything else is told.
//!
//! A process has two clocks it could ask, and both are somebody's: the machine's, which an administrator or a hypervisor may set by an hour at
//! any moment, and the database's, which all replicas share and which is a question away. [`SharedClock`] takes the best of both: it runs by
//! the machine's monotonic clock, which nobody can set, and is put right by the database's every few seconds. So a jump of one machine's
//! clock is no jump for anybody, leases and due times mean the same in every replica, and while the database is gone time goes on.

use crate::db::Db;
use crate::ticks::Ticks;
use model::Time;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// A clock that drifts by 100 ppm, which is a bad one, is off by half a millisecond then.
const ASK_EVERY: Duration = Duration::from_secs(5);
/// An answer that took longer says too little of when it was given.
const MOST_ROUND_TRIP_MS: i64 = 2_000;
/// A correction by more is worth a word: somebody's clock was set, or another database answers.
const LARGE_MS: i64 = 5_000;
/// By how much the machine's clock is wrong on purpose.
static WRONG_BY_MS: AtomicI64 = AtomicI64::new(0);

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now, to the millisecond.
    fn now(&self) -> Time;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        Time::from_utc(chrono::Utc::now()).plus_ms(WRONG_BY_MS.load(Ordering::Relaxed))
    }
}

impl SystemClock {
    /// Makes the machine's clock wrong by so much for this whole process, as if somebody had set it: for whoever tests what becomes of
    /// pages then.
    pub fn set_wrong_by(ms: i64) {
        WRONG_BY_MS.store(ms, Ordering::Relaxed);
    }
}

/// The clock that replicas share.
#[derive(Debug)]
pub struct SharedClock {
    /// What the machine's clock said when this one began to run.
    began: Time,
    started: Instant,
    /// How far the database's clock is ahead of that.
    ahead_ms: AtomicI64,
}

impl SharedClock {
    /// Begins with what the machine's clock says.
    #[must_use]
    pub fn from_machine(machine: &dyn Clock) -> Self {
        Self { began: machine.now(), started: Instant::now(), ahead_ms: AtomicI64::new(0) }
    }

    /// Asks the database once, and is put right.
    ///
    /// # Errors
    /// The database's: then it runs on as it did.
    pub async fn ask(&self, db: &Db) -> Result<(), sqlx::Error> {
        let asked: Time = self.now();
        let told: Time = db.time().await?;
        self.put_right(asked, told, self.now());
        Ok(())
    }

    /// Asks again and again until `stop`. While nobody answers it runs on by itself.
    pub async fn follow(&self, db: &Db, stop: CancellationToken) {
        let mut ticks = Ticks::every(ASK_EVERY, stop);
        while ticks.next().await {
            // What is wrong with the database is said by those who need it for more.
            if let Err(error) = self.ask(db).await {
                tracing::debug!(%error, "the database could not be asked for the time");
            }
        }
    }

    /// Of a question asked and an answer heard by this clock: the answer was given somewhere between the two. What lies between them is no
    /// difference.
    fn put_right(&self, asked: Time, told: Time, heard: Time) {
        let round_trip_ms: i64 = heard.since(asked);
        if !(0..=MOST_ROUND_TRIP_MS).contains(&round_trip_ms) {
            return;
        }
        let off_ms: i64 = told.since(asked.plus_ms(round_trip_ms / 2));
        if off_ms.abs() <= round_trip_ms / 2 + 1 {
            return;
        }
        if off_ms.abs() > LARGE_MS {
            tracing::warn!(off_ms, "this clock is put right by the database's: a clock was set, or was wrong");
        }
        self.ahead_ms.fetch_add(off_ms, Ordering::SeqCst);
    }
}

impl Clock for SharedClock {
    fn now(&self) -> Time {
        let ran_ms: i64 = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.began.plus_ms(ran_ms.saturating_add(self.ahead_ms.load(Ordering::SeqCst)))
    }
}

/// A clock that stands still until a test moves it.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// Standing at `now`.
    #[must_use]
    pub fn new(now: Time) -> Self {
        Self(AtomicI64::new(now.0))
    }

    /// Jumps to `now`.
    pub fn set(&self, now: Time) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    /// Moves forward by `ms` milliseconds.
    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Time {
        Time(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::PgPool;

    const NOON: Time = Time(1_795_348_800_000);
    const HOUR_MS: i64 = 3_600_000;
    /// Far more than a test takes.
    const PATIENCE_MS: i64 = 60_000;

    /// How far two moments are from each other, in either direction.
    fn apart(one: Time, other: Time) -> i64 {
        one.since(other).abs()
    }

    #[test]
    fn a_machine_whose_clock_is_set_changes_nothing_for_who_runs_already() {
        let machine = TestClock::new(NOON);
        let shared = SharedClock::from_machine(&machine);
        for jump_ms in [HOUR_MS, -2 * HOUR_MS] {
            machine.advance_ms(jump_ms);
            assert!(apart(shared.now(), NOON) < PATIENCE_MS);
        }
    }

    #[test]
    fn an_answer_puts_it_right_within_what_it_can_know() {
        for (asked_ms, told_ms, heard_ms, expected_ms) in [
            (0, 0, 0, 0),
            (0, HOUR_MS, 0, HOUR_MS),
            (0, -HOUR_MS, 0, -HOUR_MS),
            (0, HOUR_MS + 50, 100, HOUR_MS),
            // Given just before it was heard: that is no difference.
            (0, 100, 100, 0),
            (0, 0, 100, 0),
            (0, 152, 100, 102),
            // Nobody knows when it was given.
            (0, HOUR_MS, MOST_ROUND_TRIP_MS + 1, 0),
            (100, HOUR_MS, 0, 0),
        ] {
            let shared = SharedClock::from_machine(&TestClock::new(NOON));
            shared.put_right(NOON.plus_ms(asked_ms), NOON.plus_ms(told_ms), NOON.plus_ms(heard_ms));
            assert_eq!(shared.ahead_ms.load(Ordering::SeqCst), expected_ms, "{asked_ms} {told_ms} {heard_ms}");
        }
    }

    #[sqlx::test(migrations = false)]
    async fn replicas_whose_machines_are_hours_apart_agree_once_they_have_asked(pool: PgPool) {
        let db = Db::from_pool(pool);
        let [early, late] = [-HOUR_MS, HOUR_MS].map(|ms| SharedClock::from_machine(&TestClock::new(NOON.plus_ms(ms))));
        assert!(apart(early.now(), late.now()) > HOUR_MS);
        early.ask(&db).await.unwrap();
        late.ask(&db).await.unwrap();
        assert!(apart(early.now(), late.now()) < PATIENCE_MS);
        assert!(apart(early.now(), db.time().await.unwrap()) < PATIENCE_MS);
        db.pool().close().await;
        assert!(early.ask(&db).await.is_err(), "then it runs on");
    }
}
