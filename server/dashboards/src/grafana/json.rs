//! Reading JSON whose shape nobody promises.

use serde_json::Value;

/// The text at a pointer, or none.
pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The list at a pointer, or none.
pub(super) fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whether a flag is set.
pub(super) fn flag(value: &Value, pointer: &str) -> bool {
    value.pointer(pointer).and_then(Value::as_bool).unwrap_or_default()
}

/// A finite number, also one in quotation marks, as older dashboards have them.
pub(super) fn number(value: &Value, pointer: &str) -> Option<f64> {
    let found: &Value = value.pointer(pointer)?;
    let number: Option<f64> = match found {
        Value::String(text) => text.trim().parse::<f64>().ok(),
        other => other.as_f64(),
    };
    number.filter(|number| number.is_finite())
}

/// A whole number between two others.
pub(super) fn small(value: &Value, pointer: &str, least: u8, most: u8) -> Option<u8> {
    let number: f64 = number(value, pointer)?.round().clamp(f64::from(least), f64::from(most));
    (least..=most).find(|small| f64::from(*small) >= number)
}

/// A duration as both houses write it, in milliseconds. A month of Grafana's (`1M`) is 30 days.
pub(super) fn duration_ms(text: &str) -> Option<i64> {
    let text: &str = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Some(months) = text.strip_suffix('M') {
        return months.parse::<i64>().ok()?.checked_mul(30 * 86_400_000).filter(|ms| *ms > 0);
    }
    let ms: u64 = promql::numbers::parse_duration_ms(text).ok()?;
    i64::try_from(ms).ok().filter(|ms| *ms > 0)
}

/// A scalar as it would be typed.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What a value is, for somebody who expected something else.
pub(super) fn described(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(_) => "true or false".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(entries) => {
            let keys: Vec<&str> = entries.keys().take(8).map(String::as_str).collect();
            if keys.is_empty() { "an empty object".to_owned() } else { format!("an object with {}", keys.join(", ")) }
        }
    }
}
