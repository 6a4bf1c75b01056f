//! The gauge: one number on an arc, with its bands around it and its needle across it.

use figures::{Locale, Written};

use crate::display::{Anchor, DisplayList, Size};
use crate::draw::record;
use crate::figure::Gauge;
use crate::layout::{LABEL_PX, sized};
use crate::marks;
use crate::paint::Paint;
use crate::pen::{Drawn, Pen};
use crate::round;
use crate::shape;
use crate::summary::joined;
use crate::text;

/// Where the scale begins and ends, in turns from the top.
const BEGIN: f64 = -1.0 / 3.0;
const END: f64 = 1.0 / 3.0;
/// Around the arc.
const MARGIN_PX: f64 = 8.0;
/// Below it, for the ends of the scale.
const FOOT_PX: f64 = 14.0;
/// The share of the width its radius may take.
const RADIUS_SHARE: f64 = 0.42;
/// How far inside the outermost line the bands end, and the arc begins and ends.
const BAND_PX: f64 = 4.0;
const ARC_PX: (f64, f64) = (6.0, 16.0);
/// How far the needle reaches out over the bands and in over the arc.
const NEEDLE_PX: (f64, f64) = (3.0, 24.0);
/// The font size of the number.
const READING_PX: f64 = 24.0;
const MOST_DECIMALS: u8 = 6;

pub(crate) fn draw(gauge: &Gauge, size: Size) -> DisplayList {
    let (size, _) = sized(size);
    record(size, |sheet| paint(&Pen::new(sheet), gauge, &Dial::of(gauge, size)))
}

/// Where everything stands.
struct Dial {
    center: (f64, f64),
    radius: f64,
    low: f64,
    high: f64,
}

impl Dial {
    /// The ends of a scale that makes no sense are made to.
    fn of(gauge: &Gauge, size: Size) -> Dial {
        // The arc ends half a radius below its centre.
        let radius = ((size.height - 2.0 * MARGIN_PX - FOOT_PX) / 1.5).min(size.width * RADIUS_SHARE);
        let top = (size.height - FOOT_PX - 1.5 * radius) / 2.0;
        let low = if gauge.low.is_finite() { gauge.low } else { 0.0 };
        let high = if gauge.high.is_finite() && gauge.high > low { gauge.high } else { low + low.abs().max(1.0) };
        Dial { center: (size.width / 2.0, top + radius), radius, low, high: high.min(f64::MAX) }
    }

    /// The angle of a value, not beyond the scale.
    fn turn(&self, value: f64) -> f64 {
        let share = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        BEGIN + share * (END - BEGIN)
    }

    /// A stretch of the arc, or of the bands around it.
    fn stretch(&self, pen: &Pen<'_>, (outer, inner): (f64, f64), (from, to): (f64, f64), paint: Paint) -> Drawn {
        if to - from < 1e-4 {
            return Ok(());
        }
        pen.polygon(&round::ring(self.center, (self.radius - inner, self.radius - outer), from, to), paint)
    }
}

fn paint(pen: &Pen<'_>, gauge: &Gauge, dial: &Dial) -> Drawn {
    dial.stretch(pen, ARC_PX, (BEGIN, END), Paint::Track)?;
    let severity = severity(gauge);
    if !gauge.value.is_nan() {
        let paint = severity.map_or(Paint::Bar(1), Paint::Arc);
        dial.stretch(pen, ARC_PX, (BEGIN, dial.turn(gauge.value)), paint)?;
    }
    for level in (0..=3).rev() {
        for band in gauge.bands.iter().filter(|band| band.severity.min(3) == level) {
            let from = band.low.map_or(BEGIN, |low| dial.turn(low));
            let to = band.high.map_or(END, |high| dial.turn(high));
            dial.stretch(pen, (0.0, BAND_PX), (from, to), Paint::Arc(level))?;
        }
    }
    if !gauge.value.is_nan() {
        let (out, inward) = NEEDLE_PX;
        let turn = dial.turn(gauge.value);
        let ends = [dial.radius - inward, dial.radius + out].map(|radius| round::place(dial.center, radius, turn));
        pen.line(&ends, Paint::Needle)?;
    }
    reading(pen, gauge, dial, severity)?;
    ends(pen, gauge, dial)
}

/// The worst band the value lies in.
fn severity(gauge: &Gauge) -> Option<u8> {
    let is_in = |low: Option<f64>, high: Option<f64>| {
        low.is_none_or(|low| gauge.value >= low) && high.is_none_or(|high| gauge.value <= high)
    };
    let bands = gauge.bands.iter().filter(|band| !gauge.value.is_nan() && is_in(band.low, band.high));
    bands.map(|band| band.severity.min(3)).min()
}

/// The number in the middle, its unit below, and the shape of its severity beside it: colour alone never says it.
fn reading(pen: &Pen<'_>, gauge: &Gauge, dial: &Dial, severity: Option<u8>) -> Drawn {
    let (x, y) = dial.center;
    let Written { number, unit } = written(gauge);
    let (number, unit) = if unit == "%" { (number + "%", String::new()) } else { (number, unit) };
    let room = 2.0 * (dial.radius - NEEDLE_PX.1);
    let is_large = text::width(&number, READING_PX, true) <= room;
    let paint = if is_large { Paint::Reading } else { Paint::Strong };
    pen.text((x, y + 8.0), Anchor::Middle, &number, paint)?;
    if !unit.is_empty() {
        pen.text((x, y + 24.0), Anchor::Middle, &unit, Paint::Tick)?;
    }
    match severity {
        Some(severity) => shape::severity(pen, severity, (x, y - 22.0), 6.5),
        None => Ok(()),
    }
}

/// The number as it is written: with so many decimals as were asked for, as long as it carries no prefix.
fn written(gauge: &Gauge) -> Written {
    let written = figures::value(gauge.value, gauge.unit, gauge.locale);
    let is_plain = written.unit == gauge.unit.symbol() && written.number.chars().any(|character| character.is_ascii_digit());
    let is_plain = is_plain && !written.number.chars().any(char::is_alphabetic);
    match gauge.decimals.filter(|_| is_plain) {
        Some(decimals) => Written { number: with_decimals(gauge.value, decimals.min(MOST_DECIMALS)), ..written },
        None => written,
    }
}

fn with_decimals(value: f64, decimals: u8) -> String {
    let digits = format!("{:.1$}", value.abs(), usize::from(decimals));
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(whole, fraction)| (whole, Some(fraction)));
    let whole = whole.parse::<i64>().map_or_else(|_| whole.to_owned(), figures::count);
    let is_zero = digits.chars().all(|character| matches!(character, '0' | '.'));
    let sign = if value < 0.0 && !is_zero { "\u{2212}" } else { "" };
    fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}"))
}

/// What the scale begins and ends with, below its ends.
fn ends(pen: &Pen<'_>, gauge: &Gauge, dial: &Dial) -> Drawn {
    let middle = dial.radius - (ARC_PX.0 + ARC_PX.1) / 2.0;
    for (value, turn) in [(dial.low, BEGIN), (dial.high, END)] {
        let (x, y) = round::place(dial.center, middle, turn);
        let label = figures::value(value, gauge.unit, gauge.locale).joined();
        let label = text::fit(&label, LABEL_PX, dial.radius);
        pen.text((x, y + FOOT_PX + 2.0), Anchor::Middle, &label, Paint::Tick)?;
    }
    Ok(())
}

/// The gauge in sentences: its number, its scale, and the severity it stands for.
pub(crate) fn spoken(gauge: &Gauge, title: &str) -> String {
    let locale = gauge.locale;
    if gauge.value.is_nan() {
        return joined(&[title.to_owned(), marks::no_data(locale).to_owned()], locale);
    }
    let value = written(gauge).joined();
    let [low, high] = [gauge.low, gauge.high].map(|end| figures::value(end, gauge.unit, locale).joined());
    let mut sentences = match locale {
        Locale::Ja => vec![format!("{title}は{value}"), format!("目盛りは{low}から{high}")],
        Locale::En => vec![format!("{title}: {value}"), format!("On a scale from {low} to {high}")],
    };
    sentences.extend(severity(gauge).map(|severity| match locale {
        Locale::Ja => format!("P{severity}の範囲"),
        Locale::En => format!("In the range of P{severity}"),
    }));
    joined(&sentences, locale)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::Band;
    use figures::Unit;

    fn gauge(value: f64) -> Gauge {
        Gauge {
            value,
            low: 0.0,
            high: 100.0,
            bands: vec![Band::above(2, 80.0), Band::above(0, 95.0)],
            unit: Unit::Percent,
            decimals: None,
            locale: Locale::Ja,
        }
    }

    fn drawn(gauge: &Gauge) -> String {
        draw(gauge, Size::PANEL).to_string()
    }

    #[test]
    fn the_number_stands_in_the_middle_and_the_needle_where_it_belongs() {
        let drawn = drawn(&gauge(50.0));
        // 106 px for one and a half radii: 70.67; the centre is 8 + 70.67 from the top, the middle of the scale straight above it.
        assert!(drawn.contains("path Needle 194.5,32 194.5,5\n"), "{drawn}");
        assert!(drawn.contains("text Reading 194.5,86.7 Middle 50%\n"), "{drawn}");
        assert!(drawn.contains("fill Bar(1) ") && drawn.contains("fill Track ") && !drawn.contains("Shape"), "{drawn}");
        assert_eq!(drawn.matches("fill Arc(2)").count(), 1, "the band of P2");
        assert!(drawn.contains(" Middle 0%\n") && drawn.contains(" Middle 100%\n"), "{drawn}");
    }

    #[test]
    fn a_band_gives_the_number_its_colour_and_its_shape() {
        let drawn = drawn(&gauge(97.0));
        assert_eq!(drawn.matches("fill Arc(0)").count(), 2, "the arc and the band: {drawn}");
        assert!(drawn.contains("fill Shape(0)"), "{drawn}");
        assert_eq!(severity(&gauge(85.0)), Some(2));
        assert_eq!(severity(&gauge(12.0)), None);
    }

    #[test]
    fn without_a_number_there_is_no_needle() {
        let drawn = drawn(&gauge(f64::NAN));
        assert!(!drawn.contains("Needle") && drawn.contains("Middle —\n"), "{drawn}");
        assert_eq!(spoken(&gauge(f64::NAN), "CPU"), "CPU。データなし。");
    }

    #[test]
    fn decimals_are_those_that_were_asked_for() {
        for (value, unit, decimals, expected) in [
            (50.0, Unit::Percent, Some(2), "50.00%"),
            (-0.04, Unit::Percent, Some(1), "0.0%"),
            (-1_234.56, Unit::Milliseconds, Some(1), "\u{2212}1,234.6 ms"),
            (3.0 * 1_048_576.0, Unit::Bytes, Some(2), "3 MiB"),
            (50.28, Unit::Percent, None, "50.3%"),
            (7.0, Unit::None, Some(0), "7"),
        ] {
            let gauge = Gauge { value, unit, decimals, ..gauge(0.0) };
            assert_eq!(written(&gauge).joined(), expected, "{value}");
        }
    }

    #[test]
    fn a_scale_without_a_length_and_a_number_beyond_it_do_no_harm() {
        for (value, low, high) in [
            (f64::INFINITY, 0.0, 100.0),
            (-1e300, 5.0, 5.0),
            (3.0, f64::NAN, f64::INFINITY),
            (3.0, 9.0, 1.0),
            (0.0, -f64::MAX, f64::MAX),
        ] {
            let list = draw(&Gauge { value, low, high, ..gauge(0.0) }, Size::PANEL);
            assert!(!list.to_string().contains("NaN"));
        }
    }

    #[test]
    fn the_sentences_say_number_scale_and_severity() {
        let mut gauge = gauge(83.0);
        assert_eq!(spoken(&gauge, "CPU使用率"), "CPU使用率は83%。目盛りは0%から100%。P2の範囲。");
        gauge.locale = Locale::En;
        assert_eq!(spoken(&gauge, "CPU"), "CPU: 83%. On a scale from 0% to 100%. In the range of P2.");
    }
}
