//! Recording rules at a tick: what they wrote before, and what they write now.
//!
//! 1. Samples are written before the tick is committed: a crash between the two repeats the tick, and the same samples at the same time
//!    are no harm; the other way round there would be a gap. They are written under the group's lease, which then lasts longer than the
//!    write may take.
//! 2. A later rule of the group sees them: what a rule may read is written before it is asked. Whatever nobody waits for is written
//!    together at the end, so that hundreds of rules cost one commit.
//! 3. Which series a rule wrote stands in the database, so that they end with a marker whoever evaluates the tick that no longer gives
//!    them. A process that also evaluated the tick before remembers them; that it did is checked in the tick's transaction.

use super::asking::{Answer, Given};
use super::{Compiled, Evaluator, LONGEST_WRITE};
use crate::error::Error;
use crate::needs::{Measured, NotRecorded, Sample, Series};
use crate::recording::{self, Recorded, SeriesSet};
use crate::rules::Rule;
use crate::store::recorded::{self, Ended};
use kernel::Tx;
use model::Time;
use model::ids::RuleId;
use promql::ast::Expr;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Series that are ended at once, after their rule is gone.
const MOST_ENDED: i64 = 10_000;

/// What the rules of a group wrote at their last good ticks.
#[derive(Clone, Debug, Default)]
pub(super) struct Past {
    /// Of the rules it is about; `None` where nothing is recorded.
    revision: Option<i64>,
    /// The group's tick before.
    after: Option<Time>,
    series: HashMap<RuleId, Arc<SeriesSet>>,
}

impl Past {
    fn of(&self, rule: &RuleId) -> Arc<SeriesSet> {
        self.series.get(rule).cloned().unwrap_or_default()
    }

    /// Whether nobody else has evaluated the group meanwhile; it stays so until the transaction ends.
    pub(super) async fn is_so(&self, tx: &mut Tx, group: &str) -> Result<bool, sqlx::Error> {
        Ok(self.revision.is_none() || recorded::held_tick(tx, group).await? == self.after)
    }
}

/// Samples of one rule that are not written yet.
struct Unwritten {
    /// The place of its answer.
    answer: usize,
    samples: Vec<Sample>,
}

/// What waits to be written.
#[derive(Default)]
pub(super) struct Waiting {
    rules: Vec<Unwritten>,
    metrics: BTreeSet<String>,
}

impl Waiting {
    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether an expression may read what is not written yet.
    pub(super) fn is_read_by(&self, expr: &Expr) -> bool {
        recording::may_read(expr, &self.metrics)
    }

    /// Takes what a recording rule gives at the moment `at`; `answer` is the place its answer will have.
    pub(super) fn take(
        &mut self,
        rule: &Rule,
        past: &Past,
        measured: &[Measured],
        at: Time,
        answer: usize,
    ) -> Result<Given, String> {
        let before: Arc<SeriesSet> = past.of(&rule.id);
        let recorded: Recorded = recording::record(rule, &before, measured, at).map_err(|error| error.to_string())?;
        if !recorded.samples.is_empty() {
            let metrics: BTreeSet<&str> = recorded.samples.iter().map(|sample| sample.labels.metric()).collect();
            self.metrics.extend(metrics.into_iter().map(str::to_owned));
            self.rules.push(Unwritten { answer, samples: recorded.samples });
        }
        Ok(Given::Recorded(recorded.series))
    }
}

impl Evaluator {
    /// What the rules of a group wrote until the tick `expected`, the one before this. `None` when somebody else has evaluated it since:
    /// then nothing may be written.
    pub(super) async fn past(&self, rules: &Compiled, expected: Option<Time>) -> Result<Option<Arc<Past>>, Error> {
        if !rules.rules.iter().any(|(rule, _)| rule.records().is_some()) {
            return Ok(Some(Arc::default()));
        }
        let known: Option<Arc<Past>> = self.remember(&rules.group, |memory| memory.past.take());
        // What is remembered is old as soon as another process had the group for a while.
        if let Some(past) = known.filter(|past| past.revision == Some(rules.revision) && past.after == expected) {
            return Ok(Some(past));
        }
        // In this order: a tick between the two is noticed when this one is written.
        let after: Option<Time> = recorded::last_tick(&self.db, &rules.group).await?;
        let series: HashMap<RuleId, SeriesSet> = recorded::of_group(&self.db, &rules.group).await?;
        let series = series.into_iter().map(|(rule, series)| (rule, Arc::new(series))).collect();
        Ok((after == expected).then(|| Arc::new(Past { revision: Some(rules.revision), after, series })))
    }

    /// Remembers what stands now, after the tick `at` was committed.
    pub(super) fn keep_past(&self, group: &str, past: &Past, now: Vec<(RuleId, SeriesSet)>, at: Time) {
        if past.revision.is_none() {
            return;
        }
        let mut next: Past = Past { after: Some(at), ..past.clone() };
        next.series.extend(now.into_iter().map(|(rule, series)| (rule, Arc::new(series))));
        self.remember(group, |memory| memory.past = Some(Arc::new(next)));
    }

    /// Notes in the tick's transaction which series a rule has now.
    pub(super) async fn write_recorded(&self, tx: &mut Tx, past: &Past, rule: &Rule, now: &SeriesSet) -> Result<(), Error> {
        let before: Arc<SeriesSet> = past.of(&rule.id);
        if *before != *now {
            recorded::write(tx, &rule.id, &before, now).await?;
        }
        Ok(())
    }

    /// Writes what waits. A rule whose samples were not taken has failed.
    pub(super) async fn flush(&self, waiting: &mut Waiting, answers: &mut [Answer<'_>]) {
        let rules: Vec<Unwritten> = std::mem::take(waiting).rules;
        if rules.is_empty() {
            return;
        }
        for (answer, reason) in self.not_written(&rules).await {
            if let Some(answer) = answers.get_mut(answer) {
                answer.result = Err(reason);
            }
        }
    }

    /// Which of these could not be written, and why.
    async fn not_written(&self, rules: &[Unwritten]) -> Vec<(usize, String)> {
        let all = |reason: &str| rules.iter().map(|rule| (rule.answer, reason.to_owned())).collect::<Vec<(usize, String)>>();
        let Some(series) = &self.series else {
            return all("there is nothing that takes what is recorded");
        };
        match tokio::time::timeout(LONGEST_WRITE, written(series.as_ref(), rules)).await {
            Ok(failed) => failed,
            Err(_) => all(&format!("what is recorded took longer than {} s to be written", LONGEST_WRITE.as_secs())),
        }
    }

    /// Ends the series of rules that are gone, and says how many there were. Any number of processes may do so at once.
    pub(crate) async fn end_series(&self) -> Result<usize, Error> {
        let Some(series) = &self.series else {
            return Ok(0);
        };
        let ended: Vec<Ended> = recorded::ended(&self.db, MOST_ENDED).await?;
        let over = ended.iter().filter(|one| !one.goes_on);
        let marks: Vec<Sample> = over.map(|one| recording::end(one.labels.clone(), one.at)).collect();
        if !marks.is_empty() && !is_told(series.as_ref(), marks).await {
            return Ok(0);
        }
        if !ended.is_empty() {
            recorded::forget(&self.db, &ended).await?;
        }
        Ok(ended.len())
    }
}

/// What can't be taken now will not be later either: its time is past.
async fn is_told(series: &dyn Series, marks: Vec<Sample>) -> bool {
    match tokio::time::timeout(LONGEST_WRITE, series.record(marks)).await {
        Ok(Ok(()) | Err(NotRecorded::Refused { .. })) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, "series of recording rules that are gone were not ended, they will be soon");
            false
        }
        Err(_) => {
            tracing::warn!("series of recording rules that are gone took too long to be ended, they will be soon");
            false
        }
    }
}

/// All at once; where some of it is refused, rule by rule, so that it stands at the right one. Twice the same is no harm.
async fn written(series: &dyn Series, rules: &[Unwritten]) -> Vec<(usize, String)> {
    let all: Vec<Sample> = rules.iter().flat_map(|rule| rule.samples.iter().cloned()).collect();
    let error: NotRecorded = match series.record(all).await {
        Ok(()) => return Vec::new(),
        Err(error) => error,
    };
    if rules.len() == 1 || matches!(error, NotRecorded::Failed { .. }) {
        return rules.iter().map(|rule| (rule.answer, error.to_string())).collect();
    }
    let mut failed: Vec<(usize, String)> = Vec::new();
    for rule in rules {
        if let Err(error) = series.record(rule.samples.clone()).await {
            failed.push((rule.answer, error.to_string()));
        }
    }
    failed
}
