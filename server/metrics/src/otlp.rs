//! OpenTelemetry's metrics (OTLP 1.x): what a sender measured, made into series as Prometheus has them.
//!
//! 1. `protobuf` or `json` reads an `ExportMetricsServiceRequest` into `request`; both give the same.
//! 2. `mapping` makes a `measurement` of each data point: labels by the rules of `names`, its value as it is.
//! 3. `totals` adds what came as a difference (delta temporality) to what came before.
//! 4. `series` makes samples of each measurement.
//!
//! Rules:
//! - `service.namespace/service.name` becomes `job`, `service.instance.id` `instance`; the other attributes of a resource stand once, in
//!   `target_info`. Attributes of a point become labels, the scope `otel_scope_name`, `otel_scope_version`, `otel_scope_schema_url` and
//!   `otel_scope_<attribute>`.
//! - Names are escaped with underscores and end in their unit, monotonic sums in `_total`.
//! - Histograms become `_bucket{le}`, `_sum`, `_count`, summaries `{quantile}`, `_sum`, `_count`. Exponential histograms become classic
//!   ones too, see `exponential`, because nothing here reads native ones yet.
//! - A point without a recorded value is a stale marker.
//! - Exemplars of sums and histograms are kept, with `trace_id`, `span_id` and their attributes; those of a histogram at their bucket.
//! - Start times of cumulative points, minima and maxima are not kept.
//!
//! Sources: the OTLP specification 1.x, `opentelemetry/proto/metrics/v1/metrics.proto`, "Prometheus and OpenMetrics Compatibility", and
//! Prometheus' `otlptranslator` where that leaves a choice.

pub(crate) mod answer;
mod exponential;
pub(crate) mod json;
pub(crate) mod mapping;
pub(crate) mod measurement;
pub(crate) mod names;
mod protobuf;
mod request;
mod series;
#[cfg(test)]
mod tests;
pub(crate) mod totals;

use std::sync::Arc;

use kernel::Grant;
use model::access::WriteMetrics;

use crate::Metrics;
use crate::allowance::{Allowance, Unreadable};
use crate::error::Error;
use crate::ingest::{NOBODYS, Owned};
use crate::quota::Sender;
use crate::sample::{Sample, Written};

use mapping::Mapped;
use measurement::{Measurement, Refusals, Refused};
use totals::{Added, Newest, Totals, is_added_up};

/// So many measurements become samples within a few milliseconds; more are made where they keep nobody waiting.
const MANY_MEASUREMENTS: usize = 1_000;
/// So many series of differences are looked up within a few milliseconds.
const MANY_TOTALS: usize = 500;

/// Measurements without differences, those that were refused, and the totals that moved.
type AddedUp = (Vec<Measurement>, Refusals, Vec<Added>);

/// The two forms of a request; the answer has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `application/x-protobuf`.
    Protobuf,
    /// `application/json`.
    Json,
}

/// Reads an uncompressed body and makes measurements of it.
pub(crate) fn read(form: Form, body: &[u8], allowance: &mut Allowance) -> Result<Mapped, Unreadable> {
    let request: request::Request = match form {
        Form::Protobuf => protobuf::decode(body, allowance)?,
        Form::Json => json::decode(body, allowance)?,
    };
    mapping::map(request, allowance)
}

/// What became of the measurements of one request.
#[derive(Debug)]
pub(crate) struct Delivered {
    /// What was committed and refused, in samples.
    pub(crate) written: Written,
    /// Measurements that were refused, wholly or in part.
    pub(crate) n_refused: u64,
    /// Why measurements never became samples.
    pub(crate) refused: Vec<Refused>,
    /// How many measurements there were.
    pub(crate) n: u64,
}

impl Delivered {
    /// Whether nothing was taken and all of it may be taken later.
    pub(crate) fn may_pass(&self) -> bool {
        let all_may: bool = self.written.rejected.iter().all(|rejected| rejected.reason.may_pass());
        self.written.accepted == 0 && self.refused.is_empty() && !self.written.rejected.is_empty() && all_may
    }

    /// Everything that was refused, for people; empty when nothing was.
    pub(crate) fn message(&self) -> String {
        let early = self.refused.iter().map(ToString::to_string);
        let late = self.written.rejected.iter().map(ToString::to_string);
        let reasons: Vec<String> = early.chain(late).collect();
        if reasons.is_empty() {
            return String::new();
        }
        format!("{} of {} data points were refused, the others are stored: {}", self.n_refused, self.n, reasons.join("; "))
    }
}

impl Metrics {
    /// Delivers measurements: sums up differences, commits, and forgets the sums that were not taken, so that the next request
    /// begins at what is on disk. The allowance is given back when the samples are.
    pub(crate) async fn deliver(
        &self,
        grant: &Grant<WriteMetrics>,
        mapped: Mapped,
        allowance: Allowance,
        sender: Option<Sender>,
    ) -> Result<Delivered, Error> {
        let Mapped { measurements, infos, notes, refused, n } = mapped;
        let (measurements, refused, added) = self.add_up(measurements, refused).await?;
        let outcome = match samples(measurements, infos).await {
            Ok(owned) => self.take_owned(grant, owned, sender).await,
            Err(error) => Err(error),
        };
        let (written, refused_owners) = match outcome {
            Ok(outcome) => outcome,
            Err(error) => {
                self.ingest.totals.forget(added.iter());
                return Err(error);
            }
        };
        self.ingest.totals.forget(added.iter().filter(|added| refused_owners.contains(&added.owner)));
        for note in &notes {
            self.ingest.metadata.note(&note.name, note.kind, &note.help, &note.unit);
        }
        drop(allowance);
        let n_refused: u64 = refused.n() + refused_owners.len() as u64;
        Ok(Delivered { written, n_refused, refused: refused.into_list(), n })
    }

    /// Makes totals of differences. Many of them are looked up where they keep nobody waiting.
    async fn add_up(&self, mut measurements: Vec<Measurement>, mut refused: Refusals) -> Result<AddedUp, Error> {
        let newest = Newest::new(&self.ingest.state, &self.ingest.config, self.now());
        let totals: Arc<Totals> = Arc::clone(&self.ingest.totals);
        let series = measurements.iter().filter(|measurement| is_added_up(measurement));
        let is_large: bool = series.map(|measurement| measurement.value.n_series()).sum::<usize>() > MANY_TOTALS;
        let add = move || -> AddedUp {
            let added: Vec<Added> = totals.add_all(&newest, &mut measurements, &mut refused);
            (measurements, refused, added)
        };
        if is_large { tokio::task::spawn_blocking(add).await.map_err(|_| Error::Closed) } else { Ok(add()) }
    }
}

/// All samples, those of no measurement last.
async fn samples(measurements: Vec<Measurement>, infos: Vec<Sample>) -> Result<Owned, Error> {
    let is_large: bool = measurements.len() > MANY_MEASUREMENTS;
    let make = move || {
        let mut owned = Owned::default();
        for (measurement, owner) in measurements.iter().zip(0_u32..) {
            series::make(measurement, owner, &mut owned);
        }
        owned.owners.extend(infos.iter().map(|_| NOBODYS));
        owned.samples.extend(infos);
        owned
    };
    if is_large { tokio::task::spawn_blocking(make).await.map_err(|_| Error::Closed) } else { Ok(make()) }
}
