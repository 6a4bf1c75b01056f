//! The life of an alert, as a pure function of what was seen.
//!
//! inactive → pending → firing → (recovering) → inactive. Recovering is firing whose condition has cleared while `keep_firing_for`
//! still runs. Acknowledged is no state: whoever has an alert does not change whether it burns.
//!
//! A firing alert stands at a level: warning, critical, or no data. It goes from warning to critical and back without becoming another
//! alert. Where a rule has a recovery threshold, what fires holds on until the value is beyond that, and what does not fire yet is judged
//! by the threshold itself.
//!
//! Missing data is not recovery: a firing alert stays until the condition was *seen* to be clear, or until a day without data has
//! passed (the machine is gone, and so is the reason to hurry); a rule may say otherwise. A pending alert is a suspicion, and vanishes
//! with its evidence.

#[cfg(test)]
mod tests;

use crate::rules::Rule;
use crate::rules::absence::NoData;
use model::Time;
use serde::{Deserialize, Serialize};

/// After this long without data nobody will answer for the series any more, unless the rule says another time.
pub const RESOLVE_ABSENT_AFTER_MS: i64 = 24 * 3_600_000;
/// Up to here missed ticks are evaluated one by one, from stored samples; a longer outage is bridged by [`after_outage`].
pub const CATCH_UP_MS: i64 = 5 * 60_000;
/// A pending alert resumed after an outage keeps at least this long to wait, and a shorter `for` starts over
/// (prometheus/prometheus `rules/group.go`, `RestoreForState`, as are the next).
pub const OUTAGE_GRACE_MS: i64 = 10 * 60_000;
/// After a longer outage what was pending before it means nothing.
pub const OUTAGE_TOLERANCE_MS: i64 = 3_600_000;

/// How bad it is, as far as a rule tells. Ordered: what was resolved by hand at one level may fire again at a worse one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The series went silent, and the rule asks to be told.
    NoData,
    Warning,
    Critical,
}

impl Level {
    /// Every level, least first.
    pub const ALL: [Self; 3] = [Self::NoData, Self::Warning, Self::Critical];

    /// The words in the database and in Facts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoData => "no data",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// The level of those words, if there is one; a file says `no_data`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word || level.as_str().replace(' ', "_") == word)
    }
}

/// The durations of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long the condition must hold before the alert fires.
    pub for_ms: i64,
    /// The same for the warning's condition; `None` where a rule has none.
    pub warning_for_ms: Option<i64>,
    /// How long the alert goes on firing after the condition has cleared.
    pub keep_firing_for_ms: i64,
    /// A firing alert ends after this long without data.
    pub resolve_absent_after_ms: i64,
}

impl Timing {
    /// Of a rule. Where missing data are said to be fine, they end a firing after their timeframe already.
    #[must_use]
    pub fn of(rule: &Rule) -> Self {
        let absence = &rule.absence;
        let patience_ms: i64 = match absence.policy {
            NoData::Ok => absence.timeframe_ms,
            NoData::Keep | NoData::Notify => absence.resolve_after_ms,
        };
        Self {
            for_ms: rule.for_ms,
            warning_for_ms: rule.warning.as_ref().map(|warning| warning.for_ms),
            keep_firing_for_ms: rule.keep_firing_for_ms,
            resolve_absent_after_ms: patience_ms,
        }
    }
}

/// What a value means for a rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The worst threshold it is beyond.
    pub breach: Option<Level>,
    /// The worst level at which an alert that fires already would go on: never less than `breach`.
    pub holds: Option<Level>,
}

/// What a tick saw of one series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A value.
    Value(Reading),
    /// No value, or NaN.
    Absent,
}

/// A firing alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Firing {
    pub level: Level,
    /// When the condition was crossed; of missing data, the first tick without them.
    pub since: Time,
    /// Since when the value is beyond the critical threshold.
    pub critical_since: Option<Time>,
    pub fired_at: Time,
    /// First clear tick; set while recovering.
    pub clear_since: Option<Time>,
    /// First tick without data.
    pub absent_since: Option<Time>,
}

/// What is remembered between ticks about one rule and one set of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tracked {
    /// Nothing. Has no row.
    Inactive,
    /// The condition holds since `since`, not yet long enough; and the critical one since `critical_since`.
    Pending { since: Time, critical_since: Option<Time> },
    /// Somebody is needed.
    Firing(Firing),
    /// Resolved by hand while the condition held; silent until it was clear once, or worse than `level`.
    Dismissed { level: Level, absent_since: Option<Time> },
}

/// Why an alert was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResolveReason {
    Recovered,
    ByHand,
    RuleDeleted,
    RuleChanged,
    NoData,
    /// The integration that had raised it was removed.
    SourceRemoved,
}

impl ResolveReason {
    const ALL: [Self; 6] =
        [Self::Recovered, Self::ByHand, Self::RuleDeleted, Self::RuleChanged, Self::NoData, Self::SourceRemoved];

    /// The words in the database and in Facts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::ByHand => "by hand",
            Self::RuleDeleted => "rule deleted",
            Self::RuleChanged => "rule changed",
            Self::NoData => "no data",
            Self::SourceRemoved => "source removed",
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
    /// It held long enough, or data were missing long enough.
    Fired,
    /// A warning became critical.
    Raised,
    /// What was critical is a warning only.
    Lowered,
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
        Tracked::Inactive => begin(seen, timing, now),
        Tracked::Pending { since, critical_since } => wait(since, critical_since, seen, timing, now),
        Tracked::Firing(firing) => match seen {
            Seen::Value(reading) => burn(firing, reading, timing, now),
            Seen::Absent => miss(firing, timing, now),
        },
        Tracked::Dismissed { level, absent_since } => stay_silent(level, absent_since, seen, timing, now),
    }
}

/// A series whose data have been missing since `since`, for as long as its rule waits.
#[must_use]
pub fn lose(since: Time, now: Time) -> (Tracked, Vec<Transition>) {
    let firing =
        Firing { level: Level::NoData, since, critical_since: None, fired_at: now, clear_since: None, absent_since: Some(since) };
    (Tracked::Firing(firing), vec![Transition::Fired])
}

fn begin(seen: Seen, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    let Seen::Value(Reading { breach: Some(level), .. }) = seen else {
        return (Tracked::Inactive, Vec::new());
    };
    let (tracked, mut transitions) = mature(now, critical_from(level, None, now), timing, now);
    transitions.insert(0, Transition::Crossed);
    (tracked, transitions)
}

fn wait(since: Time, critical_since: Option<Time>, seen: Seen, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    let Seen::Value(Reading { breach: Some(level), .. }) = seen else {
        return (Tracked::Inactive, vec![Transition::Vanished]);
    };
    mature(since, critical_from(level, critical_since, now), timing, now)
}

/// Since when the critical threshold is breached, given since when it was before.
fn critical_from(level: Level, before: Option<Time>, now: Time) -> Option<Time> {
    if level == Level::Critical { Some(before.unwrap_or(now)) } else { None }
}

/// Pending until `for` has passed. With `for` 5 m and a tick every 15 s that is the 21st breaching tick.
fn mature(since: Time, critical_since: Option<Time>, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    let Some(level) = ripe(since, critical_since, timing, now) else {
        return (Tracked::Pending { since, critical_since }, Vec::new());
    };
    let firing = Firing { level, since, critical_since, fired_at: now, clear_since: None, absent_since: None };
    (Tracked::Firing(firing), vec![Transition::Fired])
}

/// The worst level whose wait is over.
fn ripe(since: Time, critical_since: Option<Time>, timing: &Timing, now: Time) -> Option<Level> {
    if critical_since.is_some_and(|critical_since| now.since(critical_since) >= timing.for_ms) {
        return Some(Level::Critical);
    }
    timing.warning_for_ms.filter(|wait_ms| now.since(since) >= *wait_ms).map(|_| Level::Warning)
}

/// A firing alert with a value.
fn burn(firing: Firing, reading: Reading, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    if firing.level == Level::NoData {
        return (Tracked::Inactive, vec![Transition::Resolved(ResolveReason::Recovered)]);
    }
    let holds: Option<Level> = if firing.clear_since.is_some() { reading.breach } else { reading.holds };
    let Some(holds) = holds else {
        return recover(firing, timing, now);
    };
    let mut transitions: Vec<Transition> = Vec::new();
    if firing.clear_since.is_some() {
        transitions.push(Transition::Relapsed);
    }
    let (level, critical_since): (Level, Option<Time>) = level_of(firing, holds, reading, timing, now);
    match level.cmp(&firing.level) {
        std::cmp::Ordering::Greater => transitions.push(Transition::Raised),
        std::cmp::Ordering::Less => transitions.push(Transition::Lowered),
        std::cmp::Ordering::Equal => {}
    }
    (Tracked::Firing(Firing { level, critical_since, clear_since: None, absent_since: None, ..firing }), transitions)
}

/// What is critical stays so while it holds; a warning becomes critical after the critical wait.
fn level_of(firing: Firing, holds: Level, reading: Reading, timing: &Timing, now: Time) -> (Level, Option<Time>) {
    if firing.level == Level::Critical {
        return if holds == Level::Critical { (Level::Critical, firing.critical_since) } else { (Level::Warning, None) };
    }
    let critical_since: Option<Time> = reading.breach.and_then(|breach| critical_from(breach, firing.critical_since, now));
    let is_critical: bool = critical_since.is_some_and(|since| now.since(since) >= timing.for_ms);
    (if is_critical { Level::Critical } else { Level::Warning }, critical_since)
}

fn recover(firing: Firing, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    let first_clear: Time = firing.clear_since.unwrap_or(now);
    if now.since(first_clear) >= timing.keep_firing_for_ms {
        return (Tracked::Inactive, vec![Transition::Resolved(ResolveReason::Recovered)]);
    }
    let transitions: Vec<Transition> = if firing.clear_since.is_none() { vec![Transition::Recovered] } else { Vec::new() };
    let recovering = Firing { clear_since: Some(first_clear), critical_since: None, absent_since: None, ..firing };
    (Tracked::Firing(recovering), transitions)
}

/// A firing alert without a value.
fn miss(firing: Firing, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    let absent_since: Time = firing.absent_since.unwrap_or(now);
    if now.since(absent_since) >= timing.resolve_absent_after_ms {
        return (Tracked::Inactive, vec![Transition::Resolved(ResolveReason::NoData)]);
    }
    // A wait for the critical level is a suspicion, and ends with its evidence.
    let critical_since: Option<Time> = firing.critical_since.filter(|_| firing.level == Level::Critical);
    (Tracked::Firing(Firing { critical_since, absent_since: Some(absent_since), ..firing }), Vec::new())
}

/// What was resolved by hand.
fn stay_silent(level: Level, absent_since: Option<Time>, seen: Seen, timing: &Timing, now: Time) -> (Tracked, Vec<Transition>) {
    match seen {
        Seen::Value(Reading { breach: None, .. }) => (Tracked::Inactive, vec![Transition::Recovered, Transition::Released]),
        Seen::Value(Reading { breach: Some(breach), .. }) if breach > level => (Tracked::Inactive, vec![Transition::Released]),
        Seen::Value(_) => (Tracked::Dismissed { level, absent_since: None }, Vec::new()),
        Seen::Absent => {
            let absent_since: Time = absent_since.unwrap_or(now);
            if now.since(absent_since) >= timing.resolve_absent_after_ms {
                return (Tracked::Inactive, vec![Transition::Released]);
            }
            (Tracked::Dismissed { level, absent_since: Some(absent_since) }, Vec::new())
        }
    }
}

/// What an outage of `outage_ms`, in which nobody evaluated, leaves of the state; `now` is the first tick after it. Firing stays
/// firing. Pending is suspended for the outage, but fires at the earliest after [`OUTAGE_GRACE_MS`]; it starts over when its `for`
/// is shorter than that or the outage was too long.
#[must_use]
pub fn after_outage(tracked: Tracked, timing: &Timing, outage_ms: i64, now: Time) -> Tracked {
    let Tracked::Pending { since, critical_since } = tracked else {
        return tracked;
    };
    if outage_ms <= CATCH_UP_MS {
        return tracked;
    }
    let wait_ms: i64 = timing.warning_for_ms.unwrap_or(timing.for_ms);
    let resumed = |since: Time, wait_ms: i64| suspended(since, wait_ms, outage_ms, now);
    Tracked::Pending { since: resumed(since, wait_ms), critical_since: critical_since.map(|at| resumed(at, timing.for_ms)) }
}

fn suspended(since: Time, wait_ms: i64, outage_ms: i64, now: Time) -> Time {
    if wait_ms < OUTAGE_GRACE_MS || outage_ms > OUTAGE_TOLERANCE_MS {
        return now;
    }
    let latest: Time = now.plus_ms(OUTAGE_GRACE_MS - wait_ms);
    since.plus_ms(outage_ms).max(latest).min(now)
}
