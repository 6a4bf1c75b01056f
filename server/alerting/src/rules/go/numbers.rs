//! Numbers as Go's `fmt` and Prometheus' `humanize` functions write them.

use chrono::{DateTime, SecondsFormat, Utc};

/// Prefixes upwards, each a thousand times the one before.
const LARGE: [&str; 8] = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
/// Prefixes downwards.
const SMALL: [&str; 8] = ["m", "u", "n", "p", "f", "a", "z", "y"];
/// Prefixes upwards, each 1,024 times the one before.
const BINARY: [&str; 8] = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];
/// Where Go turns to exponents when it writes the shortest text that reads back the same.
const SHORTEST_EXPONENT: i32 = 21;

/// `%v`: the shortest text that reads back the same.
pub(super) fn shortest(value: f64) -> String {
    if let Some(word) = not_finite(value) {
        return word;
    }
    let (mantissa, exponent): (String, i32) = scientific(&format!("{value:e}"));
    if value != 0.0 && !(-4..SHORTEST_EXPONENT).contains(&exponent) {
        return with_exponent(&mantissa, exponent);
    }
    format!("{value}")
}

/// `%.4g` and its like.
pub(super) fn general(value: f64, precision: usize) -> String {
    if let Some(word) = not_finite(value) {
        return word;
    }
    let digits: usize = precision.max(1);
    let (mantissa, exponent): (String, i32) = scientific(&format!("{value:.*e}", digits - 1));
    let most: i32 = i32::try_from(digits).unwrap_or(i32::MAX);
    if value != 0.0 && !(-4..most).contains(&exponent) {
        return with_exponent(&trimmed(&mantissa), exponent);
    }
    let decimals: usize = usize::try_from(most - 1 - exponent).unwrap_or(0);
    trimmed(&format!("{value:.decimals$}"))
}

/// `%e` with so many decimals.
pub(super) fn exponential(value: f64, decimals: usize) -> String {
    if let Some(word) = not_finite(value) {
        return word;
    }
    let (mantissa, exponent): (String, i32) = scientific(&format!("{value:.decimals$e}"));
    with_exponent(&mantissa, exponent)
}

/// `%f` with so many decimals.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    not_finite(value).unwrap_or_else(|| format!("{value:.decimals$}"))
}

fn not_finite(value: f64) -> Option<String> {
    if value.is_nan() {
        Some("NaN".to_owned())
    } else if value.is_infinite() {
        Some(if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned())
    } else {
        None
    }
}

/// Mantissa and exponent of `1.5e-7`.
fn scientific(text: &str) -> (String, i32) {
    let (mantissa, exponent): (&str, &str) = text.split_once('e').unwrap_or((text, "0"));
    (mantissa.to_owned(), exponent.parse::<i32>().unwrap_or(0))
}

fn with_exponent(mantissa: &str, exponent: i32) -> String {
    let sign: &str = if exponent < 0 { "-" } else { "+" };
    format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
}

/// Without zeros that say nothing behind the point.
fn trimmed(digits: &str) -> String {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits.to_owned() }
}

/// `humanize`: four figures and a metric prefix.
pub(super) fn humanize(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return general(value, 4);
    }
    if value.abs() >= 1.0 { enlarged(value, 1_000.0, &LARGE) } else { reduced(value, "") }
}

/// `humanize1024`
pub(super) fn humanize1024(value: f64) -> String {
    if value.abs() <= 1.0 || !value.is_finite() { general(value, 4) } else { enlarged(value, 1_024.0, &BINARY) }
}

fn enlarged(value: f64, base: f64, prefixes: &[&str; 8]) -> String {
    let (mut rest, mut prefix): (f64, &str) = (value, "");
    for next in prefixes {
        if rest.abs() < base {
            break;
        }
        prefix = next;
        rest /= base;
    }
    format!("{}{prefix}", general(rest, 4))
}

fn reduced(value: f64, unit: &str) -> String {
    let (mut rest, mut prefix): (f64, &str) = (value, "");
    for next in SMALL {
        if rest.abs() >= 1.0 {
            break;
        }
        prefix = next;
        rest *= 1_000.0;
    }
    format!("{}{prefix}{unit}", general(rest, 4))
}

/// `humanizePercentage`
pub(super) fn humanize_percentage(value: f64) -> String {
    format!("{}%", general(value * 100.0, 4))
}

/// `humanizeDuration`: seconds as days, hours, minutes and seconds.
pub(super) fn humanize_duration(value: f64) -> String {
    if !value.is_finite() {
        return general(value, 4);
    }
    if value == 0.0 {
        return format!("{}s", general(value, 4));
    }
    if value.abs() < 1.0 {
        return reduced(value, "s");
    }
    let (sign, value): (&str, f64) = if value < 0.0 { ("-", -value) } else { ("", value) };
    // What has more seconds than fit a u64 is as long as that.
    let whole: u64 = value.trunc() as u64;
    let (days, hours, minutes, seconds): (u64, u64, u64, u64) = (whole / 86_400, whole / 3_600 % 24, whole / 60 % 60, whole % 60);
    if days > 0 {
        format!("{sign}{days}d {hours}h {minutes}m {seconds}s")
    } else if hours > 0 {
        format!("{sign}{hours}h {minutes}m {seconds}s")
    } else if minutes > 0 {
        format!("{sign}{minutes}m {seconds}s")
    } else {
        format!("{sign}{}s", general(value, 4))
    }
}

/// `humanizeTimestamp`: seconds since the epoch as a moment, UTC.
pub(super) fn humanize_timestamp(value: f64) -> Result<String, String> {
    if !value.is_finite() {
        return Ok(general(value, 4));
    }
    let ms: i64 = (value * 1_000.0).round() as i64;
    let at: DateTime<Utc> = DateTime::from_timestamp_millis(ms).ok_or_else(|| format!("{value} is no moment"))?;
    let whole: String = at.to_rfc3339_opts(SecondsFormat::Secs, true).replace('T', " ");
    let fraction: String = trimmed(&format!("0.{:03}", ms.rem_euclid(1_000)));
    Ok(format!("{}{} +0000 UTC", whole.trim_end_matches('Z'), fraction.trim_start_matches('0')))
}
