//! Which ticks of a group are due. Ticks are the multiples of its interval since the Unix epoch, so that every evaluator and every
//! restart agrees on them.

use crate::state::CATCH_UP_MS;
use model::Time;

/// Who evaluated the newest tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Predecessor {
    /// This very process: ticks that are overdue were missed because it is too slow, and doing them late would only make it slower.
    Ourselves,
    /// Somebody else, or this process before it was stopped: overdue ticks were missed in an outage.
    Other,
}

/// What is to be done now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// To be evaluated, in order.
    pub ticks: Vec<Time>,
    /// Left out for good.
    pub skipped: i64,
    /// How long nobody evaluated before the first of `ticks`; 0 unless too long to be caught up.
    pub outage_ms: i64,
}

/// The ticks after `last_tick` up to `now`. A clock that stands behind `last_tick` has nothing due.
#[must_use]
pub fn due(last_tick: Option<Time>, now: Time, interval_ms: i64, predecessor: Predecessor) -> Due {
    let newest: i64 = now.0.div_euclid(interval_ms) * interval_ms;
    let Some(last_tick) = last_tick else {
        return Due { ticks: vec![Time(newest)], ..Due::default() };
    };
    // After a change of the interval the last tick need not be a multiple of the new one.
    let first: i64 = (last_tick.0.div_euclid(interval_ms) + 1) * interval_ms;
    if newest < first {
        return Due::default();
    }
    let n_overdue: i64 = (newest - first) / interval_ms;
    let missing_ms: i64 = n_overdue * interval_ms;
    if missing_ms > CATCH_UP_MS {
        return Due { ticks: vec![Time(newest)], skipped: n_overdue, outage_ms: newest - last_tick.0 };
    }
    match predecessor {
        Predecessor::Ourselves => Due { ticks: vec![Time(newest)], skipped: n_overdue, outage_ms: 0 },
        Predecessor::Other => {
            let ticks: Vec<Time> = (0..=n_overdue).map(|n| Time(first + n * interval_ms)).collect();
            Due { ticks, skipped: 0, outage_ms: 0 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(last_s: i64, now_s: i64, predecessor: Predecessor) -> Due {
        due(Some(Time(last_s * 1_000)), Time(now_s * 1_000), 15_000, predecessor)
    }

    fn ticks(seconds: &[i64]) -> Vec<Time> {
        seconds.iter().map(|second| Time(second * 1_000)).collect()
    }

    #[test]
    fn ticks_are_aligned_and_strictly_later() {
        assert_eq!(due(None, Time(31_234), 15_000, Predecessor::Other).ticks, ticks(&[30]));
        assert_eq!(at(30, 44, Predecessor::Ourselves), Due::default());
        assert_eq!(at(30, 20, Predecessor::Ourselves), Due::default(), "a clock that jumped back");
        assert_eq!(at(30, 46, Predecessor::Ourselves).ticks, ticks(&[45]));
        assert_eq!(at(37, 46, Predecessor::Ourselves).ticks, ticks(&[45]), "after a change of the interval");
    }

    #[test]
    fn a_slow_evaluator_skips_and_a_restarted_one_catches_up() {
        let slow = at(30, 80, Predecessor::Ourselves);
        assert_eq!(slow, Due { ticks: ticks(&[75]), skipped: 2, outage_ms: 0 });
        let restarted = at(30, 80, Predecessor::Other);
        assert_eq!(restarted, Due { ticks: ticks(&[45, 60, 75]), skipped: 0, outage_ms: 0 });
    }

    #[test]
    fn five_minutes_are_caught_up_and_more_is_an_outage() {
        assert_eq!(at(0, 315, Predecessor::Other).ticks.len(), 21);
        let outage = at(0, 330, Predecessor::Other);
        assert_eq!(outage, Due { ticks: ticks(&[330]), skipped: 21, outage_ms: 330_000 });
    }
}
