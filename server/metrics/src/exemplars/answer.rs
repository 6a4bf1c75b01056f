//! The exemplars of the series that an expression selects.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Time;
use model::labels::Labels;
use promql::ast::Matcher;

use super::KEPT_MS;
use crate::Metrics;
use crate::error::Error;
use crate::eval::Until;
use crate::labels;
use crate::lookup::{Found, Lookup};
use crate::matchers::{self, Test};
use crate::state::State;
use crate::store;
use crate::store::exemplars::StoredExemplar;

/// Exemplars of one answer: more than any graph shows.
const MOST: usize = 100_000;
/// Series asked for by one statement.
const SERIES_PER_STATEMENT: usize = 5_000;

/// Ids and labels of series.
type Series = BTreeMap<i64, Arc<[u8]>>;

/// The exemplars of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct SeriesExemplars {
    /// Of the series, the metric's name as `__name__`.
    pub series: Labels,
    /// In order of time.
    pub exemplars: Vec<KeptExemplar>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptExemplar {
    /// Its own labels, such as `trace_id`.
    pub labels: Labels,
    /// What was measured.
    pub value: f64,
    /// When.
    pub at: Time,
}

impl Metrics {
    /// The exemplars from `from` to `to`, both included, of the series that satisfy all matchers of any selector; in order of their labels.
    ///
    /// # Errors
    /// [`Error::Regex`], [`Error::Overloaded`], [`Error::TooManySamples`] for more than anybody looks at, the evaluator's when nobody waits
    /// any more, the database's.
    pub async fn exemplars(&self, selectors: &[Vec<Matcher>], from: Time, to: Time) -> Result<Vec<SeriesExemplars>, Error> {
        let series: Series = self.with_labels(selectors).await?;
        let from: i64 = from.0.max(self.now().0.saturating_sub(KEPT_MS));
        let ids: Vec<i64> = series.keys().copied().collect();
        let mut found: Vec<SeriesExemplars> = Vec::new();
        let mut n: usize = 0;
        for some in ids.chunks(SERIES_PER_STATEMENT) {
            let most: usize = MOST - n + 1;
            let rows: Vec<StoredExemplar> = store::exemplars::between(&self.db, some, from, to.0, most).await?;
            n += rows.len();
            if n > MOST {
                return Err(Error::TooManySamples { found: n as u64, limit: MOST as u64 });
            }
            found.extend(by_series(&series, &rows));
        }
        found.sort_by(|left, right| left.series.cmp(&right.series));
        Ok(found)
    }

    async fn with_labels(&self, selectors: &[Vec<Matcher>]) -> Result<Series, Error> {
        let compiled: Result<Vec<Vec<Test>>, Error> = selectors.iter().map(|matchers| matchers::compile(matchers)).collect();
        let (compiled, state): (Vec<Vec<Test>>, Arc<State>) = (compiled?, Arc::clone(&self.state));
        let look = move |until: Until| -> Result<Series, Error> {
            let lookup = Lookup { index: &state.index, until: Some(&until) };
            let mut series: Series = Series::new();
            for tests in &compiled {
                lookup.series(tests, |some: Vec<Found>| series.extend(some.into_iter().map(|one| (one.id, one.labels))))?;
            }
            Ok(series)
        };
        self.queries.compute(look).await
    }
}

/// Rows of one series stand together.
fn by_series(series: &Series, rows: &[StoredExemplar]) -> Vec<SeriesExemplars> {
    let mut found: Vec<SeriesExemplars> = Vec::new();
    for some in rows.chunk_by(|left, right| left.series_id == right.series_id) {
        let Some(known) = some.first().and_then(|row| series.get(&row.series_id)) else { continue };
        let kept =
            |row: &StoredExemplar| KeptExemplar { labels: labels::to_labels(&row.labels), value: row.value, at: Time(row.at) };
        found.push(SeriesExemplars { series: labels::to_labels(known), exemplars: some.iter().map(kept).collect() });
    }
    found
}
