//! What this room requires of the world; the binary's wiring supplies it.

use crate::grouping::{PageKind, Reason};
use crate::rules::Text;
use async_trait::async_trait;
use figures::Unit;
use kernel::Tx;
use model::alert::Direction;
use model::ids::{AlertId, RuleId};
use model::labels::Labels;
use model::{Actor, Severity, Time};
use promql::ast::Expr;

/// One series of a query's result.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// With or without the metric's name; it does not count for the identity of an alert.
    pub labels: Labels,
    /// NaN means that there is no sample.
    pub value: f64,
}

/// A query that gave no result. Shown on the rule, in the words of whoever answers queries.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct QueryError {
    pub reason: String,
}

/// Answers rule expressions.
#[async_trait]
pub trait Queries: Send + Sync {
    /// The instant vector of `expr` at `at`; a scalar is one element without labels.
    ///
    /// # Errors
    /// When the expression can't be evaluated now. An empty result is no error: it means that there is no data.
    async fn instant(&self, expr: &Expr, at: Time) -> Result<Vec<Measured>, QueryError>;
}

/// An alert as a page tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PagedAlert {
    pub id: AlertId,
    pub rule: RuleId,
    pub name: Text,
    /// The sentence with labels and figures filled in.
    pub summary: Text,
    /// What happened, at length, where the rule or the sender says that beside the sentence. Cut to what a page can carry.
    pub description: Option<Text>,
    /// Where the instructions stand, where the graphs are, and where the alert stands in its sender's tool: addresses of the web.
    pub runbook_url: Option<String>,
    pub dashboard_url: Option<String>,
    pub source_url: Option<String>,
    pub severity: Severity,
    /// Its identity, without what routing adds.
    pub labels: Labels,
    pub value: Option<f64>,
    /// Whatever the rule's expression gives is a breach, or another tool has judged: threshold and direction say nothing.
    pub matches: bool,
    /// Another tool has raised it.
    pub is_foreign: bool,
    pub threshold: f64,
    pub direction: Direction,
    pub unit: Unit,
    pub for_ms: i64,
    pub fired_at: Time,
    /// Set when it is over.
    pub resolved_at: Option<Time>,
    /// The name of who has it.
    pub held_by: Option<String>,
}

/// One page about one group, to all channels of its route.
#[derive(Clone, Debug, PartialEq)]
pub struct PageOrder {
    /// `g12-3`: the same for ever, whoever decides it again. With the name of a channel it is the key under which that is sent once.
    pub key: String,
    /// `g12-e1`: what belongs to one story, from the first page to the word that all is over.
    pub story: String,
    /// The path of the route.
    pub route: String,
    /// Names of channels; empty means the administrators, unless a policy escalates.
    pub channels: Vec<String>,
    /// The escalation policy that the route names.
    pub escalation: Option<String>,
    /// What its alerts have in common.
    pub group: Labels,
    pub kind: PageKind,
    /// Why now, the most telling first.
    pub reasons: Vec<Reason>,
    /// What fires, and what is over since the last page; the worst first.
    pub alerts: Vec<PagedAlert>,
    pub at: Time,
}

/// Why a page that was ordered and not sent yet is not needed any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Needless {
    Acknowledged,
    Silenced,
    Resolved,
}

/// An order that could not be taken. The transaction is rolled back, and decided again soon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct PagerError {
    pub reason: String,
}

/// Takes orders of pages, in the transaction that decided them.
#[async_trait]
pub trait Pager: Send + Sync {
    /// Writes the orders down, so that they are sent after the commit. The same key a second time does nothing.
    ///
    /// # Errors
    /// When they can't be written.
    async fn page(&self, tx: &mut Tx, orders: Vec<PageOrder>) -> Result<(), PagerError>;

    /// Whether there is anybody at all whom an order could reach. While there is not, what would call somebody waits, and is ordered
    /// once, so that this can be said with its alerts.
    ///
    /// # Errors
    /// When that can't be found out.
    async fn reaches_somebody(&self) -> Result<bool, PagerError> {
        Ok(true)
    }

    /// Somebody took an alert on, also when another has it already. Told before [`Pager::withdraw`], in the same transaction.
    ///
    /// # Errors
    /// When that can't be written.
    async fn acknowledged(&self, _tx: &mut Tx, _alert: AlertId, _by: &Actor) -> Result<(), PagerError> {
        Ok(())
    }

    /// Takes back what was ordered about these alerts and not sent yet, as far as it summons somebody.
    ///
    /// # Errors
    /// When that can't be written.
    async fn withdraw(&self, tx: &mut Tx, alerts: &[AlertId], why: Needless) -> Result<(), PagerError>;
}

/// A series over a stretch of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    pub labels: Labels,
    /// In order of time; a moment without a sample is left out.
    pub points: Vec<(Time, f64)>,
}

/// Answers what an expression would have given before.
#[async_trait]
pub trait History: Send + Sync {
    /// The values of `expr` at `from`, `from + step_ms` … up to `to`, both included. At most [`crate::backtest::MOST_STEPS`] are asked for
    /// at once.
    ///
    /// # Errors
    /// When the expression can't be evaluated now.
    async fn range(&self, expr: &Expr, from: Time, to: Time, step_ms: i64) -> Result<Vec<Course>, QueryError>;
}

/// A sample this room writes about its own work.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub labels: Labels,
    pub at: Time,
    /// Prometheus' stale marker, bit for bit, where a series ends.
    pub value: f64,
}

/// What a recording rule gives, and that was not written. Shown on the rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotRecorded {
    /// Some of the samples can't be taken, and the others were.
    #[error("{reason}")]
    Refused { reason: String },
    /// None of them is known to be written.
    #[error("{reason}")]
    Failed { reason: String },
}

/// Takes samples.
#[async_trait]
pub trait Series: Send + Sync {
    /// Writes samples; the same ones again are no harm.
    ///
    /// # Errors
    /// Why they were not written.
    async fn write(&self, samples: Vec<Sample>) -> Result<(), QueryError>;

    /// Writes what recording rules give; when it returns, [`Queries`] see it. The same ones again are no harm.
    ///
    /// # Errors
    /// [`NotRecorded`].
    async fn record(&self, samples: Vec<Sample>) -> Result<(), NotRecorded> {
        self.write(samples).await.map_err(|error| NotRecorded::Failed { reason: error.reason })
    }
}
