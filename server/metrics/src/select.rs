//! Selection: series by matchers, their points from the head and, behind its floor, from the batches.
//!
//! The head has every committed sample from its floor on, so the two never overlap. Batches are read whole, because a batch is
//! ordered by arrival; how many samples that means is asked first and limited.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use kernel::Db;
use model::Time;
use promql::ast::Matcher;

use crate::config::Config;
use crate::duplicates::{Raw, sort_unique};
use crate::error::Error;
use crate::head::Snapshot;
use crate::labels;
use crate::lock;
use crate::matchers::{self, Test};
use crate::own::add;
use crate::series::Slot;
use crate::source::{Point, SeriesData, Source};
use crate::state::State;
use crate::store;
use crate::store::batches::{History, StoredBatch};
use crate::tail;

/// Clocks of replicas may differ by so much, and a batch may wait for its commit.
const SLACK_MS: i64 = 600_000;

/// Reads. Cheap to clone, so that a query can take it to a thread of its own.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) db: Db,
    pub(crate) state: Arc<State>,
    pub(crate) config: Arc<Config>,
}

/// A selected series before its points are known.
struct Selected {
    slot: Slot,
    id: i64,
    labels: Arc<[u8]>,
}

#[async_trait]
impl Source for Reader {
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error> {
        let tests: Vec<Test> = matchers::compile(matchers)?;
        let selected: Vec<Selected> = self.find(&tests);
        let slots: Vec<Slot> = selected.iter().map(|series| series.slot).collect();
        let (floor, snapshots) = lock::read(&self.state.head).snapshot(&slots, from.0, to.0);
        within(snapshots.iter().map(Snapshot::n).sum(), self.most_held())?;
        let mut samples: HashMap<Slot, Vec<Raw>> = self.history(&selected, from.0, to.0.min(floor.saturating_sub(1))).await?;
        for snapshot in snapshots {
            let recent: Vec<Raw> = snapshot.samples(from.0.max(floor), to.0);
            samples.entry(snapshot.slot).or_default().extend(recent);
        }
        let with_points = selected.iter().filter_map(|series| series_data(series, samples.remove(&series.slot)?));
        Ok(with_points.collect())
    }
}

impl Reader {
    fn find(&self, tests: &[Test]) -> Vec<Selected> {
        let index = lock::read(&self.state.index);
        let select = |slot: Slot| {
            let entry = index.entry(slot)?;
            Some(Selected { slot, id: entry.id, labels: Arc::clone(&entry.labels) })
        };
        index.select(tests).into_iter().filter_map(select).collect()
    }

    /// What is held in memory is limited more tightly than what is stepped over in the batches.
    fn most_held(&self) -> u64 {
        self.config.max_selected_samples.min(self.config.max_query_samples as u64)
    }

    /// Samples of `from..=to` out of the batches, per series sorted and once per time.
    async fn history(&self, selected: &[Selected], from: i64, to: i64) -> Result<HashMap<Slot, Vec<Raw>>, Error> {
        if from > to || selected.is_empty() {
            return Ok(HashMap::new());
        }
        let history: History = self.batches_of(from, to);
        within(store::batches::count(&self.db, history).await?, self.config.max_selected_samples)?;
        let wanted: HashMap<i64, Slot> = selected.iter().map(|series| (series.id, series.slot)).collect();
        let mut picked: Picked = Picked::default();
        let state: &State = &self.state;
        let most: u64 = self.most_held();
        let take = |stored: StoredBatch| {
            if picked.n <= most {
                pick(state, &stored, &wanted, (from, to), &mut picked);
            }
        };
        store::batches::read(&self.db, history, take).await?;
        within(picked.n, most)?;
        for found in picked.samples.values_mut() {
            sort_unique(found);
        }
        Ok(picked.samples)
    }

    /// A sample is received at most `future_ms` before its time and `out_of_order_ms` after it.
    fn batches_of(&self, from: i64, to: i64) -> History {
        let since: Time = Time(from).plus_ms(-self.config.future_ms - SLACK_MS);
        let until: Time = Time(to).plus_ms(self.config.out_of_order_ms + SLACK_MS);
        History { since: storable(since), until: storable(until), from, to }
    }
}

fn within(found: u64, limit: u64) -> Result<(), Error> {
    if found > limit { Err(Error::TooManySamples { found, limit }) } else { Ok(()) }
}

/// Samples taken out of batches.
#[derive(Default)]
struct Picked {
    samples: HashMap<Slot, Vec<Raw>>,
    n: u64,
}

/// Queries may ask for any time; the database knows only some.
fn storable(at: Time) -> Time {
    const YEAR_9999_MS: i64 = 253_402_300_799_000;
    Time(at.0.clamp(0, YEAR_9999_MS))
}

/// Takes the wanted samples of one batch. A damaged batch is named and counted; the rest of the answer is still worth having.
fn pick(state: &State, stored: &StoredBatch, wanted: &HashMap<i64, Slot>, times: (i64, i64), picked: &mut Picked) {
    let decoded = match tail::decode(stored) {
        Ok(decoded) => decoded,
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "metric batch can't be read");
            return add(&state.own.damaged_batches, 1);
        }
    };
    for sample in decoded {
        if sample.at < times.0 || sample.at > times.1 {
            continue;
        }
        if let Some(slot) = wanted.get(&sample.series_id) {
            picked.samples.entry(*slot).or_default().push((sample.at, sample.bits));
            picked.n += 1;
        }
    }
}

fn series_data(series: &Selected, samples: Vec<Raw>) -> Option<SeriesData> {
    if samples.is_empty() {
        return None;
    }
    let points: Vec<Point> = samples.into_iter().map(|(at, bits)| Point { at, value: f64::from_bits(bits) }).collect();
    Some(SeriesData { labels: labels::to_labels(&series.labels), points })
}
