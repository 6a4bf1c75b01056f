//! One rule, tick by tick, over measurements that somebody brings: what the evaluator does, without a database. Pure.
//!
//! Backtests and unit tests of rules stand on it, and so say exactly what the evaluator would have said: both call [`verdict::judge`].

use crate::needs::Measured;
use crate::rules::Rule;
use crate::state::Tracked;
use crate::verdict::{self, Before, Frozen, Judged, Known, Verdict};
use model::Time;
use model::ids::AlertId;
use model::labels::Labels;

/// An alert as it stands after a tick.
#[derive(Clone, Debug, PartialEq)]
pub struct Active {
    /// Counted from 1 in this replay.
    pub id: AlertId,
    pub labels: Labels,
    pub tracked: Tracked,
    /// What was measured last.
    pub value: Option<f64>,
}

/// A rule and what is remembered of it.
#[derive(Clone, Debug)]
pub struct Replay {
    rule: Rule,
    before: Before,
    active: Vec<Active>,
    n_alerts: i64,
}

impl Replay {
    /// A rule that was never evaluated.
    #[must_use]
    pub fn new(rule: Rule) -> Self {
        Self { rule, before: Before::default(), active: Vec::new(), n_alerts: 0 }
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The moment that is measured for the tick `at`.
    #[must_use]
    pub fn asked_at(&self, at: Time) -> Time {
        at.plus_ms(-self.rule.evaluation_delay_ms)
    }

    /// One tick, and what it meant.
    ///
    /// # Errors
    /// [`Frozen`]; then everything stays as it was.
    pub fn tick(&mut self, measured: &[Measured], at: Time) -> Result<Vec<Verdict>, Frozen> {
        let judged: Judged = verdict::judge(&self.rule, &self.before, measured, at)?;
        for verdict in &judged.verdicts {
            self.follow(verdict);
        }
        let known = |active: &Active| Known { id: active.id, labels: active.labels.clone(), tracked: active.tracked };
        self.before = Before { known: self.active.iter().map(known).collect(), memory: judged.memory, outage_ms: 0 };
        Ok(judged.verdicts)
    }

    fn follow(&mut self, verdict: &Verdict) {
        if let Some(id) = verdict.known {
            if verdict.tracked == Tracked::Inactive {
                self.active.retain(|active| active.id != id);
            } else if let Some(active) = self.active.iter_mut().find(|active| active.id == id) {
                active.tracked = verdict.tracked;
                active.value = verdict.value.or(active.value);
            }
            return;
        }
        if verdict.tracked != Tracked::Inactive {
            self.n_alerts += 1;
            let (id, labels) = (AlertId(self.n_alerts), verdict.labels.clone());
            self.active.push(Active { id, labels, tracked: verdict.tracked, value: verdict.value });
        }
    }

    /// Pending and firing alerts, oldest first.
    #[must_use]
    pub fn active(&self) -> &[Active] {
        &self.active
    }
}
