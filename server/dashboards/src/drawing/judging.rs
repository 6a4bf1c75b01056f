//! Values held against the thresholds of a panel.

use chart::{Band, Limit};
use dashboard::Judge;
use figures::Locale;
use model::Severity;

/// The worst threshold that a value has crossed.
pub(super) fn judged(judges: &[Judge], value: f64) -> Option<Severity> {
    let is_crossed = |judge: &&Judge| if judge.is_below { value <= judge.value } else { value >= judge.value };
    judges.iter().filter(is_crossed).map(|judge| judge.severity).min()
}

pub(super) fn limits(judges: &[Judge], locale: Locale) -> Vec<Limit> {
    let limit = |judge: &Judge| Limit {
        value: judge.value,
        severity: judge.severity.level(),
        label: judge.label.read(locale).to_owned(),
    };
    judges.iter().map(limit).collect()
}

/// Ranges of values, each as bad as the worst threshold crossed there. They don't overlap on either side.
pub(super) fn bands(judges: &[Judge]) -> Vec<Band> {
    let of_side = |is_below: bool| -> Vec<(f64, u8)> {
        let side = judges.iter().filter(|judge| judge.is_below == is_below && judge.value.is_finite());
        side.map(|judge| (judge.value, judge.severity.level())).collect()
    };
    let (mut above, mut below) = (of_side(false), of_side(true));
    above.sort_by(|one, other| one.0.total_cmp(&other.0));
    below.sort_by(|one, other| other.0.total_cmp(&one.0));
    let above = stretches(&above).into_iter().map(|(low, high, severity)| Band { severity, low: Some(low), high });
    let below = stretches(&below).into_iter().map(|(high, low, severity)| Band { severity, low, high: Some(high) });
    above.chain(below).collect()
}

/// From each threshold on to the next worse one, going away from what is fine.
fn stretches(thresholds: &[(f64, u8)]) -> Vec<(f64, Option<f64>, u8)> {
    let mut found: Vec<(f64, Option<f64>, u8)> = Vec::new();
    for (value, severity) in thresholds {
        match found.last_mut() {
            Some(last) if *severity >= last.2 => continue,
            Some(last) => last.1 = Some(*value),
            None => {}
        }
        found.push((*value, None, *severity));
    }
    found.retain(|(from, to, _)| to.is_none_or(|to| to.total_cmp(from).is_ne()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::Said;

    fn judge(value: f64, severity: Severity, is_below: bool) -> Judge {
        Judge { value, severity, is_below, label: Said::default() }
    }

    fn drawn(judges: &[Judge]) -> Vec<(u8, Option<f64>, Option<f64>)> {
        bands(judges).iter().map(|band| (band.severity, band.low, band.high)).collect()
    }

    #[test]
    fn the_worst_threshold_that_is_crossed_counts() {
        let judges = [judge(300.0, Severity::P3, false), judge(500.0, Severity::P2, false), judge(1.0, Severity::P1, true)];
        for (value, expected) in [
            (299.9, None),
            (300.0, Some(Severity::P3)),
            (500.0, Some(Severity::P2)),
            (1.0, Some(Severity::P1)),
            (f64::INFINITY, Some(Severity::P2)),
            (f64::NEG_INFINITY, Some(Severity::P1)),
            (f64::NAN, None),
        ] {
            assert_eq!(judged(&judges, value), expected, "{value}");
        }
    }

    #[test]
    fn bands_reach_to_the_next_worse_threshold() {
        let judges = [judge(500.0, Severity::P2, false), judge(300.0, Severity::P3, false), judge(600.0, Severity::P3, false)];
        assert_eq!(drawn(&judges), [(3, Some(300.0), Some(500.0)), (2, Some(500.0), None)]);
        let below = [judge(95.0, Severity::P3, true), judge(90.0, Severity::P1, true)];
        assert_eq!(drawn(&below), [(3, Some(90.0), Some(95.0)), (1, None, Some(90.0))]);
        let same = [judge(5.0, Severity::P3, false), judge(5.0, Severity::P0, false), judge(f64::NAN, Severity::P0, false)];
        assert_eq!(drawn(&same), [(0, Some(5.0), None)]);
        assert!(drawn(&[]).is_empty());
    }
}
