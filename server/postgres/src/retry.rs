//! When to start Postgres again. Pure.

use std::time::Duration;

/// A Postgres that ran this long was well: the next failure is a new story.
const WELL_AFTER: Duration = Duration::from_secs(60);

/// After a crash, orphans hold the shared memory for 1.8 to 2.7 s, and four to seven starts fail (measured over five crashes).
const STALE_PAUSE: Duration = Duration::from_millis(300);
const STALE_PATIENCE: Duration = Duration::from_secs(15);

const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How one run of Postgres ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    /// It had accepted connections.
    pub(crate) was_ready: bool,
    /// How long it ran.
    pub(crate) ran: Duration,
    /// Its last words.
    pub(crate) reason: String,
}

impl End {
    /// Whether it met the remains of an earlier Postgres.
    pub(crate) fn met_remains(&self) -> bool {
        !self.was_ready && (self.reason.contains("postmaster.pid") || self.reason.contains("shared memory block"))
    }
}

/// Remembers failures and says how long to wait.
#[derive(Clone, Debug, Default)]
pub(crate) struct Retry {
    failures: u32,
    waited_for_remains: Duration,
    ever_ready: bool,
}

impl Retry {
    /// The pause before the next start; `None` to give up, which happens only while it has never been ready: a caller is waiting for
    /// an answer then.
    pub(crate) fn after(&mut self, end: &End) -> Option<Duration> {
        if end.was_ready {
            self.ever_ready = true;
            self.waited_for_remains = Duration::ZERO;
        }
        if end.ran >= WELL_AFTER {
            self.failures = 0;
        }
        if end.met_remains() && self.waited_for_remains < STALE_PATIENCE {
            self.waited_for_remains += STALE_PAUSE + end.ran;
            return Some(STALE_PAUSE);
        }
        if !self.ever_ready {
            return None;
        }
        let pause = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(self.failures)).min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        Some(pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REMAINS: &str = "FATAL:  lock file \"postmaster.pid\" already exists";

    fn end(was_ready: bool, ran_s: u64, reason: &str) -> End {
        End { was_ready, ran: Duration::from_secs(ran_s), reason: reason.to_owned() }
    }

    #[test]
    fn the_first_start_gives_up_at_once_unless_remains_are_in_the_way() {
        let mut retry = Retry::default();
        assert_eq!(retry.after(&end(false, 0, "FATAL:  could not create any Unix-domain sockets")), None);
    }

    #[test]
    fn remains_are_given_fifteen_seconds() {
        let mut retry = Retry::default();
        let starts = std::iter::from_fn(|| retry.after(&end(false, 0, REMAINS))).count();
        assert_eq!(starts, 50);
    }

    #[test]
    fn once_it_was_ready_it_is_started_for_ever_at_most_ten_seconds_apart() {
        let mut retry = Retry::default();
        let mut pauses: Vec<u128> = Vec::new();
        for _ in 0..9 {
            pauses.extend(retry.after(&end(true, 1, "it was killed")).map(|pause| pause.as_millis()));
        }
        assert_eq!(pauses, [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
        assert_eq!(retry.after(&end(true, 60, "it was killed")), Some(FIRST_PAUSE));
    }
}
