//! How long something took, is going to take, or has been going on.

use crate::locale::Locale;

/// The parts of a duration, largest first: milliseconds each is worth, its name in Japanese and English,
/// and whether it is set in two digits behind a larger part, so that a running clock does not jump.
const PARTS: [(i64, &str, &str, bool); 4] =
    [(86_400_000, "日", "d", false), (3_600_000, "時間", "h", false), (60_000, "分", "m", true), (1_000, "秒", "s", true)];

/// A duration in its two most significant parts: `3分12秒`, `3m 12s`; `6時間02分`, `6h 02m`. A second part
/// of zero is left out, and what is shorter than the second part is cut off, not rounded: a clock that
/// counts up must not show a minute that has not passed.
#[must_use]
pub fn duration(ms: i64, locale: Locale) -> String {
    let separator = match locale {
        Locale::Ja => "",
        Locale::En => " ",
    };
    let written: Vec<String> = duration_parts(ms, locale).into_iter().map(|(number, unit)| format!("{number}{unit}")).collect();
    written.join(separator)
}

/// The same duration as number and unit pairs, so that a screen can set the units smaller. One or two
/// pairs; a negative duration carries its sign in the first number.
#[must_use]
pub fn duration_parts(ms: i64, locale: Locale) -> Vec<(String, &'static str)> {
    let sign = if ms < 0 { "\u{2212}" } else { "" };
    let magnitude = ms.saturating_abs();
    let Some(first) = PARTS.iter().position(|part| magnitude >= part.0) else {
        return vec![under_a_second(sign, magnitude, locale)];
    };
    let (worth, ja, en, _) = PARTS[first];
    let mut parts = vec![(format!("{sign}{}", magnitude / worth), name(ja, en, locale))];
    let rest = magnitude % worth;
    if let Some(&(next_worth, next_ja, next_en, is_padded)) = PARTS.get(first + 1) {
        let number = rest / next_worth;
        if number > 0 {
            let written = if is_padded { format!("{number:02}") } else { number.to_string() };
            parts.push((written, name(next_ja, next_en, locale)));
        }
    }
    parts
}

fn under_a_second(sign: &str, magnitude: i64, locale: Locale) -> (String, &'static str) {
    if magnitude == 0 {
        ("0".to_owned(), name("秒", "s", locale))
    } else {
        (format!("{sign}{magnitude}"), name("ミリ秒", "ms", locale))
    }
}

fn name(ja: &'static str, en: &'static str, locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => ja,
        Locale::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_show_their_two_largest_parts() {
        for (ms, ja, en) in [
            (0, "0秒", "0s"),
            (350, "350ミリ秒", "350ms"),
            (1_999, "1秒", "1s"),
            (60_000, "1分", "1m"),
            (192_000, "3分12秒", "3m 12s"),
            (307_000, "5分07秒", "5m 07s"),
            (9_660_000, "2時間41分", "2h 41m"),
            (21_725_000, "6時間02分", "6h 02m"),
            (86_400_000, "1日", "1d"),
            (442_800_000, "5日3時間", "5d 3h"),
            (-192_000, "\u{2212}3分12秒", "\u{2212}3m 12s"),
        ] {
            assert_eq!(duration(ms, Locale::Ja), ja);
            assert_eq!(duration(ms, Locale::En), en);
        }
    }

    #[test]
    fn a_part_is_skipped_rather_than_filled_from_further_down() {
        assert_eq!(duration(3_600_000 + 5_000, Locale::En), "1h");
    }

    #[test]
    fn parts_keep_number_and_unit_apart() {
        assert_eq!(duration_parts(307_000, Locale::Ja), vec![("5".to_owned(), "分"), ("07".to_owned(), "秒")]);
    }

    #[test]
    fn the_longest_duration_does_not_overflow() {
        assert!(duration(i64::MIN, Locale::En).starts_with('\u{2212}'));
    }
}
