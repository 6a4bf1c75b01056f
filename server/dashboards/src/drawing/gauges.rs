//! Numbers on their scale.

use super::Paper;
use super::data::Data;
use super::judging::{bands, judged};
use super::reducing::reduced;
use super::rounding::pleasant;
use super::series::{Named, in_order};
use chart::Gauge;
use dashboard::{Body, NamedGauge, Note, Panel, Reduce};
use figures::Unit;

pub(super) fn body(paper: &Paper<'_>, reduce: Reduce, data: &Data<'_>, notes: &mut Vec<Note>) -> Body {
    let chosen: Vec<&Named<'_>> = in_order(&data.series, notes);
    if chosen.is_empty() {
        return Body::Empty;
    }
    let values: Vec<f64> = chosen.iter().map(|series| reduced(series, reduce, paper.window)).collect();
    let panel: &Panel = paper.panel;
    let (low, high) = scale(panel, &values);
    let gauge = |(series, value): (&&Named<'_>, &f64)| NamedGauge {
        name: series.name.clone(),
        gauge: Gauge {
            value: *value,
            low,
            high,
            bands: bands(&panel.judges),
            unit: series.measure.unit.unwrap_or(panel.unit),
            decimals: series.measure.decimals.or(panel.decimals),
            locale: paper.locale,
        },
        severity: judged(&panel.judges, *value),
    };
    Body::Gauges(chosen.iter().zip(&values).map(gauge).collect())
}

/// The ends of the scale, the same for all numbers of a panel, so that they can be compared. An end that the author has not said holds all
/// values and thresholds.
fn scale(panel: &Panel, values: &[f64]) -> (f64, f64) {
    let thresholds = panel.judges.iter().map(|judge| judge.value);
    let held = values.iter().copied().chain(thresholds).filter(|value| value.is_finite());
    let (least, most) = held.fold((0.0, 0.0), |(least, most): (f64, f64), value| (least.min(value), most.max(value)));
    let low: f64 = panel.min.unwrap_or_else(|| if least < 0.0 { -pleasant(-least) } else { 0.0 });
    let is_whole: bool = panel.unit == Unit::Percent && most <= 100.0;
    let high: f64 = panel.max.unwrap_or_else(|| if is_whole { 100.0 } else { pleasant(most) });
    (low, if high > low { high } else { low + low.abs().max(1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::{Judge, Said};
    use model::Severity;

    #[test]
    fn a_scale_holds_what_it_must_and_ends_where_its_author_says() {
        let judge = Judge { value: 90.0, severity: Severity::P2, is_below: false, label: Said::default() };
        let plain = Panel::default();
        let judged = Panel { judges: vec![judge], ..Panel::default() };
        let percent = Panel { unit: Unit::Percent, ..Panel::default() };
        let given = Panel { min: Some(10.0), max: Some(20.0), ..Panel::default() };
        let floor = Panel { min: Some(300.0), ..Panel::default() };
        for (panel, values, expected) in [
            (&plain, &[42.0, f64::NAN][..], (0.0, 50.0)),
            (&plain, &[][..], (0.0, 1.0)),
            (&plain, &[-3.0, 1.0][..], (-5.0, 1.0)),
            (&judged, &[1.0][..], (0.0, 100.0)),
            (&percent, &[3.0][..], (0.0, 100.0)),
            (&percent, &[130.0][..], (0.0, 200.0)),
            (&given, &[99.0][..], (10.0, 20.0)),
            (&floor, &[1.0][..], (300.0, 600.0)),
        ] {
            assert_eq!(scale(panel, values), expected, "{values:?}");
        }
    }
}
