//! Whether something has been late for long enough to say so, and well for long enough to take that back. Pure.
//!
//! Two limits and two waits (a Schmitt trigger with patience): what hovers around one limit would otherwise be told and taken back with every
//! look. It is late when it was above [`LATE_MS`] in every look of [`SURE_MS`]; that is over when it was below [`WELL_MS`] in every look of
//! [`CALM_MS`]. In between everything stays as it is. Several processes look at the same database: one that has not seen it calm for so long
//! itself leaves what another one told alone.

use super::condition::LATE_MS;
use model::Time;

/// Below this it is well again: half of what is late, so that one slow look more or less decides nothing.
pub const WELL_MS: i64 = LATE_MS / 2;
/// Three looks. With [`LATE_MS`] and the half minute between two looks at the rules somebody is told within two minutes.
pub const SURE_MS: i64 = 10_000;
/// Long enough to have looked at the rules four times.
pub const CALM_MS: i64 = 120_000;
/// A look that comes later than this after the one before, or before it: what was seen until then does not count.
const MOST_GAP_MS: i64 = 20_000;

/// What was seen of one figure.
#[derive(Clone, Copy, Debug, Default)]
pub struct Steady {
    is_late: bool,
    above_since: Option<Time>,
    below_since: Option<Time>,
    looked_at: Option<Time>,
}

impl Steady {
    /// Takes notice of a look that found it `late_ms` late.
    pub fn look(&mut self, late_ms: i64, now: Time) {
        let was_away: bool = self.looked_at.is_some_and(|at| !(0..=MOST_GAP_MS).contains(&now.since(at)));
        if was_away {
            self.interrupted();
        }
        self.looked_at = Some(now);
        self.above_since = if late_ms > LATE_MS { self.above_since.or(Some(now)) } else { None };
        self.below_since = if late_ms < WELL_MS { self.below_since.or(Some(now)) } else { None };
        if lasts(self.above_since, SURE_MS, now) {
            self.is_late = true;
        } else if self.is_calm(now) {
            self.is_late = false;
        }
    }

    /// We could not look: what lasted until now begins anew, and what was told stands.
    pub fn interrupted(&mut self) {
        (self.above_since, self.below_since) = (None, None);
    }

    /// Whether it is late, and was for long enough.
    #[must_use]
    pub fn is_late(&self) -> bool {
        self.is_late
    }

    /// Whether it looks late, and the next look will tell.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        self.above_since.is_some() && !self.is_late
    }

    /// Whether it was well for so long that what was told, by whomever, may be taken back.
    #[must_use]
    pub fn is_calm(&self, now: Time) -> bool {
        lasts(self.below_since, CALM_MS, now)
    }
}

fn lasts(since: Option<Time>, for_ms: i64, now: Time) -> bool {
    since.is_some_and(|since| now.since(since) >= for_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Time = Time(1_795_348_800_000);
    const LOOK_MS: i64 = 5_000;
    const LATE: i64 = LATE_MS + 1;
    const WELL: i64 = WELL_MS - 1;

    /// How often it changed its mind over looks five seconds apart, each so many times, and what it said last.
    fn after(course: &[(i64, i64)]) -> (u32, bool) {
        let mut steady = Steady::default();
        let (mut now, mut n_changes): (Time, u32) = (START, 0);
        for (late_ms, n_looks) in course {
            for _ in 0..*n_looks {
                let before: bool = steady.is_late();
                steady.look(*late_ms, now);
                n_changes += u32::from(steady.is_late() != before);
                now = now.plus_ms(LOOK_MS);
            }
        }
        (n_changes, steady.is_late())
    }

    #[test]
    fn it_is_late_after_three_looks_and_well_after_two_minutes() {
        for (course, expected) in [
            (vec![(0, 100)], (0, false)),
            (vec![(LATE_MS, 100)], (0, false)),
            (vec![(LATE, 2)], (0, false)),
            (vec![(LATE, 2), (LATE_MS, 1), (LATE, 2)], (0, false)),
            (vec![(LATE, 3)], (1, true)),
            (vec![(LATE, 100)], (1, true)),
            (vec![(LATE, 3), (WELL_MS, 1_000)], (1, true)),
            (vec![(LATE, 3), (WELL, 24)], (1, true)),
            (vec![(LATE, 3), (WELL, 25)], (2, false)),
            (vec![(LATE, 3), (WELL, 24), (WELL_MS, 1), (WELL, 24)], (1, true)),
            (vec![(LATE, 3), (WELL, 25), (LATE, 2), (0, 100)], (2, false)),
        ] {
            assert_eq!(after(&course), expected, "{course:?}");
        }
    }

    #[test]
    fn what_hovers_around_the_limit_is_told_once() {
        let around: Vec<(i64, i64)> = (0..200).flat_map(|_| [(LATE, 4), (LATE_MS - 1, 3), (WELL, 10)]).collect();
        assert_eq!(after(&around), (1, true));
        let blips: Vec<(i64, i64)> = (0..200).flat_map(|_| [(LATE, 2), (0, 1)]).collect();
        assert_eq!(after(&blips), (0, false));
    }

    #[test]
    fn an_absence_and_a_clock_that_was_set_prove_nothing() {
        for jump_ms in [MOST_GAP_MS + 1, 3_600_000, -3_600_000] {
            let mut steady = Steady::default();
            steady.look(LATE, START);
            steady.look(LATE, START.plus_ms(jump_ms));
            assert!(!steady.is_late() && steady.is_doubtful(), "{jump_ms}");
            let mut calm = Steady::default();
            calm.look(0, START);
            calm.look(0, START.plus_ms(jump_ms));
            assert!(!calm.is_calm(START.plus_ms(jump_ms)), "{jump_ms}");
        }
    }

    #[test]
    fn who_has_not_looked_for_long_takes_nothing_back() {
        let mut fresh = Steady::default();
        fresh.look(0, START);
        assert!(!fresh.is_late() && !fresh.is_calm(START));
        for n in 1..=24 {
            fresh.look(0, START.plus_ms(n * LOOK_MS));
        }
        assert!(fresh.is_calm(START.plus_ms(CALM_MS)));
    }
}
