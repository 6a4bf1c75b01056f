//! What this room requires of the world; the binary's wiring supplies it.

use async_trait::async_trait;
use model::Time;
use model::labels::Labels;
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
