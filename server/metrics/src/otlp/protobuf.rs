//! The protobuf form of OTLP, read by hand: only the fields that are used, and with what it unfolds into counted as it is read.
//! Numbers of fields stand beside their names in the functions below; others are skipped, those of another wire type are refused.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::request::{
    Any, Buckets, Exemplar, ExponentialHistograms, ExponentialPoint, HistogramPoint, Histograms, KeyValue, Metric, NumberPoint,
    Numbers, QuantileValue, Request, Resource, ResourceMetrics, Scope, ScopeMetrics, Summaries, SummaryPoint,
};
use crate::allowance::{Allowance, Unreadable};
use crate::remote_write::{Field, field};
use crate::wire::{Reader, unzigzag};

const MALFORMED: Unreadable = Unreadable::Malformed { expected: "a protobuf ExportMetricsServiceRequest" };
/// Lists within lists: nobody reads deeper, and each takes stack.
const DEEPEST: usize = 16;

type Read<T> = Result<T, Unreadable>;

/// Reads a body.
pub(crate) fn decode(body: &[u8], allowance: &mut Allowance) -> Read<Request> {
    Ok(Request { resource_metrics: list(body, allowance, resource_metrics)? })
}

/// Every field of a message in order.
fn each<'a>(bytes: &'a [u8], mut take: impl FnMut(u64, Field<'a>) -> Read<()>) -> Read<()> {
    let mut reader: Reader<'a> = Reader::new(bytes);
    while !reader.is_empty() {
        let (number, value) = field(&mut reader).map_err(|_| MALFORMED)?;
        take(number, value)?;
    }
    Ok(())
}

/// A message that is a list in its field 1, and nothing else that is read.
fn list<T>(bytes: &[u8], allowance: &mut Allowance, read: impl Fn(&[u8], &mut Allowance) -> Read<T>) -> Read<Vec<T>> {
    let mut found: Vec<T> = Vec::new();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => push(&mut found, read(bytes, allowance)?, allowance)?,
            (1, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// A list may be twice as long as its content.
fn push<T>(list: &mut Vec<T>, value: T, allowance: &mut Allowance) -> Read<()> {
    allowance.spend(2 * size_of::<T>())?;
    list.push(value);
    Ok(())
}

fn text(bytes: &[u8], allowance: &mut Allowance) -> Read<String> {
    allowance.spend(bytes.len())?;
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| MALFORMED)
}

fn resource_metrics(bytes: &[u8], allowance: &mut Allowance) -> Read<ResourceMetrics> {
    let mut found = ResourceMetrics::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => found.resource = resource(bytes, allowance)?,
            (2, Field::Bytes(bytes)) => push(&mut found.scope_metrics, scope_metrics(bytes, allowance)?, allowance)?,
            (1 | 2, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn resource(bytes: &[u8], allowance: &mut Allowance) -> Read<Resource> {
    Ok(Resource { attributes: list(bytes, allowance, attribute)? })
}

fn scope_metrics(bytes: &[u8], allowance: &mut Allowance) -> Read<ScopeMetrics> {
    let mut found = ScopeMetrics::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => found.scope = scope(bytes, allowance)?,
            (2, Field::Bytes(bytes)) => push(&mut found.metrics, metric(bytes, allowance)?, allowance)?,
            (3, Field::Bytes(bytes)) => found.schema_url = text(bytes, allowance)?,
            (1..=3, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn scope(bytes: &[u8], allowance: &mut Allowance) -> Read<Scope> {
    let mut found = Scope::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => found.name = text(bytes, allowance)?,
            (2, Field::Bytes(bytes)) => found.version = text(bytes, allowance)?,
            (3, Field::Bytes(bytes)) => push(&mut found.attributes, attribute(bytes, allowance)?, allowance)?,
            (1..=3, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn metric(bytes: &[u8], allowance: &mut Allowance) -> Read<Metric> {
    let mut found = Metric::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => found.name = text(bytes, allowance)?,
            (2, Field::Bytes(bytes)) => found.description = text(bytes, allowance)?,
            (3, Field::Bytes(bytes)) => found.unit = text(bytes, allowance)?,
            (5, Field::Bytes(bytes)) => found.gauge = Some(numbers(bytes, allowance)?),
            (7, Field::Bytes(bytes)) => found.sum = Some(numbers(bytes, allowance)?),
            (9, Field::Bytes(bytes)) => found.histogram = Some(histograms(bytes, allowance)?),
            (10, Field::Bytes(bytes)) => found.exponential_histogram = Some(exponential_histograms(bytes, allowance)?),
            (11, Field::Bytes(bytes)) => found.summary = Some(summaries(bytes, allowance)?),
            (1 | 2 | 3 | 5 | 7 | 9 | 10 | 11, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// `Gauge` and `Sum` share the number of their points.
fn numbers(bytes: &[u8], allowance: &mut Allowance) -> Read<Numbers> {
    let mut found = Numbers::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => push(&mut found.data_points, number_point(bytes, allowance)?, allowance)?,
            (2, Field::Varint(value)) => found.aggregation_temporality = enumeration(value),
            (3, Field::Varint(value)) => found.is_monotonic = value != 0,
            (1..=3, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// What does not fit is not known either.
fn enumeration(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn number_point(bytes: &[u8], allowance: &mut Allowance) -> Read<NumberPoint> {
    let mut found = NumberPoint::default();
    each(bytes, |number, value| {
        match (number, value) {
            (2, Field::Fixed64(value)) => found.start_time_unix_nano = value,
            (3, Field::Fixed64(value)) => found.time_unix_nano = value,
            (4, Field::Fixed64(value)) => found.as_double = Some(f64::from_bits(value)),
            (5, Field::Bytes(bytes)) => push(&mut found.exemplars, exemplar(bytes, allowance)?, allowance)?,
            (6, Field::Fixed64(value)) => found.as_int = Some(value as i64),
            (7, Field::Bytes(bytes)) => push(&mut found.attributes, attribute(bytes, allowance)?, allowance)?,
            (8, Field::Varint(value)) => found.flags = value as u32,
            (2..=8, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn exemplar(bytes: &[u8], allowance: &mut Allowance) -> Read<Exemplar> {
    let mut found = Exemplar::default();
    each(bytes, |number, value| {
        match (number, value) {
            (2, Field::Fixed64(value)) => found.time_unix_nano = value,
            (3, Field::Fixed64(value)) => found.as_double = Some(f64::from_bits(value)),
            (4, Field::Bytes(bytes)) => found.span_id = hexadecimal(bytes, allowance)?,
            (5, Field::Bytes(bytes)) => found.trace_id = hexadecimal(bytes, allowance)?,
            (6, Field::Fixed64(value)) => found.as_int = Some(value as i64),
            (7, Field::Bytes(bytes)) => push(&mut found.filtered_attributes, attribute(bytes, allowance)?, allowance)?,
            (2..=7, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// An id as it is shown; one that is all zeros is none.
fn hexadecimal(bytes: &[u8], allowance: &mut Allowance) -> Read<String> {
    allowance.spend(4 * bytes.len())?;
    if bytes.iter().all(|byte| *byte == 0) {
        return Ok(String::new());
    }
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn histograms(bytes: &[u8], allowance: &mut Allowance) -> Read<Histograms> {
    let mut found = Histograms::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => push(&mut found.data_points, histogram_point(bytes, allowance)?, allowance)?,
            (2, Field::Varint(value)) => found.aggregation_temporality = enumeration(value),
            (1 | 2, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn histogram_point(bytes: &[u8], allowance: &mut Allowance) -> Read<HistogramPoint> {
    let mut found = HistogramPoint::default();
    each(bytes, |number, value| {
        match (number, value) {
            (2, Field::Fixed64(value)) => found.start_time_unix_nano = value,
            (3, Field::Fixed64(value)) => found.time_unix_nano = value,
            (4, Field::Fixed64(value)) => found.count = value,
            (5, Field::Fixed64(value)) => found.sum = Some(f64::from_bits(value)),
            (6, value) => fixed_list(value, allowance, |bits| found.bucket_counts.push(bits))?,
            (7, value) => fixed_list(value, allowance, |bits| found.explicit_bounds.push(f64::from_bits(bits)))?,
            (8, Field::Bytes(bytes)) => push(&mut found.exemplars, exemplar(bytes, allowance)?, allowance)?,
            (9, Field::Bytes(bytes)) => push(&mut found.attributes, attribute(bytes, allowance)?, allowance)?,
            (10, Field::Varint(value)) => found.flags = value as u32,
            (2..=5 | 8..=10, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

/// A list of eight-byte numbers, packed or one by one.
fn fixed_list(value: Field<'_>, allowance: &mut Allowance, mut take: impl FnMut(u64)) -> Read<()> {
    let bytes: &[u8] = match value {
        Field::Fixed64(bits) => {
            allowance.spend(16)?;
            take(bits);
            return Ok(());
        }
        Field::Bytes(bytes) => bytes,
        _ => return Err(MALFORMED),
    };
    allowance.spend(2 * bytes.len())?;
    let mut reader: Reader<'_> = Reader::new(bytes);
    while !reader.is_empty() {
        take(reader.u64_le().ok_or(MALFORMED)?);
    }
    Ok(())
}

fn exponential_histograms(bytes: &[u8], allowance: &mut Allowance) -> Read<ExponentialHistograms> {
    let mut found = ExponentialHistograms::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => push(&mut found.data_points, exponential_point(bytes, allowance)?, allowance)?,
            (2, Field::Varint(value)) => found.aggregation_temporality = enumeration(value),
            (1 | 2, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn exponential_point(bytes: &[u8], allowance: &mut Allowance) -> Read<ExponentialPoint> {
    let mut found = ExponentialPoint::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => push(&mut found.attributes, attribute(bytes, allowance)?, allowance)?,
            (2, Field::Fixed64(value)) => found.start_time_unix_nano = value,
            (3, Field::Fixed64(value)) => found.time_unix_nano = value,
            (4, Field::Fixed64(value)) => found.count = value,
            (5, Field::Fixed64(value)) => found.sum = Some(f64::from_bits(value)),
            (6, Field::Varint(value)) => found.scale = unzigzag(value),
            (7, Field::Fixed64(value)) => found.zero_count = value,
            (8, Field::Bytes(bytes)) => found.positive = buckets(bytes, allowance)?,
            (9, Field::Bytes(bytes)) => found.negative = buckets(bytes, allowance)?,
            (10, Field::Varint(value)) => found.flags = value as u32,
            (11, Field::Bytes(bytes)) => push(&mut found.exemplars, exemplar(bytes, allowance)?, allowance)?,
            (14, Field::Fixed64(value)) => found.zero_threshold = f64::from_bits(value),
            (1..=11 | 14, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn buckets(bytes: &[u8], allowance: &mut Allowance) -> Read<Buckets> {
    let mut found = Buckets::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Varint(value)) => found.offset = unzigzag(value),
            (2, Field::Varint(value)) => push(&mut found.bucket_counts, value, allowance)?,
            (2, Field::Bytes(packed)) => {
                let mut reader: Reader<'_> = Reader::new(packed);
                while !reader.is_empty() {
                    let value: u64 = reader.uvarint().ok_or(MALFORMED)?;
                    push(&mut found.bucket_counts, value, allowance)?;
                }
            }
            (1 | 2, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn summaries(bytes: &[u8], allowance: &mut Allowance) -> Read<Summaries> {
    Ok(Summaries { data_points: list(bytes, allowance, summary_point)? })
}

fn summary_point(bytes: &[u8], allowance: &mut Allowance) -> Read<SummaryPoint> {
    let mut found = SummaryPoint::default();
    each(bytes, |number, value| {
        match (number, value) {
            (3, Field::Fixed64(value)) => found.time_unix_nano = value,
            (4, Field::Fixed64(value)) => found.count = value,
            (5, Field::Fixed64(value)) => found.sum = f64::from_bits(value),
            (6, Field::Bytes(bytes)) => push(&mut found.quantile_values, quantile_value(bytes)?, allowance)?,
            (7, Field::Bytes(bytes)) => push(&mut found.attributes, attribute(bytes, allowance)?, allowance)?,
            (8, Field::Varint(value)) => found.flags = value as u32,
            (3..=8, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn quantile_value(bytes: &[u8]) -> Read<QuantileValue> {
    let mut found = QuantileValue::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Fixed64(value)) => found.quantile = f64::from_bits(value),
            (2, Field::Fixed64(value)) => found.value = f64::from_bits(value),
            (1 | 2, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn attribute(bytes: &[u8], allowance: &mut Allowance) -> Read<KeyValue> {
    key_value(bytes, DEEPEST, allowance)
}

fn key_value(bytes: &[u8], depth: usize, allowance: &mut Allowance) -> Read<KeyValue> {
    let mut found = KeyValue::default();
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => found.key = text(bytes, allowance)?,
            (2, Field::Bytes(bytes)) => found.value = any(bytes, depth, allowance)?,
            (1 | 2, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}

fn any(bytes: &[u8], depth: usize, allowance: &mut Allowance) -> Read<Any> {
    let deeper: usize = depth.checked_sub(1).ok_or(MALFORMED)?;
    let mut found = Any::Nothing;
    each(bytes, |number, value| {
        match (number, value) {
            (1, Field::Bytes(bytes)) => found = Any::Text(text(bytes, allowance)?),
            (2, Field::Varint(value)) => found = Any::Bool(value != 0),
            (3, Field::Varint(value)) => found = Any::Int(value as i64),
            (4, Field::Fixed64(value)) => found = Any::Double(f64::from_bits(value)),
            (5, Field::Bytes(bytes)) => {
                found = Any::List(list(bytes, allowance, |bytes, allowance| any(bytes, deeper, allowance))?)
            }
            (6, Field::Bytes(bytes)) => {
                found = Any::Map(list(bytes, allowance, |bytes, allowance| key_value(bytes, deeper, allowance))?)
            }
            (7, Field::Bytes(bytes)) => {
                allowance.spend(2 * bytes.len())?;
                found = Any::Bytes(STANDARD.encode(bytes));
            }
            (1..=7, _) => return Err(MALFORMED),
            _ => {}
        }
        Ok(())
    })?;
    Ok(found)
}
