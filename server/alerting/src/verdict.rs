//! What one tick means for every series of a rule: pure, from the measured values and what is remembered.

use crate::needs::Measured;
use crate::presence::{self, Changes, Memory};
use crate::rules::absence::NoData;
use crate::rules::{Mode, Rule, levels};
use crate::state::{self, Level, Reading, Seen, Timing, Tracked, Transition};
use model::Time;
use model::ids::AlertId;
use model::labels::Labels;
use std::collections::{HashMap, HashSet};

/// More alerts of one rule than anybody can read, let alone answer: the rule is wrong, not the world. A rule may have a limit of its own.
pub const MAX_BREACHING: usize = 1_000;

/// An alert as remembered before the tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub id: AlertId,
    pub labels: Labels,
    pub tracked: Tracked,
}

/// Everything remembered of a rule before the tick.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Before {
    pub known: Vec<Known>,
    /// Empty for rules that remember no series.
    pub memory: Memory,
    /// How long nobody evaluated before this tick, unless that was caught up.
    pub outage_ms: i64,
}

/// What became of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The alert it belongs to, if there is one already.
    pub known: Option<AlertId>,
    pub labels: Labels,
    /// What was measured at this tick.
    pub value: Option<f64>,
    pub tracked: Tracked,
    pub transitions: Vec<Transition>,
}

/// What a tick means for a rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judged {
    /// To be written in this order: an alert that ends stands before the one that begins for the same labels.
    pub verdicts: Vec<Verdict>,
    pub memory: Memory,
    /// What of the memory must be written.
    pub changes: Changes,
}

/// Why a rule's state is left as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Frozen {
    #[error("the expression gives more than one value for the labels {labels}")]
    Duplicate { labels: Labels },
    #[error("{breaching} series breach at once, more than {max}")]
    TooMany { breaching: usize, max: usize },
    #[error("{n} series can't be remembered, at most {max}", max = presence::MAX_REMEMBERED)]
    TooManyRemembered { n: usize },
}

/// Judges everything measured and everything remembered. Series that are fine and were fine are left out.
///
/// # Errors
/// [`Frozen`] when the result can't be trusted; nothing may then be changed.
pub fn judge(rule: &Rule, before: &Before, measured: &[Measured], now: Time) -> Result<Judged, Frozen> {
    let timing = Timing::of(rule);
    let mut values: HashMap<Labels, f64> = by_identity(rule, measured)?;
    check_limit(rule, &values)?;
    let (memory, changes): (Memory, Changes) = remember(rule, before, &values, now)?;
    let mut verdicts: Vec<Verdict> = Vec::new();
    let mut busy: HashSet<Labels> = HashSet::with_capacity(before.known.len());
    for alert in &before.known {
        let value: Option<f64> = values.get(&alert.labels).copied();
        let verdict: Verdict = continued(rule, alert, value, before.outage_ms, &timing, now);
        if !begins_anew(rule, &verdict, value) {
            values.remove(&alert.labels);
            busy.insert(alert.labels.clone());
        }
        verdicts.push(verdict);
    }
    verdicts.extend(fresh(rule, values, &memory, &timing, now));
    verdicts.extend(lost(rule, &memory, &busy, now));
    Ok(Judged { verdicts, memory, changes })
}

/// What became of an alert that was there before.
fn continued(rule: &Rule, alert: &Known, value: Option<f64>, outage_ms: i64, timing: &Timing, now: Time) -> Verdict {
    let before: Tracked = state::after_outage(alert.tracked, timing, outage_ms, now);
    let (tracked, transitions) = state::step(&before, seen(rule, value), timing, now);
    let value: Option<f64> = value.filter(|value| !value.is_nan());
    Verdict { known: Some(alert.id), labels: alert.labels.clone(), value, tracked, transitions }
}

/// Whether an alert ended although the value breaches: data are back, or it is worse than what was resolved by hand. Then the value is
/// judged as if there had been none.
fn begins_anew(rule: &Rule, verdict: &Verdict, value: Option<f64>) -> bool {
    let breaches: bool = matches!(seen(rule, value), Seen::Value(Reading { breach: Some(_), .. }));
    verdict.tracked == Tracked::Inactive && breaches
}

/// Series that breach and had no alert.
fn fresh(rule: &Rule, values: HashMap<Labels, f64>, memory: &Memory, timing: &Timing, now: Time) -> Vec<Verdict> {
    let judged = |labels: &Labels| !memory.is_young(labels, rule.new_group_delay_ms, now);
    let mut fresh: Vec<(Labels, f64)> =
        values.into_iter().filter(|(labels, value)| breaches(rule, *value) && judged(labels)).collect();
    // Numbers are given in a stable order, whatever the hasher does.
    fresh.sort_by(|(a, _), (b, _)| a.cmp(b));
    let verdict = |(labels, value): (Labels, f64)| {
        let (tracked, transitions) = state::step(&Tracked::Inactive, seen(rule, Some(value)), timing, now);
        let value: Option<f64> = Some(value).filter(|value| !value.is_nan());
        Verdict { known: None, labels, value, tracked, transitions }
    };
    fresh.into_iter().map(verdict).collect()
}

/// Series that fell silent without an alert, where the rule asks to be told.
fn lost(rule: &Rule, memory: &Memory, busy: &HashSet<Labels>, now: Time) -> Vec<Verdict> {
    if rule.absence.policy != NoData::Notify || !rule.remembers() {
        return Vec::new();
    }
    let lost = memory.lost(rule.absence.timeframe_ms, now).into_iter().filter(|(labels, _)| !busy.contains(labels));
    let verdict = |(labels, since): (Labels, Time)| {
        let (tracked, transitions) = state::lose(since, now);
        Verdict { known: None, labels, value: None, tracked, transitions }
    };
    lost.map(verdict).collect()
}

fn remember(rule: &Rule, before: &Before, values: &HashMap<Labels, f64>, now: Time) -> Result<(Memory, Changes), Frozen> {
    if !rule.remembers() {
        return Ok((Memory::default(), Changes::default()));
    }
    let present: HashSet<Labels> = values.iter().filter(|(_, value)| !value.is_nan()).map(|(labels, _)| labels.clone()).collect();
    let (memory, changes): (Memory, Changes) = presence::step(rule, &before.memory, &present, now);
    let n: usize = memory.series.len();
    if n > presence::MAX_REMEMBERED { Err(Frozen::TooManyRemembered { n }) } else { Ok((memory, changes)) }
}

fn by_identity(rule: &Rule, measured: &[Measured]) -> Result<HashMap<Labels, f64>, Frozen> {
    let mut values: HashMap<Labels, f64> = HashMap::with_capacity(measured.len());
    for one in measured {
        let labels: Labels = rule.identity(&one.labels);
        if values.contains_key(&labels) {
            return Err(Frozen::Duplicate { labels });
        }
        values.insert(labels, one.value);
    }
    Ok(values)
}

fn check_limit(rule: &Rule, values: &HashMap<Labels, f64>) -> Result<(), Frozen> {
    let max: usize = rule.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(MAX_BREACHING);
    let breaching: usize = values.values().filter(|value| breaches(rule, **value)).count();
    if breaching > max { Err(Frozen::TooMany { breaching, max }) } else { Ok(()) }
}

fn breaches(rule: &Rule, value: f64) -> bool {
    matches!(seen(rule, Some(value)), Seen::Value(Reading { breach: Some(_), .. }))
}

/// In Prometheus' meaning NaN is a result like any other, and no result is fine.
fn seen(rule: &Rule, value: Option<f64>) -> Seen {
    match (rule.mode, value) {
        (Mode::Match, None) => Seen::Value(Reading::default()),
        (Mode::Match, Some(value)) => Seen::Value(levels::reading(rule, value)),
        (Mode::Value, Some(value)) if !value.is_nan() => Seen::Value(levels::reading(rule, value)),
        (Mode::Value, _) => Seen::Absent,
        // Nothing that is recorded breaches.
        (Mode::Record, _) => Seen::Value(Reading::default()),
    }
}

/// The level of a verdict that leaves an alert behind.
#[must_use]
pub fn level(tracked: &Tracked) -> Option<Level> {
    match tracked {
        Tracked::Firing(firing) => Some(firing.level),
        Tracked::Pending { critical_since, .. } => Some(if critical_since.is_some() { Level::Critical } else { Level::Warning }),
        Tracked::Dismissed { level, .. } => Some(*level),
        Tracked::Inactive => None,
    }
}

#[cfg(test)]
pub(crate) mod tests;
