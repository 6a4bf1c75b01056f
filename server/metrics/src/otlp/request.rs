//! An `ExportMetricsServiceRequest`, as far as it is read. The JSON form is declared here by serde, the protobuf form is read by hand in
//! `protobuf`.
//!
//! Source: `opentelemetry/proto/collector/metrics/v1/metrics_service.proto`, `metrics/v1/metrics.proto`, `common/v1/common.proto`.

use serde::Deserialize;

use super::json::{double, double_or_none, doubles, or_default, signed, signed_or_none, unsigned, unsigneds};

/// `AggregationTemporality`: each value is the difference to the one before.
pub(crate) const DELTA: u32 = 1;
/// Each value counts from the same beginning.
pub(crate) const CUMULATIVE: u32 = 2;
/// `DataPointFlags`: the series has no value at this time.
pub(crate) const NO_RECORDED_VALUE: u32 = 1;

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Request {
    #[serde(deserialize_with = "or_default")]
    pub(crate) resource_metrics: Vec<ResourceMetrics>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ResourceMetrics {
    #[serde(deserialize_with = "or_default")]
    pub(crate) resource: Resource,
    #[serde(deserialize_with = "or_default")]
    pub(crate) scope_metrics: Vec<ScopeMetrics>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Resource {
    #[serde(deserialize_with = "or_default")]
    pub(crate) attributes: Vec<KeyValue>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ScopeMetrics {
    #[serde(deserialize_with = "or_default")]
    pub(crate) scope: Scope,
    #[serde(deserialize_with = "or_default")]
    pub(crate) metrics: Vec<Metric>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) schema_url: String,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Scope {
    #[serde(deserialize_with = "or_default")]
    pub(crate) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) version: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) attributes: Vec<KeyValue>,
}

/// One of the five kinds of data is present.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Metric {
    #[serde(deserialize_with = "or_default")]
    pub(crate) name: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) description: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) unit: String,
    pub(crate) gauge: Option<Numbers>,
    pub(crate) sum: Option<Numbers>,
    pub(crate) histogram: Option<Histograms>,
    pub(crate) exponential_histogram: Option<ExponentialHistograms>,
    pub(crate) summary: Option<Summaries>,
}

/// `Gauge` and `Sum`; a gauge has neither temporality nor monotonicity.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Numbers {
    #[serde(deserialize_with = "or_default")]
    pub(crate) data_points: Vec<NumberPoint>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) aggregation_temporality: u32,
    #[serde(deserialize_with = "or_default")]
    pub(crate) is_monotonic: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Histograms {
    #[serde(deserialize_with = "or_default")]
    pub(crate) data_points: Vec<HistogramPoint>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) aggregation_temporality: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ExponentialHistograms {
    #[serde(deserialize_with = "or_default")]
    pub(crate) data_points: Vec<ExponentialPoint>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) aggregation_temporality: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Summaries {
    #[serde(deserialize_with = "or_default")]
    pub(crate) data_points: Vec<SummaryPoint>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct NumberPoint {
    #[serde(deserialize_with = "or_default")]
    pub(crate) attributes: Vec<KeyValue>,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) start_time_unix_nano: u64,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) time_unix_nano: u64,
    #[serde(deserialize_with = "double_or_none")]
    pub(crate) as_double: Option<f64>,
    #[serde(deserialize_with = "signed_or_none")]
    pub(crate) as_int: Option<i64>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) flags: u32,
    #[serde(deserialize_with = "or_default")]
    pub(crate) exemplars: Vec<Exemplar>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct HistogramPoint {
    #[serde(deserialize_with = "or_default")]
    pub(crate) attributes: Vec<KeyValue>,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) start_time_unix_nano: u64,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) time_unix_nano: u64,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) count: u64,
    #[serde(deserialize_with = "double_or_none")]
    pub(crate) sum: Option<f64>,
    #[serde(deserialize_with = "unsigneds")]
    pub(crate) bucket_counts: Vec<u64>,
    #[serde(deserialize_with = "doubles")]
    pub(crate) explicit_bounds: Vec<f64>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) flags: u32,
    #[serde(deserialize_with = "or_default")]
    pub(crate) exemplars: Vec<Exemplar>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ExponentialPoint {
    #[serde(deserialize_with = "or_default")]
    pub(crate) attributes: Vec<KeyValue>,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) start_time_unix_nano: u64,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) time_unix_nano: u64,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) count: u64,
    #[serde(deserialize_with = "double_or_none")]
    pub(crate) sum: Option<f64>,
    #[serde(deserialize_with = "signed")]
    pub(crate) scale: i64,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) zero_count: u64,
    #[serde(deserialize_with = "double")]
    pub(crate) zero_threshold: f64,
    #[serde(deserialize_with = "or_default")]
    pub(crate) positive: Buckets,
    #[serde(deserialize_with = "or_default")]
    pub(crate) negative: Buckets,
    #[serde(deserialize_with = "or_default")]
    pub(crate) flags: u32,
    #[serde(deserialize_with = "or_default")]
    pub(crate) exemplars: Vec<Exemplar>,
}

/// One measurement of those that a point sums up.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Exemplar {
    #[serde(deserialize_with = "or_default")]
    pub(crate) filtered_attributes: Vec<KeyValue>,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) time_unix_nano: u64,
    #[serde(deserialize_with = "double_or_none")]
    pub(crate) as_double: Option<f64>,
    #[serde(deserialize_with = "signed_or_none")]
    pub(crate) as_int: Option<i64>,
    /// In hexadecimal, here and below.
    #[serde(deserialize_with = "or_default")]
    pub(crate) span_id: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) trace_id: String,
}

/// The bucket at `offset + i` holds the values in `(base^(offset + i), base^(offset + i + 1)]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Buckets {
    #[serde(deserialize_with = "signed")]
    pub(crate) offset: i64,
    #[serde(deserialize_with = "unsigneds")]
    pub(crate) bucket_counts: Vec<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SummaryPoint {
    #[serde(deserialize_with = "or_default")]
    pub(crate) attributes: Vec<KeyValue>,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) time_unix_nano: u64,
    #[serde(deserialize_with = "unsigned")]
    pub(crate) count: u64,
    #[serde(deserialize_with = "double")]
    pub(crate) sum: f64,
    #[serde(deserialize_with = "or_default")]
    pub(crate) quantile_values: Vec<QuantileValue>,
    #[serde(deserialize_with = "or_default")]
    pub(crate) flags: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct QuantileValue {
    #[serde(deserialize_with = "double")]
    pub(crate) quantile: f64,
    #[serde(deserialize_with = "double")]
    pub(crate) value: f64,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct KeyValue {
    #[serde(deserialize_with = "or_default")]
    pub(crate) key: String,
    #[serde(deserialize_with = "or_default")]
    pub(crate) value: Any,
}

/// `AnyValue`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "super::json::AnyFields")]
pub(crate) enum Any {
    /// Not set.
    #[default]
    Nothing,
    Text(String),
    Bool(bool),
    Int(i64),
    Double(f64),
    /// In base64, because that is how it is shown.
    Bytes(String),
    List(Vec<Any>),
    Map(Vec<KeyValue>),
}
