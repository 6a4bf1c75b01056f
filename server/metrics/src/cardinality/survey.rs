//! Where series and disk go, for people: the figures of [`Cardinality`], what is new, and what lies on disk.
//!
//! Counting walks over the whole index and takes a turn as a query does. Walks go one at a time, and an answer stands for ten seconds, so
//! that a screen left open costs next to nothing.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use model::Time;
use model::labels::METRIC_NAME;
use tokio::sync::Mutex;

use super::metric::MetricSurvey;
use super::shelf::Shelf;
use super::{Cardinality, count};
use crate::error::Error;
use crate::eval::Until;
use crate::series::{Index, day_of};
use crate::state::State;
use crate::{Metrics, labels, lock, store};

/// Entries of each list.
pub const TOP: usize = 50;
/// Characters of what is looked for; names of metrics are shorter.
pub const LONGEST_SEARCH: usize = 200;
/// New series that are told apart by metric. Beyond that the hour brought at least so many.
const MOST_NEW: u32 = 50_000;
/// Series looked up under one lock: well under a millisecond.
const AT_ONCE: usize = 2_048;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// What was counted last.
#[derive(Debug, Default)]
pub(crate) struct Looks {
    surveys: Mutex<Shelf<Survey>>,
    storage: Mutex<Shelf<Storage>>,
    pub(super) metrics: Mutex<Shelf<Option<MetricSurvey>>>,
}

/// Where the series go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// When it was counted.
    pub taken_at: Time,
    /// The figures; of metrics only those that fit what was looked for.
    pub cardinality: Cardinality,
    /// What the last hour brought.
    pub new: NewSeries,
}

/// Series entered within the last hour.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewSeries {
    /// How many, whatever their metric.
    pub count: u64,
    /// Whether there are more.
    pub is_cut: bool,
    /// By metric.
    pub by_metric: HashMap<String, u64>,
}

/// Bytes on disk by what they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Storage {
    /// Samples as they came, that no chunk stands for or whose chunks are fresh.
    pub batches: u64,
    /// Samples after compaction, and their times.
    pub chunks: u64,
    /// What remains of five minutes and of an hour.
    pub rolls: u64,
    /// Names and labels of the series.
    pub labels: u64,
    /// Indexes of all these tables.
    pub indexes: u64,
    /// The oldest sample, give or take a window of two hours.
    pub oldest: Option<Time>,
    /// Where the oldest roll-up begins.
    pub oldest_roll: Option<Time>,
}

impl Storage {
    /// All of it.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.batches + self.chunks + self.rolls + self.labels + self.indexes
    }
}

impl Metrics {
    /// Where the series go, with the [`TOP`] greatest of each list; of metrics those whose names hold `search`, in whatever case. At most
    /// ten seconds old.
    ///
    /// # Errors
    /// [`Error::Overloaded`], and the database's.
    pub async fn survey(&self, search: &str) -> Result<Arc<Survey>, Error> {
        let search: String = search.trim().chars().take(LONGEST_SEARCH).collect::<String>().to_lowercase();
        // Held while it is counted: whoever asks the same meanwhile gets the same answer.
        let mut surveys = self.looks.surveys.lock().await;
        let now: Time = self.now();
        if let Some(known) = surveys.get(&search, now) {
            return Ok(known);
        }
        let entered: Vec<i64> = store::cardinality::entered_since(&self.db, now.plus_ms(-HOUR_MS), i64::from(MOST_NEW)).await?;
        let state: Arc<State> = Arc::clone(&self.state);
        let wanted: String = search.clone();
        let look = move |until: Until| -> Result<Survey, Error> {
            let cardinality: Cardinality = count(&state, TOP, &wanted, &until)?;
            let new: NewSeries = new_series(&state.index, &entered);
            Ok(Survey { taken_at: now, cardinality, new })
        };
        let survey: Survey = self.queries.compute(look).await?;
        Ok(surveys.put(&search, now, survey))
    }

    /// What lies on disk. At most ten seconds old.
    ///
    /// # Errors
    /// The database's.
    pub async fn storage(&self) -> Result<Arc<Storage>, Error> {
        let mut known = self.looks.storage.lock().await;
        let now: Time = self.now();
        if let Some(storage) = known.get("", now) {
            return Ok(storage);
        }
        let kept_since: i64 = i64::from(day_of(now.0).saturating_sub(self.config.longest_retention_days())) * DAY_MS;
        let row = store::cardinality::storage(&self.db, kept_since).await?;
        Ok(known.put("", now, storage(&row, kept_since)))
    }
}

/// Series that another replica entered and we have not heard of yet are counted, but have no metric.
fn new_series(index: &RwLock<Index>, entered: &[i64]) -> NewSeries {
    let mut by_metric: HashMap<String, u64> = HashMap::new();
    for some in entered.chunks(AT_ONCE) {
        let index = lock::read(index);
        for id in some {
            if let Some(entry) = index.find_id(*id).and_then(|slot| index.entry(slot)) {
                *by_metric.entry(labels::get(&entry.labels, METRIC_NAME).to_owned()).or_default() += 1;
            }
        }
    }
    NewSeries { count: entered.len() as u64, is_cut: entered.len() >= MOST_NEW as usize, by_metric }
}

fn storage(row: &store::cardinality::StorageRow, kept_since: i64) -> Storage {
    let bytes = |bytes: i64| u64::try_from(bytes).unwrap_or(0);
    let batch: Option<i64> = row.oldest_batch.map(|oldest| oldest.max(kept_since));
    Storage {
        batches: bytes(row.batches),
        chunks: bytes(row.chunks),
        rolls: bytes(row.rolls),
        labels: bytes(row.labels),
        indexes: bytes(row.indexes),
        oldest: row.oldest_window.into_iter().chain(batch).min().map(Time),
        oldest_roll: row.oldest_roll.map(Time),
    }
}
