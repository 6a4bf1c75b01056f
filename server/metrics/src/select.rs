//! Selection: series by matchers, their points from the head and, behind its floor, from the database.
//!
//! The head has every committed sample from its floor on, so the two never overlap.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::Db;
use model::Time;
use model::labels::METRIC_NAME;
use promql::ast::Matcher;

use crate::config::Config;
use crate::duplicates::Raw;
use crate::error::Error;
use crate::head::Snapshot;
use crate::labels;
use crate::lock;
use crate::matchers::{self, Test};
use crate::select::history::{Limits, Span, within};
use crate::series::Slot;
use crate::source::{Point, SeriesData, Source};
use crate::state::State;

pub(crate) mod chunks;
pub(crate) mod history;

/// Reads. Cheap to clone, so that a query can take it to a thread of its own.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) db: Db,
    pub(crate) state: Arc<State>,
    pub(crate) config: Arc<Config>,
}

/// A selected series before its points are known.
pub(crate) struct Selected {
    pub(crate) slot: Slot,
    pub(crate) id: i64,
    pub(crate) labels: Arc<[u8]>,
}

#[async_trait]
impl Source for Reader {
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error> {
        let tests: Vec<Test> = matchers::compile(matchers)?;
        let selected: Vec<Selected> = self.find(&tests);
        let slots: Vec<Slot> = selected.iter().map(|series| series.slot).collect();
        let (floor, snapshots) = lock::read(&self.state.head).snapshot(&slots, from.0, to.0);
        within(snapshots.iter().map(Snapshot::n).sum(), self.most_held())?;
        let behind = Span { from: from.0, to: to.0.min(floor.saturating_sub(1)) };
        let ids: HashMap<i64, Slot> = selected.iter().map(|series| (series.id, series.slot)).collect();
        let limits = Limits { read: self.config.max_selected_samples, held: self.most_held() };
        let mut samples: HashMap<Slot, Vec<Raw>> = self.history(&ids, one_metric(&tests), behind, limits).await?;
        for snapshot in snapshots {
            let recent: Vec<Raw> = snapshot.samples(from.0.max(floor), to.0);
            samples.entry(snapshot.slot).or_default().extend(recent);
        }
        let with_points = selected.iter().filter_map(|series| series_data(series, samples.remove(&series.slot)?));
        Ok(with_points.collect())
    }
}

impl Reader {
    pub(crate) fn find(&self, tests: &[Test]) -> Vec<Selected> {
        let index = lock::read(&self.state.index);
        let select = |slot: Slot| {
            let entry = index.entry(slot)?;
            Some(Selected { slot, id: entry.id, labels: Arc::clone(&entry.labels) })
        };
        index.select(tests).into_iter().filter_map(select).collect()
    }

    /// What is held in memory is limited more tightly than what is stepped over in the batches.
    pub(crate) fn most_held(&self) -> u64 {
        self.config.max_selected_samples.min(self.config.max_query_samples as u64)
    }
}

/// The metric that is asked for, when the matchers leave only one.
pub(crate) fn one_metric(tests: &[Test]) -> Option<&str> {
    tests.iter().filter(|test| test.name == METRIC_NAME).find_map(Test::literal)
}

fn series_data(series: &Selected, samples: Vec<Raw>) -> Option<SeriesData> {
    if samples.is_empty() {
        return None;
    }
    let points: Vec<Point> = samples.into_iter().map(|(at, bits)| Point { at, value: f64::from_bits(bits) }).collect();
    Some(SeriesData { labels: labels::to_labels(&series.labels), points })
}
