//! How a panel writes a value: with so many decimals as its author asked for, as far as the value carries no prefix.

use crate::words::locale;
use dashboard::{Measure, ShownPanel};
use figures::{Unit, Written};
use leptos::prelude::*;

const MOST_DECIMALS: u8 = 6;

/// What the values of a panel are, and how they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Manner {
    pub(super) unit: Unit,
    pub(super) decimals: Option<u8>,
}

impl Manner {
    pub(super) fn of(panel: &ShownPanel) -> Self {
        Self { unit: panel.unit, decimals: panel.decimals }
    }

    /// As it is for some of its values.
    pub(super) fn with(self, measure: Measure) -> Self {
        Self { unit: measure.unit.unwrap_or(self.unit), decimals: measure.decimals.or(self.decimals) }
    }

    /// NaN, no sample, is a dash.
    pub(super) fn write(self, value: f64) -> Written {
        let written: Written = figures::value(value, self.unit, locale());
        let is_plain: bool = value.is_finite()
            && written.unit == self.unit.symbol()
            && written.number.chars().any(|letter| letter.is_ascii_digit())
            && !written.number.chars().any(char::is_alphabetic);
        match self.decimals.filter(|_| is_plain) {
            Some(decimals) => Written { number: with_decimals(value, decimals.min(MOST_DECIMALS)), ..written },
            None => written,
        }
    }

    /// Number and unit, the unit smaller.
    pub(super) fn view(self, value: f64) -> AnyView {
        let Written { number, unit } = self.write(value);
        let unit = (!unit.is_empty()).then(|| view! { <span class="value__unit">{unit}</span> });
        view! { <span class="value">{number}{unit}</span> }.into_any()
    }
}

fn with_decimals(value: f64, decimals: u8) -> String {
    let digits: String = format!("{:.1$}", value.abs(), usize::from(decimals));
    let (whole, fraction): (&str, Option<&str>) =
        digits.split_once('.').map_or((digits.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let whole: String = whole.parse::<i64>().map_or_else(|_| whole.to_owned(), figures::count);
    let is_zero: bool = digits.chars().all(|letter| matches!(letter, '0' | '.'));
    let sign: &str = if value < 0.0 && !is_zero { "\u{2212}" } else { "" };
    fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_that_were_asked_for_where_there_is_no_prefix() {
        let owner = Owner::new();
        owner.set();
        for (value, unit, decimals, expected) in [
            (50.0, Unit::Percent, Some(2), "50.00%"),
            (-0.04, Unit::Percent, Some(1), "0.0%"),
            (-1_234.56, Unit::Milliseconds, Some(1), "\u{2212}1,234.6 ms"),
            (3.0 * 1_048_576.0, Unit::Bytes, Some(2), "3 MiB"),
            (7.0, Unit::None, None, "7"),
            (f64::NAN, Unit::Count, Some(2), "—"),
            (f64::INFINITY, Unit::Percent, Some(2), "∞%"),
        ] {
            assert_eq!(Manner { unit, decimals }.write(value).joined(), expected, "{value}");
        }
    }
}
