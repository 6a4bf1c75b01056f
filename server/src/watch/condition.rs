//! How evaluator, notifier and outbox do, and what that means. Pure.
//!
//! Two kinds of figures: what this process did itself (its loops, its last write), and what stands in the database whoever did it (how late
//! rules are, what is due). A replica that has no group of rules to evaluate is well as long as somebody evaluates them.

use model::Time;
use serde_json::{Value, json};

/// A worker that did nothing for longer stands still: it works twice a second.
pub const LATE_MS: i64 = 60_000;
/// The database is written to every five seconds.
pub const UNWRITTEN_MS: i64 = 20_000;
/// A look is taken every five seconds: an older one says nothing any more.
pub const STALE_MS: i64 = 30_000;

/// One look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    pub at: Time,
    /// When this process started: nobody can have done anything before.
    pub started_at: Time,
    /// When the database last took a write of ours.
    pub written_at: Time,
    /// How far the latest rule is behind its interval; `None` where there are no rules.
    pub lag_ms: Option<i64>,
    pub passed_at: Option<Time>,
    pub looked_at: Option<Time>,
    pub oldest_due: Option<Time>,
    /// Since when a step of an escalation is due that nobody fires.
    pub escalation_due: Option<Time>,
    /// Channels that let nothing through, as far as that was told of.
    pub n_failing_channels: usize,
    /// Since when every channel in use fails.
    pub unheard_since: Option<Time>,
}

/// Something that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ailment {
    /// Nobody has looked lately.
    Unwatched,
    /// The database takes no write.
    Unwritten,
    /// Rules are evaluated too late, or not at all.
    EvaluatorLate,
    /// This process does not decide who is to be told.
    NotifierLate,
    /// This process does not look for pages that are due.
    SenderLate,
    /// A page is due for long, and no process sends it.
    DeliveriesLate,
    /// A step of an escalation is due for long, and no process fires it.
    EscalationsLate,
    /// Every channel in use fails: a page would reach nobody.
    Unheard,
}

impl Ailment {
    /// The word in answers to programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unwatched => "unwatched",
            Self::Unwritten => "database",
            Self::EvaluatorLate => "evaluator",
            Self::NotifierLate => "notifier",
            Self::SenderLate => "sender",
            Self::DeliveriesLate => "deliveries",
            Self::EscalationsLate => "escalations",
            Self::Unheard => "channels",
        }
    }
}

impl Condition {
    /// Everything that is wrong at `now`; empty when all is well.
    #[must_use]
    pub fn ailments(&self, now: Time) -> Vec<Ailment> {
        let idle = |at: Option<Time>| now.since(at.unwrap_or(self.started_at)) > LATE_MS;
        let late = |due: Option<Time>| due.is_some_and(|due| now.since(due) > LATE_MS);
        let signs: [(bool, Ailment); 8] = [
            (now.since(self.at) > STALE_MS, Ailment::Unwatched),
            (now.since(self.written_at) > UNWRITTEN_MS, Ailment::Unwritten),
            (self.lag_ms.is_some_and(|lag_ms| lag_ms > LATE_MS), Ailment::EvaluatorLate),
            (idle(self.passed_at), Ailment::NotifierLate),
            (idle(self.looked_at), Ailment::SenderLate),
            (late(self.oldest_due), Ailment::DeliveriesLate),
            (late(self.escalation_due), Ailment::EscalationsLate),
            (self.unheard_since.is_some(), Ailment::Unheard),
        ];
        signs.into_iter().filter(|(is_so, _)| *is_so).map(|(_, ailment)| ailment).collect()
    }

    /// The same for programs: what is wrong, and how long ago everything was, in milliseconds.
    #[must_use]
    pub fn report(&self, now: Time) -> Value {
        let ailments: Vec<Ailment> = self.ailments(now);
        let words: Vec<&str> = ailments.iter().map(|ailment| ailment.as_str()).collect();
        let age = |at: Option<Time>| at.map(|at| now.since(at).max(0));
        json!({
            "healthy": ailments.is_empty(),
            "ailments": words,
            "at": now.0,
            "written_age_ms": age(Some(self.written_at)),
            "evaluator_lag_ms": self.lag_ms,
            "notifier_pass_age_ms": age(self.passed_at),
            "sender_look_age_ms": age(self.looked_at),
            "oldest_due_age_ms": age(self.oldest_due),
            "escalation_due_age_ms": age(self.escalation_due),
            "failing_channels": self.n_failing_channels,
            "unheard_age_ms": age(self.unheard_since),
        })
    }
}

/// How far the latest rule is behind: of the tick each was last evaluated for and its interval. One that was never evaluated is new.
#[must_use]
pub fn lag_ms(rules: impl Iterator<Item = (Option<Time>, i64)>, now: Time) -> Option<i64> {
    let behind = rules.filter_map(|(at, interval_ms)| at.map(|at| now.since(at) - interval_ms));
    behind.max().map(|lag_ms| lag_ms.max(0))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) const NOW: Time = Time(1_795_348_800_000);

    /// All is well at [`NOW`].
    pub(crate) fn well() -> Condition {
        Condition {
            at: NOW,
            started_at: NOW.plus_ms(-3_600_000),
            written_at: NOW,
            lag_ms: Some(900),
            passed_at: Some(NOW.plus_ms(-400)),
            looked_at: Some(NOW.plus_ms(-300)),
            oldest_due: None,
            escalation_due: None,
            n_failing_channels: 0,
            unheard_since: None,
        }
    }

    #[test]
    fn every_worker_that_stands_still_is_named() {
        let late: Option<Time> = Some(NOW.plus_ms(-LATE_MS - 1));
        let just: Option<Time> = Some(NOW.plus_ms(-LATE_MS));
        for (condition, expected) in [
            (well(), vec![]),
            (Condition { passed_at: just, looked_at: just, oldest_due: just, lag_ms: Some(LATE_MS), ..well() }, vec![]),
            (Condition { escalation_due: just, ..well() }, vec![]),
            (Condition { lag_ms: None, ..well() }, vec![]),
            (Condition { lag_ms: Some(LATE_MS + 1), ..well() }, vec![Ailment::EvaluatorLate]),
            (Condition { passed_at: late, ..well() }, vec![Ailment::NotifierLate]),
            (Condition { passed_at: None, ..well() }, vec![Ailment::NotifierLate]),
            (Condition { passed_at: None, started_at: NOW.plus_ms(-1), ..well() }, vec![]),
            (Condition { looked_at: late, ..well() }, vec![Ailment::SenderLate]),
            (Condition { oldest_due: late, ..well() }, vec![Ailment::DeliveriesLate]),
            (Condition { escalation_due: late, ..well() }, vec![Ailment::EscalationsLate]),
            (Condition { n_failing_channels: 1, ..well() }, vec![]),
            (Condition { n_failing_channels: 2, unheard_since: Some(NOW), ..well() }, vec![Ailment::Unheard]),
            (Condition { written_at: NOW.plus_ms(-UNWRITTEN_MS - 1), ..well() }, vec![Ailment::Unwritten]),
        ] {
            assert_eq!(condition.ailments(NOW), expected, "{condition:?}");
        }
    }

    #[test]
    fn an_old_look_is_no_good_news() {
        let later: Time = NOW.plus_ms(STALE_MS + 1);
        let ailments: Vec<Ailment> = well().ailments(later);
        assert_eq!(ailments, [Ailment::Unwatched, Ailment::Unwritten]);
        assert_eq!(well().report(later)["healthy"], false);
        assert_eq!(well().report(NOW)["healthy"], true);
    }

    #[test]
    fn the_latest_rule_counts_and_a_new_one_does_not() {
        let rules = [(Some(NOW.plus_ms(-20_000)), 15_000), (Some(NOW.plus_ms(-310_000)), 300_000), (None, 15_000)];
        assert_eq!(lag_ms(rules.into_iter(), NOW), Some(10_000));
        assert_eq!(lag_ms([(Some(NOW), 15_000)].into_iter(), NOW), Some(0));
        assert_eq!(lag_ms([(None, 15_000)].into_iter(), NOW), None);
    }
}
