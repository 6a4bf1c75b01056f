//! Values: digits, separators, prefixes.
//!
//! Three significant figures, because that is what a person compares at a glance. Whole numbers stand
//! without decimals, numbers up to 99,999 without a prefix, since `1,840 ms` reads faster than `1.84 s`
//! beside a limit of `500 ms`.

use serde::{Deserialize, Serialize};

use crate::locale::Locale;
use crate::unit::Unit;

const SI: [&str; 6] = ["", "k", "M", "G", "T", "P"];
const IEC_BYTES: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
const IEC_BYTES_PER_SECOND: [&str; 6] = ["B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s", "PiB/s"];
const IEC_TICK: [&str; 6] = ["", "Ki", "Mi", "Gi", "Ti", "Pi"];
const SI_BITS_PER_SECOND: [&str; 6] = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s"];

/// From here on a bare number takes a prefix.
const PREFIX_FROM: f64 = 100_000.0;
/// Below this a number is written with an exponent.
const EXPONENT_BELOW: f64 = 1e-4;
const NOT_A_NUMBER: &str = "—";
const MINUS: &str = "\u{2212}";

/// A value as written: `number` is set in tabular figures, `unit` smaller behind it. Either may be empty
/// of a unit, never of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    pub number: String,
    pub unit: String,
}

impl Written {
    /// Both in one run of text, parted by a space unless the unit is `%` or absent.
    #[must_use]
    pub fn joined(&self) -> String {
        if self.unit.is_empty() || self.unit == "%" {
            format!("{}{}", self.number, self.unit)
        } else {
            format!("{} {}", self.number, self.unit)
        }
    }
}

/// Writes a value given in the base of its unit. NaN, which is how "no sample" travels, becomes `—`
/// without a unit.
#[must_use]
pub fn value(v: f64, unit: Unit, locale: Locale) -> Written {
    if v.is_nan() {
        return written(NOT_A_NUMBER.to_owned(), "");
    }
    match unit {
        Unit::None | Unit::Count | Unit::Percent | Unit::PerSecond => written(prefixed(v), unit.symbol()),
        Unit::Bytes => stepped(v, 1_024.0, &IEC_BYTES),
        Unit::BytesPerSecond => stepped(v, 1_024.0, &IEC_BYTES_PER_SECOND),
        Unit::BitsPerSecond => stepped(v, 1_000.0, &SI_BITS_PER_SECOND),
        Unit::Milliseconds => milliseconds(v, locale),
        Unit::Seconds => seconds(v, locale),
    }
}

/// A whole number with thousands separators: `1,234,567`.
#[must_use]
pub fn count(n: i64) -> String {
    let sign = if n < 0 { MINUS } else { "" };
    format!("{sign}{}", separated(&n.unsigned_abs().to_string()))
}

/// A share between 0 and 1 as a percentage: 0.834 is `83.4%`.
#[must_use]
pub fn percent(share: f64) -> String {
    value(share * 100.0, Unit::Percent, Locale::En).joined()
}

/// A label of a value axis whose ticks are `step` apart. It carries at most a prefix (`1.5k`, `256Mi`);
/// the base unit stands once above the axis as [`Unit::symbol`].
#[must_use]
pub fn tick(v: f64, step: f64, unit: Unit) -> String {
    if v.is_nan() {
        return NOT_A_NUMBER.to_owned();
    }
    if v == 0.0 || v.abs() < step.abs() * 1e-6 {
        return "0".to_owned();
    }
    let (base, prefixes) = if unit.is_binary() { (1_024.0, IEC_TICK) } else { (1_000.0, SI) };
    let power = power_of(v.abs() * (1.0 + 1e-9), base, prefixes.len());
    let divisor = base.powi(power as i32);
    let decimals = decimals_of_step(step.abs() / divisor);
    let digits = trimmed(&format!("{:.decimals$}", v.abs() / divisor));
    format!("{}{}{}", sign_of(v), separated(&digits), prefixes[power])
}

fn written(number: String, unit: &str) -> Written {
    Written { number, unit: unit.to_owned() }
}

fn prefixed(v: f64) -> String {
    if !v.is_finite() || round3(v.abs()) < PREFIX_FROM {
        return plain(v);
    }
    let power = power_of(round3(v.abs()), 1_000.0, SI.len());
    format!("{}{}", plain(v / 1_000f64.powi(power as i32)), SI[power])
}

fn stepped(v: f64, base: f64, units: &[&str; 6]) -> Written {
    if !v.is_finite() {
        return written(plain(v), units[0]);
    }
    let mut power = power_of(v.abs(), base, units.len());
    // 1,023.9 KiB would be written as 1,024 KiB.
    if power + 1 < units.len() && (v.abs() / base.powi(power as i32)).round() >= base {
        power += 1;
    }
    written(plain(v / base.powi(power as i32)), units[power])
}

fn milliseconds(v: f64, locale: Locale) -> Written {
    let magnitude = v.abs();
    if magnitude > 0.0 && magnitude < 1.0 {
        written(plain(v * 1_000.0), "µs")
    } else if round3(magnitude) < 10_000.0 {
        written(plain(v), "ms")
    } else {
        seconds(v / 1_000.0, locale)
    }
}

fn seconds(v: f64, locale: Locale) -> Written {
    let magnitude = round3(v.abs());
    let (divisor, ja, en) = if magnitude > 0.0 && magnitude < 0.001 {
        (0.000_001, "µs", "µs")
    } else if magnitude > 0.0 && magnitude < 1.0 {
        (0.001, "ms", "ms")
    } else if magnitude < 120.0 {
        (1.0, "s", "s")
    } else if magnitude < 7_200.0 {
        (60.0, "分", "min")
    } else if magnitude < 172_800.0 {
        (3_600.0, "時間", "h")
    } else {
        (86_400.0, "日", "d")
    };
    let unit = match locale {
        Locale::Ja => ja,
        Locale::En => en,
    };
    written(plain(v / divisor), unit)
}

/// Three significant figures, but never less than every whole digit.
fn plain(v: f64) -> String {
    if v.is_infinite() {
        return format!("{}∞", sign_of(v));
    }
    let magnitude = v.abs();
    if magnitude == 0.0 {
        return "0".to_owned();
    }
    if magnitude < EXPONENT_BELOW {
        return format!("{}{magnitude:.1e}", sign_of(v));
    }
    if magnitude.fract() == 0.0 {
        return format!("{}{}", sign_of(v), separated(&format!("{magnitude:.0}")));
    }
    let decimals = decimals_of(round3(magnitude));
    let digits = format!("{magnitude:.decimals$}");
    // 0.4 rather than 0.400: behind a leading zero the figures that say nothing only add length.
    let digits = if magnitude < 1.0 { trimmed(&digits) } else { digits };
    format!("{}{}", sign_of(v), separated(&digits))
}

fn sign_of(v: f64) -> &'static str {
    if v < 0.0 { MINUS } else { "" }
}

/// The value to three significant figures, as a number: what decides prefix and decimals, so that 99.96
/// is treated as the 100 it is written as.
fn round3(magnitude: f64) -> f64 {
    if magnitude == 0.0 || !magnitude.is_finite() {
        return magnitude;
    }
    let exponent = magnitude.log10().floor() as i32;
    let unit_in_last_place = 10f64.powi(exponent - 2);
    (magnitude / unit_in_last_place).round() * unit_in_last_place
}

fn decimals_of(magnitude: f64) -> usize {
    // Just above the rounded value, so that 0.001 counts as one thousandth in spite of its binary form.
    let exponent = (magnitude * (1.0 + 1e-12)).log10().floor() as i32;
    usize::try_from(2 - exponent).unwrap_or(0)
}

fn power_of(magnitude: f64, base: f64, n_prefixes: usize) -> usize {
    let mut power = 0;
    let mut rest = magnitude;
    while rest >= base && power + 1 < n_prefixes {
        rest /= base;
        power += 1;
    }
    power
}

/// Decimals at which ticks `step` apart stay distinct; at most nine.
fn decimals_of_step(step: f64) -> usize {
    (0..9).find(|&n| (step * 10f64.powi(n) - (step * 10f64.powi(n)).round()).abs() < 1e-6).map_or(9, |n| n as usize)
}

fn trimmed(digits: &str) -> String {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.').to_owned() } else { digits.to_owned() }
}

/// Thousands separators into the whole part of plain digits.
fn separated(digits: &str) -> String {
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut out = String::with_capacity(digits.len() + whole.len() / 3);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ja(v: f64, unit: Unit) -> String {
        value(v, unit, Locale::Ja).joined()
    }

    #[test]
    fn bare_numbers_keep_three_figures() {
        for (v, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (83.0, "83"),
            (83.14, "83.1"),
            (99.96, "100"),
            (4.0, "4"),
            (4.026, "4.03"),
            (0.2567, "0.257"),
            (0.001, "0.001"),
            (0.000_012, "1.2e-5"),
            (1_234.5, "1,234"),
            (99_949.0, "99,949"),
            (123_456.0, "123k"),
            (1_234_567.0, "1.23M"),
            (999_999.0, "1M"),
            (2.5e9, "2.50G"),
            (-1_234.0, "\u{2212}1,234"),
            (f64::INFINITY, "∞"),
            (f64::NEG_INFINITY, "\u{2212}∞"),
            (f64::NAN, "—"),
        ] {
            assert_eq!(ja(v, Unit::None), expected, "{v}");
        }
    }

    #[test]
    fn units_choose_their_own_steps() {
        for (v, unit, expected) in [
            (90.6, Unit::Percent, "90.6%"),
            (512.0, Unit::Bytes, "512 B"),
            (1_023.9 * 1_024.0, Unit::Bytes, "1 MiB"),
            (1_536.0, Unit::Bytes, "1.50 KiB"),
            (3.0 * 1_073_741_824.0, Unit::BytesPerSecond, "3 GiB/s"),
            (206e6, Unit::BitsPerSecond, "206 Mbit/s"),
            (1_240.0, Unit::PerSecond, "1,240 /s"),
            (642.0, Unit::Milliseconds, "642 ms"),
            (1_840.0, Unit::Milliseconds, "1,840 ms"),
            (0.25, Unit::Milliseconds, "250 µs"),
            (15_000.0, Unit::Milliseconds, "15 s"),
            (0.0, Unit::Seconds, "0 s"),
            (0.012, Unit::Seconds, "12 ms"),
            (5_400.0, Unit::Seconds, "90 分"),
            (f64::NAN, Unit::Percent, "—"),
        ] {
            assert_eq!(ja(v, unit), expected, "{v} {unit:?}");
        }
        assert_eq!(value(86_400.0 * 13.0, Unit::Seconds, Locale::En).joined(), "13 d");
    }

    #[test]
    fn ticks_carry_prefixes_and_no_more_decimals_than_their_step() {
        for (v, step, unit, expected) in [
            (0.0, 25.0, Unit::Percent, "0"),
            (75.0, 25.0, Unit::Percent, "75"),
            (0.3, 0.1, Unit::None, "0.3"),
            (800.0, 200.0, Unit::Milliseconds, "800"),
            (1_000.0, 500.0, Unit::None, "1k"),
            (1_250.0, 250.0, Unit::None, "1.25k"),
            (268_435_456.0, 268_435_456.0, Unit::Bytes, "256Mi"),
            (1_073_741_824.0, 536_870_912.0, Unit::Bytes, "1Gi"),
            (2e8, 1e8, Unit::BitsPerSecond, "200M"),
            (-50.0, 50.0, Unit::None, "\u{2212}50"),
            (5.5e-17, 0.1, Unit::None, "0"),
        ] {
            assert_eq!(tick(v, step, unit), expected, "{v} {step} {unit:?}");
        }
    }

    #[test]
    fn counts_and_shares() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(-999), "\u{2212}999");
        assert_eq!(count(i64::MIN), "\u{2212}9,223,372,036,854,775,808");
        assert_eq!(percent(0.834), "83.4%");
        assert_eq!(percent(1.0), "100%");
    }

    proptest! {
        #[test]
        fn no_value_is_written_long_or_empty(v in prop::num::f64::ANY) {
            for unit in Unit::ALL {
                let written = value(v, unit, Locale::En);
                prop_assert!(!written.number.is_empty());
                if v.abs() < 1e15 {
                    prop_assert!(written.number.chars().count() <= 15, "{} {:?}", written.number, unit);
                }
            }
        }
    }
}
