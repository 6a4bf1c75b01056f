//! The watch over the watch: whether evaluator, notifier and outbox of this process do their work, and whether the other replicas live.
//!
//! Every five seconds a process says that it lives (`process_beat`), hears who else does, and looks at its own workers. What it finds is told
//! once, whoever finds it, straight through the outbox (`notify::troubles`). The same look answers `mimamori watch` from outside
//! (`watch/answer.rs`) and lets the outbound heartbeat go or holds it back (`deadman.rs`): when nothing in here works any more, those two
//! are what somebody hears of.
//!
//! In files: `pulse.rs` (how far our workers got), `condition.rs` (what that means, pure), `peers.rs` (who is silent, pure), `passing.rs` (the
//! notifier's loop, which leaves its pulse), `figures.rs` (the same as series), `outside.rs` (the command that watches from elsewhere).

pub mod answer;
pub mod condition;
mod figures;
pub mod outside;
pub mod passing;
mod peers;
pub mod pulse;
pub mod voice;
pub(crate) mod words;

#[cfg(test)]
pub(crate) mod tests;

use crate::house_error::chain;
use crate::wiring::{Failure, House};
use condition::{Ailment, Condition};
use model::{Severity, Time, links};
use notify::processes::{Beat, ProcessRow};
use notify::troubles::{OpenTrouble, Trouble, What};
use peers::{LATELY_MS, Peers};
use std::time::Duration;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// How often a process says that it lives.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Rules are looked through with every sixth look: there may be ten thousand.
const RULES_EVERY: u32 = 6;
/// Our own figures are kept every 15 s, as often as rules look.
const FIGURES_EVERY: u32 = 3;
/// A database that hangs must not keep the watch from its next look.
const PATIENCE: Duration = Duration::from_secs(15);
/// Of what is nobody's in particular.
const ALL: &str = "all";

/// Watches. One per process.
pub struct Watch {
    house: House,
    started_at: Time,
    peers: Peers,
    n_looks: u32,
    lag_ms: Option<i64>,
}

impl Watch {
    /// Over this house.
    #[must_use]
    pub fn new(house: House) -> Self {
        let started_at: Time = house.clock.now();
        Self { house, started_at, peers: Peers::default(), n_looks: 0, lag_ms: None }
    }

    /// Watches until `stop`, then says goodbye.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => break,
                _ = look.tick() => {}
            }
            match tokio::time::timeout(PATIENCE, self.look()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    self.peers.interrupted();
                    tracing::warn!(error = chain(&*error), "the watch could not look");
                }
                Err(_elapsed) => {
                    self.peers.interrupted();
                    tracing::warn!("the watch had to break off a look: the database hangs");
                }
            }
        }
        if let Err(error) = self.house.notify.leave().await {
            tracing::warn!(error = chain(&error), "the other replicas will miss this process");
        }
    }

    /// One look: says that we live, hears who else does, and tells what is wrong.
    ///
    /// # Errors
    /// The database's.
    pub async fn look(&mut self) -> Result<(), Failure> {
        let now: Time = self.house.clock.now();
        let rows: Vec<ProcessRow> = self.house.notify.beat(&self.beat(now)).await?;
        self.house.pulse.wrote(now);
        self.peers.look(&rows, now);
        if self.n_looks.is_multiple_of(RULES_EVERY) {
            let rules = self.house.alerting.rules().await?;
            self.lag_ms = condition::lag_ms(rules.iter().map(|row| (row.evaluated_at, row.interval_ms)), now);
        }
        let condition: Condition = self.condition(now).await?;
        self.house.pulse.note(condition.clone());
        if self.peers.may_judge(now) {
            self.reconcile(&condition, &rows, now).await?;
        }
        if self.n_looks.is_multiple_of(FIGURES_EVERY) {
            figures::keep(&self.house, &condition, &rows, now).await;
        }
        self.n_looks = self.n_looks.wrapping_add(1);
        Ok(())
    }

    fn beat(&self, now: Time) -> Beat {
        let pulse = &self.house.pulse;
        Beat {
            host: self.house.config.host_name.clone(),
            started_at: self.started_at,
            at: now,
            evaluated_at: pulse.evaluated_at(),
            passed_at: pulse.passed_at(),
            looked_at: self.house.notify.looked_at(),
        }
    }

    async fn condition(&self, now: Time) -> Result<Condition, Failure> {
        Ok(Condition {
            at: now,
            started_at: self.started_at,
            written_at: now,
            lag_ms: self.lag_ms,
            passed_at: self.house.pulse.passed_at(),
            looked_at: self.house.notify.looked_at(),
            oldest_due: self.house.notify.oldest_due().await?,
        })
    }

    /// Tells what is new, and ends what is over.
    async fn reconcile(&self, condition: &Condition, rows: &[ProcessRow], now: Time) -> Result<(), Failure> {
        let mut found: Vec<Trouble> = self.silent(rows, now);
        found.extend(condition.ailments(now).into_iter().filter_map(|ailment| self.own(ailment, condition, now)));
        let open: Vec<OpenTrouble> = self.house.notify.troubles().await?;
        for trouble in &found {
            let is_known: bool = open.iter().any(|known| is_same(known, trouble));
            let is_history: bool = trouble.what == What::ReplicaSilent && now.since(trouble.since) > LATELY_MS;
            if !is_known && !is_history {
                self.house.notify.tell_trouble(trouble).await?;
            }
        }
        for known in open.iter().filter(|known| !found.iter().any(|trouble| is_same(known, trouble))) {
            if self.may_end(known, now) {
                self.house.notify.end_trouble(known.what, &known.subject).await?;
            }
        }
        Ok(())
    }

    /// Of a trouble that we don't find: whether we are one who would.
    fn may_end(&self, known: &OpenTrouble, now: Time) -> bool {
        match known.what {
            What::ReplicaSilent | What::EvaluatorLate | What::DeliveriesLate => true,
            // Its own process knows; when that is gone, so is the trouble.
            What::NotifierLate => known.subject == self.house.notify.process() || !self.peers.speaks(&known.subject, now),
            // The drill's.
            What::ChannelFails => false,
        }
    }

    fn silent(&self, rows: &[ProcessRow], now: Time) -> Vec<Trouble> {
        let silent = self.peers.silent(rows, self.house.notify.process(), now);
        let trouble = |row: &ProcessRow| {
            let summary = words::replica_silent_for(&row.host, &row.name, now.since(row.beat_at));
            self.trouble(What::ReplicaSilent, &row.name, words::replica_silent(&row.host), summary, row.beat_at)
        };
        silent.into_iter().map(trouble).collect()
    }

    /// What an ailment is told as; `None` for those that can't be told by way of the database, or that stand for nothing else.
    fn own(&self, ailment: Ailment, condition: &Condition, now: Time) -> Option<Trouble> {
        let process: &str = self.house.notify.process();
        match ailment {
            Ailment::Unwatched | Ailment::Unwritten => None,
            // Another process sends what is due. When none does, that is told.
            Ailment::SenderLate => None,
            Ailment::EvaluatorLate => {
                let lag_ms: i64 = condition.lag_ms.unwrap_or(0);
                let summary = words::evaluator_late_by(lag_ms);
                Some(self.trouble(What::EvaluatorLate, ALL, words::evaluator_late(), summary, now.plus_ms(-lag_ms)))
            }
            Ailment::NotifierLate => {
                let since: Time = condition.passed_at.unwrap_or(condition.started_at);
                let summary = words::notifier_late_on(&self.house.config.host_name);
                Some(self.trouble(What::NotifierLate, process, words::notifier_late(), summary, since))
            }
            Ailment::DeliveriesLate => {
                let since: Time = condition.oldest_due.unwrap_or(now);
                let summary = words::deliveries_late_for(now.since(since));
                Some(self.trouble(What::DeliveriesLate, ALL, words::deliveries_late(), summary, since))
            }
        }
    }

    fn trouble(&self, what: What, subject: &str, name: notify::Words, summary: notify::Words, since: Time) -> Trouble {
        let url: Option<String> = Some(format!("{}{}", self.house.config.public_url, links::PAGER));
        Trouble { what, subject: subject.to_owned(), severity: Severity::P1, name, summary, since, without: None, url }
    }
}

fn is_same(known: &OpenTrouble, trouble: &Trouble) -> bool {
    known.what == trouble.what && known.subject == trouble.subject
}
