//! Ranges of values: how their ends are written at an axis, and how they are said.

use figures::{Locale, Unit};

/// Something counted between two values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Range {
    pub(crate) fn said(self, unit: Unit, locale: Locale) -> String {
        let [low, high] = [self.low, self.high].map(|end| figures::value(end, unit, locale).joined());
        match (self.low.is_finite(), self.high.is_finite(), locale) {
            (true, true, Locale::Ja) => format!("{low}〜{high}"),
            (true, true, Locale::En) => format!("{low} to {high}"),
            (true, false, Locale::Ja) => format!("{low}超"),
            (true, false, Locale::En) => format!("above {low}"),
            (false, true, Locale::Ja) => format!("{high}以下"),
            (false, true, Locale::En) => format!("up to {high}"),
            (false, false, Locale::Ja) => "すべての値".to_owned(),
            (false, false, Locale::En) => "any value".to_owned(),
        }
    }
}

/// The ends of ranges that follow each other: one more than there are ranges, none where there are none.
pub(crate) fn edges(ranges: &[Range]) -> Vec<f64> {
    ranges.first().map(|first| first.low).into_iter().chain(ranges.iter().map(|range| range.high)).collect()
}

/// What stands at an end. Beyond everything there is no end.
pub(crate) fn edge(value: f64, unit: Unit, locale: Locale) -> Option<String> {
    let is_end = !value.is_nan() && value != f64::NEG_INFINITY;
    is_end.then(|| figures::value(value, unit, locale).joined())
}

/// A number of things that is none where it is not known or makes no sense.
pub(crate) fn known(count: f64) -> Option<f64> {
    (count.is_finite() && count >= 0.0).then_some(count)
}

/// `240`, `1.2M`: how many there are.
pub(crate) fn many(count: f64, locale: Locale) -> String {
    figures::value(count, Unit::Count, locale).joined()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_said_with_the_ends_they_have() {
        for (low, high, ja, en) in [
            (100.0, 250.0, "100 ms〜250 ms", "100 ms to 250 ms"),
            (1_000.0, f64::INFINITY, "1,000 ms超", "above 1,000 ms"),
            (f64::NEG_INFINITY, 5.0, "5 ms以下", "up to 5 ms"),
            (f64::NEG_INFINITY, f64::INFINITY, "すべての値", "any value"),
        ] {
            assert_eq!(Range { low, high }.said(Unit::Milliseconds, Locale::Ja), ja);
            assert_eq!(Range { low, high }.said(Unit::Milliseconds, Locale::En), en);
        }
    }

    #[test]
    fn edges_are_one_more_than_ranges() {
        let ranges = [Range { low: 0.0, high: 1.0 }, Range { low: 1.0, high: f64::INFINITY }];
        assert_eq!(edges(&ranges), [0.0, 1.0, f64::INFINITY]);
        assert!(edges(&[]).is_empty());
        assert_eq!(edge(f64::NEG_INFINITY, Unit::None, Locale::En), None);
        assert_eq!(edge(f64::INFINITY, Unit::None, Locale::En).as_deref(), Some("∞"));
    }

    #[test]
    fn what_is_no_number_of_things_is_none() {
        assert_eq!([3.0, 0.0, -1.0, f64::NAN, f64::INFINITY].map(known), [Some(3.0), Some(0.0), None, None, None]);
    }
}
