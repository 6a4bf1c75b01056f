//! The life of an alert, as a pure function of what was seen.
//!
//! inactive → pending → firing → (recovering) → inactive. Recovering is firing whose condition has cleared while `keep_firing_for`
//! still runs. Acknowledged is no state: whoever has an alert does not change whether it burns.
//!
//! Missing data is not recovery: a firing alert stays until the condition was *seen* to be clear, or until a day without data has
//! passed (the machine is gone, and so is the reason to hurry). A pending alert is a suspicion, and vanishes with its evidence.

use model::Time;

/// After this long without data nobody will answer for the series any more.
pub const RESOLVE_ABSENT_AFTER_MS: i64 = 24 * 3_600_000;
/// Up to here missed ticks are evaluated one by one, from stored samples; a longer outage is bridged by [`after_outage`].
pub const CATCH_UP_MS: i64 = 5 * 60_000;
/// A pending alert resumed after an outage keeps at least this long to wait, and a shorter `for` starts over
/// (prometheus/prometheus `rules/group.go`, `RestoreForState`, as are the next).
pub const OUTAGE_GRACE_MS: i64 = 10 * 60_000;
/// After a longer outage what was pending before it means nothing.
pub const OUTAGE_TOLERANCE_MS: i64 = 3_600_000;

/// The two durations of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long the condition must hold before the alert fires.
    pub for_ms: i64,
    /// How long the alert goes on firing after the condition has cleared.
    pub keep_firing_for_ms: i64,
}

/// What a tick saw of one series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A value beyond the threshold.
    Breach,
    /// A value that is fine.
    Clear,
    /// No value, or NaN.
    Absent,
}

/// What is remembered between ticks about one rule and one set of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracked {
    /// Nothing. Has no row.
    Inactive,
    /// The condition holds since `since`, not yet long enough.
    Pending { since: Time },
    /// Somebody is needed.
    Firing {
        /// When the condition was crossed.
        since: Time,
        fired_at: Time,
        /// First clear tick; set while recovering.
        clear_since: Option<Time>,
        /// First tick without data.
        absent_since: Option<Time>,
    },
    /// Resolved by hand while the condition held; silent until it was clear once.
    Dismissed { absent_since: Option<Time> },
}

/// Why an alert was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolveReason {
    Recovered,
    ByHand,
    RuleDeleted,
    RuleChanged,
    NoData,
}

impl ResolveReason {
    const ALL: [Self; 5] = [Self::Recovered, Self::ByHand, Self::RuleDeleted, Self::RuleChanged, Self::NoData];

    /// The words in the database and in Facts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::ByHand => "by hand",
            Self::RuleDeleted => "rule deleted",
            Self::RuleChanged => "rule changed",
            Self::NoData => "no data",
        }
    }

    /// The reason of those words, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == word)
    }
}

/// Something that happened at a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// The condition began to hold.
    Crossed,
    /// It held long enough.
    Fired,
    /// It cleared, but the alert does not end yet (`keep_firing_for`), or was resolved by hand before.
    Recovered,
    /// It holds again while the alert was recovering.
    Relapsed,
    /// The alert is over.
    Resolved(ResolveReason),
    /// A pending alert ended without ever firing.
    Vanished,
    /// What was resolved by hand may fire again, as a new alert.
    Released,
}

/// One tick of one series.
#[must_use]
pub fn step(previous: &Tracked, seen: Seen, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    match *previous {
        Tracked::Inactive => match seen {
            Seen::Breach => {
                let (tracked, mut transitions) = mature(now, timing, now);
                transitions.insert(0, Transition::Crossed);
                (tracked, transitions)
            }
            Seen::Clear | Seen::Absent => (Tracked::Inactive, Vec::new()),
        },
        Tracked::Pending { since } => match seen {
            Seen::Breach => mature(since, timing, now),
            Seen::Clear | Seen::Absent => (Tracked::Inactive, vec![Transition::Vanished]),
        },
        Tracked::Firing { since, fired_at, clear_since, absent_since } => match seen {
            Seen::Breach => burn_on(since, fired_at, clear_since),
            Seen::Clear => recover(since, fired_at, clear_since, timing, now),
            Seen::Absent => {
                let absent_since: Time = absent_since.unwrap_or(now);
                let waiting = Tracked::Firing { since, fired_at, clear_since, absent_since: Some(absent_since) };
                give_up(waiting, Transition::Resolved(ResolveReason::NoData), absent_since, now)
            }
        },
        Tracked::Dismissed { absent_since } => match seen {
            Seen::Breach => (Tracked::Dismissed { absent_since: None }, Vec::new()),
            Seen::Clear => (Tracked::Inactive, vec![Transition::Recovered, Transition::Released]),
            Seen::Absent => {
                let absent_since: Time = absent_since.unwrap_or(now);
                let waiting = Tracked::Dismissed { absent_since: Some(absent_since) };
                give_up(waiting, Transition::Released, absent_since, now)
            }
        },
    }
}

/// Pending until `for` has passed. With `for` 5 m and a tick every 15 s that is the 21st breaching tick.
fn mature(since: Time, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    if now.since(since) >= timing.for_ms {
        let firing = Tracked::Firing { since, fired_at: now, clear_since: None, absent_since: None };
        (firing, vec![Transition::Fired])
    } else {
        (Tracked::Pending { since }, Vec::new())
    }
}

fn burn_on(since: Time, fired_at: Time, clear_since: Option<Time>) -> (Tracked, Vec<Transition>) {
    let transitions: Vec<Transition> = if clear_since.is_some() { vec![Transition::Relapsed] } else { Vec::new() };
    (Tracked::Firing { since, fired_at, clear_since: None, absent_since: None }, transitions)
}

fn recover(since: Time, fired_at: Time, clear_since: Option<Time>, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    let first_clear: Time = clear_since.unwrap_or(now);
    if now.since(first_clear) >= timing.keep_firing_for_ms {
        return (Tracked::Inactive, vec![Transition::Resolved(ResolveReason::Recovered)]);
    }
    let transitions: Vec<Transition> = if clear_since.is_none() { vec![Transition::Recovered] } else { Vec::new() };
    (Tracked::Firing { since, fired_at, clear_since: Some(first_clear), absent_since: None }, transitions)
}

fn give_up(waiting: Tracked, end: Transition, absent_since: Time, now: Time) -> (Tracked, Vec<Transition>) {
    if now.since(absent_since) >= RESOLVE_ABSENT_AFTER_MS { (Tracked::Inactive, vec![end]) } else { (waiting, Vec::new()) }
}

/// What an outage of `outage_ms`, in which nobody evaluated, leaves of the state; `now` is the first tick after it. Firing stays
/// firing. Pending is suspended for the outage, but fires at the earliest after [`OUTAGE_GRACE_MS`]; it starts over when its `for`
/// is shorter than that or the outage was too long.
#[must_use]
pub fn after_outage(tracked: Tracked, timing: &Timing, outage_ms: i64, now: Time) -> Tracked {
    let Tracked::Pending { since } = tracked else {
        return tracked;
    };
    if outage_ms <= CATCH_UP_MS {
        return tracked;
    }
    if timing.for_ms < OUTAGE_GRACE_MS || outage_ms > OUTAGE_TOLERANCE_MS {
        return Tracked::Pending { since: now };
    }
    let resumed: Time = since.plus_ms(outage_ms);
    let latest_allowed: Time = now.plus_ms(OUTAGE_GRACE_MS - timing.for_ms);
    Tracked::Pending { since: resumed.max(latest_allowed).min(now) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TICK_MS: i64 = 15_000;

    fn timing(for_ms: i64, keep_firing_for_ms: i64) -> Timing {
        Timing { for_ms, keep_firing_for_ms }
    }

    /// Runs one tick per letter: `b`reach, `c`lear, `a`bsent. Returns the transitions with the number of their tick.
    fn run(story: &str, timing: &Timing) -> Vec<(usize, Transition)> {
        let mut tracked = Tracked::Inactive;
        let mut happened: Vec<(usize, Transition)> = Vec::new();
        for (tick, letter) in story.chars().enumerate() {
            let seen = match letter {
                'b' => Seen::Breach,
                'c' => Seen::Clear,
                _ => Seen::Absent,
            };
            let now = Time(i64::try_from(tick).unwrap() * TICK_MS);
            let (next, transitions) = step(&tracked, seen, timing, now);
            tracked = next;
            happened.extend(transitions.into_iter().map(|transition| (tick + 1, transition)));
        }
        happened
    }

    #[test]
    fn five_minutes_at_fifteen_seconds_fire_on_the_21st_breaching_tick() {
        let five_minutes = timing(300_000, 0);
        assert_eq!(run(&"b".repeat(20), &five_minutes), [(1, Transition::Crossed)]);
        assert_eq!(run(&"b".repeat(21), &five_minutes), [(1, Transition::Crossed), (21, Transition::Fired)]);
    }

    #[test]
    fn stories_end_as_told() {
        use ResolveReason::{NoData, Recovered as Fine};
        use Transition::{Crossed, Fired, Recovered, Relapsed, Resolved, Vanished};
        type Case = (&'static str, Timing, Vec<(usize, Transition)>);
        let table: [Case; 7] = [
            ("cca", timing(0, 0), vec![]),
            ("b", timing(0, 0), vec![(1, Crossed), (1, Fired)]),
            ("bbc", timing(60_000, 0), vec![(1, Crossed), (3, Vanished)]),
            ("bba", timing(60_000, 0), vec![(1, Crossed), (3, Vanished)]),
            (
                "bcbc",
                timing(0, 0),
                vec![(1, Crossed), (1, Fired), (2, Resolved(Fine)), (3, Crossed), (3, Fired), (4, Resolved(Fine))],
            ),
            ("baac", timing(0, 0), vec![(1, Crossed), (1, Fired), (4, Resolved(Fine))]),
            (
                "bccbcccc",
                timing(0, 30_000),
                vec![(1, Crossed), (1, Fired), (2, Recovered), (4, Relapsed), (5, Recovered), (7, Resolved(Fine))],
            ),
        ];
        for (story, timing, expected) in table {
            assert_eq!(run(story, &timing), expected, "{story}");
        }
        let (after_a_day, end) = step(
            &Tracked::Firing { since: Time(0), fired_at: Time(0), clear_since: None, absent_since: Some(Time(0)) },
            Seen::Absent,
            &timing(0, 0),
            Time(RESOLVE_ABSENT_AFTER_MS),
        );
        assert_eq!((after_a_day, end), (Tracked::Inactive, vec![Resolved(NoData)]));
    }

    #[test]
    fn what_was_resolved_by_hand_is_silent_until_it_was_clear_once() {
        let dismissed = Tracked::Dismissed { absent_since: None };
        let no_wait = timing(0, 0);
        assert_eq!(step(&dismissed, Seen::Breach, &no_wait, Time(1)), (dismissed, vec![]));
        let gone = Tracked::Dismissed { absent_since: Some(Time(1)) };
        assert_eq!(step(&dismissed, Seen::Absent, &no_wait, Time(1)), (gone, vec![]));
        let released = vec![Transition::Recovered, Transition::Released];
        assert_eq!(step(&gone, Seen::Clear, &no_wait, Time(2)), (Tracked::Inactive, released));
    }

    #[test]
    fn an_outage_suspends_a_long_wait_and_restarts_a_short_one() {
        let pending = Tracked::Pending { since: Time(0) };
        let minute = 60_000;
        let now = Time(50 * minute);
        let since = |for_minutes: i64, outage_minutes: i64| {
            after_outage(pending, &timing(for_minutes * minute, 0), outage_minutes * minute, now)
        };
        assert_eq!(since(30, 5), pending, "short outages are caught up tick by tick");
        assert_eq!(since(5, 20), Tracked::Pending { since: now }, "shorter than the grace: starts over");
        assert_eq!(since(90, 61), Tracked::Pending { since: now }, "too long an outage");
        assert_eq!(since(120, 20), Tracked::Pending { since: Time(20 * minute) }, "moved by the outage");
        assert_eq!(since(30, 20), Tracked::Pending { since: Time(30 * minute) }, "ten minutes remain");
    }

    #[test]
    fn every_reason_is_read_back_from_its_words() {
        for reason in ResolveReason::ALL {
            assert_eq!(ResolveReason::from_word(reason.as_str()), Some(reason));
        }
        assert_eq!(ResolveReason::from_word("no data"), Some(ResolveReason::NoData));
        assert_eq!(ResolveReason::from_word("gone"), None);
    }

    fn any_story() -> impl Strategy<Value = String> {
        "[bca]{0,80}"
    }

    proptest! {
        #[test]
        fn whatever_is_seen_firings_follow_a_full_wait_and_end_once(story in any_story(), for_ticks in 0_i64..10, keep_ticks in 0_i64..5) {
            let happened = run(&story, &timing(for_ticks * TICK_MS, keep_ticks * TICK_MS));
            let letters: Vec<char> = story.chars().collect();
            let mut firing = false;
            for (tick, transition) in happened {
                match transition {
                    Transition::Fired => {
                        prop_assert!(!firing);
                        let wait = usize::try_from(for_ticks).unwrap();
                        prop_assert!(letters[tick - 1 - wait..tick].iter().all(|letter| *letter == 'b'));
                        firing = true;
                    }
                    Transition::Resolved(reason) => {
                        prop_assert!(firing);
                        prop_assert_eq!(reason, ResolveReason::Recovered);
                        prop_assert_eq!(letters[tick - 1], 'c');
                        firing = false;
                    }
                    Transition::Crossed | Transition::Vanished => prop_assert!(!firing),
                    Transition::Recovered | Transition::Relapsed => prop_assert!(firing),
                    Transition::Released => prop_assert!(false, "nobody resolved anything by hand"),
                }
            }
        }
    }
}
