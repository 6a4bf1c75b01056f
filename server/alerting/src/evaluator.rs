//! The evaluator: a reconciler that brings every group of rules up to now.
//!
//! It takes no input but the time and may be run by any number of processes. Three things keep a tick from being counted twice: the
//! lease of the group (fenced by its epoch), the group's last tick (only ever grows) and its revision (rules that changed since they
//! were read are not judged by). All are checked in the transaction that writes the tick. Queries run before it, outside.

mod asking;
mod recording;

use crate::error::Error;
use crate::needs::{Measured, Queries, Sample, Series};
use crate::presence::Memory as SeriesMemory;
use crate::record;
use crate::recording::SeriesSet;
use crate::rules::Rule;
use crate::schedule::{self, Due, Predecessor};
use crate::series::{self, Work};
use crate::sharing;
use crate::store;
use crate::store::rules::GroupHead;
use crate::store::ticks::{self, Claim, Evaluation};
use crate::verdict::{self, Before, Judged, Known};
use asking::{Answer, Given};
use jobs::leases::{LEASE_MS, RENEW_EVERY_MS};
use jobs::{Lease, Leases};
use kernel::{Clock, Db, Tx};
use model::ids::RuleId;
use model::{Actor, Time};
use promql::ast::Expr;
use recording::Past;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A wait for samples to be written. Those about a tick are then told to be late, and lost; a recording rule has then failed.
const LONGEST_WRITE: Duration = Duration::from_secs(5);

/// Evaluates groups. One per process.
pub(crate) struct Evaluator {
    db: Db,
    clock: Arc<dyn Clock>,
    queries: Arc<dyn Queries>,
    /// Where samples about alerts and rules go, if anywhere.
    series: Option<Arc<dyn Series>>,
    /// This process and this start of it.
    owner: String,
    leases: Leases,
    actor: Actor,
    memory: Mutex<HashMap<String, Memory>>,
    meeting: Mutex<Meeting>,
}

/// Everybody who evaluates rules, as last seen. Nobody until [`Evaluator::meet`].
#[derive(Default)]
struct Meeting {
    at: Option<Time>,
    everybody: Vec<String>,
}

/// What this process remembers of a group; all of it can be lost.
#[derive(Clone, Default)]
struct Memory {
    lease: Option<Lease>,
    rules: Option<Arc<Compiled>>,
    /// The newest tick that this process wrote itself.
    last_tick: Option<Time>,
    /// What its recording rules wrote, as of the newest tick that this process wrote itself.
    past: Option<Arc<Past>>,
    /// Whether somebody is at it right now: a group never overlaps itself.
    busy: bool,
}

/// A group's rules, ready to be evaluated.
struct Compiled {
    group: String,
    interval_ms: i64,
    revision: i64,
    rules: Vec<(Rule, Result<Expr, String>)>,
}

/// One tick to evaluate, and what was left out before it.
#[derive(Clone, Copy)]
struct Occasion {
    at: Time,
    /// The tick before.
    after: Option<Time>,
    skipped: i64,
    outage_ms: i64,
}

/// What a tick wrote, as far as it is told to others after the commit.
#[derive(Default)]
struct Written {
    samples: Vec<Sample>,
    /// What recording rules have written.
    recorded: Vec<(RuleId, SeriesSet)>,
    /// Rules that failed.
    failed: i64,
}

/// What the rules of a group remember.
struct Remembered {
    known: HashMap<RuleId, Vec<Known>>,
    memories: HashMap<RuleId, SeriesMemory>,
}

impl Remembered {
    /// What one of them does; it is asked once.
    fn take(&mut self, rule: &RuleId, outage_ms: i64) -> Before {
        let known: Vec<Known> = self.known.remove(rule).unwrap_or_default();
        Before { known, memory: self.memories.remove(rule).unwrap_or_default(), outage_ms }
    }
}

async fn remembered(tx: &mut Tx, answers: &[Answer<'_>]) -> Result<Remembered, Error> {
    let judging = answers.iter().filter(|answer| answer.rule.records().is_none());
    let ids: Vec<String> = judging.map(|answer| answer.rule.id.0.clone()).collect();
    let mut known: HashMap<RuleId, Vec<Known>> = HashMap::new();
    for (rule, alert) in ticks::known(tx, &ids).await? {
        known.entry(rule).or_default().push(alert);
    }
    let remembering = answers.iter().filter(|answer| answer.rule.remembers());
    let ids: Vec<String> = remembering.map(|answer| answer.rule.id.0.clone()).collect();
    Ok(Remembered { known, memories: store::series::memories(tx, &ids).await? })
}

/// Holds a group; letting go of it frees the group again.
pub(crate) struct Busy {
    evaluator: Arc<Evaluator>,
    group: String,
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.evaluator.remember(&self.group, |memory| memory.busy = false);
    }
}

impl Evaluator {
    pub(crate) fn new(db: Db, clock: Arc<dyn Clock>, queries: Arc<dyn Queries>) -> Self {
        let owner: String = format!("alerting/{}", kernel::ids::new_uuid());
        let leases = Leases::new(db.clone(), owner.clone());
        let actor = Actor::worker("evaluator");
        let (memory, meeting) = (Mutex::new(HashMap::new()), Mutex::new(Meeting::default()));
        Self { db, clock, queries, series: None, owner, leases, actor, memory, meeting }
    }

    /// Another one over the same rules that writes samples about them.
    pub(crate) fn with_series(&self, series: Arc<dyn Series>) -> Self {
        let evaluator = Self::new(self.db.clone(), Arc::clone(&self.clock), Arc::clone(&self.queries));
        Self { series: Some(series), ..evaluator }
    }

    /// Says that this process is there, and learns who else is; `false` when it did so a moment ago. A database that does not answer leaves
    /// what was known.
    pub(crate) async fn meet(&self, now: Time) -> Result<bool, Error> {
        let is_due: bool = {
            let mut meeting = self.meeting.lock().unwrap_or_else(PoisonError::into_inner);
            let is_due: bool = meeting.at.is_none_or(|at| now.since(at).abs() >= sharing::MEET_EVERY_MS);
            if is_due {
                meeting.at = Some(now);
            }
            is_due
        };
        if is_due {
            let alive_from: Time = now.plus_ms(-sharing::ALIVE_MS);
            let everybody: Vec<String> = store::replicas::meet(&self.db, &self.owner, now, alive_from).await?;
            self.meeting.lock().unwrap_or_else(PoisonError::into_inner).everybody = everybody;
        }
        Ok(is_due)
    }

    /// Whether this process should evaluate a group. One that it holds and should not is given back.
    pub(crate) async fn wants(&self, group: &str) -> bool {
        let is_mine: bool = {
            let meeting = self.meeting.lock().unwrap_or_else(PoisonError::into_inner);
            sharing::is_mine(group, &self.owner, &meeting.everybody)
        };
        if !is_mine && let Some(lease) = self.remember(group, |memory| memory.lease.take()) {
            self.give_back(&lease).await;
        }
        is_mine
    }

    pub(crate) fn now(&self) -> Time {
        self.clock.now()
    }

    /// Every group there is.
    pub(crate) async fn groups(&self) -> Result<Vec<GroupHead>, Error> {
        Ok(store::rules::heads(&self.db).await?)
    }

    /// Takes a group for this process, unless it is still at it.
    pub(crate) fn begin(self: &Arc<Self>, group: &str) -> Option<Busy> {
        let was_busy: bool = self.remember(group, |memory| std::mem::replace(&mut memory.busy, true));
        if was_busy { None } else { Some(Busy { evaluator: Arc::clone(self), group: group.to_owned() }) }
    }

    /// Evaluates what is due of a group `jitter_ms` after its ticks, and says how many ticks that were. 0 when another process has the group.
    pub(crate) async fn visit(&self, head: &GroupHead, now: Time, jitter_ms: i64) -> Result<usize, Error> {
        let memory: Memory = self.remember(&head.name, |memory| memory.clone());
        let by_us: bool = memory.last_tick.is_some() && memory.last_tick == head.last_tick;
        let predecessor: Predecessor = if by_us { Predecessor::Ourselves } else { Predecessor::Other };
        let due: Due = schedule::due(head.last_tick, now.plus_ms(-jitter_ms), head.interval_ms, predecessor);
        if due.ticks.is_empty() {
            if memory.lease.is_some() {
                self.hold(&head.name, now).await?;
            }
            return Ok(0);
        }
        if self.hold(&head.name, now).await?.is_none() {
            return Ok(0);
        }
        let rules: Arc<Compiled> = self.compiled(head, memory.rules).await?;
        self.catch_up(&rules, &due, head.last_tick).await
    }

    /// `after` is the group's tick before.
    async fn catch_up(&self, rules: &Compiled, due: &Due, mut after: Option<Time>) -> Result<usize, Error> {
        let mut done: usize = 0;
        for at in &due.ticks {
            let Some(lease) = self.hold(&rules.group, self.clock.now()).await? else {
                return Ok(done);
            };
            let first: bool = done == 0;
            let skipped: i64 = if first { due.skipped } else { 0 };
            let outage_ms: i64 = if first { due.outage_ms } else { 0 };
            if !self.evaluate(rules, Occasion { at: *at, after, skipped, outage_ms }, &lease).await? {
                return Ok(done);
            }
            self.remember(&rules.group, |memory| memory.last_tick = Some(*at));
            after = Some(*at);
            done += 1;
        }
        Ok(done)
    }

    /// One tick, all or nothing. `false` when it was not ours to write.
    async fn evaluate(&self, rules: &Compiled, occasion: Occasion, lease: &Lease) -> Result<bool, Error> {
        let started: Time = self.clock.now();
        let Some(past): Option<Arc<Past>> = self.past(rules, occasion.after).await? else {
            return Ok(false);
        };
        let Some(answers): Option<Vec<Answer<'_>>> = self.ask(rules, occasion.at, lease, &past).await? else {
            return Ok(false);
        };
        let claim = Claim {
            group: rules.group.clone(),
            revision: rules.revision,
            at: occasion.at,
            took_ms: self.clock.now().since(started),
            skipped: occasion.skipped,
        };
        let Some((mut tx, missed)): Option<(Tx, i64)> = self.begin_tick(&claim, lease, &past).await? else {
            return Ok(false);
        };
        let mut written: Written = self.write(&mut tx, answers, occasion, &past).await?;
        tx.commit().await?;
        self.keep_past(&rules.group, &past, std::mem::take(&mut written.recorded), occasion.at);
        if occasion.skipped > 0 {
            tracing::warn!(group = rules.group, skipped = occasion.skipped, "ticks of a group of rules were left out");
        }
        let now: Time = self.clock.now();
        let work = Work {
            missed,
            failed: written.failed,
            lag_ms: now.since(occasion.at),
            took_ms: claim.took_ms,
            interval_ms: rules.interval_ms,
        };
        written.samples.extend(series::of_group(&rules.group, &work, occasion.at));
        self.tell(&rules.group, written.samples).await;
        Ok(true)
    }

    /// The transaction of a tick, and how many ticks the group has missed. `None` when it is not ours to write.
    async fn begin_tick(&self, claim: &Claim, lease: &Lease, past: &Past) -> Result<Option<(Tx, i64)>, Error> {
        let mut tx: Tx = self.db.begin().await?;
        match jobs::guard(&mut tx, lease).await {
            Ok(()) => {}
            Err(jobs::Error::LostLease { .. }) => {
                self.remember(&claim.group, |memory| memory.lease = None);
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
        if !past.is_so(&mut tx, &claim.group).await? {
            return Ok(None);
        }
        let missed: Option<i64> = ticks::claim(&mut tx, claim).await?;
        Ok(missed.map(|missed| (tx, missed)))
    }

    /// Writes samples about a tick that is committed. What fails is told, and lost: the next tick writes its own.
    async fn tell(&self, group: &str, samples: Vec<Sample>) {
        let Some(series) = &self.series else {
            return;
        };
        match tokio::time::timeout(LONGEST_WRITE, series.write(samples)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(group, %error, "samples about alerts were not written"),
            Err(_) => tracing::warn!(group, "samples about alerts took too long to be written"),
        }
    }

    /// A rule whose query failed, or whose result can't be trusted, keeps its state; the others go on.
    async fn write(&self, tx: &mut Tx, answers: Vec<Answer<'_>>, occasion: Occasion, past: &Past) -> Result<Written, Error> {
        let mut remembered: Remembered = remembered(tx, &answers).await?;
        let mut written = Written::default();
        let mut evaluations: Vec<Evaluation> = Vec::with_capacity(answers.len());
        for answer in answers {
            let rule: &Rule = answer.rule;
            let mut evaluation = Evaluation { rule: rule.id.clone(), took_ms: answer.took_ms, series: None, error: None };
            let done: Result<usize, String> = match answer.result {
                Err(error) => Err(error),
                Ok(Given::Recorded(series)) => {
                    self.write_recorded(tx, past, rule, &series).await?;
                    let n_series: usize = series.len();
                    written.recorded.push((rule.id.clone(), series));
                    Ok(n_series)
                }
                Ok(Given::Measured(measured)) => {
                    let before: Before = remembered.take(&rule.id, occasion.outage_ms);
                    self.write_judged(tx, rule, &measured, &before, occasion.at, &mut written).await?
                }
            };
            match done {
                Ok(n_series) => evaluation.series = i64::try_from(n_series).ok(),
                Err(error) => {
                    written.failed += 1;
                    evaluation.error = Some(error);
                }
            }
            evaluations.push(evaluation);
        }
        ticks::note(tx, &evaluations, occasion.at).await?;
        Ok(written)
    }

    /// How many series were measured, or why they can't be trusted.
    async fn write_judged(
        &self,
        tx: &mut Tx,
        rule: &Rule,
        measured: &[Measured],
        before: &Before,
        at: Time,
        written: &mut Written,
    ) -> Result<Result<usize, String>, Error> {
        let judged: Judged = match verdict::judge(rule, before, measured, at) {
            Ok(judged) => judged,
            Err(frozen) => return Ok(Err(frozen.to_string())),
        };
        record::verdicts(tx, rule, &judged.verdicts, &self.actor, at).await?;
        if rule.remembers() {
            store::series::write(tx, &rule.id, before.memory.began, &judged.changes, at).await?;
        }
        written.samples.extend(series::of_rule(rule, &rule.id.0, &before.known, &judged.verdicts, at));
        Ok(Ok(measured.len()))
    }

    async fn compiled(&self, head: &GroupHead, remembered: Option<Arc<Compiled>>) -> Result<Arc<Compiled>, Error> {
        if let Some(rules) = remembered.filter(|rules| rules.revision == head.revision) {
            return Ok(rules);
        }
        let rules: Vec<Rule> = store::rules::of_group(&self.db, &head.name).await?;
        let compiled = Arc::new(Compiled {
            group: head.name.clone(),
            interval_ms: head.interval_ms,
            revision: head.revision,
            rules: rules.into_iter().map(with_tree).collect(),
        });
        self.remember(&head.name, |memory| memory.rules = Some(Arc::clone(&compiled)));
        Ok(compiled)
    }

    /// The lease of a group: the one held, renewed in time, or a new one if nobody has it.
    async fn hold(&self, group: &str, now: Time) -> Result<Option<Lease>, Error> {
        if let Some(lease) = self.remember(group, |memory| memory.lease.clone()) {
            if lease.until.since(now) > LEASE_MS - RENEW_EVERY_MS {
                return Ok(Some(lease));
            }
            match self.leases.renew(&lease, now).await {
                Ok(renewed) => return Ok(Some(self.keep(group, renewed))),
                Err(jobs::Error::LostLease { .. }) => self.remember(group, |memory| memory.lease = None),
                Err(error) => return Err(error.into()),
            }
        }
        let lease: Option<Lease> = self.leases.acquire(&lease_name(group), now).await?;
        Ok(lease.map(|lease| self.keep(group, lease)))
    }

    fn keep(&self, group: &str, lease: Lease) -> Lease {
        self.remember(group, |memory| memory.lease = Some(lease.clone()));
        lease
    }

    /// Gives every lease back, so that another process need not wait for their end.
    pub(crate) async fn release(&self) {
        let leases: Vec<Lease> = {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            memory.values_mut().filter_map(|group| group.lease.take()).collect()
        };
        for lease in leases {
            self.give_back(&lease).await;
        }
        if let Err(error) = store::replicas::leave(&self.db, &self.owner).await {
            tracing::warn!(%error, "the others will learn only in a while that this process has stopped");
        }
    }

    async fn give_back(&self, lease: &Lease) {
        if let Err(error) = self.leases.release(lease, self.clock.now()).await {
            tracing::warn!(lease = lease.name, %error, "a lease was left to run out");
        }
    }

    /// Looks at or changes what is remembered of a group. Never across an await. A panic elsewhere leaves nothing half-written here.
    fn remember<T>(&self, group: &str, change: impl FnOnce(&mut Memory) -> T) -> T {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        change(memory.entry(group.to_owned()).or_default())
    }
}

fn lease_name(group: &str) -> String {
    format!("alerting.group.{group}")
}

/// `check` has read every expression before; one that this version no longer understands is an error on its rule, not of the group.
fn with_tree(rule: Rule) -> (Rule, Result<Expr, String>) {
    let tree: Result<Expr, String> = promql::parse(&rule.expr)
        .map_err(|errors| errors.iter().map(|error| error.describe(&rule.expr)).collect::<Vec<String>>().join("; "));
    (rule, tree)
}
