//! The JSON form of OTLP: protobuf's JSON mapping in lowerCamelCase, enums as integers, 64-bit numbers as integers or strings, doubles as
//! numbers or as one of `"NaN"`, `"Infinity"`, `"-Infinity"`. Unknown fields are ignored; `null` means that a field is absent.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::request::{Any, KeyValue, Request};
use crate::allowance::{Allowance, Unreadable};

const EXPECTED: &str = "an ExportMetricsServiceRequest in JSON";
/// What an element of a list may take in memory: a number of eight bytes or a text of 24, in a list that may be twice as long as its
/// content.
const ELEMENT_BYTES: usize = 48;
/// What an object may take: the largest point.
const OBJECT_BYTES: usize = 256;

/// Reads a body. What it may unfold into is spent before it is read.
pub(crate) fn decode(body: &[u8], allowance: &mut Allowance) -> Result<Request, Unreadable> {
    spend(body, allowance)?;
    // Serde would take an array for an object whose fields come in order.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Unreadable::Malformed { expected: EXPECTED });
    }
    serde_json::from_slice(body).map_err(|_| Unreadable::Malformed { expected: EXPECTED })
}

/// Spends what a body may unfold into at most.
pub(crate) fn spend(body: &[u8], allowance: &mut Allowance) -> Result<(), Unreadable> {
    let n_elements: usize = body.iter().filter(|byte| **byte == b',').count();
    let n_objects: usize = body.iter().filter(|byte| **byte == b'{').count();
    allowance.spend(body.len() + n_elements.saturating_mul(ELEMENT_BYTES) + n_objects.saturating_mul(OBJECT_BYTES))
}

/// A value, or the default for `null`.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    let value: Option<T> = Option::deserialize(deserializer)?;
    Ok(value.unwrap_or_default())
}

/// A number as JSON has it, or a string that holds one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Unsigned(u64),
    Signed(i64),
    Double(f64),
    Text(String),
}

struct Unsigned(u64);
struct Signed(i64);
struct Double(f64);

impl<'de> Deserialize<'de> for Unsigned {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: Option<u64> = match Loose::deserialize(deserializer)? {
            Loose::Unsigned(value) => Some(value),
            Loose::Signed(value) => u64::try_from(value).ok(),
            Loose::Double(value) => whole(value).and_then(|value| u64::try_from(value).ok()),
            Loose::Text(text) => text.parse().ok(),
        };
        value.map(Self).ok_or_else(|| D::Error::custom("not an unsigned integer of 64 bits"))
    }
}

impl<'de> Deserialize<'de> for Signed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: Option<i64> = match Loose::deserialize(deserializer)? {
            Loose::Unsigned(value) => i64::try_from(value).ok(),
            Loose::Signed(value) => Some(value),
            Loose::Double(value) => whole(value),
            Loose::Text(text) => text.parse().ok(),
        };
        value.map(Self).ok_or_else(|| D::Error::custom("not an integer of 64 bits"))
    }
}

impl<'de> Deserialize<'de> for Double {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value: Option<f64> = match Loose::deserialize(deserializer)? {
            Loose::Unsigned(value) => Some(value as f64),
            Loose::Signed(value) => Some(value as f64),
            Loose::Double(value) => Some(value),
            Loose::Text(text) => text.parse().ok(),
        };
        value.map(Self).ok_or_else(|| D::Error::custom("not a number"))
    }
}

/// Such as `1e3`; beyond 2⁵³ a double is no integer one could mean.
fn whole(value: f64) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    (value.fract() == 0.0 && value.abs() <= LARGEST).then_some(value as i64)
}

pub(super) fn unsigned<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value: Option<Unsigned> = Option::deserialize(deserializer)?;
    Ok(value.map_or(0, |value| value.0))
}

pub(super) fn signed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    Ok(signed_or_none(deserializer)?.unwrap_or(0))
}

pub(super) fn signed_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let value: Option<Signed> = Option::deserialize(deserializer)?;
    Ok(value.map(|value| value.0))
}

pub(crate) fn double<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(double_or_none(deserializer)?.unwrap_or(0.0))
}

pub(super) fn double_or_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let value: Option<Double> = Option::deserialize(deserializer)?;
    Ok(value.map(|value| value.0))
}

pub(super) fn unsigneds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    let values: Option<Vec<Unsigned>> = Option::deserialize(deserializer)?;
    Ok(values.unwrap_or_default().into_iter().map(|value| value.0).collect())
}

pub(super) fn doubles<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<f64>, D::Error> {
    let values: Option<Vec<Double>> = Option::deserialize(deserializer)?;
    Ok(values.unwrap_or_default().into_iter().map(|value| value.0).collect())
}

/// `AnyValue` as JSON has it: an object with one of these fields.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct AnyFields {
    string_value: Option<String>,
    bool_value: Option<bool>,
    int_value: Option<Signed>,
    double_value: Option<Double>,
    bytes_value: Option<String>,
    array_value: Option<ListFields>,
    kvlist_value: Option<MapFields>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListFields {
    #[serde(deserialize_with = "or_default")]
    values: Vec<Any>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct MapFields {
    #[serde(deserialize_with = "or_default")]
    values: Vec<KeyValue>,
}

impl From<AnyFields> for Any {
    fn from(fields: AnyFields) -> Self {
        let list = fields.array_value.map(|list| Self::List(list.values));
        let map = fields.kvlist_value.map(|map| Self::Map(map.values));
        let text = fields.string_value.map(Self::Text);
        let bytes = fields.bytes_value.map(Self::Bytes);
        let int = fields.int_value.map(|value| Self::Int(value.0));
        let double = fields.double_value.map(|value| Self::Double(value.0));
        let truth = fields.bool_value.map(Self::Bool);
        text.or(truth).or(int).or(double).or(bytes).or(list).or(map).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowance::Memory;
    use crate::otlp::request::{Metric, NumberPoint};
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Request, Unreadable> {
        decode(text.as_bytes(), &mut Memory::new().allowance())
    }

    fn metric(text: &str) -> Metric {
        let body: String = format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{text}]}}]}}]}}"#);
        read(&body).unwrap().resource_metrics.remove(0).scope_metrics.remove(0).metrics.remove(0)
    }

    fn point(text: &str) -> NumberPoint {
        metric(&format!(r#"{{"gauge":{{"dataPoints":[{text}]}}}}"#)).gauge.unwrap().data_points.remove(0)
    }

    #[test]
    fn numbers_come_as_numbers_and_as_strings() {
        let read: NumberPoint = point(r#"{"timeUnixNano":"1795348800000000000","asInt":"-5","flags":1}"#);
        assert_eq!((read.time_unix_nano, read.as_int, read.flags), (1_795_348_800_000_000_000, Some(-5), 1));
        let read: NumberPoint = point(r#"{"timeUnixNano":1795348800000000000,"asInt":-5,"asDouble":null}"#);
        assert_eq!((read.time_unix_nano, read.as_int, read.as_double), (1_795_348_800_000_000_000, Some(-5), None));
        assert_eq!(point(r#"{"asDouble":3}"#).as_double, Some(3.0));
        assert_eq!(point(r#"{"asDouble":"-Infinity"}"#).as_double, Some(f64::NEG_INFINITY));
        assert!(point(r#"{"asDouble":"NaN"}"#).as_double.is_some_and(f64::is_nan));
        assert_eq!(point(r#"{"asInt":1e3}"#).as_int, Some(1_000));
    }

    #[test]
    fn unknown_fields_and_nulls_are_ignored() {
        let read: Metric = metric(
            r#"{"name":"a","unit":null,"new":[{"x":1}],"sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":null}}"#,
        );
        let sum = read.sum.unwrap();
        assert!(sum.is_monotonic && sum.data_points.is_empty() && sum.aggregation_temporality == 2);
    }

    #[test]
    fn every_kind_of_attribute_is_read() {
        let text = r#"{"attributes":[
            {"key":"s","value":{"stringValue":"a"}}, {"key":"b","value":{"boolValue":true}}, {"key":"i","value":{"intValue":"7"}},
            {"key":"d","value":{"doubleValue":1.5}}, {"key":"x","value":{"bytesValue":"AQI="}},
            {"key":"l","value":{"arrayValue":{"values":[{"intValue":1}]}}},
            {"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"stringValue":"v"}}]}}}, {"key":"n"}]}"#;
        let values: Vec<Any> = point(text).attributes.into_iter().map(|pair| pair.value).collect();
        let inner = KeyValue { key: "k".to_owned(), value: Any::Text("v".to_owned()) };
        let expected = [
            Any::Text("a".to_owned()),
            Any::Bool(true),
            Any::Int(7),
            Any::Double(1.5),
            Any::Bytes("AQI=".to_owned()),
            Any::List(vec![Any::Int(1)]),
            Any::Map(vec![inner]),
            Any::Nothing,
        ];
        assert_eq!(values, expected);
    }

    #[test]
    fn what_is_not_a_request_is_refused() {
        let malformed = Err(Unreadable::Malformed { expected: EXPECTED });
        for text in ["", "[]", "{", r#"{"resourceMetrics":5}"#, r#"{"resourceMetrics":[5]}"#] {
            assert_eq!(read(text), malformed, "{text}");
        }
        assert_eq!(read("{}"), Ok(Request::default()));
    }

    #[test]
    fn what_would_unfold_too_far_is_refused_before() {
        let text: String = format!("[{}]", "{},".repeat(2 << 20));
        assert!(matches!(read(&text), Err(Unreadable::TooLarge { .. })));
    }

    proptest! {
        #[test]
        fn anything_may_be_sent(text: String) {
            let _: Result<Request, Unreadable> = read(&text);
        }
    }
}
