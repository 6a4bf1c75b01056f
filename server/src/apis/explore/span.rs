//! Which span is asked for, in which steps, and which one stands beside it. Pure.

use ::api::ApiError;
use ::api::error::Expected;
use ::api::explore::ExploreQuery;
use model::Time;

/// Ranges by the word in the address.
const RANGES: &[(&str, i64)] =
    &[("15m", 900_000), ("1h", 3_600_000), ("3h", 10_800_000), ("6h", 21_600_000), ("24h", 86_400_000), ("7d", 604_800_000)];
/// The range of an address that names none.
const USUAL: &str = "1h";
/// The word for "as long before as the span is".
const BEFORE: &str = "before";
const SECOND_MS: i64 = 1_000;
pub const HOUR_MS: i64 = 3_600_000;
/// The longest span one may choose by hand.
pub const LONGEST_MS: i64 = 366 * 24 * HOUR_MS;
/// Steps of a span, about: a wide graph has twice as many columns, and fifty series of more would weigh as much as all else together.
const POINTS: i64 = 720;
/// Steps that a reader can count with. Longer ones are whole hours.
const STEPS_S: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800];

/// The span that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    pub from: Time,
    pub to: Time,
    pub step_ms: i64,
    /// Its end as it was asked for, not moved to a step.
    pub end: Time,
    pub is_live: bool,
}

impl When {
    /// Moved to whole steps, so that asking again draws the same points.
    fn between(from: Time, to: Time, is_live: bool) -> Self {
        let step_ms: i64 = step_ms(to.since(from));
        let whole = |at: Time| Time(at.0 - at.0.rem_euclid(step_ms));
        Self { from: whole(from), to: whole(to), step_ms, end: to, is_live }
    }

    /// The one that an address asks for.
    ///
    /// # Errors
    /// `Invalid` for a word nobody knows and for ends that are no span.
    pub fn asked(query: &ExploreQuery, now: Time) -> Result<Self, ApiError> {
        match (query.from, query.to) {
            (Some(from), Some(to)) if is_span(from, to) => Ok(Self::between(Time(from), Time(to), false)),
            (None, None) => {
                let word: &str = query.range.as_deref().unwrap_or(USUAL);
                let length_ms: i64 = length_of(word).ok_or_else(|| invalid("range", "15m, 1h, 3h, 6h, 24h or 7d"))?;
                Ok(Self::between(now.plus_ms(-length_ms), now, true))
            }
            _ => Err(invalid("from, to", "both, a span from one second to 366 days, `from` before `to`")),
        }
    }

    /// The one beside it: so much earlier, or from here to there (`1795000000000-1795003600000`). Nothing where none is asked for.
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn beside(self, split: &str) -> Result<Option<Self>, ApiError> {
        if split.is_empty() {
            return Ok(None);
        }
        let odd = || invalid("split", "before, a range, or two moments with a dash between them");
        let shift_ms: Option<i64> = if split == BEFORE { Some(self.to.since(self.from)) } else { length_of(split) };
        if let Some(shift_ms) = shift_ms {
            // The same length, so that both have the same step.
            let (from, to) = (self.from.plus_ms(-shift_ms), self.to.plus_ms(-shift_ms));
            return Ok(Some(Self { from, to, end: self.end.plus_ms(-shift_ms), is_live: false, ..self }));
        }
        let (from, to) = split.split_once('-').ok_or_else(odd)?;
        let (from, to): (i64, i64) = (from.parse().map_err(|_| odd())?, to.parse().map_err(|_| odd())?);
        if is_span(from, to) { Ok(Some(Self::between(Time(from), Time(to), false))) } else { Err(odd()) }
    }
}

fn length_of(word: &str) -> Option<i64> {
    RANGES.iter().find(|(name, _)| *name == word).map(|(_, length_ms)| *length_ms)
}

/// Whether two moments are a span that is answered.
#[must_use]
pub fn is_span(from: i64, to: i64) -> bool {
    from >= 0 && (SECOND_MS..=LONGEST_MS).contains(&to.saturating_sub(from))
}

/// The shortest of the countable steps that makes no more than about [`POINTS`] of them.
fn step_ms(length_ms: i64) -> i64 {
    let least: i64 = (length_ms / POINTS).max(SECOND_MS);
    let countable = STEPS_S.into_iter().map(|seconds| seconds * SECOND_MS).find(|step| *step >= least);
    countable.unwrap_or_else(|| (least + HOUR_MS - 1) / HOUR_MS * HOUR_MS)
}

/// What is wrong with an address.
#[must_use]
pub fn invalid(field: &str, expected: &str) -> ApiError {
    ApiError::Invalid { field: field.to_owned(), expected: Expected::other(expected) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time(1_795_000_000_123);

    fn asked(range: Option<&str>, from: Option<i64>, to: Option<i64>) -> ExploreQuery {
        ExploreQuery { range: range.map(str::to_owned), from, to, ..ExploreQuery::default() }
    }

    #[test]
    fn a_span_is_a_known_word_or_two_moments() {
        for (query, is_good) in [
            (asked(None, None, None), true),
            (asked(Some("7d"), None, None), true),
            (asked(Some("1y"), None, None), false),
            (asked(None, Some(0), Some(1_000)), true),
            (asked(None, Some(5), Some(5)), false),
            (asked(None, Some(0), None), false),
            (asked(None, None, Some(60_000)), false),
            (asked(None, Some(-1), Some(60_000)), false),
            (asked(None, Some(0), Some(i64::MAX)), false),
            (asked(None, Some(i64::MIN), Some(i64::MAX)), false),
        ] {
            assert_eq!(When::asked(&query, NOW).is_ok(), is_good, "{query:?}");
        }
    }

    #[test]
    fn steps_are_countable_and_few_enough() {
        for (length_ms, step) in [
            (1_000, 1_000),
            (900_000, 2_000),
            (3_600_000, 5_000),
            (86_400_000, 120_000),
            (604_800_000, 900_000),
            (LONGEST_MS, 13 * HOUR_MS),
        ] {
            assert_eq!(step_ms(length_ms), step, "{length_ms}");
            assert!(length_ms / step_ms(length_ms) <= 900, "{length_ms}");
        }
        let hour = When::asked(&asked(None, None, None), NOW).unwrap();
        assert_eq!((hour.to.0 % hour.step_ms, hour.end, hour.is_live), (0, NOW, true));
        assert!(!When::asked(&asked(None, Some(0), Some(60_000)), NOW).unwrap().is_live);
    }

    #[test]
    fn what_stands_beside_it_is_earlier_or_chosen() {
        let hour = When::asked(&asked(None, None, None), NOW).unwrap();
        let beside = |split: &str| hour.beside(split).unwrap().unwrap();
        assert_eq!(hour.beside("").unwrap(), None);
        assert_eq!((beside("before").to, beside("24h").from), (hour.from, hour.from.plus_ms(-24 * HOUR_MS)));
        assert_eq!((beside("7d").step_ms, beside("7d").is_live), (hour.step_ms, false));
        assert_eq!((beside("0-60000").from, beside("0-60000").to), (Time(0), Time(60_000)));
        for odd in ["x", "5-5", "5-", "-5-9"] {
            assert!(hour.beside(odd).is_err(), "{odd}");
        }
    }
}
