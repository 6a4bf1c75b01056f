//! The watch over the watch: whether evaluator, notifier, escalations and outbox of this process do their work, whether channels take what
//! they are asked to deliver, and whether the other replicas live.
//!
//! Every five seconds a process says that it lives (`process_beat`), hears who else does, and looks at its own workers. What it finds is told
//! once, whoever finds it, straight through the outbox (`notify::troubles`). The same look answers `mimamori watch` from outside
//! (`watch/answer.rs`) and lets the outbound heartbeat go or holds it back (`deadman.rs`): when nothing in here works any more, those two
//! are what somebody hears of.
//!
//! In files: `pulse.rs` (how far our workers got), `condition.rs` (what that means, pure), `steady.rs` (what has lasted long enough to be told,
//! pure), `peers.rs` (who is silent, pure), `channels.rs` (which channels fail, pure), `figures.rs` (the same as series), `outside.rs` (the
//! command that watches from elsewhere).

pub mod answer;
mod channels;
pub mod condition;
mod figures;
pub mod outside;
mod peers;
pub mod pulse;
mod steady;
pub mod voice;
pub(crate) mod words;

#[cfg(test)]
pub(crate) mod tests;

use crate::house_error::chain;
use crate::wiring::{Failure, House};
use condition::{Ailment, Condition};
use kernel::Ticks;
use model::{Severity, Time, links};
use notify::Stuck;
use notify::processes::{Beat, ProcessRow};
use notify::troubles::{OpenTrouble, Trouble, What};
use peers::{LATELY_MS, Peers};
use std::time::Duration;
use steady::Steady;
use tokio_util::sync::CancellationToken;

/// How often a process says that it lives.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Rules are looked through with every sixth look: there may be ten thousand. While they look late, with every one.
const RULES_EVERY: u32 = 6;
/// Our own figures are kept every 15 s, as often as rules look.
const FIGURES_EVERY: u32 = 3;
/// What channels did not take is looked for every 15 s too: it takes a minute to count.
const CHANNELS_EVERY: u32 = 3;
/// A database that hangs must not keep the watch from its next look.
const PATIENCE: Duration = Duration::from_secs(15);
/// Of what is nobody's in particular.
const ALL: &str = "all";
/// Of pages that are not sent because nobody goes on to the next step: another trouble than a full outbox, and told apart by this.
const ESCALATIONS: &str = "escalations";

/// Watches. One per process.
pub struct Watch {
    house: House,
    started_at: Time,
    peers: Peers,
    n_looks: u32,
    lag_ms: Option<i64>,
    evaluator: Steady,
    deliveries: Steady,
    escalations: Steady,
}

impl Watch {
    /// Over this house.
    #[must_use]
    pub fn new(house: House) -> Self {
        let started_at: Time = house.clock.now();
        Self {
            house,
            started_at,
            peers: Peers::default(),
            n_looks: 0,
            lag_ms: None,
            evaluator: Steady::default(),
            deliveries: Steady::default(),
            escalations: Steady::default(),
        }
    }

    /// Watches until `stop`, then says goodbye.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut ticks = Ticks::every(LOOK_EVERY, stop);
        while ticks.next().await {
            match tokio::time::timeout(PATIENCE, self.look()).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    self.interrupted();
                    tracing::warn!(error = chain(&*error), "the watch could not look");
                }
                Err(_elapsed) => {
                    self.interrupted();
                    tracing::warn!("the watch had to break off a look: the database hangs");
                }
            }
        }
        if let Err(error) = self.house.notify.leave().await {
            tracing::warn!(error = chain(&error), "the other replicas will miss this process");
        }
    }

    fn interrupted(&mut self) {
        self.peers.interrupted();
        self.evaluator.interrupted();
        self.deliveries.interrupted();
        self.escalations.interrupted();
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
        if self.n_looks.is_multiple_of(RULES_EVERY) || self.evaluator.is_doubtful() {
            let rules = self.house.alerting.rules().await?;
            self.lag_ms = condition::lag_ms(rules.iter().map(|row| (row.evaluated_at, row.interval_ms)), now);
        }
        let condition: Condition = self.condition(now).await?;
        self.evaluator.look(condition.lag_ms.unwrap_or(0), now);
        self.deliveries.look(condition.oldest_due.map_or(0, |due| now.since(due)), now);
        self.escalations.look(condition.escalation_due.map_or(0, |due| now.since(due)), now);
        self.house.pulse.note(condition.clone());
        if self.peers.may_judge(now) {
            let mut found: Vec<Trouble> = self.silent(&rows, now);
            found.extend(self.own(&condition, now));
            if self.n_looks.is_multiple_of(CHANNELS_EVERY) {
                found.extend(self.failing(now).await?);
            }
            self.reconcile(&found, now).await?;
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
        let open: Vec<OpenTrouble> = self.house.notify.troubles().await?;
        let channels = channels::standing(&open, &self.house.notify.channels().await?);
        Ok(Condition {
            at: now,
            started_at: self.started_at,
            written_at: now,
            lag_ms: self.lag_ms,
            passed_at: self.house.pulse.passed_at(),
            looked_at: self.house.notify.looked_at(),
            oldest_due: self.house.notify.oldest_due().await?,
            escalation_due: self.escalation_due().await?,
            n_failing_channels: channels.n_failing,
            unheard_since: channels.unheard_since,
        })
    }

    /// Since when the longest-waiting step is due, in whichever room it waits.
    async fn escalation_due(&self) -> Result<Option<Time>, Failure> {
        let waiting: [Option<Time>; 2] = [self.house.oncall.oldest_due().await?, self.house.incidents.oldest_due().await?];
        Ok(waiting.into_iter().flatten().min())
    }

    /// Tells what is new, and ends what is over.
    async fn reconcile(&self, found: &[Trouble], now: Time) -> Result<(), Failure> {
        let open: Vec<OpenTrouble> = self.house.notify.troubles().await?;
        for trouble in found {
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
            What::ReplicaSilent => true,
            What::EvaluatorLate => self.evaluator.is_calm(now),
            What::DeliveriesLate if known.subject == ESCALATIONS => self.escalations.is_calm(now),
            What::DeliveriesLate => self.deliveries.is_calm(now),
            // Its own process knows; when that is gone, so is the trouble.
            What::NotifierLate => known.subject == self.house.notify.process() || !self.peers.speaks(&known.subject, now),
            // The drill's: it knows when something got through.
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

    /// What is told of our own workers and of the outbox. What can't be told by way of the database is not (`breakglass.rs` and `outside.rs`
    /// do that), and that this process sends nothing is not either: another one does, and when none does, that is told.
    fn own(&self, condition: &Condition, now: Time) -> Vec<Trouble> {
        let mut found: Vec<Trouble> = Vec::new();
        if self.evaluator.is_late() {
            let lag_ms: i64 = condition.lag_ms.unwrap_or(0);
            let summary = words::evaluator_late_by(lag_ms);
            found.push(self.trouble(What::EvaluatorLate, ALL, words::evaluator_late(), summary, now.plus_ms(-lag_ms)));
        }
        if condition.ailments(now).contains(&Ailment::NotifierLate) {
            let since: Time = condition.passed_at.unwrap_or(condition.started_at);
            let summary = words::notifier_late_on(&self.house.config.host_name);
            found.push(self.trouble(What::NotifierLate, self.house.notify.process(), words::notifier_late(), summary, since));
        }
        if self.deliveries.is_late() {
            let since: Time = condition.oldest_due.unwrap_or(now);
            let summary = words::deliveries_late_for(now.since(since));
            found.push(self.trouble(What::DeliveriesLate, ALL, words::deliveries_late(), summary, since));
        }
        if self.escalations.is_late() {
            let since: Time = condition.escalation_due.unwrap_or(now);
            let summary = words::escalations_late_for(now.since(since));
            found.push(self.trouble(What::DeliveriesLate, ESCALATIONS, words::escalations_late(), summary, since));
        }
        found
    }

    /// The channels that let no page through, told of by the others.
    async fn failing(&self, now: Time) -> Result<Vec<Trouble>, Failure> {
        let stuck: Vec<Stuck> = self.house.notify.stuck().await?;
        let trouble = |(stuck, since): (&Stuck, Time)| Trouble {
            what: What::ChannelFails,
            subject: stuck.channel.clone(),
            severity: Severity::P2,
            name: words::channel_fails(&stuck.channel),
            summary: words::channel_takes_nothing(&stuck.channel, now.since(since), &stuck.error),
            since,
            without: Some(stuck.channel.clone()),
            url: Some(format!("{}{}", self.house.config.public_url, links::channel(&stuck.channel))),
        };
        Ok(channels::failing(&stuck, now).map(trouble).collect())
    }

    fn trouble(&self, what: What, subject: &str, name: notify::Words, summary: notify::Words, since: Time) -> Trouble {
        let url: Option<String> = Some(format!("{}{}", self.house.config.public_url, links::PAGER));
        Trouble { what, subject: subject.to_owned(), severity: Severity::P1, name, summary, since, without: None, url }
    }
}

fn is_same(known: &OpenTrouble, trouble: &Trouble) -> bool {
    known.what == trouble.what && known.subject == trouble.subject
}
