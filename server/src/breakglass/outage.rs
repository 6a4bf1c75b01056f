//! Whether the database is gone. Pure.

use model::Time;

/// A database that can't be reached for so long is gone: a restart or a failover takes less.
pub const GONE_AFTER_MS: i64 = 30_000;
/// However long the clock says it was: a clock that jumps must not make an outage of one failed look.
const LEAST_LOOKS: u32 = 4;
/// A look that comes later than this after the one before, or before it: the machine slept, or its clock was set. What was seen until then
/// does not count, so that a network that wakes up late is no outage and a clock that was set back delays no page.
const MOST_GAP_MS: i64 = 60_000;
/// It is back when it was there this many times in a row.
const LOOKS_BACK: u32 = 2;

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    There,
    /// It failed, or has just come back: wait.
    Doubtful,
    Gone {
        /// When the first look that failed began, or before.
        since: Time,
    },
}

/// What was seen of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Outage {
    since: Option<Time>,
    looked_at: Option<Time>,
    n_failed: u32,
    n_well: u32,
}

impl Outage {
    /// Takes notice of a look that ended now: `None` when it was there, else since when it was not as far as this look knows. `spread_ms`
    /// is how much later than others this process is sure.
    pub fn look(&mut self, away_since: Option<Time>, spread_ms: i64, now: Time) -> Standing {
        if self.looked_at.is_some_and(|at| !(0..=MOST_GAP_MS).contains(&now.since(at))) {
            (self.since, self.n_failed) = (None, 0);
        }
        self.looked_at = Some(now);
        let Some(away_since) = away_since else {
            self.n_well = self.n_well.saturating_add(1);
            if self.n_well >= LOOKS_BACK {
                *self = Self { n_well: LOOKS_BACK, looked_at: self.looked_at, ..Self::default() };
                return Standing::There;
            }
            return Standing::Doubtful;
        };
        self.n_well = 0;
        self.n_failed = self.n_failed.saturating_add(1);
        let since: Time = *self.since.get_or_insert(away_since);
        let is_long: bool = now.since(since) >= GONE_AFTER_MS + spread_ms;
        if is_long && self.n_failed >= LEAST_LOOKS { Standing::Gone { since } } else { Standing::Doubtful }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time(1_795_348_800_000);

    /// What a look at `now` that takes no time has seen.
    fn seen(is_there: bool, now: Time) -> Option<Time> {
        if is_there { None } else { Some(now) }
    }

    /// The standing after looks five seconds apart.
    fn after(looks: &[bool], spread_ms: i64) -> Standing {
        let mut outage = Outage::default();
        let mut standing = Standing::Doubtful;
        for (look, n) in looks.iter().zip(0_i64..) {
            let now: Time = START.plus_ms(n * 5_000);
            standing = outage.look(seen(*look, now), spread_ms, now);
        }
        standing
    }

    #[test]
    fn it_is_gone_after_half_a_minute_and_back_after_two_good_looks() {
        assert_eq!(after(&[true, true], 0), Standing::There);
        assert_eq!(after(&[false; 6], 0), Standing::Doubtful);
        assert_eq!(after(&[false; 7], 0), Standing::Gone { since: START });
        assert_eq!(after(&[false; 7], 1), Standing::Doubtful, "another process may be first");
        assert_eq!(after(&[false; 8], 5_000), Standing::Gone { since: START });
        let mut looks: Vec<bool> = vec![false; 7];
        looks.push(true);
        assert_eq!(after(&looks, 0), Standing::Doubtful);
        looks.push(true);
        assert_eq!(after(&looks, 0), Standing::There);
        looks.push(false);
        assert_eq!(after(&looks, 0), Standing::Doubtful, "the next outage begins anew");
    }

    #[test]
    fn one_good_look_in_between_does_not_end_an_outage() {
        let mut looks: Vec<bool> = vec![false; 7];
        looks.extend([true, false]);
        assert_eq!(after(&looks, 0), Standing::Gone { since: START });
    }

    #[test]
    fn a_clock_that_jumps_makes_no_outage_of_one_look() {
        let mut outage = Outage::default();
        outage.look(Some(START), 0, START);
        let later: Time = START.plus_ms(3_600_000);
        assert_eq!(outage.look(Some(later), 0, later), Standing::Doubtful);
    }

    #[test]
    fn what_was_seen_before_a_sleep_or_a_clock_that_was_set_counts_no_more() {
        for jump_ms in [3_600_000, -3_600_000] {
            let mut outage = Outage::default();
            for n in 0..3 {
                let now: Time = START.plus_ms(n * 5_000);
                outage.look(Some(now), 0, now);
            }
            let woken: Time = START.plus_ms(10_000 + jump_ms);
            let mut standings: Vec<Standing> = Vec::new();
            for n in 0..7 {
                let now: Time = woken.plus_ms(n * 5_000);
                standings.push(outage.look(Some(now), 0, now));
            }
            assert!(standings[..6].iter().all(|standing| *standing == Standing::Doubtful), "{standings:?}");
            assert_eq!(standings[6], Standing::Gone { since: woken });
        }
    }
}
