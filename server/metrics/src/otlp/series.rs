//! From a measurement to the samples of its series, as Prometheus has them.

use model::Time;
use model::labels::METRIC_NAME;

use super::measurement::{Histogram, Measurement, Summary, Value};
use crate::duplicates::STALE_NAN;
use crate::ingest::{Owned, OwnedExemplar};
use crate::sample::Sample;

/// Appends the samples of `measurement`: of a histogram its buckets in order, its sum if it has one, its count. Exemplars of a histogram
/// stand at the bucket that counts them.
pub(crate) fn make(measurement: &Measurement, owner: u32, out: &mut Owned) {
    let mut series = Series { measurement, owner, out };
    match &measurement.value {
        Value::Number(value) => {
            series.exemplars(&[]);
            series.push("", None, *value);
        }
        Value::Histogram(histogram) => series.histogram(histogram),
        Value::Exponential(exponential) => series.histogram(&exponential.to_explicit()),
        Value::Summary(summary) => series.summary(summary),
    }
}

struct Series<'a> {
    measurement: &'a Measurement,
    owner: u32,
    out: &'a mut Owned,
}

impl Series<'_> {
    fn push(&mut self, suffix: &str, extra: Option<(&str, String)>, value: f64) {
        let mut labels = self.measurement.labels.clone();
        if let Some((name, bound)) = extra {
            labels.set(name.to_owned(), bound);
        }
        labels.set(METRIC_NAME.to_owned(), format!("{}{suffix}", self.measurement.name));
        let value: f64 = if self.measurement.is_stale { f64::from_bits(STALE_NAN) } else { value };
        self.out.samples.push(Sample { labels, at: Time(self.measurement.at_ms), value });
        self.out.owners.push(self.owner);
    }

    /// Of the samples that come next: one for each bound, and one for what is beyond.
    fn exemplars(&mut self, bounds: &[f64]) {
        let first: usize = self.out.samples.len();
        for single in &self.measurement.exemplars {
            let bucket: usize = bounds.partition_point(|bound| *bound < single.value);
            let (at, labels) = (Time(single.at_ms), single.labels.clone());
            self.out.exemplars.push(OwnedExemplar { sample: first + bucket, at, value: single.value, labels });
        }
    }

    fn histogram(&mut self, histogram: &Histogram) {
        self.exemplars(&histogram.bounds);
        let mut below: u64 = 0;
        for (bound, count) in histogram.bounds.iter().zip(&histogram.counts) {
            below = below.saturating_add(*count);
            self.push("_bucket", Some(("le", written(*bound))), below as f64);
        }
        self.push("_bucket", Some(("le", "+Inf".to_owned())), histogram.count as f64);
        if let Some(sum) = histogram.sum {
            self.push("_sum", None, sum);
        }
        self.push("_count", None, histogram.count as f64);
    }

    fn summary(&mut self, summary: &Summary) {
        for (quantile, value) in &summary.quantiles {
            self.push("", Some(("quantile", written(*quantile))), *value);
        }
        self.push("_sum", None, summary.sum);
        self.push("_count", None, summary.count as f64);
    }
}

/// Without exponent and without needless digits, as Prometheus writes the bounds of what comes by OTLP. -0 is 0.
fn written(bound: f64) -> String {
    (bound + 0.0).to_string()
}
