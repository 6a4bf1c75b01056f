//! Numbers as the formats write them.

/// What Prometheus calls the normal NaN: a text can't claim that a series has ended. Source: `model/value/value.go`, `NormalNaN`.
const NAN: u64 = 0x7ff8_0000_0000_0001;

/// A decimal number, `Inf` or `NaN` in any case with any sign. No underscores, no hexadecimal, nothing too large to be held.
pub(super) fn float(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    if value.is_nan() {
        return Some(f64::from_bits(NAN));
    }
    // What overflows reads as infinite, but was not written so.
    let is_spelt: bool = text.bytes().any(|byte| byte.eq_ignore_ascii_case(&b'i'));
    (value.is_finite() || is_spelt).then_some(value)
}

/// Whole milliseconds of a time in seconds.
pub(super) fn seconds_to_ms(seconds: f64) -> Option<i64> {
    /// Far inside i64, so that arithmetic has room.
    const FURTHEST_S: f64 = 9.0e12;
    (seconds.abs() <= FURTHEST_S).then_some((seconds * 1_000.0).round() as i64)
}

/// As OpenMetrics wants floats to be written: like Go's `%g`, but never like an integer.
pub(super) fn openmetrics(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return (if value > 0.0 { "+Inf" } else { "-Inf" }).to_owned();
    }
    let scientific: String = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific.as_str(), "0"));
    let power: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&power) {
        return with_exponent(mantissa, power);
    }
    let plain: String = format!("{value}");
    if plain.contains('.') { plain } else { format!("{plain}.0") }
}

fn with_exponent(mantissa: &str, power: i32) -> String {
    let sign: char = if power < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", power.unsigned_abs())
}
