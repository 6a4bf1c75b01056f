//! How fast a provider is asked: a bucket of turns that fills by itself. A burst goes through at once, what comes after it keeps to the
//! rate, and what would have to wait for long is put off instead of holding a request open.

use super::SendError;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Longer waits are the outbox's: it asks the next channel meanwhile.
const LONGEST: Duration = Duration::from_secs(4);

#[derive(Clone, Copy, Debug)]
struct Level {
    /// Turns left; less than none are promised.
    turns: f64,
    at: Instant,
}

/// A bucket of one channel.
#[derive(Debug)]
pub(crate) struct Pace {
    burst: f64,
    per_second: f64,
    level: Mutex<Level>,
}

impl Pace {
    /// So many at once, and so many a second after that.
    pub(crate) fn new(burst: f64, per_second: f64) -> Self {
        Self { burst, per_second, level: Mutex::new(Level { turns: burst, at: Instant::now() }) }
    }

    /// Waits for a turn, or puts it off when that would take long.
    pub(crate) async fn turn(&self, who: &str) -> Result<(), SendError> {
        match self.take(Instant::now()) {
            Ok(wait) => {
                if !wait.is_zero() {
                    tokio::time::sleep(wait).await;
                }
                Ok(())
            }
            Err(wait) => Err(SendError::Retry { reason: format!("{who} takes no more so fast"), after: Some(wait) }),
        }
    }

    /// Takes a turn that is to be used after a wait; `Err` takes none and says how long it would have been.
    fn take(&self, now: Instant) -> Result<Duration, Duration> {
        let mut level: MutexGuard<'_, Level> = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let filled: f64 = now.saturating_duration_since(level.at).as_secs_f64() * self.per_second;
        let turns: f64 = (level.turns + filled).min(self.burst) - 1.0;
        let wait: Duration = Duration::from_secs_f64((-turns / self.per_second).clamp(0.0, 3_600.0));
        if wait > LONGEST {
            return Err(wait);
        }
        *level = Level { turns, at: level.at.max(now) };
        Ok(wait)
    }

    /// The provider says that nothing is taken for a while.
    pub(crate) fn rest(&self, rest: Duration) {
        let mut level: MutexGuard<'_, Level> = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let promised: f64 = -(rest.as_secs_f64().min(3_600.0) * self.per_second);
        level.turns = level.turns.min(promised + 1.0);
        level.at = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_goes_through_and_then_one_a_second() {
        let pace = Pace::new(3.0, 1.0);
        let now: Instant = Instant::now();
        let waits: Vec<u64> = (0..6).map(|_| pace.take(now).unwrap().as_secs_f64().round() as u64).collect();
        assert_eq!(waits, [0, 0, 0, 1, 2, 3]);
        let later: Instant = now + Duration::from_secs(60);
        assert_eq!(pace.take(later), Ok(Duration::ZERO), "it fills again");
    }

    #[test]
    fn what_would_wait_long_is_put_off_and_takes_no_turn() {
        let pace = Pace::new(1.0, 1.0);
        let now: Instant = Instant::now();
        for _ in 0..5 {
            pace.take(now).unwrap();
        }
        for _ in 0..3 {
            let wait: Duration = pace.take(now).unwrap_err();
            assert!(wait > LONGEST && wait < Duration::from_secs(6), "{wait:?}");
        }
    }

    #[test]
    fn a_provider_that_wants_rest_gets_it() {
        let pace = Pace::new(5.0, 2.5);
        pace.rest(Duration::from_secs(2));
        let wait: Duration = pace.take(Instant::now()).unwrap();
        assert!(wait > Duration::from_millis(1_500) && wait <= Duration::from_secs(2), "{wait:?}");
    }
}
