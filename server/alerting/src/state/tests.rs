//! Stories: one letter a tick, and what must come of them.

use super::*;
use proptest::prelude::*;

const TICK_MS: i64 = 15_000;

fn timing(for_ms: i64, keep_firing_for_ms: i64) -> Timing {
    Timing { for_ms, warning_for_ms: None, keep_firing_for_ms, resolve_absent_after_ms: RESOLVE_ABSENT_AFTER_MS }
}

/// `c`lear, `w`arning, `C`ritical, `b`reach (the same), `h`olding at critical and `i` at warning without breaching, `a`bsent.
fn seen(letter: char) -> Seen {
    let reading = |breach: Option<Level>, holds: Option<Level>| Seen::Value(Reading { breach, holds });
    match letter {
        'b' | 'C' => reading(Some(Level::Critical), Some(Level::Critical)),
        'w' => reading(Some(Level::Warning), Some(Level::Warning)),
        'h' => reading(Some(Level::Warning), Some(Level::Critical)),
        'i' => reading(None, Some(Level::Warning)),
        'c' => reading(None, None),
        _ => Seen::Absent,
    }
}

/// Runs one tick per letter. Returns the transitions with the number of their tick.
fn run(story: &str, timing: &Timing) -> Vec<(usize, Transition)> {
    let mut tracked = Tracked::Inactive;
    let mut happened: Vec<(usize, Transition)> = Vec::new();
    for (tick, letter) in story.chars().enumerate() {
        let now = Time(i64::try_from(tick).unwrap() * TICK_MS);
        let (next, transitions) = step(&tracked, seen(letter), timing, now);
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
    let impatient = Timing { resolve_absent_after_ms: 30_000, ..timing(0, 0) };
    let table: [Case; 8] = [
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
        ("baaa", impatient, vec![(1, Crossed), (1, Fired), (4, Resolved(NoData))]),
        (
            "bccbcccc",
            timing(0, 30_000),
            vec![(1, Crossed), (1, Fired), (2, Recovered), (4, Relapsed), (5, Recovered), (7, Resolved(Fine))],
        ),
    ];
    for (story, timing, expected) in table {
        assert_eq!(run(story, &timing), expected, "{story}");
    }
}

#[test]
fn a_warning_becomes_critical_and_a_warning_again_without_becoming_another_alert() {
    use Transition::{Crossed, Fired, Lowered, Raised, Relapsed, Resolved};
    type Case = (&'static str, i64, i64, Vec<(usize, Transition)>);
    let over = Resolved(ResolveReason::Recovered);
    let table: [Case; 7] = [
        ("wwCCc", 0, 0, vec![(1, Crossed), (1, Fired), (3, Raised), (5, over)]),
        ("CwCc", 0, 0, vec![(1, Crossed), (1, Fired), (2, Lowered), (3, Raised), (4, over)]),
        ("Chhwic", 0, 0, vec![(1, Crossed), (1, Fired), (4, Lowered), (6, over)]),
        ("wiic", 0, 0, vec![(1, Crossed), (1, Fired), (4, over)]),
        // The critical wait begins with the critical crossing, and starts over when that is left.
        ("wCCCwCCC", 30_000, 0, vec![(1, Crossed), (1, Fired), (4, Raised), (5, Lowered), (8, Raised)]),
        // The warning waits longer than the critical threshold.
        ("wwCwww", 0, 60_000, vec![(1, Crossed), (3, Fired), (4, Lowered)]),
        ("iii", 0, 0, vec![]),
    ];
    for (story, for_ms, warning_for_ms, expected) in table {
        let timing = Timing { warning_for_ms: Some(warning_for_ms), ..timing(for_ms, 0) };
        assert_eq!(run(story, &timing), expected, "{story}");
    }
    let kept = Timing { warning_for_ms: Some(0), ..timing(0, 60_000) };
    // While it recovers, only a breach is a relapse: to hold on is not to burn again.
    assert_eq!(run("wcic", &kept), [(1, Crossed), (1, Fired), (2, Transition::Recovered)]);
    assert_eq!(run("Ccw", &kept), [(1, Crossed), (1, Fired), (2, Transition::Recovered), (3, Relapsed), (3, Lowered)]);
}

#[test]
fn missing_data_end_with_the_first_value_whatever_it_is() {
    let (lost, transitions) = lose(Time(5), Time(100));
    assert_eq!(transitions, [Transition::Fired]);
    for letter in ['c', 'w', 'C'] {
        let over = vec![Transition::Resolved(ResolveReason::Recovered)];
        assert_eq!(step(&lost, seen(letter), &timing(0, 60_000), Time(200)), (Tracked::Inactive, over), "{letter}");
    }
    assert_eq!(step(&lost, Seen::Absent, &timing(0, 0), Time(200)), (lost, vec![]));
    let given_up = step(&lost, Seen::Absent, &timing(0, 0), Time(5 + RESOLVE_ABSENT_AFTER_MS));
    assert_eq!(given_up, (Tracked::Inactive, vec![Transition::Resolved(ResolveReason::NoData)]));
}

#[test]
fn a_firing_without_data_ends_after_a_day() {
    let firing = Firing {
        level: Level::Critical,
        since: Time(0),
        critical_since: Some(Time(0)),
        fired_at: Time(0),
        clear_since: None,
        absent_since: Some(Time(0)),
    };
    let ended = step(&Tracked::Firing(firing), Seen::Absent, &timing(0, 0), Time(RESOLVE_ABSENT_AFTER_MS));
    assert_eq!(ended, (Tracked::Inactive, vec![Transition::Resolved(ResolveReason::NoData)]));
    let still = step(&Tracked::Firing(firing), Seen::Absent, &timing(0, 0), Time(RESOLVE_ABSENT_AFTER_MS - 1));
    assert_eq!(still, (Tracked::Firing(firing), vec![]));
}

#[test]
fn what_was_resolved_by_hand_is_silent_until_it_was_clear_once_or_gets_worse() {
    let dismissed = |level: Level| Tracked::Dismissed { level, absent_since: None };
    let no_wait = timing(0, 0);
    assert_eq!(step(&dismissed(Level::Critical), seen('b'), &no_wait, Time(1)), (dismissed(Level::Critical), vec![]));
    let gone = Tracked::Dismissed { level: Level::Critical, absent_since: Some(Time(1)) };
    assert_eq!(step(&dismissed(Level::Critical), Seen::Absent, &no_wait, Time(1)), (gone, vec![]));
    let cleared = vec![Transition::Recovered, Transition::Released];
    assert_eq!(step(&gone, seen('c'), &no_wait, Time(2)), (Tracked::Inactive, cleared));
    for (level, letter) in [(Level::Warning, 'C'), (Level::NoData, 'w')] {
        let released = (Tracked::Inactive, vec![Transition::Released]);
        assert_eq!(step(&dismissed(level), seen(letter), &no_wait, Time(2)), released, "{letter}");
    }
}

#[test]
fn an_outage_suspends_a_long_wait_and_restarts_a_short_one() {
    let pending = Tracked::Pending { since: Time(0), critical_since: Some(Time(0)) };
    let minute = 60_000;
    let now = Time(50 * minute);
    let both = |at: Time| Tracked::Pending { since: at, critical_since: Some(at) };
    let since = |for_minutes: i64, outage_minutes: i64| {
        after_outage(pending, &timing(for_minutes * minute, 0), outage_minutes * minute, now)
    };
    assert_eq!(since(30, 5), pending, "short outages are caught up tick by tick");
    assert_eq!(since(5, 20), both(now), "shorter than the grace: starts over");
    assert_eq!(since(90, 61), both(now), "too long an outage");
    assert_eq!(since(120, 20), both(Time(20 * minute)), "moved by the outage");
    assert_eq!(since(30, 20), both(Time(30 * minute)), "ten minutes remain");
    let two = Timing { warning_for_ms: Some(120 * minute), ..timing(5 * minute, 0) };
    let resumed = Tracked::Pending { since: Time(20 * minute), critical_since: Some(now) };
    assert_eq!(after_outage(pending, &two, 20 * minute, now), resumed, "each wait by itself");
}

#[test]
fn every_word_is_read_back() {
    for reason in ResolveReason::ALL {
        assert_eq!(ResolveReason::from_word(reason.as_str()), Some(reason));
    }
    assert_eq!(ResolveReason::from_word("gone"), None);
    for level in Level::ALL {
        assert_eq!(Level::from_word(level.as_str()), Some(level));
    }
    assert_eq!((Level::from_word("no_data"), Level::from_word("bad")), (Some(Level::NoData), None));
}

fn wait_ticks(ticks: i64) -> usize {
    usize::try_from(ticks).unwrap()
}

proptest! {
    #[test]
    fn whatever_is_seen_firings_follow_a_full_wait_and_end_once(story in "[bca]{0,80}", for_ticks in 0_i64..10, keep_ticks in 0_i64..5) {
        let happened = run(&story, &timing(for_ticks * TICK_MS, keep_ticks * TICK_MS));
        let letters: Vec<char> = story.chars().collect();
        let mut firing = false;
        for (tick, transition) in happened {
            match transition {
                Transition::Fired => {
                    prop_assert!(!firing);
                    prop_assert!(letters[tick - 1 - wait_ticks(for_ticks)..tick].iter().all(|letter| *letter == 'b'));
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
                Transition::Raised | Transition::Lowered => prop_assert!(false, "there is one level only"),
                Transition::Released => prop_assert!(false, "nobody resolved anything by hand"),
            }
        }
    }

    #[test]
    fn levels_go_up_and_down_in_turns_and_only_while_it_fires(story in "[cwChia]{0,80}", critical in 0_i64..6, warning in 0_i64..6) {
        let timing = Timing { warning_for_ms: Some(warning * TICK_MS), ..timing(critical * TICK_MS, TICK_MS) };
        let letters: Vec<char> = story.chars().collect();
        let mut last: Option<Transition> = None;
        let mut firing = false;
        for (tick, transition) in run(&story, &timing) {
            let letter: char = letters[tick - 1];
            match transition {
                Transition::Fired => firing = true,
                Transition::Resolved(_) => {
                    firing = false;
                    last = None;
                }
                Transition::Raised => {
                    prop_assert!(firing && last != Some(Transition::Raised));
                    prop_assert!(letters[tick - 1 - wait_ticks(critical)..tick].iter().all(|letter| *letter == 'C'));
                    last = Some(transition);
                }
                Transition::Lowered => {
                    prop_assert!(firing && last != Some(Transition::Lowered));
                    prop_assert!(letter != 'C' && letter != 'c' && letter != 'a');
                    last = Some(transition);
                }
                _ => {}
            }
        }
    }
}
