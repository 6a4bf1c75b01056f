#![doc = include_str!("../README.md")]

pub mod contacts;
pub mod error;
pub mod explain;
mod firing;
mod hastening;
pub mod history;
mod jobs;
pub mod needs;
pub mod orders;
pub mod outcomes;
mod paging;
pub mod pay;
pub mod personal;
pub mod policies;
pub mod runs;
pub mod schedules;
mod store;
pub mod telling;

#[cfg(test)]
mod tests;

pub use contacts::{ContactId, ContactKind, ContactRow, NewContact, Refused};
pub use error::Error;
pub use explain::{LogEntry, What};
pub use orders::{Order, OrderKind, OrderedAlert};
pub use outcomes::{Outcome, Outcomes};
pub use pay::Pay;
pub use personal::{PersonalRule, Reach, Urgency};
pub use policies::keeping::{Planned, Policies, PolicyRow};
pub use policies::{Policy, file::PolicyFile};
pub use runs::{Explanation, Page, RunFilter, RunId, RunRow, State};
pub use schedules::Schedules;
pub use telling::{Circle, Telling, Whom};

use kernel::{Clock, Db, Tx};
use model::Time;
use model::ids::AlertId;
use needs::Needs;
use runs::{MOST_LISTED, Run};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use tokio_util::sync::CancellationToken;

/// The on-call room. Cheap to clone.
#[derive(Clone)]
pub struct Oncall {
    db: Db,
    clock: Arc<dyn Clock>,
    needs: Needs,
    policies: Policies,
    schedules: Schedules,
    /// When what is old was last looked for; milliseconds.
    purged_at: Arc<AtomicI64>,
}

impl Oncall {
    /// Over `db`; nobody is paged before [`Oncall::run`].
    #[must_use]
    pub fn new(db: Db, clock: Arc<dyn Clock>, needs: Needs) -> Self {
        let policies = Policies::new(db.clone(), Arc::clone(&clock));
        let schedules = Schedules::new(db.clone(), Arc::clone(&clock), Arc::clone(&needs.staff));
        Self { db, clock, needs, policies, schedules, purged_at: Arc::default() }
    }

    /// With these schedules: those that the needs name as whoever knows who is on call.
    #[must_use]
    pub fn with_schedules(self, schedules: Schedules) -> Self {
        Self { schedules, ..self }
    }

    /// Who is on call when, as people see and change it.
    #[must_use]
    pub fn schedules(&self) -> &Schedules {
        &self.schedules
    }

    /// Escalation policies as people see and change them.
    #[must_use]
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Takes what became of messages. Knows nobody who sends, so that the sender can hold it.
    #[must_use]
    pub fn outcomes(&self) -> Outcomes {
        Outcomes::new(Arc::clone(&self.clock))
    }

    /// Whether anybody has a contact that was verified.
    ///
    /// # Errors
    /// The database's.
    pub async fn reaches_somebody(&self) -> Result<bool, Error> {
        Ok(store::contacts::is_any_verified(&self.db).await?)
    }

    /// Runs of a selection, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn runs(&self, filter: &RunFilter) -> Result<Vec<RunRow>, Error> {
        let runs: Vec<Run> = store::runs::list(&self.db, filter, None, filter.limit.clamp(0, MOST_LISTED)).await?;
        Ok(runs.into_iter().map(RunRow::from).collect())
    }

    /// The runs about an alert, the newest first.
    ///
    /// # Errors
    /// The database's.
    pub async fn runs_of_alert(&self, alert: AlertId) -> Result<Vec<RunRow>, Error> {
        self.runs(&RunFilter { alert: Some(alert), ..RunFilter::default() }).await
    }

    /// Live runs that found nobody to page, the newest first: for the banner.
    ///
    /// # Errors
    /// The database's.
    pub async fn unreached(&self) -> Result<Vec<RunRow>, Error> {
        self.runs(&RunFilter { reached_nobody: true, ..RunFilter::default() }).await
    }

    /// A run with everybody it paged, and why: "why was I paged", "why was nobody".
    ///
    /// # Errors
    /// The database's.
    pub async fn explain(&self, run: RunId) -> Result<Option<Explanation>, Error> {
        let Some(found) = store::runs::list(&self.db, &RunFilter::default(), Some(run), 1).await?.pop() else {
            return Ok(None);
        };
        let mut tx: Tx = self.db.begin().await?;
        let pages: Vec<Page> = store::pages::of_run(&mut tx, run, None).await?;
        let log: Vec<LogEntry> = store::log::of_run(&mut tx, run).await?;
        let policy: Policy = found.snapshot.clone();
        Ok(Some(Explanation { run: found.into(), policy, pages, log }))
    }

    /// Since when the longest-waiting step, page or telling is due; `None` while none waits. What is older than some seconds means that nobody
    /// looks.
    ///
    /// # Errors
    /// The database's.
    pub async fn oldest_due(&self) -> Result<Option<Time>, Error> {
        let now: Time = self.clock.now();
        let waiting: [Option<Time>; 2] = [store::runs::oldest_due(&self.db).await?, store::tellings::oldest_due(&self.db).await?];
        Ok(waiting.into_iter().flatten().min().filter(|at| *at <= now))
    }

    /// Fires and pages, and looks after schedules, until `shutdown`. Any number of processes may do this over one database.
    pub async fn run(self, shutdown: CancellationToken) {
        let schedules: Schedules = self.schedules.clone();
        tokio::join!(jobs::run(self, shutdown.clone()), schedules.run(shutdown));
    }

    /// Does everything that is due now, and says how many runs went on. What [`Oncall::run`] does again and again.
    ///
    /// # Errors
    /// The database's.
    pub async fn tick(&self) -> Result<usize, Error> {
        jobs::tick(self).await
    }
}
