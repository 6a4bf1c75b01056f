#![doc = include_str!("../README.md")]

pub mod alerts;
pub mod annotations;
pub mod answers;
pub mod backtest;
pub mod calendar;
pub mod catalogue;
pub mod directory;
pub mod error;
mod evaluator;
pub mod fired;
pub mod grouping;
pub mod history;
pub mod import;
pub mod inbound;
pub mod inhibition;
mod jobs;
pub mod lapsing;
pub mod needs;
pub mod notifier;
pub mod plan;
pub mod presence;
mod record;
pub mod recording;
pub mod replay;
pub mod routes;
pub mod routing;
pub mod rulebook;
pub mod rules;
pub mod schedule;
pub mod series;
mod sharing;
pub mod silences;
pub mod state;
mod store;
pub mod unit_tests;
pub mod verdict;
pub mod versions;

#[cfg(test)]
mod tests;

pub use alerts::{AlertDetail, AlertRow, Filter, Held, Place, SeverityTally, Show, Source, Tally};
pub use answers::{Acknowledged, Several};
pub use backtest::{BacktestError, Span};
pub use error::Error;
pub use fired::FiredRule;
pub use history::HistoryEntry;
pub use plan::Plan;
pub use rulebook::back::Back;
pub use rulebook::{Edited, RuleRow, Saved};
pub use rules::form::Draft;
pub use rules::{Checked, Empty, Group, Problem, Rule, RuleErrors, RuleFile, Text};
pub use state::ResolveReason;
pub use versions::Version;

use evaluator::Evaluator;
use inbound::Inbound;
use kernel::{Clock, Db, Grant};
use model::Time;
use model::access::ApplyRules;
use model::ids::{AlertId, RuleId};
use needs::{History, Pager, Queries, Series};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// The alerting room. Cheap to clone.
#[derive(Clone)]
pub struct Alerting {
    db: Db,
    clock: Arc<dyn Clock>,
    evaluator: Arc<Evaluator>,
    history: Option<Arc<dyn History>>,
    pager: Option<Arc<dyn Pager>>,
    inbound: Inbound,
}

impl Alerting {
    /// Over `db`; nothing is evaluated before [`Alerting::run`].
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, queries: Arc<dyn Queries>) -> Self {
        let evaluator = Arc::new(Evaluator::new(db.clone(), Arc::clone(&clock), queries));
        let inbound = Inbound::new(db.clone(), Arc::clone(&clock));
        Self { db, clock, evaluator, history: None, pager: None, inbound }
    }

    /// The same, writing `ALERTS` and samples about its own work to `series`.
    #[must_use]
    pub fn with_series(self, series: Arc<dyn Series>) -> Self {
        Self { evaluator: Arc::new(self.evaluator.with_series(series)), ..self }
    }

    /// The same, able to replay rules over what was stored.
    #[must_use]
    pub fn with_history(self, history: Arc<dyn History>) -> Self {
        Self { history: Some(history), ..self }
    }

    /// The same, taking pages back in the transaction in which somebody answers an alert. Without a pager only the notifier does, at its
    /// next pass.
    #[must_use]
    pub fn with_pager(self, pager: Arc<dyn Pager>) -> Self {
        Self { pager: Some(pager), ..self }
    }

    /// What a rule would have raised from `from` to `to`, evaluated every `step_ms`: every setting is honoured, nothing is written.
    ///
    /// # Errors
    /// [`BacktestError`].
    pub async fn backtest(&self, rule: &Rule, from: Time, to: Time, step_ms: i64) -> Result<Vec<Span>, BacktestError> {
        let Some(history) = &self.history else {
            return Err(BacktestError::NoHistory);
        };
        backtest::run(history.as_ref(), rule, from, to, step_ms).await
    }

    /// Reads and checks files of rules without applying them.
    ///
    /// # Errors
    /// Every problem in all files, each with file, line and column.
    pub fn check(files: &[RuleFile], empty: Empty) -> Result<Checked, RuleErrors> {
        rules::read(files, empty)
    }

    /// What [`Alerting::apply_checked`] would change now. Changes nothing.
    ///
    /// # Errors
    /// The database's.
    pub async fn plan(&self, checked: &Checked) -> Result<Plan, Error> {
        rulebook::plan(&self.db, checked).await
    }

    /// Replaces all rules by those of `files`: what is not in them is gone. Firing alerts of rules that go, or that measure or judge
    /// something else from now on, are resolved with that reason.
    ///
    /// # Errors
    /// [`Error::Rules`] when anything is wrong in any file or one is empty; nothing is applied then. The database's.
    pub async fn apply(&self, grant: &Grant<ApplyRules>, files: Vec<RuleFile>) -> Result<Plan, Error> {
        let checked: Checked = rules::read(&files, Empty::Refused)?;
        self.apply_checked(grant, &checked).await
    }

    /// The same with files that were read before; says what it changed.
    ///
    /// # Errors
    /// The database's.
    pub async fn apply_checked(&self, grant: &Grant<ApplyRules>, checked: &Checked) -> Result<Plan, Error> {
        rulebook::apply(&self.db, self.clock.now(), grant.actor(), checked).await
    }

    /// Whether rules were ever applied here, also when there were none in the files. An installation where nobody did is new.
    ///
    /// # Errors
    /// The database's.
    pub async fn was_ever_applied(&self) -> Result<bool, Error> {
        Ok(store::rules::was_ever_applied(&self.db).await?)
    }

    /// Every rule in force, in the order of the files, with how its last evaluation went.
    ///
    /// # Errors
    /// The database's.
    pub async fn rules(&self) -> Result<Vec<RuleRow>, Error> {
        store::rules::list(&self.db, None).await
    }

    /// One rule in force.
    ///
    /// # Errors
    /// The database's.
    pub async fn rule(&self, id: &RuleId) -> Result<Option<RuleRow>, Error> {
        Ok(store::rules::list(&self.db, Some(id)).await?.pop())
    }

    /// What became of a rule over time, the newest first, also when it is gone.
    ///
    /// # Errors
    /// The database's.
    pub async fn rule_versions(&self, id: &RuleId) -> Result<Vec<Version>, Error> {
        versions::of(&self.db, id).await
    }

    /// Puts one rule in force as somebody wrote it. `version` is that of the rule they read, `None` makes a new one. Firing alerts of
    /// a rule that measures or judges something else from now on are resolved with that reason.
    ///
    /// # Errors
    /// [`rulebook::Refused`], the database's.
    pub async fn save_rule(&self, grant: &Grant<ApplyRules>, draft: &Draft, version: Option<i64>) -> Result<Saved, Error> {
        rulebook::save(&self.db, self.clock.now(), grant.actor(), draft, version).await
    }

    /// What putting an earlier version back would change; `None` where there is no such version, or no such rule any more. `number` is that
    /// of [`Version`].
    ///
    /// # Errors
    /// The database's.
    pub async fn earlier_rule(&self, id: &RuleId, number: i64) -> Result<Option<Back>, Error> {
        rulebook::back::look(&self.db, id, number).await
    }

    /// Puts an earlier version of a rule in force again, as a new version. `version` is that of the rule they read. Firing alerts end as by
    /// [`Alerting::save_rule`].
    ///
    /// # Errors
    /// [`rulebook::Refused`], the database's.
    pub async fn put_rule_back(&self, grant: &Grant<ApplyRules>, id: &RuleId, number: i64, version: i64) -> Result<Saved, Error> {
        rulebook::back::put(&self.db, self.clock.now(), grant.actor(), id, number, version).await
    }

    /// Takes one rule away; its firing alerts are resolved with that reason. `version` is that of the rule they read.
    ///
    /// # Errors
    /// [`rulebook::Refused`], the database's.
    pub async fn remove_rule(&self, grant: &Grant<ApplyRules>, id: &RuleId, version: i64) -> Result<(), Error> {
        rulebook::remove(&self.db, self.clock.now(), grant.actor(), id, version).await
    }

    /// Puts a file of the catalogue in force beside what is; rules that are in force already stay as they are. Says how many came.
    ///
    /// # Errors
    /// [`Error::Rules`] when the file has a mistake, which a test rules out. The database's.
    pub async fn adopt(&self, grant: &Grant<ApplyRules>, shipped: &catalogue::Shipped) -> Result<usize, Error> {
        let checked: Checked = rules::read(&[shipped.file()], Empty::Refused)?;
        rulebook::adopt(&self.db, self.clock.now(), grant.actor(), &checked).await
    }

    /// Alerts of a selection: open ones with what needs somebody most first, others with the newest number first.
    ///
    /// # Errors
    /// The database's.
    pub async fn alerts(&self, filter: &Filter) -> Result<Vec<AlertRow>, Error> {
        store::alerts::list(&self.db, filter).await
    }

    /// The same, and how many alerts the selection has in all; only lists by urgency are counted. Where a tally was asked for anyway, see
    /// [`Filter::counted_by`].
    ///
    /// # Errors
    /// The database's.
    pub async fn alerts_counted(&self, filter: &Filter) -> Result<(Vec<AlertRow>, i64), Error> {
        store::alerts::list_counted(&self.db, filter).await
    }

    /// One alert with its rule and its history.
    ///
    /// # Errors
    /// The database's.
    pub async fn alert(&self, id: AlertId) -> Result<Option<AlertDetail>, Error> {
        alerts::detail(&self.db, id).await
    }

    /// How many alerts fire, by severity and by whether somebody has them or they call nobody, and how many are pending.
    ///
    /// # Errors
    /// The database's.
    pub async fn tally(&self) -> Result<Tally, Error> {
        store::alerts::tally(&self.db).await
    }

    /// The way in for alerts of other tools.
    #[must_use]
    pub fn inbound(&self) -> &Inbound {
        &self.inbound
    }

    /// Evaluates rules until `shutdown`, ends alerts of other tools that nobody speaks of any more, and acknowledgements that run out. Any
    /// number of processes may do this over one database.
    pub async fn run(self, shutdown: CancellationToken) {
        let acknowledgements = self.clone().end_acknowledgements(shutdown.clone());
        tokio::join!(crate::jobs::run(self.evaluator, shutdown.clone()), self.inbound.run(shutdown), acknowledgements);
    }

    /// Brings every group up to `now` once, and says how many ticks were written. What [`Alerting::run`] does again and again.
    ///
    /// # Errors
    /// The database's.
    pub async fn tick(&self, now: Time) -> Result<usize, Error> {
        crate::jobs::tick(&self.evaluator, now).await
    }
}
