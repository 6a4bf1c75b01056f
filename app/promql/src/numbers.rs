//! Numbers and durations as text, both ways.

const MS: u64 = 1;
const SECOND: u64 = 1000 * MS;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;
const YEAR: u64 = 365 * DAY;

/// The units of a duration in milliseconds, longest first: the order they must be written in.
const UNITS: [(&str, u64); 7] = [("y", YEAR), ("w", WEEK), ("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", MS)];

/// 2⁶³ nanoseconds in milliseconds, the longest duration.
const MAX_MS: u64 = 9_223_372_036_854;

/// Reads a number as Prometheus does: Go's integers (`0x1F`, octal `017`, `1_000`) first, then
/// decimal floating point; `Inf` and `NaN` in any case. `None` when malformed or too large.
pub fn parse_number(text: &str) -> Option<f64> {
    if text.eq_ignore_ascii_case("inf") {
        return Some(f64::INFINITY);
    }
    if text.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    }
    if !underscores_separate_digits(text) {
        return None;
    }
    let plain: String = text.replace('_', "");
    if let Some(hex) = plain.strip_prefix("0x").or(plain.strip_prefix("0X")) {
        return i64::from_str_radix(hex, 16).ok().map(|value| value as f64);
    }
    if plain.len() > 1
        && plain.starts_with('0')
        && plain.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(octal) = i64::from_str_radix(&plain, 8)
    {
        return Some(octal as f64);
    }
    let value: f64 = plain.parse().ok()?;
    value.is_finite().then_some(value)
}

/// An underscore stands between two digits, or between `0x` and a digit.
fn underscores_separate_digits(text: &str) -> bool {
    let bytes: &[u8] = text.as_bytes();
    let hex: bool = text.starts_with("0x") || text.starts_with("0X");
    bytes.iter().enumerate().all(|(at, byte)| {
        let before: Option<u8> = at.checked_sub(1).map(|index| bytes[index]);
        let after: Option<u8> = bytes.get(at + 1).copied();
        let follows_prefix: bool = hex && at == 2;
        *byte != b'_' || ((follows_prefix || is_digit(before, hex)) && is_digit(after, hex))
    })
}

fn is_digit(byte: Option<u8>, hex: bool) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit()))
}

/// Reads a duration such as `1h30m` into milliseconds.
///
/// # Errors
/// A message when the units are not in order, repeat, or the sum passes 292 years.
pub fn parse_duration_ms(text: &str) -> Result<u64, &'static str> {
    const ORDER: &str = "not a valid duration: units go from y, w, d, h, m, s to ms, each at most once";
    const RANGE: &str = "duration out of range";
    let mut rest: &str = text;
    let mut units: &[(&str, u64)] = &UNITS;
    let mut total_ms: u64 = 0;
    while !rest.is_empty() {
        let digits: usize = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters: usize = rest[digits..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let unit: &str = &rest[digits..digits + letters];
        let index: usize = units.iter().position(|(name, _)| *name == unit).ok_or(ORDER)?;
        if digits == 0 {
            return Err(ORDER);
        }
        let count: u64 = rest[..digits].parse().map_err(|_| RANGE)?;
        let part_ms: u64 = count.checked_mul(units[index].1).ok_or(RANGE)?;
        total_ms = total_ms.checked_add(part_ms).ok_or(RANGE)?;
        units = &units[index + 1..];
        rest = &rest[digits + letters..];
    }
    if total_ms > MAX_MS { Err(RANGE) } else { Ok(total_ms) }
}

/// Whether a letter sequence is a duration unit.
pub fn is_unit(text: &str) -> bool {
    UNITS.iter().any(|(name, _)| *name == text)
}

/// Writes milliseconds as Prometheus does: years and weeks only when nothing is left over, then
/// days down to milliseconds: `1h30m`, `2w`, `8d`. Zero is `0s`.
pub fn format_duration(duration_ms: u64) -> String {
    if duration_ms == 0 {
        return "0s".to_owned();
    }
    for (name, unit_ms) in [("y", YEAR), ("w", WEEK)] {
        if duration_ms.is_multiple_of(unit_ms) {
            return format!("{}{name}", duration_ms / unit_ms);
        }
    }
    let mut rest_ms: u64 = duration_ms;
    let mut text: String = String::new();
    for (name, unit_ms) in &UNITS[2..] {
        let count: u64 = rest_ms / unit_ms;
        if count > 0 {
            text.push_str(&format!("{count}{name}"));
        }
        rest_ms %= unit_ms;
    }
    text
}

/// Writes seconds as a duration when they are whole milliseconds in range.
pub fn format_seconds(seconds: f64) -> Option<String> {
    let duration_ms: f64 = (seconds * 1000.0).round();
    // The second test undoes exactly what the parser does with a duration literal.
    let exact: bool = (0.0..=MAX_MS as f64).contains(&duration_ms) && (duration_ms / 1000.0).to_bits() == seconds.to_bits();
    exact.then(|| format_duration(duration_ms as u64))
}

/// Writes a number so that [`parse_number`] reads the same value, sign aside.
pub fn format_number(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        (if value > 0.0 { "Inf" } else { "-Inf" }).to_owned()
    } else if value == 0.0 || (1e-6..1e21).contains(&value.abs()) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}
