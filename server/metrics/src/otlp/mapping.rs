//! From a request to measurements: which points can be taken, and with which labels.

use std::collections::BTreeMap;

use model::Time;
use model::labels::{Labels, METRIC_NAME};

use super::exponential::Exponential;
use super::measurement::{Histogram, Measurement, Refusals, Since, Single, Summary, Value, Why};
use super::names::{self, Suffix};
use super::request::{
    CUMULATIVE, DELTA, Exemplar, HistogramPoint, KeyValue, Metric, NO_RECORDED_VALUE, NumberPoint, Numbers, Request, Resource,
    Scope, SummaryPoint,
};
use crate::allowance::{Allowance, Unreadable};
use crate::exemplars::MOST_LETTERS;
use crate::metadata::Kind;
use crate::sample::Sample;

/// What the labels of a sample take beside their letters.
const LABEL_BYTES: usize = 96;
const NANOS_OF_A_MS: u64 = 1_000_000;
/// Attributes that become `job` and `instance`.
const IDENTITY: [&str; 3] = ["service.namespace", "service.name", "service.instance.id"];

/// What a request comes down to.
#[derive(Debug, Default)]
pub(crate) struct Mapped {
    pub(crate) measurements: Vec<Measurement>,
    /// `target_info`, one per resource.
    pub(crate) infos: Vec<Sample>,
    pub(crate) notes: Vec<Noted>,
    pub(crate) refused: Refusals,
    /// All data points.
    pub(crate) n: u64,
}

/// What a metric means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Noted {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) help: String,
    pub(crate) unit: String,
}

/// Makes measurements of all points; what they will take as samples is spent.
pub(crate) fn map(request: Request, allowance: &mut Allowance) -> Result<Mapped, Unreadable> {
    let mut mapper = Mapper { mapped: Mapped::default(), newest_ms: None, allowance };
    for resource in request.resource_metrics {
        let identity: Vec<(&str, String)> = identity(&resource.resource);
        mapper.newest_ms = None;
        for scope in resource.scope_metrics.into_iter().filter(|scope| !scope.metrics.is_empty()) {
            let shared: BTreeMap<String, String> = shared(&scope.scope, &scope.schema_url, &identity);
            // A scope takes a few bytes in the body and repeats all that its resource says.
            mapper.allowance.spend(letters_of(&shared) + shared.len() * LABEL_BYTES)?;
            for metric in &scope.metrics {
                mapper.metric(metric, &shared)?;
            }
        }
        if let Some(at_ms) = mapper.newest_ms {
            mapper.mapped.infos.extend(target_info(&resource.resource, &identity, at_ms));
        }
    }
    Ok(mapper.mapped)
}

/// `job` and `instance`, as far as the resource tells them.
fn identity(resource: &Resource) -> Vec<(&'static str, String)> {
    let text = |key: &str| {
        let found = resource.attributes.iter().find(|pair| pair.key == key);
        found.map_or_else(String::new, |pair| names::shown(&pair.value))
    };
    let (namespace, name, instance) = (text(IDENTITY[0]), text(IDENTITY[1]), text(IDENTITY[2]));
    let mut labels: Vec<(&'static str, String)> = Vec::new();
    if !name.is_empty() {
        labels.push(("job", if namespace.is_empty() { name } else { format!("{namespace}/{name}") }));
    }
    if !instance.is_empty() {
        labels.push(("instance", instance));
    }
    labels
}

/// Labels that all points of a scope have.
fn shared(scope: &Scope, schema_url: &str, identity: &[(&str, String)]) -> BTreeMap<String, String> {
    let attributes = names::labels(&scope.attributes).into_iter();
    let mut shared: BTreeMap<String, String> = attributes.map(|(name, value)| (format!("otel_scope_{name}"), value)).collect();
    for (name, value) in [("name", scope.name.as_str()), ("version", scope.version.as_str()), ("schema_url", schema_url)] {
        if !value.is_empty() {
            shared.insert(format!("otel_scope_{name}"), value.to_owned());
        }
    }
    shared.extend(identity.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    shared
}

/// What else is known of a resource. Without `job` or `instance` nothing could be joined to it.
fn target_info(resource: &Resource, identity: &[(&str, String)], at_ms: i64) -> Option<Sample> {
    let others: Vec<KeyValue> =
        resource.attributes.iter().filter(|pair| !IDENTITY.contains(&pair.key.as_str())).cloned().collect();
    if identity.is_empty() || others.is_empty() {
        return None;
    }
    let mut labels: Labels = Labels::new(names::labels(&others));
    for (name, value) in identity {
        labels.set((*name).to_owned(), value.clone());
    }
    labels.set(METRIC_NAME.to_owned(), "target_info".to_owned());
    Some(Sample { labels, at: Time(at_ms), value: 1.0 })
}

struct Mapper<'a> {
    mapped: Mapped,
    /// The newest point of the resource at hand.
    newest_ms: Option<i64>,
    allowance: &'a mut Allowance,
}

/// What the points of one metric share.
struct About<'a> {
    name: String,
    shared: &'a BTreeMap<String, String>,
    /// `None` for gauges and summaries, which have none.
    temporality: Option<u32>,
}

/// When a point is, from when it counts, whether it has a value, and single measurements of those it sums up.
#[derive(Clone, Copy)]
struct Moment<'a> {
    start_ns: u64,
    at_ns: u64,
    flags: u32,
    exemplars: &'a [Exemplar],
}

impl Mapper<'_> {
    fn metric(&mut self, metric: &Metric, shared: &BTreeMap<String, String>) -> Result<(), Unreadable> {
        if let Some(gauge) = &metric.gauge {
            let about: About<'_> = self.about(metric, Suffix::Gauge, Kind::Gauge, shared, None);
            self.numbers(&about, gauge)
        } else if let Some(sum) = &metric.sum {
            let (suffix, kind) = if sum.is_monotonic { (Suffix::Counter, Kind::Counter) } else { (Suffix::Plain, Kind::Gauge) };
            let about: About<'_> = self.about(metric, suffix, kind, shared, Some(sum.aggregation_temporality));
            self.numbers(&about, sum)
        } else if let Some(found) = &metric.histogram {
            let temporality: Option<u32> = Some(found.aggregation_temporality);
            let about: About<'_> = self.about(metric, Suffix::Plain, Kind::Histogram, shared, temporality);
            found.data_points.iter().try_for_each(|point| {
                let (start_ns, at_ns) = (point.start_time_unix_nano, point.time_unix_nano);
                let moment = Moment { start_ns, at_ns, flags: point.flags, exemplars: &point.exemplars };
                self.point(&about, &point.attributes, moment, histogram(point))
            })
        } else if let Some(found) = &metric.exponential_histogram {
            let temporality: Option<u32> = Some(found.aggregation_temporality);
            let about: About<'_> = self.about(metric, Suffix::Plain, Kind::Histogram, shared, temporality);
            found.data_points.iter().try_for_each(|point| {
                let (start_ns, at_ns) = (point.start_time_unix_nano, point.time_unix_nano);
                let moment = Moment { start_ns, at_ns, flags: point.flags, exemplars: &point.exemplars };
                let value: Result<Value, Why> = Exponential::new(point).map(Value::Exponential).ok_or(Why::BadScale);
                self.point(&about, &point.attributes, moment, value)
            })
        } else if let Some(found) = &metric.summary {
            let about: About<'_> = self.about(metric, Suffix::Plain, Kind::Summary, shared, None);
            found.data_points.iter().try_for_each(|point| {
                let moment = Moment { start_ns: 0, at_ns: point.time_unix_nano, flags: point.flags, exemplars: &[] };
                self.point(&about, &point.attributes, moment, Ok(summary(point)))
            })
        } else {
            self.refuse(Why::NoData, &metric.name);
            Ok(())
        }
    }

    fn numbers(&mut self, about: &About<'_>, numbers: &Numbers) -> Result<(), Unreadable> {
        numbers.data_points.iter().try_for_each(|point| {
            // A gauge is one measurement already.
            let exemplars: &[Exemplar] = if about.temporality.is_some() { &point.exemplars } else { &[] };
            let (start_ns, at_ns) = (point.start_time_unix_nano, point.time_unix_nano);
            let moment = Moment { start_ns, at_ns, flags: point.flags, exemplars };
            self.point(about, &point.attributes, moment, number(point))
        })
    }

    fn about<'b>(
        &mut self,
        metric: &Metric,
        suffix: Suffix,
        kind: Kind,
        shared: &'b BTreeMap<String, String>,
        temporality: Option<u32>,
    ) -> About<'b> {
        let name: String = names::metric(&metric.name, &metric.unit, suffix);
        let unit: String = names::unit(&metric.unit);
        if !name.is_empty() {
            self.mapped.notes.push(Noted { name: name.clone(), kind, help: metric.description.clone(), unit });
        }
        About { name, shared, temporality }
    }

    fn refuse(&mut self, why: Why, name: &str) {
        self.mapped.n += 1;
        self.mapped.refused.push(why, 1, name);
    }

    fn point(
        &mut self,
        about: &About<'_>,
        attributes: &[KeyValue],
        moment: Moment<'_>,
        value: Result<Value, Why>,
    ) -> Result<(), Unreadable> {
        match measurement(about, attributes, moment, value) {
            Err(why) => self.refuse(why, &about.name),
            Ok(measurement) => {
                self.allowance.spend(cost(&measurement))?;
                self.newest_ms = self.newest_ms.max(Some(measurement.at_ms));
                self.mapped.n += 1;
                self.mapped.measurements.push(measurement);
            }
        }
        Ok(())
    }
}

fn measurement(
    about: &About<'_>,
    attributes: &[KeyValue],
    moment: Moment<'_>,
    value: Result<Value, Why>,
) -> Result<Measurement, Why> {
    if about.name.is_empty() {
        return Err(Why::NoName);
    }
    let is_stale: bool = moment.flags & NO_RECORDED_VALUE != 0;
    let value: Value = match value {
        Err(Why::NoValue) if is_stale => Value::Number(0.0),
        value => value?,
    };
    let since: Since = match about.temporality {
        None | Some(CUMULATIVE) => Since::Always,
        Some(DELTA) if moment.start_ns == 0 => Since::Last,
        Some(DELTA) => Since::Time(milliseconds(moment.start_ns)),
        Some(_) => return Err(Why::NoTemporality),
    };
    if moment.at_ns == 0 || (since != Since::Always && moment.start_ns > moment.at_ns) {
        return Err(Why::BadTime);
    }
    // In order, because labels that come out of order are moved aside one by one.
    let mut sorted: BTreeMap<String, String> = names::labels(attributes);
    sorted.extend(about.shared.iter().map(|(name, value)| (name.clone(), value.clone())));
    let labels: Labels = Labels::new(sorted);
    let exemplars: Vec<Single> = if is_stale { Vec::new() } else { moment.exemplars.iter().filter_map(single).collect() };
    Ok(Measurement { name: about.name.clone(), labels, at_ms: milliseconds(moment.at_ns), value, since, is_stale, exemplars })
}

/// With `trace_id`, `span_id`, and as many attributes as there is room for: all or none. Source: Prometheus,
/// `storage/remote/otlptranslator/prometheusremotewrite/helper.go`, `getPromExemplars`.
fn single(exemplar: &Exemplar) -> Option<Single> {
    let int: Option<f64> = exemplar.as_int.map(|value| value as f64);
    let value: f64 = exemplar.as_double.or(int)?;
    let ids = Labels::new([("trace_id", exemplar.trace_id.to_lowercase()), ("span_id", exemplar.span_id.to_lowercase())]);
    let mut labels: Labels = Labels::new(names::labels(&exemplar.filtered_attributes));
    for (name, id) in ids.iter() {
        labels.set(name.to_owned(), id.to_owned());
    }
    let fits: bool = n_letters(&labels) <= MOST_LETTERS;
    Some(Single { at_ms: milliseconds(exemplar.time_unix_nano), value, labels: if fits { labels } else { ids } })
}

fn n_letters(labels: &Labels) -> usize {
    labels.iter().map(|(name, value)| name.chars().count() + value.chars().count()).sum()
}

fn milliseconds(ns: u64) -> i64 {
    i64::try_from(ns / NANOS_OF_A_MS).unwrap_or(i64::MAX)
}

fn letters_of(labels: &BTreeMap<String, String>) -> usize {
    labels.iter().map(|(name, value)| name.len() + value.len()).sum()
}

/// What a measurement and its samples take.
fn cost(measurement: &Measurement) -> usize {
    let letters: usize = measurement.labels.iter().map(|(name, value)| name.len() + value.len()).sum();
    let labels: usize = letters + measurement.name.len() + (measurement.labels.len() + 2) * LABEL_BYTES;
    let of_exemplar = |one: &Single| n_letters(&one.labels) + (one.labels.len() + 1) * LABEL_BYTES;
    let exemplars: usize = measurement.exemplars.iter().map(of_exemplar).sum();
    measurement.value.heap_bytes() + labels * (measurement.value.n_series() + 1) + 2 * exemplars
}

fn number(point: &NumberPoint) -> Result<Value, Why> {
    let int: Option<f64> = point.as_int.map(|value| value as f64);
    point.as_double.or(int).map(Value::Number).ok_or(Why::NoValue)
}

/// Bounds strictly increasing; an infinite last one says nothing new and is left out.
fn histogram(point: &HistogramPoint) -> Result<Value, Why> {
    let (mut bounds, mut counts): (Vec<f64>, Vec<u64>) = (point.explicit_bounds.clone(), point.bucket_counts.clone());
    let fits: bool = counts.len() == bounds.len() + 1 || (counts.is_empty() && bounds.is_empty());
    let increasing: bool = bounds.is_sorted_by(|left, right| left < right);
    if !fits || !increasing || bounds.iter().any(|bound| bound.is_nan() || *bound == f64::NEG_INFINITY) {
        return Err(Why::BadBuckets);
    }
    if bounds.last() == Some(&f64::INFINITY) {
        bounds.pop();
        let beyond: u64 = counts.pop().unwrap_or(0);
        if let Some(last) = counts.last_mut() {
            *last = last.saturating_add(beyond);
        }
    }
    Ok(Value::Histogram(Histogram { bounds, counts, count: point.count, sum: point.sum }))
}

fn summary(point: &SummaryPoint) -> Value {
    let quantiles = point.quantile_values.iter().map(|found| (found.quantile, found.value));
    Value::Summary(Summary { quantiles: quantiles.collect(), count: point.count, sum: point.sum })
}
