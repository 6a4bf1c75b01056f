//! Which series a rule has measured, and since when one is silent: for rules that tell of missing data for each series by itself, or that
//! give a new series time before it is judged.
//!
//! Only comings and goings are written, so that a tick at which nothing changes writes nothing. What the first evaluation of a rule finds
//! is not new: a new rule must not hold its peace about old hosts.

use crate::rules::Rule;
use model::Time;
use model::labels::Labels;
use std::collections::{HashMap, HashSet};

/// Series remembered of one rule: far more than any rule that tells of each can have in earnest.
pub const MAX_REMEMBERED: usize = 10_000;
/// When what was there already was first seen.
pub const ALWAYS: Time = Time(0);

/// What is remembered of one series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The first tick with a value, or [`ALWAYS`].
    pub first_seen: Time,
    /// The first tick without one; `None` while there is one.
    pub absent_since: Option<Time>,
}

/// What a rule remembers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    /// Whether the rule was evaluated before.
    pub began: bool,
    pub series: HashMap<Labels, Presence>,
}

/// What a tick changes in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Came, came back, or fell silent: sorted by labels.
    pub put: Vec<(Labels, Presence)>,
    /// Silent for so long that nobody will answer for them any more.
    pub forgotten: Vec<Labels>,
}

/// The memory after a tick that measured `present`, and what of it must be written.
#[must_use]
pub fn step(rule: &Rule, memory: &Memory, present: &HashSet<Labels>, now: Time) -> (Memory, Changes) {
    let mut after = Memory { began: true, series: memory.series.clone() };
    let mut changes = Changes::default();
    for (labels, presence) in &memory.series {
        let absent_since: Option<Time> = if present.contains(labels) { None } else { Some(presence.absent_since.unwrap_or(now)) };
        if absent_since.is_some_and(|since| now.since(since) >= rule.absence.resolve_after_ms) {
            changes.forgotten.push(labels.clone());
        } else if absent_since != presence.absent_since {
            changes.put.push((labels.clone(), Presence { absent_since, ..*presence }));
        }
    }
    let first_seen: Time = if memory.began { now } else { ALWAYS };
    let come = present.iter().filter(|labels| !memory.series.contains_key(*labels));
    changes.put.extend(come.map(|labels| (labels.clone(), Presence { first_seen, absent_since: None })));
    changes.put.sort_by(|(a, _), (b, _)| a.cmp(b));
    changes.forgotten.sort();
    after.apply(&changes);
    (after, changes)
}

impl Memory {
    fn apply(&mut self, changes: &Changes) {
        for labels in &changes.forgotten {
            self.series.remove(labels);
        }
        self.series.extend(changes.put.iter().cloned());
    }

    /// Whether a series came so recently that it is not judged yet.
    #[must_use]
    pub fn is_young(&self, labels: &Labels, delay_ms: i64, now: Time) -> bool {
        let came = self.series.get(labels).map(|presence| presence.first_seen).filter(|first_seen| *first_seen != ALWAYS);
        came.is_some_and(|first_seen| now.since(first_seen) < delay_ms)
    }

    /// Series that are silent for `timeframe_ms` or longer, and since when; sorted by labels.
    #[must_use]
    pub fn lost(&self, timeframe_ms: i64, now: Time) -> Vec<(Labels, Time)> {
        let silent = self.series.iter().filter_map(|(labels, presence)| {
            let since: Time = presence.absent_since.filter(|since| now.since(*since) >= timeframe_ms)?;
            Some((labels.clone(), since))
        });
        let mut lost: Vec<(Labels, Time)> = silent.collect();
        lost.sort();
        lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::tests::rule;

    const MINUTE_MS: i64 = 60_000;

    fn labels(host: &str) -> Labels {
        Labels::new([("host", host)])
    }

    /// What stands in the memory after ticks a minute apart, each with the hosts it measured, parted by blanks.
    fn after(ticks: &[&str]) -> Memory {
        let mut memory = Memory::default();
        for (hosts, minute) in ticks.iter().zip(0_i64..) {
            let present: HashSet<Labels> = hosts.split_whitespace().map(labels).collect();
            memory = step(&rule(&[]), &memory, &present, Time(minute * MINUTE_MS)).0;
        }
        memory
    }

    #[test]
    fn what_the_first_evaluation_finds_is_not_new() {
        let memory = after(&["a", "a b", "a b"]);
        let now = Time(2 * MINUTE_MS);
        assert!(!memory.is_young(&labels("a"), 10 * MINUTE_MS, now));
        assert!(memory.is_young(&labels("b"), 2 * MINUTE_MS, now) && !memory.is_young(&labels("b"), MINUTE_MS, now));
        assert!(after(&["", "a"]).is_young(&labels("a"), MINUTE_MS, Time(MINUTE_MS)), "an empty first evaluation counts too");
    }

    #[test]
    fn a_series_is_lost_after_its_timeframe_and_back_with_its_first_value() {
        let silent = after(&["a b", "b", "b", "b"]);
        assert_eq!(silent.lost(2 * MINUTE_MS, Time(3 * MINUTE_MS)), [(labels("a"), Time(MINUTE_MS))]);
        assert!(silent.lost(3 * MINUTE_MS, Time(3 * MINUTE_MS)).is_empty());
        assert!(after(&["a b", "b", "b", "a b"]).lost(0, Time(3 * MINUTE_MS)).is_empty());
    }

    #[test]
    fn only_comings_and_goings_are_written_and_the_dead_are_forgotten() {
        let (memory, changes) = step(&rule(&[]), &after(&["a b"]), &HashSet::from([labels("a"), labels("b")]), Time(1));
        assert_eq!((memory.series.len(), changes), (2, Changes::default()));
        let (memory, changes) = step(&rule(&[]), &memory, &HashSet::from([labels("a")]), Time(2));
        let gone = Presence { first_seen: ALWAYS, absent_since: Some(Time(2)) };
        assert_eq!(changes, Changes { put: vec![(labels("b"), gone)], forgotten: vec![] });
        let day_later = Time(2 + crate::state::RESOLVE_ABSENT_AFTER_MS);
        let (memory, changes) = step(&rule(&[]), &memory, &HashSet::from([labels("a")]), day_later);
        assert_eq!(changes, Changes { put: vec![], forgotten: vec![labels("b")] });
        assert_eq!(memory.series.len(), 1);
    }
}
