//! What a reader asks of a dashboard: which span, what is chosen, how wide it is drawn.

use crate::error::Error;
use dashboard::Span;
use figures::{Locale, Zone};
use model::Time;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// The value in an address that stands for all that a variable offers.
pub const ALL: &str = "$__all";

const SECOND_MS: i64 = 1_000;
const MINUTE_MS: i64 = 60 * SECOND_MS;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// A second to ten years.
const SPAN_MS: RangeInclusive<i64> = SECOND_MS..=315_576_000_000;
/// Instants beyond this are no dates (ECMA-262 section 21.4.1.1).
const MOST_MS: i64 = 8_640_000_000_000_000;
/// Units of a span's word, each from how many of it on: one day is said as `24h`.
const UNITS: [(&str, i64, i64); 4] = [("d", DAY_MS, 2), ("h", HOUR_MS, 1), ("m", MINUTE_MS, 1), ("s", SECOND_MS, 1)];

/// All that a reader asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub span: Ask,
    /// By the variable's name; [`ALL`] among the values means all of them. What is not there is as the dashboard has it.
    pub chosen: BTreeMap<String, Vec<String>>,
    /// Keys of rows that are folded as written, and that the reader has opened.
    pub open_rows: BTreeSet<String>,
    /// CSS pixels of all 24 columns.
    pub width_px: u32,
    pub locale: Locale,
    pub zone: Zone,
    pub now: Time,
}

/// Which span.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Ask {
    /// The one the dashboard opens with.
    #[default]
    Usual,
    /// The last so much until now: `45m`, `7d`.
    Last(String),
    /// From one moment to a later one.
    Between(Time, Time),
}

/// The span that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) from: Time,
    pub(crate) to: Time,
    /// Its word; empty for one chosen by hand, which does not end now.
    pub(crate) range: String,
}

impl Window {
    /// The span that is asked for.
    ///
    /// # Errors
    /// [`Error::Span`] for what is no span, is shorter than a second or longer than ten years.
    pub(crate) fn of(asked: &Asked, usual: Span) -> Result<Self, Error> {
        match &asked.span {
            Ask::Usual => Self::last(usual.0, asked.now).ok_or_else(|| Error::Span(format!("{}ms", usual.0))),
            Ask::Last(word) => {
                let length_ms: Option<i64> = length_ms(word);
                let found: Option<Self> = length_ms.and_then(|length_ms| Self::last(length_ms, asked.now));
                found.ok_or_else(|| Error::Span(word.clone()))
            }
            Ask::Between(from, to) => {
                let is_span: bool = from.0 >= 0 && to.0 <= MOST_MS && SPAN_MS.contains(&to.since(*from));
                let found: Option<Self> = is_span.then(|| Self { from: *from, to: *to, range: String::new() });
                found.ok_or_else(|| Error::Span(format!("{} to {}", from.0, to.0)))
            }
        }
    }

    fn last(length_ms: i64, now: Time) -> Option<Self> {
        let to = Time(now.0 - now.0.rem_euclid(SECOND_MS));
        SPAN_MS.contains(&length_ms).then(|| Self { from: to.plus_ms(-length_ms), to, range: word(length_ms) })
    }

    pub(crate) fn is_now(&self) -> bool {
        !self.range.is_empty()
    }

    pub(crate) fn length_ms(&self) -> i64 {
        self.to.since(self.from)
    }

    /// Whether a moment lies within it, both ends included.
    pub(crate) fn holds(&self, ms: i64) -> bool {
        (self.from.0..=self.to.0).contains(&ms)
    }
}

fn length_ms(word: &str) -> Option<i64> {
    promql::numbers::parse_duration_ms(word.trim()).ok().and_then(|ms| i64::try_from(ms).ok())
}

/// The same span has one word, however it was written.
fn word(length_ms: i64) -> String {
    let found = UNITS.into_iter().find(|(_, unit_ms, least)| length_ms % unit_ms == 0 && length_ms / unit_ms >= *least);
    match found {
        Some((name, unit_ms, _)) => format!("{}{name}", length_ms / unit_ms),
        None => promql::numbers::format_duration(u64::try_from(length_ms).unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_795_000_000_123);

    fn window(span: Ask) -> Result<Window, Error> {
        let asked = Asked {
            span,
            chosen: BTreeMap::new(),
            open_rows: BTreeSet::new(),
            width_px: 1_160,
            locale: Locale::En,
            zone: Zone::utc(),
            now: NOW,
        };
        Window::of(&asked, Span(10_800_000))
    }

    #[test]
    fn a_span_until_now_has_one_word_however_it_was_written() {
        for (written, word) in [
            ("45m", "45m"),
            ("7d", "7d"),
            ("1w", "7d"),
            ("1d", "24h"),
            ("36h", "36h"),
            ("90s", "90s"),
            ("1500ms", "1s500ms"),
            ("10y", "3650d"),
        ] {
            let window = window(Ask::Last(written.to_owned())).unwrap();
            assert_eq!((window.range.as_str(), window.to, window.is_now()), (word, Time(1_795_000_000_000), true), "{written}");
        }
        let usual = window(Ask::Usual).unwrap();
        assert_eq!((usual.range.as_str(), usual.length_ms()), ("3h", 10_800_000));
    }

    #[test]
    fn a_span_by_hand_is_taken_as_it_is() {
        let window = window(Ask::Between(Time(1_001), Time(4_002))).unwrap();
        assert_eq!((window.from, window.to, window.is_now()), (Time(1_001), Time(4_002), false));
        assert!(window.holds(1_001) && window.holds(4_002) && !window.holds(4_003));
    }

    #[test]
    fn nonsense_is_refused() {
        for word in ["", "x", "-1h", "0s", "999ms", "11y", "99999999999999999999y", "1h1h", "$__range", "1h; drop"] {
            assert!(matches!(window(Ask::Last(word.to_owned())), Err(Error::Span(found)) if found == word), "{word}");
        }
        for (from, to) in
            [(5, 5), (5_000, 1_000), (-1, 5_000), (0, i64::MAX), (i64::MIN, i64::MAX), (0, 999), (MOST_MS, MOST_MS + 5_000)]
        {
            assert!(matches!(window(Ask::Between(Time(from), Time(to))), Err(Error::Span(_))), "{from} {to}");
        }
    }
}
