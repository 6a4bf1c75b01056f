//! One metric: which of its labels make it many series, who sends them, and whether they still come.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use model::Time;
use model::labels::METRIC_NAME;
use promql::ast::{MatchOp, Matcher, Span};

use super::{Count, Greatest};
use crate::error::Error;
use crate::eval::Until;
use crate::head::Snapshot;
use crate::lookup::{Found, Lookup};
use crate::matchers::{self, Test};
use crate::series::{Day, Slot};
use crate::state::State;
use crate::{Metrics, labels, lock};

/// Series whose labels are looked at; beyond that figures are at least so.
const MOST_SERIES: usize = 200_000;
/// Values told apart, of all labels together: some tens of megabytes at most, for as long as it takes.
const MOST_VALUES: usize = 300_000;
/// Pairs of a job and an instance told apart.
const MOST_SOURCES: usize = 2_000;
/// Values and sources shown.
const EXAMPLES: usize = 5;
const TOP_SOURCES: usize = 50;
/// Series whose samples are decoded to find the newest. Those that were entered last are the likeliest to live.
const MOST_DECODED: usize = 2_000;
/// Where the newest sample of a metric that lives is found, so that not all of the head has to be decoded.
const RECENT_MS: i64 = 15 * 60_000;
const DAY_MS: i64 = 86_400_000;

/// What there is to know about a metric.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MetricSurvey {
    /// Its name.
    pub metric: String,
    /// How many series it has.
    pub series: u64,
    /// How many of them had a sample in the last hours.
    pub live: u64,
    /// How many were entered in the last hour.
    pub new: u64,
    /// Its newest sample, when that stands in the head.
    pub newest: Option<Time>,
    /// The day (UTC) on which it was surely seen; for metrics without a newest sample.
    pub last_day: Time,
    /// Its labels, those with the most values first.
    pub labels: Vec<LabelSurvey>,
    /// Who sends it, as far as its labels tell, the most series first.
    pub sources: Vec<SourceSurvey>,
    /// Whether it has more series than were looked at, or more values than were told apart: then figures of labels are at least so.
    pub is_cut: bool,
}

/// A label of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSurvey {
    /// Its name.
    pub name: String,
    /// How many values it has.
    pub values: u64,
    /// How many series have it.
    pub series: u64,
    /// The values of the most series, and how many these are.
    pub examples: Vec<Count>,
}

/// A sender by its labels: `job` and `instance`, or `host` where there is no instance. Either may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceSurvey {
    /// The label `job`.
    pub job: String,
    /// The label `instance`, else `host`.
    pub instance: String,
    /// How many series.
    pub series: u64,
}

impl Metrics {
    /// What there is to know about a metric; `None` when no series has that name. At most ten seconds old.
    ///
    /// # Errors
    /// [`Error::Overloaded`], the evaluator's when it takes too long, and the database's.
    pub async fn metric_survey(&self, metric: &str) -> Result<Arc<Option<MetricSurvey>>, Error> {
        if metric.len() > self.config.max_label_value_bytes {
            return Ok(Arc::default());
        }
        let new: u64 = self.survey("").await?.new.by_metric.get(metric).copied().unwrap_or(0);
        let mut known = self.looks.metrics.lock().await;
        let now: Time = self.now();
        if let Some(survey) = known.get(metric, now) {
            return Ok(survey);
        }
        let tests: Vec<Test> = matchers::compile(&[named(metric)])?;
        let state: Arc<State> = Arc::clone(&self.state);
        let look = move |until: Until| look(&state, &tests, now, &until);
        let found: Option<MetricSurvey> = self.queries.compute(look).await?;
        let survey = found.map(|survey| MetricSurvey { metric: metric.to_owned(), new, ..survey });
        Ok(known.put(metric, now, survey))
    }
}

fn named(metric: &str) -> Matcher {
    Matcher { op: MatchOp::Eq, name: METRIC_NAME.to_owned(), value: metric.to_owned(), span: Span::default() }
}

fn look(state: &State, tests: &[Test], now: Time, until: &Until) -> Result<Option<MetricSurvey>, Error> {
    let mut tally = Tally::default();
    let lookup = Lookup { index: &state.index, until: Some(until) };
    lookup.series(tests, |found| tally.take(state, &found))?;
    if tally.slots.is_empty() {
        return Ok(None);
    }
    let newest: Option<Time> = newest(state, &tally.slots, now);
    Ok(Some(MetricSurvey { newest, ..tally.finish() }))
}

/// The newest sample of the series that were entered last.
fn newest(state: &State, slots: &[Slot], now: Time) -> Option<Time> {
    let some: &[Slot] = &slots[slots.len().saturating_sub(MOST_DECODED)..];
    let recent: i64 = now.0.saturating_sub(RECENT_MS);
    newest_since(state, some, recent).or_else(|| newest_since(state, some, i64::MIN))
}

fn newest_since(state: &State, slots: &[Slot], from: i64) -> Option<Time> {
    let (floor, snapshots): (i64, Vec<Snapshot>) = lock::read(&state.head).snapshot(slots, from, i64::MAX);
    let from: i64 = from.max(floor);
    let last = |snapshot: &Snapshot| snapshot.samples(from, i64::MAX).last().map(|(at, _)| *at);
    snapshots.iter().filter_map(last).max().map(Time)
}

/// What was counted so far.
#[derive(Debug, Default)]
struct Tally {
    /// Of every series, in order; the other figures are of the first [`MOST_SERIES`].
    slots: Vec<Slot>,
    live: u64,
    last_day: Day,
    labels: BTreeMap<String, Values>,
    n_values: usize,
    sources: HashMap<(String, String), u64>,
    is_cut: bool,
}

/// The values of a label, and how many series have each.
#[derive(Debug, Default)]
struct Values {
    counts: HashMap<Box<str>, u64>,
    series: u64,
}

impl Tally {
    fn take(&mut self, state: &State, found: &[Found]) {
        let head = lock::read(&state.head);
        for series in found {
            self.live += u64::from(head.holds(series.slot));
        }
        drop(head);
        for series in found {
            self.slots.push(series.slot);
            self.last_day = self.last_day.max(series.last_day);
            if self.slots.len() <= MOST_SERIES {
                self.series(&series.labels);
            } else {
                self.is_cut = true;
            }
        }
    }

    fn series(&mut self, canonical: &[u8]) {
        for (name, value) in labels::pairs(canonical).filter(|(name, _)| *name != METRIC_NAME) {
            self.label(name, value);
        }
        self.source(canonical);
    }

    fn label(&mut self, name: &str, value: &str) {
        let has_room: bool = self.n_values < MOST_VALUES;
        if has_room && !self.labels.contains_key(name) {
            self.labels.insert(name.to_owned(), Values::default());
        }
        let Some(values) = self.labels.get_mut(name) else {
            self.is_cut = true;
            return;
        };
        values.series += 1;
        if let Some(count) = values.counts.get_mut(value) {
            *count += 1;
        } else if has_room {
            values.counts.insert(Box::from(value), 1);
            self.n_values += 1;
        } else {
            self.is_cut = true;
        }
    }

    fn source(&mut self, canonical: &[u8]) {
        let (job, instance) = (labels::get(canonical, "job"), labels::get(canonical, "instance"));
        let instance: &str = if instance.is_empty() { labels::get(canonical, "host") } else { instance };
        if job.is_empty() && instance.is_empty() {
            return;
        }
        let source: (String, String) = (job.to_owned(), instance.to_owned());
        let has_room: bool = self.sources.len() < MOST_SOURCES;
        match self.sources.get_mut(&source) {
            Some(count) => *count += 1,
            None if has_room => drop(self.sources.insert(source, 1)),
            None => {}
        }
    }

    fn finish(self) -> MetricSurvey {
        let mut labels: Vec<LabelSurvey> = self.labels.into_iter().map(|(name, values)| label(name, values)).collect();
        labels.sort_by(|left, right| right.values.cmp(&left.values).then_with(|| left.name.cmp(&right.name)));
        let source = |((job, instance), series): ((String, String), u64)| SourceSurvey { job, instance, series };
        let mut sources: Vec<SourceSurvey> = self.sources.into_iter().map(source).collect();
        sources.sort_by(|left, right| right.series.cmp(&left.series).then_with(|| left.named().cmp(&right.named())));
        sources.truncate(TOP_SOURCES);
        MetricSurvey {
            series: self.slots.len() as u64,
            live: self.live,
            last_day: Time(i64::from(self.last_day) * DAY_MS),
            labels,
            sources,
            is_cut: self.is_cut,
            ..MetricSurvey::default()
        }
    }
}

impl SourceSurvey {
    fn named(&self) -> (&str, &str) {
        (&self.job, &self.instance)
    }
}

fn label(name: String, values: Values) -> LabelSurvey {
    let n_values: u64 = values.counts.len() as u64;
    let mut examples: Greatest = Greatest::new(EXAMPLES);
    values.counts.into_iter().for_each(|(value, count)| examples.note(count, || value.into_string()));
    LabelSurvey { name, values: n_values, series: values.series, examples: examples.finish() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(pairs: &[(&str, &str)]) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        pairs.iter().for_each(|(name, value)| labels::push(&mut out, name.as_bytes(), value.as_bytes()));
        out
    }

    #[test]
    fn labels_are_counted_by_their_values_and_senders_by_job_and_instance() {
        let mut tally = Tally::default();
        for (host, path) in [("a", "/1"), ("a", "/2"), ("b", "/3")] {
            tally.series(&canonical(&[("__name__", "up"), ("host", host), ("job", "web"), ("path", path)]));
        }
        tally.series(&canonical(&[("__name__", "up"), ("path", "/1")]));
        let found: MetricSurvey = tally.finish();
        let named: Vec<(&str, u64, u64)> =
            found.labels.iter().map(|label| (label.name.as_str(), label.values, label.series)).collect();
        assert_eq!(named, [("path", 3, 4), ("host", 2, 3), ("job", 1, 3)]);
        assert_eq!(
            found.labels[1].examples,
            [Count { name: "a".to_owned(), count: 2 }, Count { name: "b".to_owned(), count: 1 }]
        );
        let sources: Vec<(&str, &str, u64)> =
            found.sources.iter().map(|source| (source.job.as_str(), source.instance.as_str(), source.series)).collect();
        assert_eq!(sources, [("web", "a", 2), ("web", "b", 1)]);
        assert!(!found.is_cut);
    }

    #[test]
    fn beyond_the_values_that_are_told_apart_it_says_so() {
        let mut tally = Tally { n_values: MOST_VALUES - 1, ..Tally::default() };
        tally.series(&canonical(&[("__name__", "up"), ("path", "/1")]));
        assert!(!tally.is_cut);
        tally.series(&canonical(&[("__name__", "up"), ("path", "/2")]));
        tally.series(&canonical(&[("__name__", "up"), ("other", "x")]));
        assert!(tally.is_cut);
        let found: MetricSurvey = tally.finish();
        assert_eq!((found.labels.len(), found.labels[0].values, found.labels[0].series), (1, 1, 2));
    }
}
