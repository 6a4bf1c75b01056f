//! When a job that could not be done is tried again. Pure.

use crate::job::JobId;
use model::Time;

const FIRST_MS: i64 = 1_000;
const LONGEST_MS: i64 = 600_000;

/// The moment of the next attempt, after attempt `attempt` (1 and up) ended at `now`: 1 s later, then 2 s, 4 s … 10 min, and up to a
/// tenth more. The spread comes from the job's id, so that jobs that failed together do not come back together, and a test knows it.
#[must_use]
pub fn next_try(now: Time, attempt: i32, id: JobId) -> Time {
    let delay_ms = delay_ms(attempt);
    let spread: i64 = i64::from(id.0.as_bytes()[15]);
    now.plus_ms(delay_ms + delay_ms * spread / 2_560)
}

fn delay_ms(attempt: i32) -> i64 {
    let doublings: u32 = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0).min(20);
    (FIRST_MS << doublings).min(LONGEST_MS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_delay_doubles_up_to_ten_minutes() {
        let delays: Vec<i64> = (1..=12).map(delay_ms).collect();
        let seconds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 600, 600];
        assert_eq!(delays, seconds.map(|second: i64| second * 1_000));
        assert_eq!(delay_ms(i32::MAX), LONGEST_MS);
        assert_eq!(delay_ms(0), FIRST_MS);
    }

    #[test]
    fn the_spread_is_less_than_a_tenth_and_never_early() {
        for last_byte in 0..=u8::MAX {
            let id = JobId(Uuid::from_u128(u128::from(last_byte)));
            let waited = next_try(Time(5_000), 3, id).since(Time(5_000));
            assert!((4_000..4_400).contains(&waited), "{waited}");
        }
    }
}
