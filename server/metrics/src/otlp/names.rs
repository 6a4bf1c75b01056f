//! Names of metrics and labels, from OpenTelemetry's to Prometheus': escaped with underscores, with unit and type as suffixes.
//!
//! Source: OpenTelemetry, "Prometheus and OpenMetrics Compatibility"; Prometheus' `otlptranslator`, strategy
//! `UnderscoreEscapingWithSuffixes`, which is its default.

use std::collections::BTreeMap;

use super::request::{Any, KeyValue};

/// What decides the suffix of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suffix {
    /// A gauge: `_ratio` when its unit is `1`.
    Gauge,
    /// A monotonic sum: `_total`.
    Counter,
    /// Everything else: none.
    Plain,
}

/// Units as they are sent (UCUM) and as they are written.
const UNITS: &[(&str, &str)] = &[
    ("d", "days"),
    ("h", "hours"),
    ("min", "minutes"),
    ("s", "seconds"),
    ("ms", "milliseconds"),
    ("us", "microseconds"),
    ("ns", "nanoseconds"),
    ("By", "bytes"),
    ("KiBy", "kibibytes"),
    ("MiBy", "mebibytes"),
    ("GiBy", "gibibytes"),
    ("TiBy", "tebibytes"),
    ("KBy", "kilobytes"),
    ("MBy", "megabytes"),
    ("GBy", "gigabytes"),
    ("TBy", "terabytes"),
    ("m", "meters"),
    ("V", "volts"),
    ("A", "amperes"),
    ("J", "joules"),
    ("W", "watts"),
    ("g", "grams"),
    ("Cel", "celsius"),
    ("Hz", "hertz"),
    ("1", ""),
    ("%", "percent"),
];

/// Units behind a slash, in the singular.
const PER_UNITS: &[(&str, &str)] =
    &[("s", "second"), ("m", "minute"), ("h", "hour"), ("d", "day"), ("w", "week"), ("mo", "month"), ("y", "year")];

/// The name of a metric; empty when nothing of it can stand in a name.
pub(crate) fn metric(name: &str, unit: &str, suffix: Suffix) -> String {
    let mut words: Vec<String> = words(name);
    if words.is_empty() {
        return String::new();
    }
    add_unit(&mut words, unit);
    match suffix {
        Suffix::Counter => move_to_end(&mut words, "total"),
        Suffix::Gauge if unit == "1" => move_to_end(&mut words, "ratio"),
        Suffix::Gauge | Suffix::Plain => {}
    }
    let name: String = words.join("_");
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// What stands between characters that no name may have; underscores separate too, so several become one.
fn words(name: &str) -> Vec<String> {
    let parts = name.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != ':');
    parts.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn move_to_end(words: &mut Vec<String>, last: &str) {
    words.retain(|word| word != last);
    words.push(last.to_owned());
}

/// Appends the unit unless the name says it already.
fn add_unit(words: &mut Vec<String>, unit: &str) {
    let (main, per): (&str, &str) = unit.split_once('/').unwrap_or((unit, ""));
    let main: String = written(main, UNITS);
    let per: String = written(per, PER_UNITS);
    if !main.is_empty() && !words.contains(&main) {
        words.push(main);
    }
    if !per.is_empty() && !words.contains(&per) {
        words.push("per".to_owned());
        words.push(per);
    }
}

/// A unit in letters; annotations such as `{requests}` are no units.
fn written(unit: &str, known: &[(&str, &str)]) -> String {
    let unit: &str = unit.trim();
    if unit.contains(['{', '}']) {
        return String::new();
    }
    let letters: &str = known.iter().find(|(sent, _)| *sent == unit).map_or(unit, |(_, letters)| *letters);
    words(letters).join("_")
}

/// The unit as it stands in metadata.
pub(crate) fn unit(unit: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    add_unit(&mut words, unit);
    words.join("_")
}

/// The name of a label: other characters than letters, digits and underscores become underscores. Names with a leading digit or
/// underscore get `key` before them, so nothing that is sent can stand for `__name__`.
pub(crate) fn label(key: &str) -> String {
    let letters = key.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' });
    let name: String = letters.collect();
    match name.chars().next() {
        Some('_') => format!("key{name}"),
        Some(first) if first.is_ascii_digit() => format!("key_{name}"),
        _ => name,
    }
}

/// Attributes as labels in order. Where keys become the same name, their values are joined by `;` in the order of the keys.
pub(crate) fn labels(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let mut sorted: Vec<&KeyValue> = attributes.iter().filter(|pair| !pair.key.is_empty()).collect();
    sorted.sort_by(|left, right| left.key.cmp(&right.key));
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    for pair in sorted {
        let value: String = shown(&pair.value);
        let joined = labels.entry(label(&pair.key)).or_default();
        if !joined.is_empty() && !value.is_empty() {
            joined.push(';');
        }
        joined.push_str(&value);
    }
    labels
}

/// The value of an attribute as text; lists and maps as JSON.
pub(crate) fn shown(value: &Any) -> String {
    match value {
        Any::Nothing => String::new(),
        Any::Text(text) | Any::Bytes(text) => text.clone(),
        Any::Bool(value) => value.to_string(),
        Any::Int(value) => value.to_string(),
        Any::Double(value) => value.to_string(),
        Any::List(_) | Any::Map(_) => json(value).to_string(),
    }
}

fn json(value: &Any) -> serde_json::Value {
    match value {
        Any::Nothing => serde_json::Value::Null,
        Any::Text(text) | Any::Bytes(text) => serde_json::Value::from(text.as_str()),
        Any::Bool(value) => serde_json::Value::from(*value),
        Any::Int(value) => serde_json::Value::from(*value),
        Any::Double(value) => serde_json::Value::from(*value),
        Any::List(values) => serde_json::Value::Array(values.iter().map(json).collect()),
        Any::Map(pairs) => {
            let fields = pairs.iter().map(|pair| (pair.key.clone(), json(&pair.value)));
            serde_json::Value::Object(fields.collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_metrics() {
        let table = [
            ("http.server.duration", "ms", Suffix::Plain, "http_server_duration_milliseconds"),
            ("http.server.request.duration", "s", Suffix::Plain, "http_server_request_duration_seconds"),
            ("system.network.io", "By", Suffix::Counter, "system_network_io_bytes_total"),
            ("requests.total", "{requests}", Suffix::Counter, "requests_total"),
            ("total.requests", "1", Suffix::Counter, "requests_total"),
            ("system.cpu.utilization", "1", Suffix::Gauge, "system_cpu_utilization_ratio"),
            ("queue.size", "{items}", Suffix::Gauge, "queue_size"),
            ("speed", "m/s", Suffix::Gauge, "speed_meters_per_second"),
            ("errors", "{errors}/min", Suffix::Gauge, "errors_per_min"),
            ("packets", "{packets}/s", Suffix::Counter, "packets_per_second_total"),
            ("latency_seconds", "s", Suffix::Plain, "latency_seconds"),
            ("__a..b__c", "", Suffix::Plain, "a_b_c"),
            ("2xx:rate", "", Suffix::Plain, "_2xx:rate"),
            ("温度", "Cel", Suffix::Gauge, ""),
            ("disk", "foo bar", Suffix::Gauge, "disk_foo_bar"),
        ];
        for (name, unit, suffix, expected) in table {
            assert_eq!(metric(name, unit, suffix), expected, "{name} {unit}");
        }
    }

    #[test]
    fn names_of_labels() {
        let table = [
            ("http.method", "http_method"),
            ("0day", "key_0day"),
            ("_private", "key_private"),
            ("__name__", "key__name__"),
            ("a..b", "a__b"),
            ("役割", "key__"),
        ];
        for (key, expected) in table {
            assert_eq!(label(key), expected, "{key}");
        }
    }

    #[test]
    fn values_of_keys_that_become_one_are_joined() {
        let pair = |key: &str, value: Any| KeyValue { key: key.to_owned(), value };
        let attributes = [
            pair("a_b", Any::Int(2)),
            pair("a.b", Any::Text("one".to_owned())),
            pair("", Any::Bool(true)),
            pair("n", Any::Nothing),
        ];
        let labels: Vec<(String, String)> = labels(&attributes).into_iter().collect();
        assert_eq!(labels, [("a_b".to_owned(), "one;2".to_owned()), ("n".to_owned(), String::new())]);
    }

    #[test]
    fn values_are_shown_as_text() {
        let list = Any::List(vec![Any::Int(1), Any::Text("a".to_owned()), Any::Nothing]);
        let map = Any::Map(vec![KeyValue { key: "k".to_owned(), value: Any::Bool(true) }]);
        let table = [(Any::Double(1.5), "1.5"), (Any::Int(-1), "-1"), (list, r#"[1,"a",null]"#), (map, r#"{"k":true}"#)];
        for (value, expected) in table {
            assert_eq!(shown(&value), expected);
        }
    }
}
