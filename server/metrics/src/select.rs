//! Selection: series by matchers, their points from the head and, behind its floor, from the database.
//!
//! The head has every committed sample from its floor on, so the two never overlap. What is wanted for windows of whole roll-ups, a day long or
//! a day old, is made of these (`folds`); all else of samples, some series at a time (`groups`), and where the samples are gone, of what
//! roll-ups have kept of them (`thinned`).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use async_trait::async_trait;
use kernel::{Clock, Db};
use model::Time;
use model::labels::METRIC_NAME;
use promql::ast::Matcher;

use crate::config::{self, Config};
use crate::duplicates::Raw;
use crate::error::Error;
use crate::eval::Until;
use crate::head::Snapshot;
use crate::labels;
use crate::lock;
use crate::lookup::{Found, Lookup};
use crate::matchers::{self, Test};
use crate::select::history::{Limits, Span, within};
use crate::series::{Day, Slot, day_of};
use crate::source::{Demand, Point, SeriesData, Source, Taker};
use crate::state::State;
use crate::store;
use crate::store::series::StoredSeries;

pub(crate) mod chunks;
pub(crate) mod folds;
pub(crate) mod grain;
pub(crate) mod groups;
pub(crate) mod history;
pub(crate) mod joining;
pub(crate) mod rolls;
pub(crate) mod thinned;

const DAY_MS: i64 = 86_400_000;
/// Series that are found by their roll-ups alone, in one selection.
const MOST_RESTED: usize = 100_000;
/// `metric_series.last_day` is at most so many days behind the truth.
const BEHIND_DAYS: Day = 2;

/// Reads. Cheap to clone, so that a query can take it to a thread of its own.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) db: Db,
    pub(crate) state: Arc<State>,
    pub(crate) config: Arc<Config>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Until when somebody waits for the answer; `None` is for ever.
    until: Option<Until>,
}

/// A selected series before its points are known.
#[derive(Clone, Debug)]
pub(crate) struct Selected {
    /// `None` when the index has forgotten it, because only roll-ups are left.
    pub(crate) slot: Option<Slot>,
    pub(crate) id: i64,
    pub(crate) labels: Arc<[u8]>,
}

impl From<Found> for Selected {
    fn from(found: Found) -> Self {
        Self { slot: Some(found.slot), id: found.id, labels: found.labels }
    }
}

#[async_trait]
impl Source for Reader {
    async fn select(&self, matchers: &[Matcher], from: Time, to: Time) -> Result<Vec<SeriesData>, Error> {
        let tests: Vec<Test> = matchers::compile(matchers)?;
        let selected: Vec<Selected> = self.find(&tests)?;
        let span = Span { from: from.0, to: to.0 };
        let mut samples: HashMap<Slot, Vec<Raw>> = self.samples(&selected, one_metric(&tests), span).await?;
        let with_points = selected.iter().filter_map(|series| series_data(series, samples.remove(&series.slot?)?));
        Ok(with_points.collect())
    }

    async fn read(&self, demand: &Demand<'_>, taker: &mut dyn Taker) -> Result<(), Error> {
        let tests: Vec<Test> = matchers::compile(demand.matchers)?;
        match self.grain(demand) {
            Some(grain) => self.read_folds(&tests, demand, grain, taker).await,
            None => self.read_samples(&tests, demand, taker).await,
        }
    }
}

impl Reader {
    /// For nobody in particular.
    pub(crate) fn new(db: Db, state: Arc<State>, config: Arc<Config>, clock: Arc<dyn Clock>) -> Self {
        Self { db, state, config, clock, until: None }
    }

    /// The same for somebody who waits so long.
    pub(crate) fn asked(&self, until: &Until) -> Self {
        Self { until: Some(until.clone()), ..self.clone() }
    }

    /// The series that satisfy every test, out of the index.
    ///
    /// # Errors
    /// [`Error::Eval`] when nobody waits any more.
    pub(crate) fn find(&self, tests: &[Test]) -> Result<Vec<Selected>, Error> {
        let mut selected: Vec<Selected> = Vec::new();
        let lookup = Lookup { index: &self.state.index, until: self.until.as_ref() };
        lookup.series(tests, |found| selected.extend(found.into_iter().map(Selected::from)))?;
        Ok(selected)
    }

    /// Series that the index has forgotten, when `from` lies so far back that they may have roll-ups there. `found` are those that it has.
    pub(crate) async fn rested(&self, tests: &[Test], found: &[Selected], from: i64) -> Result<Vec<Selected>, Error> {
        let first: Day = day_of(from).saturating_sub(BEHIND_DAYS);
        let end: Day = self.today().saturating_sub(self.config.rest_after_days()).saturating_add(BEHIND_DAYS);
        if first >= end {
            return Ok(Vec::new());
        }
        let known: BTreeSet<i64> = found.iter().map(|series| series.id).collect();
        let mut rested: Vec<Selected> = Vec::new();
        let take = |stored: StoredSeries| {
            let is_wanted: bool = tests.iter().all(|test| test.accepts(labels::get(&stored.labels, &test.name)));
            if is_wanted && rested.len() <= MOST_RESTED && !known.contains(&stored.id) && labels::is_sound(&stored.labels) {
                rested.push(Selected { slot: None, id: stored.id, labels: Arc::from(stored.labels) });
            }
        };
        let mut connection = self.db.pool().acquire().await?;
        store::rolls::rested(&mut connection, first, end, &name_pair(tests), take).await?;
        within(rested.len() as u64, MOST_RESTED as u64)?;
        Ok(rested)
    }

    /// The samples of `span` of some series, by slot: sorted, one per time.
    pub(crate) async fn samples(
        &self,
        series: &[Selected],
        name: Option<&str>,
        span: Span,
    ) -> Result<HashMap<Slot, Vec<Raw>>, Error> {
        let slots: Vec<Slot> = series.iter().filter_map(|series| series.slot).collect();
        let (floor, snapshots) = lock::read(&self.state.head).snapshot(&slots, span.from, span.to);
        within(snapshots.iter().map(Snapshot::n).sum(), self.most_held())?;
        let behind = Span { from: span.from, to: span.to.min(floor.saturating_sub(1)) };
        let limits = Limits { read: self.config.max_selected_samples, held: self.most_held() };
        let mut samples: HashMap<Slot, Vec<Raw>> = self.history(&slots_by_id(series), name, behind, limits).await?;
        for snapshot in snapshots {
            let recent: Vec<Raw> = snapshot.samples(span.from.max(floor), span.to);
            samples.entry(snapshot.slot).or_default().extend(recent);
        }
        Ok(samples)
    }

    /// What is held in memory is limited more tightly than what is stepped over in the batches.
    pub(crate) fn most_held(&self) -> u64 {
        self.config.max_selected_samples.min(self.config.max_query_samples as u64)
    }

    pub(crate) fn today(&self) -> Day {
        day_of(self.clock.now().0)
    }

    /// The time from which a metric's samples are kept.
    pub(crate) fn kept_since(&self, metric: &str) -> i64 {
        let fitting = self.config.retention_by_prefix.iter().filter(|(prefix, _)| metric.starts_with(prefix.as_str()));
        let longest = fitting.max_by_key(|(prefix, _)| prefix.len());
        let days: u32 = longest.map_or(self.config.retention_days, |(_, days)| *days);
        i64::from(self.today().saturating_sub(config::days(days))) * DAY_MS
    }

    /// The time from which every metric's samples are kept.
    pub(crate) fn all_kept_since(&self) -> i64 {
        let every = self.config.retention_by_prefix.iter().map(|(_, days)| *days);
        let shortest: u32 = every.fold(self.config.retention_days, u32::min);
        i64::from(self.today().saturating_sub(config::days(shortest))) * DAY_MS
    }
}

/// The metric that is asked for, when the matchers leave only one.
pub(crate) fn one_metric(tests: &[Test]) -> Option<&str> {
    tests.iter().filter(|test| test.name == METRIC_NAME).find_map(Test::literal)
}

/// What the canonical labels of such a series contain, as far as it is known: empty, or the name of the metric.
fn name_pair(tests: &[Test]) -> Vec<u8> {
    let mut pair: Vec<u8> = Vec::new();
    if let Some(name) = one_metric(tests) {
        labels::push(&mut pair, METRIC_NAME.as_bytes(), name.as_bytes());
    }
    pair
}

/// The slots of series that the index has, by their ids in the database.
pub(crate) fn slots_by_id(series: &[Selected]) -> HashMap<i64, Slot> {
    series.iter().filter_map(|series| Some((series.id, series.slot?))).collect()
}

/// A series with its samples; `None` when it has none.
pub(crate) fn series_data(series: &Selected, samples: Vec<Raw>) -> Option<SeriesData> {
    if samples.is_empty() {
        return None;
    }
    let points: Vec<Point> = samples.into_iter().map(|(at, bits)| Point { at, value: f64::from_bits(bits) }).collect();
    Some(SeriesData { labels: labels::to_labels(&series.labels), points })
}
