//! What the evaluator asks of storage: series by matchers, with their points, and nothing more.

use async_trait::async_trait;
use model::Time;
use model::labels::Labels;
use promql::ast::Matcher;

use crate::error::Error;

/// One sample of a series.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    /// Milliseconds since the Unix epoch.
    pub at: i64,
    /// The value, bit for bit as it was sent: stale markers and NaN payloads included.
    pub value: f64,
}

/// A series and the points of it that fall into what was asked.
#[derive(Debug, Clone)]
pub struct SeriesData {
    /// All labels, the metric name as `__name__`.
    pub labels: Labels,
    /// Sorted by time, one point per time.
    pub points: Vec<Point>,
}

/// Where the evaluator gets its series from.
#[async_trait]
pub trait Source: Send + Sync {
    /// The series whose labels satisfy every matcher (the metric name is matched as `__name__`), with their points
    /// in `from..=to`, both ends inclusive. Series without a point there may be left out; stale markers are points
    /// and are returned. Fails when more would have to be read than the room's limit.
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error>;
}
