//! Datadog's `POST /api/v2/series`: what its agents and libraries send as JSON, made into series as Prometheus has them.
//!
//! ```text
//! {"series": [{"metric": "web.hits", "type": 1, "interval": 10, "unit": "hit", "tags": ["env:prod", "canary"],
//!              "resources": [{"type": "host", "name": "a1"}], "points": [{"timestamp": 1636629071, "value": 7}]}]}
//! ```
//! - Names are escaped as those of OpenTelemetry: what is no letter, digit or colon separates words, and words are joined by one
//!   underscore. The unit stands in the metadata and not in the name, because Datadog's names say it themselves.
//! - A count (1) is the difference of its interval. It becomes a counter that ends in `_total`; intervals without a point count as zero,
//!   because Datadog leaves them out. A point sent twice counts once; one that is older than the newest is refused.
//! - A rate (2) is per second and stays what it is, a gauge; `_total` would promise that `rate()` may be taken of it.
//! - A gauge (3), or what names no type (0), is a gauge.
//! - A tag `k:v` becomes the label `k`, a tag without a value gets the value `true`, several values of one key are joined by `,`. A resource
//!   becomes the label of its type, such as `host`. Resources outrank tags.
//!
//! Source: Datadog's API reference, "Submit metrics", v2. Absent: the protobuf form that Datadog's own agent prefers (set
//! `use_v2_api.series: false`, or send JSON), sketches, metadata, `source_type_name`.

use std::collections::BTreeMap;

use model::labels::Labels;
use serde::Deserialize;

use crate::allowance::{Allowance, Unreadable};
use crate::metadata::Kind;
use crate::otlp::json::{double, or_default, spend};
use crate::otlp::mapping::{Mapped, Noted};
use crate::otlp::measurement::{Measurement, Since, Value, Why};
use crate::otlp::names::{self, Suffix};

pub(crate) const EXPECTED: &str = "a JSON object with a list of series";
/// What the labels of a sample take beside their letters.
const LABEL_BYTES: usize = 96;
/// Seconds beyond which a time in milliseconds would not fit; far beyond what is admitted.
const FURTHEST_S: f64 = 9.0e12;

#[derive(Debug, Deserialize)]
struct Payload {
    series: Vec<Series>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Series {
    #[serde(deserialize_with = "or_default")]
    metric: String,
    #[serde(rename = "type", deserialize_with = "or_default")]
    kind: u32,
    #[serde(deserialize_with = "or_default")]
    points: Vec<Point>,
    #[serde(deserialize_with = "or_default")]
    resources: Vec<Resource>,
    #[serde(deserialize_with = "or_default")]
    tags: Vec<String>,
    #[serde(deserialize_with = "or_default")]
    unit: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Point {
    #[serde(deserialize_with = "double")]
    timestamp: f64,
    value: Option<f64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resource {
    #[serde(rename = "type", deserialize_with = "or_default")]
    kind: String,
    #[serde(deserialize_with = "or_default")]
    name: String,
}

/// What a series is, and how it is written.
struct About {
    name: String,
    kind: Kind,
    since: Since,
}

/// Reads an uncompressed body and makes measurements of it.
pub(crate) fn read(body: &[u8], allowance: &mut Allowance) -> Result<Mapped, Unreadable> {
    spend(body, allowance)?;
    let payload: Payload = serde_json::from_slice(body).map_err(|_| Unreadable::Malformed { expected: EXPECTED })?;
    let mut mapped = Mapped::default();
    for series in &payload.series {
        mapped.n += series.points.len() as u64;
        match about(series) {
            Ok(about) => points(series, &about, &mut mapped, allowance)?,
            Err(why) => mapped.refused.push(why, series.points.len() as u64, &series.metric),
        }
    }
    Ok(mapped)
}

fn about(series: &Series) -> Result<About, Why> {
    let (suffix, kind, since) = match series.kind {
        0 | 2 | 3 => (Suffix::Plain, Kind::Gauge, Since::Always),
        1 => (Suffix::Counter, Kind::Counter, Since::Last),
        _ => return Err(Why::BadType),
    };
    let name: String = names::metric(&series.metric, "", suffix);
    if name.is_empty() { Err(Why::NoName) } else { Ok(About { name, kind, since }) }
}

fn points(series: &Series, about: &About, mapped: &mut Mapped, allowance: &mut Allowance) -> Result<(), Unreadable> {
    let labels: Labels = labels(series);
    let letters: usize = labels.iter().map(|(name, value)| name.len() + value.len()).sum();
    let cost: usize = 2 * (letters + about.name.len() + (labels.len() + 2) * LABEL_BYTES);
    for point in &series.points {
        let measured: Result<(i64, f64), Why> = measured(point);
        match measured {
            Err(why) => mapped.refused.push(why, 1, &series.metric),
            Ok((at_ms, value)) => {
                allowance.spend(cost)?;
                mapped.measurements.push(Measurement {
                    name: about.name.clone(),
                    labels: labels.clone(),
                    at_ms,
                    value: Value::Number(value),
                    since: about.since,
                    is_stale: false,
                    exemplars: Vec::new(),
                });
            }
        }
    }
    let unit: String = series.unit.clone();
    mapped.notes.push(Noted { name: about.name.clone(), kind: about.kind, help: String::new(), unit });
    Ok(())
}

fn measured(point: &Point) -> Result<(i64, f64), Why> {
    let value: f64 = point.value.ok_or(Why::NoValue)?;
    let is_time: bool = point.timestamp > 0.0 && point.timestamp < FURTHEST_S;
    if is_time { Ok(((point.timestamp * 1_000.0).round() as i64, value)) } else { Err(Why::BadTime) }
}

fn labels(series: &Series) -> Labels {
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    for tag in &series.tags {
        let (key, value): (&str, &str) = tag.split_once(':').unwrap_or((tag.as_str(), "true"));
        if key.is_empty() || value.is_empty() {
            continue;
        }
        let joined: &mut String = labels.entry(names::label(key)).or_default();
        if !joined.is_empty() {
            joined.push(',');
        }
        joined.push_str(value);
    }
    let resources = series.resources.iter().filter(|resource| !resource.kind.is_empty());
    labels.extend(resources.map(|resource| (names::label(&resource.kind), resource.name.clone())));
    Labels::new(labels)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allowance::Memory;
    use proptest::prelude::*;

    fn map(text: &str) -> Result<Mapped, Unreadable> {
        read(text.as_bytes(), &mut Memory::new().allowance())
    }

    #[test]
    fn the_documented_example_is_read() {
        let mapped: Mapped =
            map(r#"{"series":[{"metric":"system.load.1","type":0,"points":[{"timestamp":1636629071,"value":0.7}],
            "resources":[{"name":"dummyhost","type":"host"}],"metadata":{"origin":{"product":1}}}]}"#)
            .unwrap();
        let measurement: &Measurement = &mapped.measurements[0];
        assert_eq!((measurement.name.as_str(), measurement.at_ms), ("system_load_1", 1_636_629_071_000));
        assert_eq!(measurement.labels, Labels::new([("host", "dummyhost")]));
        assert_eq!((measurement.value.clone(), measurement.since), (Value::Number(0.7), Since::Always));
    }

    #[test]
    fn counts_become_counters_and_tags_labels() {
        let mapped: Mapped = map(r#"{"series":[{"metric":"web.hits","type":1,"unit":"hit","points":[{"timestamp":5,"value":7}],
            "tags":["env:prod","team:a","team:b","canary","url:http://x",":x","empty:","host:tag"],
            "resources":[{"type":"host","name":"a1"},{"name":"nameless"}]}]}"#)
        .unwrap();
        let expected = [("canary", "true"), ("env", "prod"), ("host", "a1"), ("team", "a,b"), ("url", "http://x")];
        assert_eq!(mapped.measurements[0].labels, Labels::new(expected));
        assert_eq!((mapped.measurements[0].name.as_str(), mapped.measurements[0].since), ("web_hits_total", Since::Last));
        let noted = Noted { name: "web_hits_total".to_owned(), kind: Kind::Counter, help: String::new(), unit: "hit".to_owned() };
        assert_eq!(mapped.notes, [noted]);
    }

    #[test]
    fn what_can_not_be_taken_is_counted() {
        let mapped: Mapped = map(r#"{"series":[
            {"metric":"a","type":9,"points":[{"timestamp":5,"value":7},{"timestamp":6,"value":7}]},
            {"metric":"...","points":[{"timestamp":5,"value":7}]},
            {"metric":"a","points":[{"timestamp":0,"value":7},{"timestamp":5},{"timestamp":1e300,"value":1}]},
            {"metric":"a","points":null}]}"#)
        .unwrap();
        let refused: Vec<(Why, u64)> =
            mapped.refused.into_list().into_iter().map(|refused| (refused.why, refused.count)).collect();
        assert_eq!(refused, [(Why::BadType, 2), (Why::NoName, 1), (Why::BadTime, 2), (Why::NoValue, 1)]);
        assert_eq!((mapped.n, mapped.measurements.len()), (6, 0));
    }

    #[test]
    fn what_is_not_a_payload_is_refused() {
        for text in ["", "{}", "[]", r#"{"series":5}"#, r#"{"series":[{"metric":5}]}"#] {
            assert_eq!(map(text).unwrap_err(), Unreadable::Malformed { expected: EXPECTED }, "{text}");
        }
    }

    proptest! {
        #[test]
        fn anything_may_be_sent(text: String) {
            let _: Result<Mapped, Unreadable> = map(&text);
        }
    }
}
